#include "classify/catalogue_files.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "classify/automaton.hpp"
#include "classify/text.hpp"
#include "domain/ticket.hpp"
#include "tables/csv_table.hpp"

namespace hotline::classify {
namespace {

using tables::Column;
using tables::CsvTable;
using tables::Faults;

constexpr std::size_t name_bytes_max = 256;
constexpr std::size_t levels_max = 16;
constexpr std::size_t phrases_max = 200'000;
constexpr std::size_t phrase_symbols_min = 2;
constexpr double weight_max = 10;

const std::vector<Column> department_columns{{"code"}, {"name"}, {"parent"}, {"note", false}};
const std::vector<Column> category_columns{{"code"},           {"name"},         {"parent"},
                                           {"department"},     {"handling"},     {"answerable"},
                                           {"effective_from"}, {"effective_to"}, {"note", false}};
const std::vector<Column> rule_columns{{"id"},    {"category"}, {"phrases"}, {"weight"},
                                       {"types"}, {"channels"}, {"unless"},  {"note", false}};
const std::vector<Column> region_columns{{"code"},       {"name"},    {"parent"},
                                         {"department"}, {"aliases"}, {"note", false}};
const std::vector<Column> special_columns{{"id"},      {"kind"},   {"to"},
                                          {"phrases"}, {"weight"}, {"note", false}};

bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= code_bytes_max &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '_' || c == '-' || c == '.';
         });
}

bool is_region_code(std::string_view text) {
  constexpr std::array<std::size_t, 5> lengths{2, 4, 6, 9, 12};
  return std::find(lengths.begin(), lengths.end(), text.size()) != lengths.end() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Queues of the centre itself; a department of that name would mix with them.
bool is_reserved(std::string_view code) {
  constexpr std::array<std::string_view, 7> reserved{"triage",   "direct",     "returns", "answers",
                                                     "callback", "extensions", "notice"};
  return std::find(reserved.begin(), reserved.end(), code) != reserved.end();
}

/// Cuts at 、 | ; ； and trims; empty pieces fall away.
std::vector<std::string> split(std::string_view text) {
  constexpr std::array<std::string_view, 4> separators{"、", "|", ";", "；"};
  std::vector<std::string> pieces(1);
  while (!text.empty()) {
    const auto* cut = std::find_if(separators.begin(), separators.end(),
                                   [text](std::string_view s) { return text.starts_with(s); });
    if (cut != separators.end()) {
      pieces.emplace_back();
      text.remove_prefix(cut->size());
      continue;
    }
    if (text.front() != ' ' || !pieces.back().empty()) pieces.back() += text.front();
    text.remove_prefix(1);
  }
  for (std::string& piece : pieces) piece.erase(piece.find_last_not_of(' ') + 1);
  std::erase(pieces, "");
  return pieces;
}

/// One file's rows as the checks see them.
class Sheet {
 public:
  Sheet(const std::filesystem::path& folder, std::string name, const std::vector<Column>& columns,
        Faults& faults)
      : table_(folder, std::move(name), columns, faults), faults_(faults) {}

  const CsvTable& table() const { return table_; }
  const std::vector<CsvTable::Row>& rows() const { return table_.rows(); }

  void fault(const CsvTable::Row& row, std::string_view column, std::string detail) const {
    faults_.add(table_.place(row, column), std::move(detail));
  }
  std::string text(const CsvTable::Row& row, std::string_view column) const {
    return std::string(table_.cell(row, column));
  }

  std::string code(const CsvTable::Row& row, std::string_view column) const {
    std::string value = text(row, column);
    if (!is_code(value)) {
      fault(row, column, "must be 1 to 64 letters, digits, '-', '_' or '.'");
    }
    return value;
  }
  std::string name(const CsvTable::Row& row) const {
    std::string value = text(row, "name");
    if (value.empty()) fault(row, "name", "is empty");
    if (value.size() > name_bytes_max) fault(row, "name", "is longer than 256 bytes");
    return value;
  }
  double weight(const CsvTable::Row& row) const {
    const std::string_view value = table_.cell(row, "weight");
    double number = 0;
    const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool whole = error == std::errc{} && stop == value.data() + value.size();
    if (!whole || !(number > 0 && number <= weight_max)) {
      fault(row, "weight", "must be a number above 0 and at most 10");
    }
    return number;
  }
  Day day(const CsvTable::Row& row, std::string_view column, Day otherwise) const {
    const std::string_view value = table_.cell(row, column);
    if (value.empty()) return otherwise;
    const Result<Day> parsed = parse_day(value);
    if (!parsed) fault(row, column, "must be a date such as 2025-07-01");
    return parsed.value_or(otherwise);
  }
  std::vector<std::string> phrases(const CsvTable::Row& row, std::string_view column) const {
    std::vector<std::string> pieces = split(table_.cell(row, column));
    for (const std::string& piece : pieces) {
      const std::size_t size = normalise(piece).size();
      if (size < phrase_symbols_min || size > pattern_symbols_max) {
        fault(row, column,
              fmt::format("\"{}\": a phrase has {} to {} characters without punctuation", piece,
                          phrase_symbols_min, pattern_symbols_max));
      }
    }
    return pieces;
  }

 private:
  CsvTable table_;
  Faults& faults_;
};

class Reader {
 public:
  explicit Reader(const std::filesystem::path& folder)
      : departments_(folder, "departments.csv", department_columns, faults_),
        categories_(folder, "categories.csv", category_columns, faults_),
        rules_(folder, "rules.csv", rule_columns, faults_),
        regions_(folder, "regions.csv", region_columns, faults_),
        special_(folder, "special.csv", special_columns, faults_) {
    read_departments();
    read_categories();
    read_rules();
    read_regions();
    read_special();
    count_phrases();
    read_version(folder);
  }

  Result<CatalogueFiles> take() {
    if (!faults_.none()) return tl::make_unexpected(faults_.error("the catalogue is refused"));
    return std::move(files_);
  }

 private:
  using Row = CsvTable::Row;
  using Codes = std::unordered_map<std::string, std::string>;  ///< code → parent

  /// Adds the code, or tells that it is there already.
  static void enter(const Sheet& sheet, const Row& row, const std::string& code,
                    const std::string& parent, Codes& codes) {
    if (!codes.emplace(code, parent).second) sheet.fault(row, "code", "stands twice: " + code);
  }

  /// Every parent is there, and following them ends.
  static void check_tree(const Sheet& sheet, const Codes& codes) {
    for (const Row& row : sheet.rows()) {
      const std::string code = sheet.text(row, "code");
      const std::string parent = sheet.text(row, "parent");
      if (!parent.empty() && !codes.contains(parent)) {
        sheet.fault(row, "parent", "is not a code of this file: " + parent);
      }
      check_ancestry(sheet, row, code, codes);
    }
  }

  static void check_ancestry(const Sheet& sheet, const Row& row, const std::string& code,
                             const Codes& codes) {
    auto at = codes.find(code);
    for (std::size_t level = 0; at != codes.end() && !at->second.empty(); ++level) {
      if (at->second == code) return sheet.fault(row, "parent", "leads back to " + code);
      if (level == levels_max) return sheet.fault(row, "parent", "is more than 16 levels deep");
      at = codes.find(at->second);
    }
  }

  void read_departments() {
    for (const Row& row : departments_.rows()) {
      DepartmentInfo info{departments_.code(row, "code"), departments_.name(row),
                          departments_.text(row, "parent")};
      if (is_reserved(info.code)) {
        departments_.fault(row, "code", "is the name of a queue of the centre itself");
      }
      enter(departments_, row, info.code, info.parent, department_codes_);
      files_.departments.push_back(std::move(info));
    }
    check_tree(departments_, department_codes_);
  }

  void read_categories() {
    for (const Row& row : categories_.rows()) {
      CategoryRow category = category_from(row);
      check_periods(row, category);
      category_codes_.emplace(category.info.code, category.info.parent);
      inner_categories_.insert(category.info.parent);
      files_.categories.push_back(std::move(category));
    }
    check_tree(categories_, category_codes_);
  }

  CategoryRow category_from(const Row& row) {
    CategoryRow category;
    category.info = {categories_.code(row, "code"), categories_.name(row),
                     categories_.text(row, "parent"), categories_.text(row, "department")};
    check_department(categories_, row, category.info.department, region_department);
    const std::string handling = categories_.text(row, "handling");
    category.handling = parse<Handling>(handling);
    if (!handling.empty() && !category.handling) {
      categories_.fault(row, "handling", "must be direct, transferred or empty");
    }
    const std::string answerable = categories_.text(row, "answerable");
    category.answerable = answerable == "yes";
    if (!answerable.empty() && answerable != "yes" && answerable != "no") {
      categories_.fault(row, "answerable", "must be yes, no or empty");
    }
    category.from = categories_.day(row, "effective_from", Day::min());
    category.to = categories_.day(row, "effective_to", Day::max());
    return category;
  }

  void check_periods(const Row& row, const CategoryRow& category) {
    if (category.from > category.to) {
      categories_.fault(row, "effective_to", "lies before effective_from");
    }
    for (const CategoryRow& other : periods_of(category.info.code)) {
      if (other.from <= category.to && category.from <= other.to) {
        categories_.fault(row, "code", "stands twice in overlapping periods: " + other.info.code);
      }
      if (other.info.parent != category.info.parent) {
        categories_.fault(row, "parent", "differs from the code's other period; take a new code");
      }
    }
    periods_[category.info.code].push_back(category);
  }

  const std::vector<CategoryRow>& periods_of(const std::string& code) { return periods_[code]; }

  void check_department(const Sheet& sheet, const Row& row, const std::string& code,
                        std::string_view also_allowed) {
    if (code.empty() || code == also_allowed || department_codes_.contains(code)) return;
    sheet.fault(row, "department", "is not in departments.csv: " + code);
  }

  void read_rules() {
    std::unordered_set<std::string> ids;
    for (const Row& row : rules_.rows()) {
      RuleRow rule;
      rule.id = rules_.code(row, "id");
      if (!ids.insert(rule.id).second) rules_.fault(row, "id", "stands twice: " + rule.id);
      rule.category = rules_.text(row, "category");
      check_rule_category(row, rule.category);
      rule.phrases = phrases_of(rules_, row);
      rule.weight = rules_.weight(row);
      rule.types = types_of(row);
      rule.channels = split(rules_.text(row, "channels"));
      rule.unless = rules_.phrases(row, "unless");
      files_.rules.push_back(std::move(rule));
    }
  }

  void check_rule_category(const Row& row, const std::string& category) {
    if (category == no_category) return;
    if (!category_codes_.contains(category)) {
      rules_.fault(row, "category", "is not in categories.csv: " + category);
    } else if (inner_categories_.contains(category)) {
      rules_.fault(row, "category", "has categories below it; name one of them: " + category);
    }
  }

  static std::vector<std::string> phrases_of(const Sheet& sheet, const Row& row) {
    std::vector<std::string> phrases = sheet.phrases(row, "phrases");
    if (phrases.empty()) sheet.fault(row, "phrases", "is empty");
    return phrases;
  }

  std::vector<TicketType> types_of(const Row& row) {
    std::vector<TicketType> types;
    for (const std::string& name : split(rules_.text(row, "types"))) {
      const auto type = parse<TicketType>(name);
      if (!type) rules_.fault(row, "types", "is no ticket type: " + name);
      if (type) types.push_back(*type);
    }
    return types;
  }

  void read_regions() {
    for (const Row& row : regions_.rows()) {
      RegionRow region;
      region.info = {regions_.text(row, "code"), regions_.name(row), regions_.text(row, "parent"),
                     regions_.text(row, "department")};
      if (!is_region_code(region.info.code)) {
        regions_.fault(row, "code", "must have 2, 4, 6, 9 or 12 digits; format the column as text");
      }
      check_department(regions_, row, region.info.department, "");
      region.names = regions_.phrases(row, "aliases");
      for (std::string& name : regions_.phrases(row, "name")) region.names.push_back(name);
      enter(regions_, row, region.info.code, region.info.parent, region_codes_);
      files_.regions.push_back(std::move(region));
    }
    check_tree(regions_, region_codes_);
  }

  void read_special() {
    std::unordered_set<std::string> ids;
    for (const Row& row : special_.rows()) {
      SpecialRow special;
      special.id = special_.code(row, "id");
      if (!ids.insert(special.id).second) special_.fault(row, "id", "stands twice: " + special.id);
      special.to = special_.text(row, "to");
      special.kind = kind_of(row, special.to);
      special.phrases = phrases_of(special_, row);
      special.weight = special_.weight(row);
      files_.special.push_back(std::move(special));
    }
  }

  SpecialKind kind_of(const Row& row, const std::string& to) {
    using Names = std::vector<std::string_view>;
    const auto one_of = [&](const Names& names) {
      const bool known = std::find(names.begin(), names.end(), to) != names.end();
      if (!known)
        special_.fault(row, "to", fmt::format("must be one of {}", fmt::join(names, ", ")));
    };
    const std::string kind = special_.text(row, "kind");
    if (kind == "emergency") return one_of({"110", "119", "120"}), SpecialKind::emergency;
    if (kind == "guard") {
      return one_of({"emergency", "110", "119", "120", "elsewhere"}), SpecialKind::guard;
    }
    if (kind == "type" && !parse<TicketType>(to)) special_.fault(row, "to", "is no ticket type");
    if (kind == "type") return SpecialKind::type;
    if (kind == "elsewhere" && to.empty()) special_.fault(row, "to", "names no channel");
    if (kind == "elsewhere") return SpecialKind::elsewhere;
    if (kind != "ignore") {
      special_.fault(row, "kind", "must be emergency, elsewhere, type, guard or ignore");
    }
    return SpecialKind::ignore;
  }

  void count_phrases() {
    std::size_t count = 0;
    for (const RuleRow& rule : files_.rules) count += rule.phrases.size() + rule.unless.size();
    for (const RegionRow& region : files_.regions) count += region.names.size();
    for (const SpecialRow& special : files_.special) count += special.phrases.size();
    if (count > phrases_max) faults_.add("rules.csv", "all files together: over 200,000 phrases");
  }

  /// What the office calls its edition, when it keeps a `version` file, and a hash of the contents:
  /// two catalogues that differ never bear the same version.
  void read_version(const std::filesystem::path& folder) {
    XXH3_state_t* state = XXH3_createState();
    XXH3_64bits_reset(state);
    for (const Sheet* sheet : {&departments_, &categories_, &rules_, &regions_, &special_}) {
      const std::string& bytes = sheet->table().bytes();
      const std::size_t size = bytes.size();
      XXH3_64bits_update(state, &size, sizeof size);
      XXH3_64bits_update(state, bytes.data(), size);
    }
    const std::string hash = fmt::format("{:016x}", XXH3_64bits_digest(state));
    XXH3_freeState(state);
    std::string label;
    std::ifstream in(folder / "version");
    if (in) std::getline(in, label);
    label.erase(std::min(label.find_last_not_of(" \t\r") + 1, label.size()));
    if (!label.empty() && (!is_code(label) || label.size() > 32)) {
      faults_.add("version:1", "must be 1 to 32 letters, digits, '-', '_' or '.'");
    }
    files_.version = label.empty() ? hash.substr(0, 12) : label + "+" + hash.substr(0, 8);
  }

  Faults faults_;
  Sheet departments_;
  Sheet categories_;
  Sheet rules_;
  Sheet regions_;
  Sheet special_;
  Codes department_codes_;
  Codes category_codes_;
  Codes region_codes_;
  std::unordered_map<std::string, std::vector<CategoryRow>> periods_;
  std::unordered_set<std::string> inner_categories_;
  CatalogueFiles files_;
};

}  // namespace

Result<CatalogueFiles> read_catalogue_files(const std::filesystem::path& folder) {
  return Reader(folder).take();
}

}  // namespace hotline::classify

#include "config/deadline_files.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "domain/ticket.hpp"
#include "tables/csv_table.hpp"

namespace hotline {
namespace {

using tables::Column;
using tables::CsvTable;
using tables::Faults;
using Row = CsvTable::Row;

constexpr std::string_view rules_name = "rules.csv";
constexpr std::string_view holidays_name = "holidays.csv";
constexpr std::uint32_t round_max = 100;

const std::vector<Column> rule_columns{
    {"limit"},  {"type"}, {"urgency"},   {"category"},      {"round"},
    {"amount"}, {"unit"}, {"statutory"}, {"source", false}, {"note", false}};
const std::vector<Column> holiday_columns{
    {"date"}, {"name", false}, {"is_off_day"}, {"note", false}};

/// Ten years, whatever the unit.
std::uint32_t amount_max(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::minutes:
      return 5'256'000;
    case TimeUnit::hours:
    case TimeUnit::working_hours:
      return 87'600;
    case TimeUnit::days:
    case TimeUnit::working_days:
      break;
  }
  return 3'650;
}

/// Limits that a 0 turns off.
bool may_be_absent(Limit limit) {
  return limit == Limit::reminder || limit == Limit::notice || limit == Limit::supervision ||
         limit == Limit::extension;
}

std::optional<std::uint32_t> whole_number(std::string_view text) {
  std::uint32_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

template <typename Enum>
std::string words() {
  std::vector<std::string_view> names;
  for (const auto& term : terms(Enum{})) names.push_back(term.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

bool is_category(std::string_view text) {
  if (text.ends_with('*')) text.remove_suffix(1);
  return text.size() <= code_bytes_max && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '_' || c == '-' || c == '.';
         });
}

class RulesReader {
 public:
  RulesReader(const std::filesystem::path& folder, Faults& faults)
      : table_(folder, std::string(rules_name), rule_columns, faults), faults_(faults) {
    for (const Row& row : table_.rows()) read(row);
    if (faulty_) return;  // what is missing may be what is wrong
    for (const auto& term : limit_terms) check_general(term);
  }

  std::vector<DeadlineRule> take() { return std::move(rules_); }

 private:
  void fault(const Row& row, std::string_view column, std::string what) {
    faults_.add(table_.place(row, column), std::move(what));
    row_right_ = false;
    faulty_ = true;
  }

  /// The column's value; absent when the cell is empty or wrong.
  template <typename Enum>
  std::optional<Enum> term(const Row& row, std::string_view column) {
    const std::string_view text = table_.cell(row, column);
    const auto value = parse<Enum>(text);
    if (!text.empty() && !value) fault(row, column, "must be one of " + words<Enum>());
    return value;
  }

  void read(const Row& row) {
    row_right_ = true;
    DeadlineRule rule;
    const auto limit = term<Limit>(row, "limit");
    if (table_.cell(row, "limit").empty()) fault(row, "limit", "is empty");
    rule.scope = scope_of(row);
    const auto span = span_of(row, limit);
    if (!row_right_) return;
    rule.limit = *limit;
    rule.span = *span;
    const bool twice = std::ranges::any_of(rules_, [&](const DeadlineRule& other) {
      return other.limit == rule.limit && other.scope == rule.scope;
    });
    if (twice) return fault(row, "limit", "another row is for the same case");
    rules_.push_back(std::move(rule));
  }

  RuleScope scope_of(const Row& row) {
    RuleScope scope;
    scope.type = term<TicketType>(row, "type");
    scope.urgency = term<Urgency>(row, "urgency");
    scope.category = table_.cell(row, "category");
    if (!is_category(scope.category)) {
      fault(row, "category", "must be a code, or the beginning of codes and *");
    }
    if (const auto text = table_.cell(row, "round"); !text.empty()) {
      const auto round = whole_number(text);
      const bool right = round && *round >= 1 && *round <= round_max;
      if (!right) fault(row, "round", fmt::format("must be 1 to {}", round_max));
      scope.round = right ? *round : 1;
    }
    const auto statutory = table_.cell(row, "statutory");
    if (!statutory.empty() && statutory != "yes" && statutory != "no") {
      fault(row, "statutory", "must be yes, no or empty");
    }
    scope.statutory = statutory == "yes";
    return scope;
  }

  std::optional<TimeSpan> span_of(const Row& row, std::optional<Limit> limit) {
    const auto unit = term<TimeUnit>(row, "unit");
    if (table_.cell(row, "unit").empty()) fault(row, "unit", "is empty");
    const auto amount = whole_number(table_.cell(row, "amount"));
    const std::uint32_t most = amount_max(unit.value_or(TimeUnit::minutes));
    const std::uint32_t least = limit && may_be_absent(*limit) ? 0 : 1;
    const bool fits = amount && *amount >= least && *amount <= most;
    if (!fits) fault(row, "amount", fmt::format("must be {} to {}", least, most));
    if (!fits || !unit) return std::nullopt;
    if (limit == Limit::extension && unit != TimeUnit::working_days) {
      fault(row, "unit", "an extension is counted in wd");
      return std::nullopt;
    }
    if (limit == Limit::reminder && unit == TimeUnit::working_hours) {
      fault(row, "unit", "a reminder goes out min, h, d or wd before");
      return std::nullopt;
    }
    return TimeSpan{*amount, *unit};
  }

  void check_general(const Term<Limit>& limit) {
    const bool there = std::ranges::any_of(rules_, [&](const DeadlineRule& rule) {
      return rule.limit == limit.value && rule.scope == RuleScope{};
    });
    if (there) return;
    faults_.add(
        std::string(rules_name),
        fmt::format("needs a row for {} ({}) without any condition", limit.name, limit.chinese));
  }

  CsvTable table_;
  Faults& faults_;
  std::vector<DeadlineRule> rules_;
  bool row_right_ = true;
  bool faulty_ = false;
};

std::vector<CalendarDay> read_holidays(const std::filesystem::path& folder, Faults& faults) {
  const CsvTable table(folder, std::string(holidays_name), holiday_columns, faults);
  std::vector<CalendarDay> days;
  std::set<Day> seen;
  for (const Row& row : table.rows()) {
    const auto day = parse_day(table.cell(row, "date"));
    const auto off = table.cell(row, "is_off_day");
    if (!day) faults.add(table.place(row, "date"), "must be a date such as 2026-10-01");
    if (off != "0" && off != "1") {
      faults.add(table.place(row, "is_off_day"), "must be 1 (放假) or 0 (调休上班)");
    }
    if (!day) continue;
    if (!seen.insert(*day).second) faults.add(table.place(row, "date"), "the day stands twice");
    days.push_back({*day, off == "1"});
  }
  return days;
}

}  // namespace

Result<std::shared_ptr<const Deadlines>> load_deadlines(const std::filesystem::path& folder,
                                                        const WorkingHours& hours) {
  Faults faults;
  auto rules = RulesReader(folder, faults).take();
  const auto days = read_holidays(folder, faults);
  if (!faults.none()) return tl::make_unexpected(faults.error("the deadline rules are refused"));
  return std::make_shared<const Deadlines>(Calendar(days, hours), std::move(rules));
}

std::vector<std::string> deadline_warnings(const Deadlines& deadlines) {
  std::vector<std::string> out;
  // A Monday without a holiday near, so that the limits compare as they mostly do.
  constexpr Day sample{std::chrono::local_days{std::chrono::year{2023} / 7 / 3}};
  const Time dispatched = start_of_day(sample, china_offset) + std::chrono::hours{9};
  const auto due = [&](Limit limit, const RuleSubject& subject) {
    return deadlines.calendar().due(dispatched, deadlines.span(limit, subject), china_offset);
  };
  for (const auto& urgency : urgency_terms) {
    const RuleSubject first{.urgency = urgency.value, .category = {}};
    const RuleSubject redo{.urgency = urgency.value, .category = {}, .round = 2};
    const Time resolve = due(Limit::resolve, first);
    for (const Limit limit : {Limit::sign, Limit::contact}) {
      if (due(limit, first) <= resolve) continue;
      out.push_back(fmt::format("{}: {} tickets have longer to {} than to resolve", rules_name,
                                urgency.name, name(limit)));
    }
    if (due(Limit::resolve, redo) > resolve) {
      out.push_back(fmt::format("{}: {} tickets have longer when they are redone (重办)",
                                rules_name, urgency.name));
    }
  }
  return out;
}

}  // namespace hotline

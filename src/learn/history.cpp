#include "learn/history.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <system_error>
#include <utf8.h>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "client/csv_rows.hpp"
#include "client/mapping.hpp"
#include "client/records.hpp"

namespace hotline::learn {
namespace {

namespace json = boost::json;

constexpr std::size_t faults_listed_max = 20;
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> aliases{
    {{"body", "content"},
     {"text", "content"},
     {"time", "received_at"},
     {"lead", "department"},
     {"lead_name", "department_name"}}};
constexpr std::array<std::string_view, 2> undecided_statuses{"triage", "return_review"};

/// Texts by the field that they fill.
using Cells = std::map<std::string, std::string, std::less<>>;

std::string take_cell(Cells& cells, std::string_view field) {
  const auto found = cells.find(field);
  return found == cells.end() ? std::string() : std::move(found->second);
}

/// What is wrong with a file, the first of it by place.
class Wrongs {
 public:
  explicit Wrongs(std::string file) : file_(std::move(file)) {}

  void add(std::uint64_t line, std::string_view column, std::string detail) {
    ++count_;
    if (listed_.size() == faults_listed_max) return;
    const std::string place = column.empty() ? fmt::format("{}:{}", file_, line)
                                             : fmt::format("{}:{}:{}", file_, line, column);
    listed_.push_back({place, std::move(detail)});
  }

  Result<void> none() const {
    if (count_ == 0) return {};
    return tl::make_unexpected(
        Error{ErrorCode::invalid,
              fmt::format("{}: {} row{} cannot be read; correct or remove {}", file_, count_,
                          count_ == 1 ? "" : "s", count_ == 1 ? "it" : "them"),
              listed_});
  }

 private:
  std::string file_;
  std::size_t count_ = 0;
  std::vector<FieldError> listed_;
};

/// Fills a row; times are what can be wrong in it.
void take_row(Cells cells, std::uint64_t line, Wrongs& wrongs, std::vector<HistoryRow>& rows) {
  HistoryRow row;
  const std::string status = take_cell(cells, "status");
  const bool undecided = std::find(undecided_statuses.begin(), undecided_statuses.end(), status) !=
                         undecided_statuses.end();
  for (const std::string_view field : {"labelled_at", "received_at"}) {
    const std::string written = take_cell(cells, field);
    if (written.empty() || row.labelled_at) continue;
    const auto time = read_time(written);
    if (!time) return wrongs.add(line, field, time.error().detail);
    row.labelled_at = *time;
  }
  row.id = take_cell(cells, "id");
  row.title = take_cell(cells, "title");
  row.content = take_cell(cells, "content");
  row.channel = take_cell(cells, "channel");
  row.region = take_cell(cells, "region");
  row.type = take_cell(cells, "type");
  row.group = take_cell(cells, "group");
  if (!undecided) {
    row.category = take_cell(cells, "category");
    row.category_name = take_cell(cells, "category_name");
    row.department = take_cell(cells, "department");
    row.department_name = take_cell(cells, "department_name");
  }
  rows.push_back(std::move(row));
}

// --- JSON lines ---------------------------------------------------------------------------------

/// Members of objects under their own name, an alias or a mapped name.
class Members {
 public:
  explicit Members(const client::ColumnMap& columns) {
    for (const std::string_view field : history_fields) names_.emplace(field, field);
    for (const auto& [name, field] : aliases) names_.emplace(name, field);
    for (const auto& [field, column] : columns) {
      std::erase_if(names_, [&](const auto& known) { return known.second == field; });
      names_[column] = field;
      unseen_.insert(column);
    }
  }

  /// Only the objects that a mapped member was in can tell that it is the right one.
  const std::set<std::string>& unseen() const { return unseen_; }

  /// False when a member is neither text nor number; `name` then says which.
  bool fill(const json::object& object, Cells& cells, std::string& name) {
    for (const auto& [key, value] : object) {
      const auto found = names_.find(std::string(key));
      if (found == names_.end() || value.is_null()) continue;
      unseen_.erase(found->first);
      if (value.is_string()) {
        cells[found->second] = client::trimmed(std::string_view(value.as_string()));
      } else if (value.is_int64() || value.is_uint64()) {
        cells[found->second] = json::serialize(value);
      } else {
        name = key;
        return false;
      }
    }
    return true;
  }

 private:
  std::map<std::string, std::string, std::less<>> names_;
  std::set<std::string> unseen_;
};

std::string text_of(const json::object& object, std::string_view key) {
  const auto* const value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

/// A ticket of `hotlinectl export tickets`: its text is under `personal`, the unit that leads among
/// its assignments.
void fill_from_ticket(const json::object& ticket, Cells& cells) {
  const auto* const personal = ticket.if_contains("personal");
  if (personal != nullptr && personal->is_object()) {
    for (const char* field : {"title", "content"}) {
      cells[field] = text_of(personal->as_object(), field);
    }
  }
  const auto* const assignments = ticket.if_contains("assignments");
  if (assignments == nullptr || !assignments->is_array()) return;
  for (const json::value& value : assignments->as_array()) {
    if (!value.is_object() || text_of(value.as_object(), "role") != "lead") continue;
    const std::string ending = text_of(value.as_object(), "ending");
    if (ending == "returned" || ending == "withdrawn") continue;
    cells["department"] = text_of(value.as_object(), "department");
    cells["department_name"] = text_of(value.as_object(), "department_name");
  }
}

/// Reads one line; absent when it is no object, and `wrongs` then says where it stops being one.
std::optional<json::object> object_of(std::string_view line, std::uint64_t number, Wrongs& wrongs) {
  const auto broken = utf8::find_invalid(line.begin(), line.end());
  if (broken != line.end()) {
    wrongs.add(number, std::to_string(1 + (broken - line.begin())),
               "is not UTF-8; convert it, as with iconv -f GB18030 -t UTF-8");
    return std::nullopt;
  }
  json::stream_parser parser;
  boost::system::error_code error;
  std::size_t read = parser.write_some(line.data(), line.size(), error);
  if (!error && read < line.size()) error = json::error::extra_data;
  if (!error) parser.finish(error);
  if (error) {
    wrongs.add(number, std::to_string(read + 1), "is not JSON: " + error.message());
    return std::nullopt;
  }
  json::value value = parser.release();
  if (value.is_object()) return std::move(value.as_object());
  wrongs.add(number, "1", "is not a JSON object");
  return std::nullopt;
}

void take_line(std::string_view line, std::uint64_t number, Members& members, Wrongs& wrongs,
               std::vector<HistoryRow>& rows) {
  if (client::trimmed(line).empty()) return;
  if (line.size() > client::record_bytes_max) {
    return wrongs.add(number, {}, "the line is longer than 1 MiB");
  }
  const auto object = object_of(line, number, wrongs);
  if (!object) return;
  Cells cells;
  std::string name;
  if (object->contains("assignments")) fill_from_ticket(*object, cells);
  if (!members.fill(*object, cells, name)) {
    return wrongs.add(number, name, "must be a text or a whole number");
  }
  take_row(std::move(cells), number, wrongs, rows);
}

Result<void> read_lines(std::istream& in, const client::ColumnMap& columns,
                        const std::function<void()>& row_read, Wrongs& wrongs,
                        std::vector<HistoryRow>& rows) {
  Members members(columns);
  std::uint64_t number = 0;
  for (std::string line; client::read_line(in, line);) {
    std::string_view text = line;
    if (++number == 1 && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    take_line(text, number, members, wrongs, rows);
    row_read();
  }
  if (members.unseen().empty() || rows.empty()) return {};
  return fail(ErrorCode::invalid,
              fmt::format("--map: no row has a member '{}'", fmt::join(members.unseen(), "', '")));
}

// --- CSV ----------------------------------------------------------------------------------------

Result<std::vector<std::string>> fields_of_header(client::CsvRows& rows,
                                                  const client::ColumnMap& columns) {
  const auto header = rows.next();
  if (!header) return fail(ErrorCode::invalid, "has no header row");
  if (!header->fault.empty()) return fail(ErrorCode::invalid, "the header row " + header->fault);
  std::vector<std::string> names;
  for (const auto& cell : header->cells) names.emplace_back(client::trimmed(cell));
  return client::fields_of_columns(names, columns, history_fields, aliases);
}

void take_cells(const client::CsvRows::Row& row, const std::vector<std::string>& fields,
                Wrongs& wrongs, std::vector<HistoryRow>& rows) {
  if (!row.fault.empty()) return wrongs.add(row.line, {}, row.fault);
  Cells cells;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const auto cell = client::trimmed(row.cells[i]);
    if (i >= fields.size() && !cell.empty()) {
      return wrongs.add(row.line, std::to_string(i + 1),
                        "more cells than the header has; quote a cell that holds a comma");
    }
    if (i < fields.size() && !fields[i].empty()) cells[fields[i]] = cell;
  }
  take_row(std::move(cells), row.line, wrongs, rows);
}

Result<void> read_table(std::istream& in, const client::ColumnMap& columns,
                        const std::function<void()>& row_read, Wrongs& wrongs,
                        std::vector<HistoryRow>& rows) {
  client::CsvRows table(in);
  const auto fields = fields_of_header(table, columns);
  if (!fields) return tl::make_unexpected(fields.error());
  while (const auto row = table.next()) {
    take_cells(*row, *fields, wrongs, rows);
    row_read();
  }
  return {};
}

}  // namespace

Result<std::vector<HistoryRow>> read_history(const std::string& file,
                                             const client::ColumnMap& columns,
                                             const std::function<void()>& row_read) {
  std::ifstream opened;
  if (file != "-") opened.open(file, std::ios::binary);
  // A folder opens, and fails when it is read.
  const bool there = file == "-" || (opened && opened.peek() != EOF) || opened.eof();
  if (!there) {
    return fail(ErrorCode::invalid,
                fmt::format("cannot read {}: {}", file, std::generic_category().message(errno)));
  }
  opened.clear();
  std::istream& in = file == "-" ? std::cin : opened;
  Wrongs wrongs(file);
  std::vector<HistoryRow> rows;
  const bool table = file.ends_with(".csv") || file.ends_with(".CSV");
  const auto read = table ? read_table(in, columns, row_read, wrongs, rows)
                          : read_lines(in, columns, row_read, wrongs, rows);
  if (auto whole = wrongs.none(); !whole) return tl::make_unexpected(whole.error());
  if (!read) return fail(ErrorCode::invalid, fmt::format("{}: {}", file, read.error().detail));
  return rows;
}

Result<Time> read_time(std::string_view text) {
  return client::parse_loose_time(text, china_offset);
}

}  // namespace hotline::learn

#include "client/csv_records.hpp"

#include <algorithm>
#include <array>
#include <csv.h>
#include <sstream>
#include <utf8.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "client/input.hpp"

namespace hotline::client {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> message_fields{
    {{"id", "source_id"}, {"time", "received_at"}, {"body", "content"}, {"text", "content"}}};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto begin = text.find_first_not_of(blank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

bool is_field(std::string_view name) {
  return std::find(intake_fields.begin(), intake_fields.end(), name) != intake_fields.end();
}

Result<void> add_mapping(std::string_view word, ColumnMap& columns) {
  const auto sign = word.find('=');
  const std::string field(trimmed(word.substr(0, sign)));
  const auto column = sign == word.npos ? word.substr(0, 0) : trimmed(word.substr(sign + 1));
  if (column.empty()) {
    return fail(ErrorCode::invalid,
                fmt::format("--map: '{}' is not FIELD=COLUMN such as content=主题", word));
  }
  if (!is_field(field)) {
    return fail(ErrorCode::invalid, fmt::format("--map: '{}' is no field; the fields are {}", field,
                                                fmt::join(intake_fields, ", ")));
  }
  columns[field] = column;
  return {};
}

Result<void> add_file(const std::string& file, ColumnMap& columns) {
  const auto text = read_body(file);
  if (!text) return fail(ErrorCode::invalid, "--map: " + text.error().detail);
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    const auto word = trimmed(line);
    if (word.empty() || word.starts_with('#')) continue;
    if (auto added = add_mapping(word, columns); !added) return added;
  }
  return {};
}

/// The field that the column fills without being mapped; empty: none.
std::string field_of(std::string_view column) {
  for (const auto& [name, field] : message_fields) {
    if (name == column) return std::string(field);
  }
  return is_field(column) ? std::string(column) : std::string();
}

}  // namespace

/// Rows with the lines on which they begin. Feeds libcsv a line at a time.
class CsvRecords::Rows {
 public:
  struct Row {
    std::uint64_t line = 0;
    std::vector<std::string> cells;
    std::string fault;  ///< not empty: what is wrong with it
  };

  explicit Rows(std::istream& in) : in_(in) { start(); }
  ~Rows() { csv_free(&parser_); }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  /// Rows of empty cells say nothing.
  std::optional<Row> next() {
    while (auto row = any_row()) {
      const bool says = std::any_of(row->cells.begin(), row->cells.end(),
                                    [](const auto& cell) { return !trimmed(cell).empty(); });
      if (says || !row->fault.empty()) return row;
    }
    return std::nullopt;
  }

 private:
  static void on_cell(void* cell, std::size_t size, void* self) {
    static_cast<Rows*>(self)->cells_.emplace_back(static_cast<const char*>(cell), size);
  }
  static void on_row(int, void* self) { static_cast<Rows*>(self)->complete_ = true; }

  void start() {
    csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL);
    bytes_ = 0;
    cells_.clear();
    complete_ = false;
  }

  std::optional<Row> any_row() {
    for (std::string text; read_line(in_, text);) {
      if (++line_ == 1 && text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
      if (bytes_ == 0) begin_ = line_;
      if (auto fault = feed(text + '\n'); !fault.empty()) return broken(std::move(fault));
      if (complete_) return whole();
    }
    if (bytes_ == 0) return std::nullopt;
    return broken("a quoted cell is not closed");
  }

  /// Says what is wrong, if anything is.
  std::string feed(const std::string& text) {
    bytes_ += text.size();
    if (bytes_ > record_bytes_max)
      return "the row is longer than 1 MiB; is a quoted cell not closed?";
    if (csv_parse(&parser_, text.data(), text.size(), &on_cell, &on_row, this) != text.size()) {
      return fmt::format("broken quoting: {}", csv_strerror(csv_error(&parser_)));
    }
    if (parser_.pstate == 0 && !complete_) bytes_ = 0;  // an empty line
    return {};
  }

  Row whole() {
    Row row{begin_, std::move(cells_), {}};
    bytes_ = 0;
    cells_.clear();
    complete_ = false;
    const bool utf8 = std::all_of(row.cells.begin(), row.cells.end(), [](const auto& cell) {
      return utf8::is_valid(cell.begin(), cell.end());
    });
    if (!utf8) row.fault = "is not UTF-8; save the sheet as \"CSV UTF-8\"";
    return row;
  }

  Row broken(std::string fault) {
    csv_free(&parser_);
    start();
    return {begin_, {}, std::move(fault)};
  }

  std::istream& in_;
  csv_parser parser_{};
  std::vector<std::string> cells_;
  bool complete_ = false;
  std::size_t bytes_ = 0;  ///< of the row so far
  std::uint64_t line_ = 0;
  std::uint64_t begin_ = 0;
};

Result<ColumnMap> read_column_map(const std::vector<std::string>& words) {
  ColumnMap columns;
  for (const auto& word : words) {
    auto added =
        word.starts_with('@') ? add_file(word.substr(1), columns) : add_mapping(word, columns);
    if (!added) return tl::make_unexpected(std::move(added.error()));
  }
  return columns;
}

Result<std::unique_ptr<CsvRecords>> CsvRecords::open(std::istream& in, const ColumnMap& columns,
                                                     const MessageMapping& mapping) {
  auto rows = std::make_unique<Rows>(in);
  const auto header = rows->next();
  if (!header) return fail(ErrorCode::invalid, "the file has no header row");
  if (!header->fault.empty()) return fail(ErrorCode::invalid, "the header row " + header->fault);
  std::vector<std::string> names;
  for (const auto& cell : header->cells) names.emplace_back(trimmed(cell));
  std::vector<std::string> fields;
  for (const auto& name : names) fields.push_back(field_of(name));
  for (const auto& [field, column] : columns) {
    const auto found = std::find(names.begin(), names.end(), column);
    if (found == names.end()) {
      return fail(ErrorCode::invalid,
                  fmt::format("--map: there is no column '{}'; the columns are {}", column,
                              fmt::join(names, ", ")));
    }
    // What is mapped goes before what merely has the field's name.
    std::replace(fields.begin(), fields.end(), field, std::string());
    fields[static_cast<std::size_t>(found - names.begin())] = field;
  }
  const auto filled = [&](const char* field) {
    return std::find(fields.begin(), fields.end(), field) != fields.end();
  };
  if (!filled("content") && !filled("title")) {
    return fail(ErrorCode::invalid,
                fmt::format("no column fills content: --map content=COLUMN; the columns are {}",
                            fmt::join(names, ", ")));
  }
  return std::unique_ptr<CsvRecords>(new CsvRecords(std::move(rows), std::move(fields), mapping));
}

CsvRecords::CsvRecords(std::unique_ptr<Rows> rows, std::vector<std::string> fields,
                       MessageMapping mapping)
    : rows_(std::move(rows)), fields_(std::move(fields)), mapping_(std::move(mapping)) {}

CsvRecords::~CsvRecords() = default;

bool CsvRecords::skip() { return rows_->next().has_value(); }

std::optional<Record> CsvRecords::next() {
  const auto row = rows_->next();
  if (!row) return std::nullopt;
  if (!row->fault.empty()) return Record{row->line, fail(ErrorCode::malformed, row->fault)};
  IntakeCells cells;
  for (std::size_t i = 0; i < row->cells.size(); ++i) {
    const auto cell = trimmed(row->cells[i]);
    if (i >= fields_.size() && !cell.empty()) {
      return Record{row->line, fail(ErrorCode::malformed,
                                    "more cells than the header has; quote a "
                                    "cell that holds a comma")};
    }
    if (i < fields_.size() && !fields_[i].empty()) cells[fields_[i]] = cell;
  }
  return Record{row->line, map_cells(cells, row->line, mapping_)};
}

}  // namespace hotline::client

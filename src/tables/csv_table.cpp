#include "tables/csv_table.hpp"

#include <algorithm>
#include <csv.h>
#include <fstream>
#include <iterator>
#include <utf8.h>

#include <fmt/format.h>

namespace hotline::tables {
namespace {

constexpr std::uintmax_t file_bytes_max = 64UL << 20;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Feeds libcsv a line at a time, which is how a row knows its line in the file.
class RowReader {
 public:
  RowReader() { csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL); }
  ~RowReader() { csv_free(&parser_); }
  RowReader(const RowReader&) = delete;
  RowReader& operator=(const RowReader&) = delete;

  bool between_rows() const { return parser_.pstate == 0; }

  /// False when the quoting is broken; `error()` says how, and the reader goes on with a fresh row.
  bool feed(std::string_view line) {
    if (csv_parse(&parser_, line.data(), line.size(), &RowReader::on_cell, &RowReader::on_row,
                  this) == line.size()) {
      return true;
    }
    restart();
    return false;
  }
  bool finish() {
    const bool whole = csv_fini(&parser_, &RowReader::on_cell, &RowReader::on_row, this) == 0;
    if (!whole) error_ = csv_strerror(csv_error(&parser_));
    return whole;
  }

  bool row_ready() const { return ready_; }
  std::vector<std::string> take_row() {
    ready_ = false;
    return std::exchange(cells_, {});
  }
  const std::string& error() const { return error_; }

 private:
  static void on_cell(void* cell, std::size_t size, void* self) {
    static_cast<RowReader*>(self)->cells_.emplace_back(static_cast<const char*>(cell), size);
  }
  static void on_row(int, void* self) { static_cast<RowReader*>(self)->ready_ = true; }

  void restart() {
    error_ = csv_strerror(csv_error(&parser_));
    csv_free(&parser_);
    csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL);
    cells_.clear();
    ready_ = false;
  }

  csv_parser parser_{};
  std::vector<std::string> cells_;
  std::string error_;
  bool ready_ = false;
};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(blank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

bool says_nothing(const std::vector<std::string>& cells) {
  const bool blank = std::all_of(cells.begin(), cells.end(),
                                 [](const auto& cell) { return trimmed(cell).empty(); });
  return blank || trimmed(cells.front()).starts_with('#');
}

std::string read_bytes(const std::filesystem::path& file, std::string_view name, Faults& faults) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (error) {
    faults.add(std::string(name), "cannot be read: " + error.message());
    return {};
  }
  if (size > file_bytes_max) {
    faults.add(std::string(name), "is larger than 64 MiB");
    return {};
  }
  std::ifstream in(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (bytes.size() != size) faults.add(std::string(name), "cannot be read to its end");
  return bytes;
}

}  // namespace

void Faults::add(std::string place, std::string detail) {
  if (++count_ <= faults_max) kept_.push_back({std::move(place), std::move(detail)});
}

Error Faults::error(std::string_view what) const {
  std::string detail = fmt::format("{}: {} fault{}", what, count_, count_ == 1 ? "" : "s");
  if (count_ > kept_.size()) detail += fmt::format(", the first {} are listed", kept_.size());
  if (!kept_.empty()) detail += fmt::format("; {}: {}", kept_[0].pointer, kept_[0].detail);
  return Error{ErrorCode::invalid, std::move(detail), kept_};
}

CsvTable::CsvTable(const std::filesystem::path& folder, std::string name,
                   const std::vector<Column>& columns, Faults& faults)
    : name_(std::move(name)), bytes_(read_bytes(folder / name_, name_, faults)) {
  if (bytes_.empty()) {
    if (std::filesystem::exists(folder / name_)) faults.add(name_, "is empty");
    return;
  }
  const auto invalid = utf8::find_invalid(bytes_.begin(), bytes_.end());
  if (invalid != bytes_.end()) {
    const auto line = 1 + std::count(bytes_.begin(), invalid, '\n');
    faults.add(fmt::format("{}:{}", name_, line),
               "is not UTF-8; save it as \"CSV UTF-8\" in the spreadsheet");
    return;
  }
  parse(columns, faults);
}

void CsvTable::parse(const std::vector<Column>& columns, Faults& faults) {
  std::string_view rest = bytes_;
  if (rest.starts_with(byte_order_mark)) rest.remove_prefix(byte_order_mark.size());
  RowReader reader;
  bool header_seen = false;
  std::size_t line = 0;
  const auto take = [&] {
    Row row{line, reader.take_row()};
    if (says_nothing(row.cells)) return;
    if (header_seen) return take_row(std::move(row), faults);
    header_seen = true;
    take_header(row, columns, faults);
  };
  while (!rest.empty()) {
    ++line;
    const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
    const std::string_view text = rest.substr(0, end);
    rest.remove_prefix(end);
    if (reader.between_rows() && text.starts_with('#')) continue;
    if (!reader.feed(text)) {
      faults.add(fmt::format("{}:{}", name_, line), "broken quoting: " + reader.error());
    }
    if (reader.row_ready()) take();
  }
  if (!reader.finish()) {
    faults.add(fmt::format("{}:{}", name_, line), "a quoted cell is not closed");
  }
  if (reader.row_ready()) take();
  if (!header_seen) faults.add(name_, "has no header row");
}

void CsvTable::take_header(const Row& header, const std::vector<Column>& columns, Faults& faults) {
  const auto known = [&](std::string_view name) {
    return std::any_of(columns.begin(), columns.end(),
                       [name](const Column& column) { return column.name == name; });
  };
  for (const std::string& cell : header.cells) {
    const std::string name(trimmed(cell));
    const std::string place = fmt::format("{}:{}:{}", name_, header.line, name);
    if (!name.empty() && !known(name)) faults.add(place, "is not a column of this file");
    if (!name.empty() && std::find(header_.begin(), header_.end(), name) != header_.end()) {
      faults.add(place, "the column stands twice");
    }
    header_.push_back(name);
  }
  for (const Column& column : columns) {
    const bool present = std::find(header_.begin(), header_.end(), column.name) != header_.end();
    if (column.required && !present) {
      faults.add(fmt::format("{}:{}:{}", name_, header.line, column.name), "the column is missing");
    }
  }
}

void CsvTable::take_row(Row row, Faults& faults) {
  const bool wider = std::any_of(
      row.cells.begin() + static_cast<std::ptrdiff_t>(std::min(row.cells.size(), header_.size())),
      row.cells.end(), [](const std::string& cell) { return !trimmed(cell).empty(); });
  if (wider) {
    faults.add(fmt::format("{}:{}", name_, row.line),
               "has more cells than the header; quote a cell that holds a comma");
    return;
  }
  rows_.push_back(std::move(row));
}

std::string_view CsvTable::cell(const Row& row, std::string_view column) const {
  const auto found = std::find(header_.begin(), header_.end(), column);
  const auto index = static_cast<std::size_t>(found - header_.begin());
  return index < header_.size() && index < row.cells.size() ? trimmed(row.cells[index])
                                                            : std::string_view{};
}

std::string CsvTable::place(const Row& row, std::string_view column) const {
  return fmt::format("{}:{}:{}", name_, row.line, column);
}

}  // namespace hotline::tables

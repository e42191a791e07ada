#include "client/csv_rows.hpp"

#include <algorithm>
#include <csv.h>
#include <utf8.h>

#include <fmt/format.h>

#include "client/records.hpp"

namespace hotline::client {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto begin = text.find_first_not_of(blank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

/// Feeds libcsv a line at a time.
class CsvRows::Parser {
 public:
  explicit Parser(std::istream& in) : in_(in) { start(); }
  ~Parser() { csv_free(&parser_); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

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

 private:
  static void on_cell(void* cell, std::size_t size, void* self) {
    static_cast<Parser*>(self)->cells_.emplace_back(static_cast<const char*>(cell), size);
  }
  static void on_row(int, void* self) { static_cast<Parser*>(self)->complete_ = true; }

  void start() {
    csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL);
    bytes_ = 0;
    cells_.clear();
    complete_ = false;
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

CsvRows::CsvRows(std::istream& in) : parser_(std::make_unique<Parser>(in)) {}

CsvRows::~CsvRows() = default;

std::optional<CsvRows::Row> CsvRows::next() {
  while (auto row = parser_->any_row()) {
    const bool says = std::any_of(row->cells.begin(), row->cells.end(),
                                  [](const auto& cell) { return !trimmed(cell).empty(); });
    if (says || !row->fault.empty()) return row;
  }
  return std::nullopt;
}

}  // namespace hotline::client

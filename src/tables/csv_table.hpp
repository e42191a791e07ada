#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace hotline::tables {

inline constexpr std::size_t faults_max = 50;

/// Everything that is wrong with a set of files, each with its place, a bounded number of them.
class Faults {
 public:
  /// `place` is `file:line:column`, as far as it is known.
  void add(std::string place, std::string detail);

  bool none() const { return count_ == 0; }
  /// `invalid`, with the faults as its fields' errors.
  Error error(std::string_view what) const;

 private:
  std::vector<FieldError> kept_;
  std::size_t count_ = 0;
};

/// One column that a file may have.
struct Column {
  std::string_view name;
  bool required = true;  ///< in the header; a cell may still be empty
};

/// A CSV file as an office's spreadsheet writes it: UTF-8 with or without a byte order mark, LF or
/// CRLF, quoted cells. Lines that begin with `#` and rows of empty cells say nothing. The first row
/// names the columns, in any order.
class CsvTable {
 public:
  struct Row {
    std::size_t line =
        0;  ///< in the file, from 1; of the row's end where a cell spans several lines
    std::vector<std::string> cells;
  };

  /// Reads `folder / name`. What does not fit goes to `faults`; rows that are whole are kept all
  /// the same, so that one run finds every fault.
  CsvTable(const std::filesystem::path& folder, std::string name,
           const std::vector<Column>& columns, Faults& faults);

  const std::vector<Row>& rows() const { return rows_; }
  /// The file's bytes, empty when it could not be read.
  const std::string& bytes() const { return bytes_; }

  /// The cell under `column`, without white space around; empty when the file has no such column.
  std::string_view cell(const Row& row, std::string_view column) const;
  /// `file:line:column`.
  std::string place(const Row& row, std::string_view column) const;

 private:
  void parse(const std::vector<Column>& columns, Faults& faults);
  void take_header(const Row& header, const std::vector<Column>& columns, Faults& faults);
  void take_row(Row row, Faults& faults);

  std::string name_;
  std::string bytes_;
  std::vector<std::string> header_;
  std::vector<Row> rows_;
};

}  // namespace hotline::tables

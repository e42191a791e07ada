#pragma once

#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hotline::client {

/// Without white space around it.
std::string_view trimmed(std::string_view text);

/// The rows of a CSV file: UTF-8 with or without a byte order mark, quoted cells, each with the
/// line on which it begins. Goes on after a row that is wrong; of a file only one row is held.
class CsvRows {
 public:
  struct Row {
    std::uint64_t line = 0;  ///< from 1, as an editor counts
    std::vector<std::string> cells;
    std::string fault;  ///< not empty: what is wrong with it
  };

  /// `in` outlives it.
  explicit CsvRows(std::istream& in);
  ~CsvRows();

  /// Absent at the end. Rows of empty cells say nothing and are passed over.
  std::optional<Row> next();

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace hotline::client

#pragma once

#include <istream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "client/records.hpp"

namespace hotline::client {

/// Column of a CSV file by the field of an intake that it fills.
using ColumnMap = std::map<std::string, std::string>;

/// From words like `content=主题`; a word `@FILE` stands for the lines of a file, in which those
/// that begin with `#` say nothing. Fails with `invalid` on anything else and on fields that
/// `intake_fields` does not have.
Result<ColumnMap> read_column_map(const std::vector<std::string>& words);

/// The rows of a CSV file: UTF-8 with or without a byte order mark, quoted cells, the first row
/// names the columns. A column named like a field, or like a message's `id`, `time`, `body` and
/// `text`, fills it; `columns` says what other names fill. Columns that fill nothing are left out.
class CsvRecords : public RecordSource {
 public:
  /// Reads the header. Fails with `invalid` when it is broken, when a mapped column is not there or
  /// when nothing fills `content` or `title`, and lists the columns that there are.
  static Result<std::unique_ptr<CsvRecords>> open(std::istream& in, const ColumnMap& columns,
                                                  const MessageMapping& mapping);
  ~CsvRecords() override;

  std::optional<Record> next() override;
  bool skip() override;

 private:
  class Rows;
  CsvRecords(std::unique_ptr<Rows> rows, std::vector<std::string> fields, MessageMapping mapping);

  std::unique_ptr<Rows> rows_;
  std::vector<std::string> fields_;  ///< by column; empty: it fills nothing
  MessageMapping mapping_;
};

}  // namespace hotline::client

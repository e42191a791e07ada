#pragma once

#include <istream>
#include <memory>
#include <string>
#include <vector>

#include "client/column_map.hpp"
#include "client/records.hpp"

namespace hotline::client {

class CsvRows;

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
  CsvRecords(std::unique_ptr<CsvRows> rows, std::vector<std::string> fields,
             MessageMapping mapping);

  std::unique_ptr<CsvRows> rows_;
  std::vector<std::string> fields_;  ///< by column; empty: it fills nothing
  MessageMapping mapping_;
};

}  // namespace hotline::client

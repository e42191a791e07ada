#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>

#include "client/mapping.hpp"

namespace hotline::client {

/// As much as the daemon takes in one body.
inline constexpr std::size_t record_bytes_max = 1UL << 20;

/// One ticket of a file, ready to be posted, or what is wrong with it.
struct Record {
  std::uint64_t line = 0;  ///< where it begins, from 1, as an editor counts
  Result<IntakeLine> intake;
};

/// Hands out the records of a file in their order. One thread at a time.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  /// Absent at the end. Goes on after a record that is wrong.
  virtual std::optional<Record> next() = 0;
  /// The same without a look at it: false at the end. For counting.
  virtual bool skip() = 0;
};

/// A line of the file without its end; false at the end of the file. Of a line that is longer than
/// `bytes_max` one byte more is kept and the rest is skipped.
bool read_line(std::istream& in, std::string& line, std::size_t bytes_max = record_bytes_max);

/// JSON lines: see `map_line`. Blank ones are skipped.
class JsonLines : public RecordSource {
 public:
  JsonLines(std::istream& in, MessageMapping mapping) : in_(in), mapping_(std::move(mapping)) {}
  std::optional<Record> next() override;
  bool skip() override;

 private:
  std::istream& in_;
  MessageMapping mapping_;
  std::string text_;
  std::uint64_t line_ = 0;
};

}  // namespace hotline::client

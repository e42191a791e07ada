#include "client/records.hpp"

namespace hotline::client {

bool read_line(std::istream& in, std::string& line, std::size_t bytes_max) {
  using Traits = std::istream::traits_type;
  line.clear();
  auto* bytes = in.rdbuf();
  int byte = bytes->sbumpc();
  if (byte == Traits::eof()) return false;
  for (; byte != Traits::eof() && byte != '\n'; byte = bytes->sbumpc()) {
    if (line.size() <= bytes_max) line += Traits::to_char_type(byte);
  }
  return true;
}

bool JsonLines::skip() {
  while (read_line(in_, text_)) {
    ++line_;
    if (text_.find_first_not_of(" \t\r") != std::string::npos) return true;
  }
  return false;
}

std::optional<Record> JsonLines::next() {
  if (!skip()) return std::nullopt;
  if (text_.size() > record_bytes_max) {
    return Record{line_, fail(ErrorCode::too_large, "the line is longer than 1 MiB")};
  }
  return Record{line_, map_line(text_, line_, mapping_)};
}

}  // namespace hotline::client

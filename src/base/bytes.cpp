#include "base/bytes.hpp"

namespace hotline {
namespace {

template <typename Number>
void append_big_endian(std::string& out, Number value) {
  for (int shift = (static_cast<int>(sizeof(Number)) - 1) * 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>((value >> shift) & 0xFF));
  }
}

}  // namespace

KeyWriter& KeyWriter::u8(std::uint8_t value) {
  key_.push_back(static_cast<char>(value));
  return *this;
}
KeyWriter& KeyWriter::u16(std::uint16_t value) {
  append_big_endian(key_, value);
  return *this;
}
KeyWriter& KeyWriter::u32(std::uint32_t value) {
  append_big_endian(key_, value);
  return *this;
}
KeyWriter& KeyWriter::u64(std::uint64_t value) {
  append_big_endian(key_, value);
  return *this;
}
KeyWriter& KeyWriter::i64(std::int64_t value) {
  return u64(static_cast<std::uint64_t>(value) ^ (1ULL << 63));
}
KeyWriter& KeyWriter::text(std::string_view value) {
  key_.append(value);
  key_.push_back('\0');
  return *this;
}

std::string KeyReader::text() {
  const auto end = rest_.find('\0');
  if (end == std::string_view::npos) {
    ok_ = false;
    return {};
  }
  std::string value(rest_.substr(0, end));
  rest_.remove_prefix(end + 1);
  return value;
}

std::uint64_t KeyReader::number(std::size_t width) {
  if (rest_.size() < width) {
    ok_ = false;
    return 0;
  }
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i)
    value = (value << 8) | static_cast<unsigned char>(rest_[i]);
  rest_.remove_prefix(width);
  return value;
}

std::string prefix_end(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xFF) end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

}  // namespace hotline

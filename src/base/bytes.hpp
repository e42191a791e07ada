#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace hotline {

/// Builds ordered keys: big-endian numbers sort as they count, a text is closed by a zero byte so
/// that no text is a prefix of the next field. A text that itself holds a zero byte cannot be a key
/// field; callers refuse it at the edge.
class KeyWriter {
 public:
  KeyWriter& u8(std::uint8_t value);
  KeyWriter& u16(std::uint16_t value);
  KeyWriter& u32(std::uint32_t value);
  KeyWriter& u64(std::uint64_t value);
  KeyWriter& i64(std::int64_t value);  ///< signed order kept (the sign bit is flipped)
  KeyWriter& text(std::string_view value);

  std::string take() { return std::move(key_); }
  std::string_view view() const { return key_; }

 private:
  std::string key_;
};

/// Reads the fields back in the same order. After the last one `finished()` tells whether the key
/// had exactly that form.
class KeyReader {
 public:
  explicit KeyReader(std::string_view key) : rest_(key) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() { return number(8); }
  std::int64_t i64() { return static_cast<std::int64_t>(number(8) ^ (1ULL << 63)); }
  std::string text();

  bool finished() const { return ok_ && rest_.empty(); }

 private:
  std::uint64_t number(std::size_t width);

  std::string_view rest_;
  bool ok_ = true;
};

/// The smallest key above every key that begins with `prefix`; empty when there is none.
std::string prefix_end(std::string_view prefix);

}  // namespace hotline

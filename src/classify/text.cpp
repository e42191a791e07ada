#include "classify/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "classify/traditional.hpp"

namespace hotline::classify {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

constexpr std::array<Range, 11> punctuation{{{0x00A1, 0x00BF},
                                             {0x00D7, 0x00D7},
                                             {0x2010, 0x2027},
                                             {0x2030, 0x205E},
                                             {0x25A0, 0x25FF},
                                             {0x3001, 0x3004},
                                             {0x3008, 0x3020},
                                             {0x30FB, 0x30FB},
                                             {0xFE10, 0xFE19},
                                             {0xFE30, 0xFE6F},
                                             {0xFF5F, 0xFF65}}};
constexpr std::array<Range, 8> invisible{{{0x0080, 0x00A0},
                                          {0x2000, 0x200F},
                                          {0x2028, 0x202F},
                                          {0x205F, 0x206F},
                                          {0x3000, 0x3000},
                                          {0xFE00, 0xFE0F},
                                          {0xFEFF, 0xFEFF},
                                          {0xE0100, 0xE01EF}}};

template <std::size_t size>
bool within(const std::array<Range, size>& ranges, char32_t code_point) {
  return std::any_of(ranges.begin(), ranges.end(), [code_point](const Range& range) {
    return code_point >= range.first && code_point <= range.last;
  });
}

char32_t fold_ascii(char32_t c) {
  if (c >= U'A' && c <= U'Z') return c + (U'a' - U'A');
  if ((c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9')) return c;
  return c <= U' ' || c == 0x7F ? dropped : break_symbol;
}

/// The length that the first byte announces, 0 when it cannot begin a sequence.
std::size_t sequence_length(std::uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

bool well_formed(char32_t code_point, std::size_t length) {
  if (length == 3) return code_point >= 0x800 && (code_point < 0xD800 || code_point > 0xDFFF);
  if (length == 4) return code_point >= 0x10000 && code_point <= 0x10FFFF;
  return true;
}

}  // namespace

char32_t take_code_point(std::string_view& text) {
  const auto lead = static_cast<std::uint8_t>(text.front());
  const std::size_t length = sequence_length(lead);
  if (length == 1) {
    text.remove_prefix(1);
    return lead;
  }
  char32_t code_point = length == 0 ? 0 : lead & (0x7FU >> length);
  bool valid = length != 0 && text.size() >= length;
  for (std::size_t i = 1; valid && i < length; ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    valid = (byte & 0xC0U) == 0x80U;
    code_point = (code_point << 6) | (byte & 0x3FU);
  }
  valid = valid && well_formed(code_point, length);
  text.remove_prefix(valid ? length : 1);
  return valid ? code_point : invalid_code_point;
}

char32_t fold(char32_t code_point) {
  if (code_point < 0x80) return fold_ascii(code_point);
  if (code_point >= han_first && code_point <= han_last) return simplified(code_point);
  if (code_point >= 0xFF01 && code_point <= 0xFF5E) return fold_ascii(code_point - 0xFEE0);
  if (code_point == invalid_code_point || within(punctuation, code_point)) return break_symbol;
  return within(invisible, code_point) ? dropped : code_point;
}

bool ends_sentence(char32_t code_point) {
  constexpr std::u32string_view ends = U"。！？；!?;\n…";
  return ends.find(code_point) != std::u32string_view::npos;
}

std::u32string normalise(std::string_view text) {
  std::u32string folded;
  while (!text.empty()) {
    const char32_t symbol = fold(take_code_point(text));
    if (symbol == dropped) continue;
    if (symbol == break_symbol && (folded.empty() || folded.back() == break_symbol)) continue;
    folded.push_back(symbol);
  }
  if (!folded.empty() && folded.back() == break_symbol) folded.pop_back();
  return folded;
}

}  // namespace hotline::classify

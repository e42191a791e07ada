#pragma once

#include <array>

namespace hotline::classify {

inline constexpr char32_t han_first = 0x4E00;
inline constexpr char32_t han_last = 0x9FFF;

/// By character from `han_first` on: traditional (繁體) → simplified (简体), every other one
/// itself. One by one: what a word in context would be written with is not looked at, so 乾 is
/// always 干.
extern const std::array<char16_t, han_last - han_first + 1> simplified_characters;

/// `c` lies between `han_first` and `han_last`.
inline char32_t simplified(char32_t c) { return simplified_characters[c - han_first]; }

}  // namespace hotline::classify

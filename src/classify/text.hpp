#pragma once

#include <string>
#include <string_view>

namespace hotline::classify {

/// What every run of punctuation, and every byte that is not UTF-8, is folded into.
inline constexpr char32_t break_symbol = U' ';
/// What `fold` gives for characters that are passed over: white space and invisible marks. Citizens
/// put spaces inside words, and letters that were pasted in are wrapped in the middle of one.
inline constexpr char32_t dropped = 0;
/// What `take_code_point` gives for bytes that are not UTF-8.
inline constexpr char32_t invalid_code_point = 0xFFFF;

/// Takes one code point off the front of `text`, which must not be empty. Overlong forms,
/// surrogates and cut sequences come as `invalid_code_point`, a byte at a time, so that the rest of
/// a damaged text still reads.
char32_t take_code_point(std::string_view& text);

/// Full-width to half-width, ASCII upper to lower case, traditional characters to simplified ones,
/// punctuation and what texts are masked with (＊×○□) to `break_symbol`, white space to `dropped`.
/// Everything else stays, characters beyond the basic plane and emoji too. Rules and models both
/// read by it: another fold is another `features_version`.
char32_t fold(char32_t code_point);

/// True for what ends a sentence: 。！？；, their ASCII forms and a line break. Takes the code
/// point as written, not folded.
bool ends_sentence(char32_t code_point);

/// `text` folded as a whole: no `dropped`, no two breaks in a row, none at either end.
std::u32string normalise(std::string_view text);

}  // namespace hotline::classify

#pragma once

#include <algorithm>
#include <string_view>

namespace hotline::http {

/// Whether two texts are the same but for the case of ASCII letters. Beast 1.81 has this too, but
/// reads a byte beyond the end of both when their case differs.
inline bool iequals(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace hotline::http

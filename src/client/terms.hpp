#pragma once

#include <string>
#include <string_view>

#include "domain/vocabulary.hpp"

namespace hotline::client {

/// The API's name of what people write in Chinese; any other word stays, for the daemon to judge.
template <typename Enum>
std::string api_name(std::string_view word) {
  for (const auto& term : terms(Enum{})) {
    if (term.chinese == word) return std::string(term.name);
  }
  return std::string(word);
}

}  // namespace hotline::client

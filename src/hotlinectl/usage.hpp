#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

/// What hotlinectl says of a wrong command line.
namespace hotline::client {

/// Accepts exactly these words; the refusal names the word and the choices.
CLI::Validator one_of(const std::vector<std::string>& choices);

/// Accepts a number in the range; the refusal names the word and the range.
template <typename Number>
CLI::Validator between(Number least, Number most) {
  const auto check = [least, most](std::string& word) {
    Number value{};
    const bool fits = CLI::detail::lexical_cast(word, value) && value >= least && value <= most;
    return fits ? std::string()
                : fmt::format("'{}' is not a number from {} to {}", word, least, most);
  };
  return CLI::Validator(check, fmt::format("{}..{}", least, most));
}

/// One sentence about the fault that names the word at fault, and where to read on. `app` is the
/// parser that threw `error`.
std::string usage_sentence(const CLI::App& app, const CLI::ParseError& error);

}  // namespace hotline::client

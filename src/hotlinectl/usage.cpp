#include "hotlinectl/usage.hpp"

#include <algorithm>

#include <fmt/ranges.h>

namespace hotline::client {
namespace {

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands(nullptr)) names.push_back(command->get_name());
  return names;
}

/// About a word that no command and no option wanted.
std::string unexpected(const CLI::App& app, const std::string& word, const std::string& command) {
  if (word.starts_with('-')) {
    return command.empty() ? fmt::format("there is no option {}", word)
                           : fmt::format("{} has no option {}", command, word);
  }
  if (!command.empty()) return fmt::format("{} does not expect '{}'", command, word);
  return fmt::format("there is no command '{}'; the commands are {}", word,
                     fmt::join(command_names(app), ", "));
}

/// CLI11's own words, made sentences where they are none.
std::string plain_words(const CLI::ParseError& error) {
  const std::string words = error.what();
  constexpr std::string_view not_converted = "Could not convert: ";
  if (words.starts_with(not_converted)) {
    return fmt::format("{} is not a number", words.substr(not_converted.size()));
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    return fmt::format("{} needs a value", words.substr(0, words.find(':')));
  }
  return words;
}

std::string fault_of(const CLI::App& app, const CLI::ParseError& error,
                     const std::string& command) {
  const auto left_over = app.remaining(true);
  const bool missing = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  const bool extra = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  if (!left_over.empty() && (missing || extra)) return unexpected(app, left_over.front(), command);
  if (missing && command.empty()) {
    return fmt::format("name a command: {}", fmt::join(command_names(app), ", "));
  }
  return command.empty() ? plain_words(error) : fmt::format("{}: {}", command, plain_words(error));
}

}  // namespace

CLI::Validator one_of(const std::vector<std::string>& choices) {
  const auto check = [choices](std::string& word) {
    const bool known = std::find(choices.begin(), choices.end(), word) != choices.end();
    return known ? std::string()
                 : fmt::format("'{}' is none of {}", word, fmt::join(choices, ", "));
  };
  return CLI::Validator(check, fmt::format("{}", fmt::join(choices, "|")));
}

std::string usage_sentence(const CLI::App& app, const CLI::ParseError& error) {
  const auto chosen = app.get_subcommands();
  const std::string command = chosen.empty() ? "" : chosen.front()->get_name();
  const auto fault = fault_of(app, error, command);
  return fmt::format("{}\nsee hotlinectl {}--help", fault, command.empty() ? "" : command + " ");
}

}  // namespace hotline::client

#include <iostream>
#include <optional>
#include <string>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "learn/session.hpp"

namespace {

using hotline::client::Exit;
using hotline::learn::SessionOptions;

constexpr const char* footer_end =
    "Fields that a file does not have say nothing; labels are category, department and type.\n"
    "Exit codes: 0 done, 1 rows that cannot be read or are too few, 2 wrong command line.";

struct Arguments {
  SessionOptions session;
  std::string since;
};

CLI::Validator precision() {
  const auto check = [](std::string& word) {
    double value = 0;
    const bool fits = CLI::detail::lexical_cast(word, value) && value > 0.5 && value < 1;
    return fits ? std::string()
                : fmt::format("'{}' is not a share between 0.5 and 1, such as 0.97", word);
  };
  return CLI::Validator(check, "0.5..1");
}

void add_files(CLI::App& app, SessionOptions& session) {
  app.add_option("file", session.files,
                 "the office's history: *.csv, or JSON lines, such as 'hotlinectl export tickets'; "
                 "'-': standard input")
      ->required();
  app.add_option("--map", session.columns,
                 "FIELD=COLUMN,... of CSV and JSON lines, such as category=类别; @FILE: one a line")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--other-city", session.other_city,
                 "history of another city with the same codes: helps where the own is short")
      ->allow_extra_args(false);
}

void add_options(CLI::App& app, Arguments& arguments) {
  SessionOptions& session = arguments.session;
  add_files(app, session);
  auto* add = app.add_option("--add", session.added,
                             "later rows, such as 'hotlinectl export training': the same number "
                             "replaces the earlier row")
                  ->allow_extra_args(false);
  app.add_option("--since", arguments.since, "of --add only what was decided from this time on")
      ->needs(add);
  app.add_option("--target-precision", session.precisions,
                 "shares of automatic decisions that must be right; a threshold for each")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(precision())
      ->capture_default_str();
  app.add_option("--output", session.output, "the model file")->required();
  app.add_option("--report", session.report, "an HTML page with tables and plots");
}

int usage_error(const std::string& fault) {
  std::cerr << "hotline-train: " << fault << "\nsee hotline-train --help\n";
  return static_cast<int>(Exit::usage);
}

int run(Arguments& arguments) {
  if (!arguments.since.empty()) {
    const auto time = hotline::learn::read_time(arguments.since);
    if (!time) return usage_error("--since: " + time.error().detail);
    arguments.session.since = *time;
  }
  const hotline::client::Terminal terminal{std::cout, std::cerr, false, isatty(STDERR_FILENO) == 1};
  return static_cast<int>(hotline::learn::run_session(arguments.session, terminal));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Learns an office's decisions from its history and writes a model for hotlined",
               "hotline-train"};
  app.set_version_flag("--version", HOTLINE_VERSION);
  app.footer(fmt::format("Fields for --map: {}\n{}",
                         fmt::join(hotline::learn::history_fields, ", "), footer_end));
  Arguments arguments;
  add_options(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wanted) {
    return app.exit(wanted);
  } catch (const CLI::ParseError& error) {
    return usage_error(error.what());
  }
  return run(arguments);
}

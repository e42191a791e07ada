#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "hotlinectl/commands.hpp"
#include "hotlinectl/usage.hpp"

namespace {

using namespace hotline;
using namespace hotline::client;

Result<std::string> read_token(const std::string& file) {
  std::string token;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread runs yet
  if (const char* given = std::getenv("HOTLINE_TOKEN"); given != nullptr) token = given;
  if (file.empty()) return token;
  std::ifstream in(file);
  std::getline(in, token);
  if (token.ends_with('\r')) token.pop_back();
  if (token.empty())
    return fail(ErrorCode::invalid, "--token-file: cannot read a token from " + file);
  return token;
}

Result<UtcOffset> parse_zone(const std::string& zone) {
  // The start of 1970 in the zone, seen from UTC, is the zone's distance.
  const auto time = parse_rfc3339("1970-01-02T00:00:00" + zone);
  if (!time)
    return fail(ErrorCode::invalid, fmt::format("--zone: '{}' is not a zone such as +08:00", zone));
  const Time utc{std::chrono::sys_days{std::chrono::year{1970} / 1 / 2}};
  return std::chrono::duration_cast<UtcOffset>(utc - *time);
}

int usage_error(const Error& error) {
  std::cerr << "hotlinectl: " << error.detail << '\n';
  return static_cast<int>(Exit::usage);
}

int run(Options& options, const Chosen& chosen) {
  auto endpoint = parse_base_url(options.url);
  if (!endpoint) return usage_error(endpoint.error());
  auto token = read_token(options.token_file);
  if (!token) return usage_error(token.error());
  const auto zone = parse_zone(options.zone);
  if (!zone) return usage_error(zone.error());
  options.replay.mapping.zone = options.simulate.zone = options.rehearse.zone =
      options.report.zone = *zone;
  const double patience_s = options.patience_s < 0 ? chosen.patience_s : options.patience_s;
  RetryPolicy retry;
  retry.patience = milliseconds{static_cast<std::int64_t>(patience_s * 1000)};
  const Daemon daemon{std::move(*endpoint), {std::move(*token), options.actor}, retry};
  const Terminal terminal{std::cout, std::cerr, options.json, isatty(STDERR_FILENO) == 1};
  return static_cast<int>(chosen.run(daemon, terminal));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Talks to hotlined: posts, works tickets through, looks, reports, keeps copies",
               "hotlinectl"};
  Options options;
  Chosen chosen;
  add_commands(app, options, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wanted) {
    return app.exit(wanted);
  } catch (const CLI::ParseError& error) {
    return usage_error({ErrorCode::invalid, usage_sentence(app, error)});
  }
  return run(options, chosen);
}

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include "app/daemon.hpp"
#include "app/logging.hpp"
#include "app/supervise.hpp"
#include "app/version.hpp"

namespace {

struct Arguments {
  std::string config_file;
  std::vector<std::string> overrides;
  std::string virtual_clock;
  std::string port_file;
  bool check_only = false;
  bool print_config = false;
};

/// Written whole and renamed, so that who waits for the file never reads half a number.
bool write_port(const std::string& path, std::uint16_t port) {
  const std::string fresh = path + ".new";
  std::ofstream(fresh) << port << '\n';
  std::error_code failed;
  std::filesystem::rename(fresh, path, failed);
  return !failed;
}

hotline::Result<hotline::Daemon::Options> daemon_options(const Arguments& arguments,
                                                         const hotline::Config& config) {
  hotline::Daemon::Options options;
  if (arguments.virtual_clock.empty()) return options;
  if (!hotline::is_loopback(config.http.address)) {
    return hotline::fail(
        hotline::ErrorCode::invalid,
        "--virtual-clock is for tests and the demo: http.address must be loopback");
  }
  if (arguments.virtual_clock == "now") {
    options.virtual_clock = std::chrono::floor<hotline::Duration>(std::chrono::system_clock::now());
    return options;
  }
  const auto time = hotline::parse_rfc3339(arguments.virtual_clock);
  if (!time) return tl::make_unexpected(time.error());
  options.virtual_clock = *time;
  return options;
}

/// What the check looked at and what only a start will.
void print_checked(const Arguments& arguments, const hotline::Config& config) {
  const std::string file = arguments.config_file.empty() ? "the defaults" : arguments.config_file;
  std::cout << "checked, and right: " << file;
  if (!arguments.overrides.empty()) std::cout << " with " << arguments.overrides.size() << " --set";
  std::cout << "\nnot checked, read at the start: the catalogue in "
            << config.catalogue_path.string();
  if (!config.learned.model.empty()) {
    std::cout << ", the model " << config.learned.model.string();
  }
  std::cout << ", the deadline rules in " << config.deadlines_path.string();
  if (config.auth.mode == hotline::AuthMode::tokens) {
    std::cout << ", the tokens in " << config.auth.tokens_file.string();
  }
  if (config.storage.engine == hotline::StorageEngine::rocksdb) {
    std::cout << ", the store in " << config.storage.path.string();
  }
  std::cout << '\n';
}

int refuse(const hotline::Error& error) {
  std::cerr << "hotlined: " << error.detail << '\n';
  return 2;
}

int run(const Arguments& arguments) {
  if (arguments.print_config) {
    std::cout << hotline::default_config_text();
    return 0;
  }
  std::optional<std::filesystem::path> file;
  if (!arguments.config_file.empty()) file = arguments.config_file;
  const auto config = hotline::load_config(file, arguments.overrides);
  if (!config) return refuse(config.error());
  const auto options = daemon_options(arguments, *config);
  if (!options) return refuse(options.error());
  if (arguments.check_only) {
    print_checked(arguments, *config);
    return 0;
  }
  hotline::start_logging(config->log);
  for (const auto& warning : config->warnings) spdlog::warn("{}", warning);
  hotline::Daemon daemon(*config, *options);
  if (auto started = daemon.start(); !started) {
    spdlog::critical("{}", started.error().detail);
    for (const auto& fault : started.error().errors) {
      spdlog::critical("{}: {}", fault.pointer, fault.detail);
    }
    return 1;
  }
  bool announced = true;
  hotline::run_until_signalled(daemon, [&] {
    if (arguments.port_file.empty()) return;
    announced = write_port(arguments.port_file, daemon.port());
    if (announced) return;
    spdlog::critical("cannot write {}", arguments.port_file);
    std::raise(SIGTERM);
  });
  return announced ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("hotlined, the ticket router of a 12345 city hotline");
  Arguments arguments;
  app.add_option("--config", arguments.config_file, "Configuration file; without one, the defaults")
      ->check(CLI::ExistingFile);
  app.add_option("--set", arguments.overrides, "key=value over the file, e.g. --set http.port=8080")
      ->expected(1)
      ->take_all();
  app.add_option(
         "--virtual-clock", arguments.virtual_clock,
         "Time stands still and is moved by POST /v1/admin/clock:advance; begins at this RFC "
         "3339 time, or now")
      ->expected(0, 1)
      ->default_str("now");
  app.add_option("--port-file", arguments.port_file, "Write the bound port here once ready");
  app.add_flag("--check-config", arguments.check_only,
               "Check the configuration, not the files that it names, and exit");
  app.add_flag("--print-config", arguments.print_config,
               "Print the default configuration and exit");
  app.set_version_flag("--version", std::string(hotline::daemon_version));
  CLI11_PARSE(app, argc, argv);
  return run(arguments);
}

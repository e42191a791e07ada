#include "app/supervise.hpp"

#include <csignal>
#include <functional>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

namespace hotline {
namespace {

namespace asio = boost::asio;

/// Half of the watchdog's time, absent without one.
std::optional<std::chrono::microseconds> watchdog_pause() {
  std::uint64_t micros = 0;
  if (sd_watchdog_enabled(0, &micros) <= 0) return std::nullopt;
  return std::chrono::microseconds{micros / 2};
}

class Supervisor {
 public:
  explicit Supervisor(Daemon& daemon) : daemon_(daemon) {}

  void run(const std::function<void()>& ready) {
    wait_for_signal();
    ready();
    if (const auto pause = watchdog_pause()) watch(*pause);
    sd_notify(0, "READY=1");
    context_.run();
    sd_notify(0, "STOPPING=1");
    spdlog::info("stopping");
    daemon_.stop();
    spdlog::info("stopped");
  }

 private:
  void wait_for_signal() {
    signals_.async_wait([this](const boost::system::error_code& failed, int signal) {
      if (failed) return;
      if (signal != SIGHUP) return context_.stop();
      reload();
      wait_for_signal();
    });
  }

  void reload() {
    sd_notify(0, "RELOADING=1");
    const auto version = daemon_.reload();
    if (version) {
      spdlog::info("catalogue {} is in force", *version);
    } else {
      log_refusal(version.error());
    }
    sd_notify(0, "READY=1");
  }

  static void log_refusal(const Error& error) {
    spdlog::error("the old catalogue stays: {}", error.detail);
    for (const auto& fault : error.errors) spdlog::error("{}: {}", fault.pointer, fault.detail);
  }

  void watch(std::chrono::microseconds pause) {
    if (daemon_.alive(std::chrono::floor<Duration>(pause))) sd_notify(0, "WATCHDOG=1");
    timer_.expires_after(pause);
    timer_.async_wait([this, pause](const boost::system::error_code& failed) {
      if (!failed) watch(pause);
    });
  }

  Daemon& daemon_;
  asio::io_context context_{1};
  asio::signal_set signals_{context_, SIGTERM, SIGINT, SIGHUP};
  asio::steady_timer timer_{context_};
};

}  // namespace

void run_until_signalled(Daemon& daemon, const std::function<void()>& ready) {
  Supervisor(daemon).run(ready);
}

}  // namespace hotline

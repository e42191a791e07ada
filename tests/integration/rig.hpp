#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "child.hpp"
#include "support/store_folder.hpp"
#include "web.hpp"

namespace hotline::test {

#ifdef HOTLINE_WITH_ROCKSDB
inline constexpr const char* usual_engine = "rocksdb";
#else
inline constexpr const char* usual_engine = "memory";
#endif

/// Where the repository lies.
std::filesystem::path source_folder();

/// A TCP port of this machine that nobody listened on a moment ago.
std::uint16_t free_port();

/// The value of one sample of a /metrics page, `name` with its labels as exposed; 0 when absent.
double metric(const std::string& page, const std::string& name);

struct RigOptions {
  std::string clock{};                  ///< RFC 3339: time stands still there; empty: the wall's
  std::vector<std::string> settings{};  ///< `key=value`, over those of the rig
  std::uint16_t port = 0;
  std::string engine = usual_engine;
};

/// A real hotlined with its own folder and the shipped catalogue. It must end well: an exit code
/// other than 0 after an orderly stop is a failure of the test, and so is what a sanitizer finds.
class Rig {
 public:
  explicit Rig(RigOptions options = {});
  ~Rig();
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  /// Again on the same folder.
  void start();
  /// SIGTERM, and waits.
  void stop();
  /// SIGKILL, and waits.
  void kill();
  /// Of the next start.
  void set_clock(std::string clock) { options_.clock = std::move(clock); }
  Child& process() { return *process_; }

  std::uint16_t port() const { return port_; }
  Web web(Headers always = {}) const { return Web(port_, std::move(always)); }
  /// As a person of the centre or of a department.
  Web web_as(const std::string& person) const { return web({{"Hotline-Actor", person}}); }
  std::string url() const;
  std::string log() const { return contents_of(log_file_); }  ///< of the last start

  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path storage() const { return folder() / "data"; }
  /// The arguments that `start` uses, without --port-file.
  std::vector<std::string> command() const;
  /// hotlinectl, pointed at the daemon.
  std::vector<std::string> ctl_command(std::vector<std::string> arguments) const;
  Ended ctl(std::vector<std::string> arguments) const;
  /// What `hotlinectl check` says about the store of the stopped daemon; `nothing found` is well.
  std::string check_stopped() const;

 private:
  RigOptions options_;
  StoreFolder folder_;
  int starts_ = 0;
  std::filesystem::path log_file_;
  std::unique_ptr<Child> process_;
  std::uint16_t port_ = 0;
};

/// Everything of GET /v1/tickets, page by page.
std::vector<json::value> all_tickets(Web& web, const std::string& query = {});

/// Takes one ticket from a queue; throws when there is none within ten seconds.
json::value lease_one(Web& web, const std::string& queue);

}  // namespace hotline::test

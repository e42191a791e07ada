#include <filesystem>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "client/checkpoint.hpp"
#include "client/commands.hpp"
#include "client/fields.hpp"

namespace hotline::client {
namespace {

namespace fs = std::filesystem;

/// A checkpoint that the daemon made for this check; removed with it.
class Checkpoint {
 public:
  explicit Checkpoint(std::string folder) : folder_(std::move(folder)) {}
  ~Checkpoint() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Checkpoint(const Checkpoint&) = delete;
  Checkpoint& operator=(const Checkpoint&) = delete;

 private:
  std::string folder_;
};

Result<std::string> checkpoint_here(const Daemon& daemon) {
  auto folder = make_checkpoint(daemon, "check-" + random_name());
  if (!folder || fs::is_directory(*folder)) return folder;
  return fail(ErrorCode::invalid, fmt::format("the daemon's checkpoint '{}' is not on this "
                                              "machine: run the check where the daemon runs, "
                                              "or a copy of its store with --store",
                                              *folder));
}

Exit print(const Findings& found, const Terminal& terminal) {
  if (terminal.json) {
    json::array details;
    for (const auto& detail : found.details) details.emplace_back(detail);
    terminal.out << json::serialize(json::object{{"tickets", found.tickets},
                                                 {"changes", found.changes},
                                                 {"findings", found.findings},
                                                 {"details", std::move(details)}})
                 << '\n';
  } else {
    for (const auto& detail : found.details) terminal.out << detail << '\n';
    terminal.out << fmt::format(
        "checked {} tickets and {} changes: {}\n", found.tickets, found.changes,
        found.findings == 0 ? "nothing found" : fmt::format("{} findings", found.findings));
  }
  return found.findings == 0 ? Exit::ok : Exit::failed;
}

}  // namespace

Exit check_command(const Daemon& daemon, const CheckOptions& options, const CheckStore& check,
                   const Terminal& terminal) {
  std::optional<Checkpoint> checkpoint;
  std::string folder = options.store;
  if (folder.empty()) {
    auto made = checkpoint_here(daemon);
    if (!made) return complain(terminal, made.error());
    folder = *made;
    checkpoint.emplace(folder);
  } else if (!fs::is_directory(folder)) {
    return refuse(terminal, fmt::format("{} is not a folder", folder));
  }
  const auto found = check(folder);
  if (!found) {
    terminal.err << "hotlinectl: " << found.error().detail << '\n';
    return Exit::failed;
  }
  return print(*found, terminal);
}

}  // namespace hotline::client

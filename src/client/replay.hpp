#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/pace.hpp"
#include "client/records.hpp"
#include "client/terminal.hpp"

namespace hotline::client {

struct ReplayOptions {
  std::string file;          ///< JSON lines, or CSV when it ends with `.csv`; `-`: standard input
  unsigned connections = 8;  ///< 1..256
  std::uint64_t limit = 0;   ///< records to post; 0: all
  std::uint64_t failures_max = 1'000;  ///< so many bad records end it
  Pace pace = Pace::asap;
  double speed = 1;                  ///< seconds of the file in one second, for `Pace::file`
  std::vector<std::string> columns;  ///< see `read_column_map`; not empty: the file is CSV
  MessageMapping mapping;
};

inline constexpr std::size_t failures_listed_max = 100;

struct LineFailure {
  std::uint64_t line = 0;
  std::string detail;
};

struct ReplayResult {
  std::uint64_t created = 0;
  std::uint64_t repeated = 0;  ///< the daemon had them already
  std::uint64_t failed = 0;
  std::vector<LineFailure> failures;   ///< the first `failures_listed_max`, by line
  std::optional<Time> first_received;  ///< over all posted tickets, for choosing a report's period
  std::optional<Time> last_received;
  bool gave_up = false;  ///< too many failures; the rest was not posted
  /// The daemon stayed away longer than the patience, does not let this token post, or has no
  /// clock to move; the rest was not posted.
  std::optional<Error> lost;

  std::uint64_t done() const { return created + repeated + failed; }
};

/// Posts every record over several connections. Bad ones fail alone. Repeating it is harmless: the
/// daemon knows the tickets by their `source_id` or idempotency key, so an interrupted replay is
/// resumed by running it again; while the daemon is away for less than the patience it resumes by
/// itself. `total` 0: not known.
ReplayResult replay(const Daemon& daemon, const ReplayOptions& options, RecordSource& records,
                    std::uint64_t total, const Terminal& terminal);

/// The command: opens the file, replays, prints the summary, and what was bad by file and line.
Exit replay_command(const Daemon& daemon, const ReplayOptions& options, const Terminal& terminal);

}  // namespace hotline::client

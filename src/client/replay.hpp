#pragma once

#include <cstdint>
#include <istream>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "client/mapping.hpp"
#include "client/terminal.hpp"

namespace hotline::client {

struct ReplayOptions {
  std::string file;          ///< JSON lines; `-`: standard input
  unsigned connections = 8;  ///< 1..256
  std::uint64_t limit = 0;   ///< lines to post; 0: all
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
  std::optional<Error>
      lost;  ///< the daemon stayed away longer than the patience; the rest was not posted

  std::uint64_t done() const { return created + repeated + failed; }
};

/// Hands out the lines that are not blank, numbered from 1 as an editor counts them. Thread-safe.
class LineSource {
 public:
  struct Line {
    std::uint64_t number = 0;
    std::string text;
  };
  LineSource(std::istream& in, std::uint64_t limit) : in_(in), limit_(limit) {}
  std::optional<Line> next();

 private:
  std::mutex mutex_;
  std::istream& in_;
  std::uint64_t limit_;
  std::uint64_t read_ = 0;
  std::uint64_t given_ = 0;
};

/// Posts every line of `in` over several connections. Bad lines fail alone. Repeating it is
/// harmless: the daemon knows the tickets by their `source_id` or idempotency key, so an
/// interrupted replay is resumed by running it again; while the daemon is away for less than the
/// patience it resumes by itself. `total` 0: not known.
ReplayResult replay(const Daemon& daemon, const ReplayOptions& options, std::istream& in,
                    std::uint64_t total, const Terminal& terminal);

/// The command: opens the file, replays, prints the summary.
Exit replay_command(const Daemon& daemon, const ReplayOptions& options, const Terminal& terminal);

}  // namespace hotline::client

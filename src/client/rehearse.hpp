#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "client/scenario.hpp"
#include "client/terminal.hpp"

namespace hotline::client {

struct RehearseOptions {
  std::string scenario;  ///< a name of `scenarios`
  double scale = 1;      ///< see `scaled`
  std::uint64_t seed = 1;
  unsigned connections = 16;  ///< 1..256
  UtcOffset zone = china_offset;
};

struct RehearseResult {
  std::uint64_t tickets = 0;  ///< taken in; all have ended unless `lost`
  std::uint64_t moves = 0;    ///< after intake
  std::chrono::milliseconds wall{};
  /// By department: from each dispatch to its signing, by engine time, in ascending order.
  std::map<std::string, std::vector<Duration>> waits;
  std::optional<Error> lost;  ///< what ended it before its end; the first refused move does
};

/// Plays a scenario step by step on the daemon's virtual clock: tickets are taken in with their
/// times, the centre's desk dispatches what is unclear, departments sign so many a step and answer
/// hours or days later, agents call back, until every ticket has ended. Within a step the work of
/// one queue after the other is done over several connections, and the clock stands meanwhile: the
/// times of a run depend on scenario and seed alone. The daemon should be new and its clock at
/// `rehearsal_day` or before.
RehearseResult rehearse(const Daemon& daemon, const RehearseOptions& options,
                        const Terminal& terminal);

Exit rehearse_command(const Daemon& daemon, const RehearseOptions& options,
                      const Terminal& terminal);

}  // namespace hotline::client

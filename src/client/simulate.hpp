#pragma once

#include <string>
#include <vector>

#include "client/crew.hpp"
#include "client/decisions.hpp"
#include "client/terminal.hpp"

namespace hotline::client {

struct SimulateOptions {
  SimPolicy policy;
  unsigned workers = 16;  ///< 1..256
  UtcOffset zone = china_offset;
};

/// Something that waits for a time to come.
struct Waiting {
  std::string what;  ///< `callback`, `answer`, `department`
  std::uint64_t count = 0;
  Time from{};   ///< the earliest
  Time until{};  ///< the latest
};

/// What can be done only later, gathered when every queue is drained.
struct Agenda {
  struct Late {
    LateTask task;
    Time due{};
  };
  struct Absent {
    std::string department;
    Time due{};
  };
  std::vector<Late> late;
  std::vector<Absent> absent;
  std::vector<Time> calls;

  bool empty() const { return late.empty() && absent.empty() && calls.empty(); }
  /// Only call-backs are left, which the daemon alone makes ready.
  bool only_calls() const { return late.empty() && absent.empty(); }
  /// Where a virtual clock goes next: the last moment of the six hours that begin with the earliest
  /// one on the agenda, so that what lies close together is done together. The agenda is not empty.
  /// Pure.
  Time next_stop() const;
  std::vector<Waiting> waiting() const;
};

struct SimulateResult {
  SimCounts counts;
  std::uint64_t refused = 0;
  std::vector<std::string> refusals;  ///< the first few, for people
  bool virtual_clock = false;
  std::vector<Waiting> waiting;  ///< empty: all queues are drained and nothing is under way
  std::uint64_t stuck = 0;  ///< entries that stayed in queues: dead letters, or leased by others
  std::optional<Error> lost;
};

/// Plays the centre's desk, the departments and the call-back agents until nothing is left to do.
SimulateResult simulate(const Daemon& daemon, const SimulateOptions& options,
                        const Terminal& terminal);

Exit simulate_command(const Daemon& daemon, const SimulateOptions& options,
                      const Terminal& terminal);

}  // namespace hotline::client

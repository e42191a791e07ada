#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "hotline/store.hpp"

namespace hotline {

struct CheckReport {
  std::uint64_t tickets = 0;
  std::uint64_t changes = 0;
  std::uint64_t findings = 0;
  std::vector<std::string> details;  ///< the first 100, without personal data
};

/// Recomputes every index from the tickets and every ticket from its story, and compares with what
/// is stored: queues, timers, work lists, counters, leases, lookups, personal records. Reads a
/// frozen view; changes nothing.
Result<CheckReport> check(const StoreReader& store, UtcOffset zone);

}  // namespace hotline

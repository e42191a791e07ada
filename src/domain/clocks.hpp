#pragma once

#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "domain/ticket.hpp"
#include "domain/vocabulary.hpp"

namespace hotline {

/// One clock that still runs on a ticket.
struct RunningClock {
  Time at{};
  Deadline deadline{};
  std::uint16_t seq = 0;  ///< assignment; 0: the ticket's own
  auto operator<=>(const RunningClock&) const = default;
};

/// Every clock that is still to fire, earliest first. A clock whose purpose is fulfilled, or that
/// fired, is not among them.
std::vector<RunningClock> running_clocks(const Ticket& ticket);

}  // namespace hotline

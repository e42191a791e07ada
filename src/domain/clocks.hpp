#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.hpp"
#include "domain/policy.hpp"
#include "domain/ticket.hpp"
#include "domain/vocabulary.hpp"

namespace hotline {

/// As what the rules see the ticket itself, and an assignment of it.
RuleSubject subject_of(const Ticket& ticket);
RuleSubject subject_of(const Ticket& ticket, const Assignment& assignment);

/// When the clocks of `assignment` reach their moments: from its dispatch, the rules, the calendar,
/// its pauses that are over and the days that were granted. A dispatch, an import, a resumption, a
/// ruling and a changed rule all count with it.
DueTimes due_times(const RuleSubject& subject, const Assignment& assignment, const Policy& policy);

/// By when the centre must have dispatched or answered what has lain with it since `since`. A redo
/// of its own answer has the time to resolve.
Time centre_due(const RuleSubject& subject, Time since, bool direct, const Policy& policy);

/// The worst light of what is open in the ticket; absent when nothing is. A paused assignment
/// shows the light of the moment when its clocks stopped.
std::optional<Light> light_of(const Ticket& ticket, Time now);
/// Of one assignment; absent when it is over, or a copy.
std::optional<Light> light_of(const Assignment& assignment, Time now);

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

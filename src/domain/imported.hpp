#pragma once

#include <string>
#include <vector>

#include "domain/policy.hpp"
#include "domain/ticket.hpp"

namespace hotline {

/// Fills in what an older system did not tell of its ticket and the rules need: numbers of the
/// assignments, limits by `policy` from the moment of dispatch, since when it lies where it lies,
/// the next call. A deadline that lies before `now` passed there and does not fire again here.
void complete_imported(Ticket& ticket, const Policy& policy, Time now);

/// One way in which an imported ticket contradicts itself.
struct Contradiction {
  std::string pointer;  ///< of the field in the import's line
  std::string detail;
};

/// What must hold so that the rules can carry a completed ticket on: its status is what its
/// assignments and times say, times lie in order and not after `now`. Empty: nothing is wrong.
std::vector<Contradiction> contradictions(const Ticket& ticket, Time now);

}  // namespace hotline

#pragma once

#include "base/time.hpp"
#include "domain/event.hpp"
#include "domain/ticket.hpp"

namespace hotline {

/// Applies one event in place. Both `decide`, which must see the ticket as its own earlier events
/// leave it, and `evolve` go through here, so they cannot disagree.
void apply(Ticket& ticket, const Event& event, Time at);

}  // namespace hotline

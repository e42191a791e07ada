#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "engine/work.hpp"
#include "hotline/store.hpp"

namespace hotline {

/// Fills an empty `memory` from the store: engine time, leases, queues, timers. Reads the open
/// tickets' index entries only, never the tickets. Refuses, with a text for the operator, a store
/// of another format or one whose counters were kept in another zone.
Result<void> recover(const StoreReader& store, UtcOffset zone, Memory& memory);

}  // namespace hotline

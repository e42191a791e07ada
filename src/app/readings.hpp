#pragma once

#include "engine/engine.hpp"
#include "engine/reader.hpp"
#include "hotline/store.hpp"
#include "metrics/exposition.hpp"

namespace hotline {

/// Asks the parts for what only they know, for one scrape. Waits for the engine, at most a second:
/// not for a reactor thread.
Readings take_readings(Engine& engine, const TicketReader& reader, const Store& store);

/// What the exposition must know of the domain: names of moves and ratings.
ExpositionOptions exposition_options(const Policy& policy, Time started_at, std::size_t queues_max);

}  // namespace hotline

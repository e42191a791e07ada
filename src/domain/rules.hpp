#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "domain/command.hpp"
#include "domain/event.hpp"
#include "domain/personal.hpp"
#include "domain/policy.hpp"
#include "domain/ticket.hpp"

namespace hotline {

/// What the rules may know beside the ticket. All of it is passed in.
struct Context {
  Time now{};
  TicketId new_id;  ///< taken by an intake
  const Policy& policy;
};

/// The rules. Pure: same arguments, same result, on every machine. `ticket` is null for an intake
/// and for a number that no ticket has. A refusal names what is allowed in the present state and
/// changes nothing. No event holds personal data.
Result<std::vector<Event>> decide(const Ticket* ticket, const Move& move, const Actor& actor,
                                  const Context& context);

/// The ticket after `change`. Total: any change that `decide` produced applies. The version becomes
/// `change.version`.
Ticket evolve(Ticket ticket, const Change& change);

/// The ticket from its whole story.
Ticket replay(const std::vector<Change>& story);

/// What `move` adds to the personal record; `before` is null at intake. Absent: nothing. Fails with
/// `too_large` when the record holds `remarks_max` remarks already.
Result<std::optional<Personal>> remember(const Personal* before, const Move& move,
                                         const Actor& actor, const Ticket& after, Time now);

/// The names of the moves that the ticket's state allows, for refusals and for clerks' buttons.
std::vector<std::string_view> allowed_moves(const Ticket& ticket);

}  // namespace hotline

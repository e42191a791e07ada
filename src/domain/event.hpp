#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "domain/ticket.hpp"

namespace hotline {

// What happened, without personal data. `evolve` needs nothing but the ticket before and these.

struct Received { Ticket ticket; };  ///< version 0, status triage, nothing decided yet
struct SentToTriage { Time deadline{}; };
struct TakenDirect { Time deadline{}; std::string category; };
struct Dispatched { Assignment assignment; std::string category; };
struct AssignmentEnded { std::uint16_t seq = 0; Ending ending = Ending::withdrawn; };
struct Signed { std::uint16_t seq = 0; };
struct Contacted { std::uint16_t seq = 0; };
struct Answered { std::uint16_t seq = 0; };  ///< 0: the centre's own answer
struct HandedOver { std::string service; };
struct HandoverAcknowledged {};
struct Finished { Outcome outcome = Outcome::answered; };
struct CallbackScheduled { Time at{}; bool ready = false; };
struct CallbackReady {};
struct CallbackMade { CallbackOutcome outcome = CallbackOutcome::no_answer; std::optional<Rating> rating; };
struct RedoOrdered { bool supervised = false; };
struct DeadlinePassed { Deadline deadline = Deadline::dispatch; std::uint16_t seq = 0; };  ///< 0: the ticket's own
struct Closed {};

using Event = std::variant<Received, SentToTriage, TakenDirect, Dispatched, AssignmentEnded, Signed, Contacted, Answered,
                           HandedOver, HandoverAcknowledged, Finished, CallbackScheduled, CallbackReady, CallbackMade,
                           RedoOrdered, DeadlinePassed, Closed>;

/// The event's name in the API and in metrics: `received`, `dispatched`, ...
std::string_view name(const Event& event);

/// All that one move did: one stored record, one step of the ticket's version.
struct Change {
  std::uint32_t version = 0;
  Time at{};
  std::string principal;
  std::string person;
  std::string move;  ///< name of the move
  std::vector<Event> events;
};

}  // namespace hotline

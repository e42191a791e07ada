#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "domain/ticket.hpp"

namespace hotline {

// What happened, without personal data. `evolve` needs nothing but the ticket before and these.

struct Received {
  Ticket ticket;
  bool operator==(const Received&) const = default;
};  ///< version 0; status triage and nothing decided yet, unless an import brings it
struct SentToTriage {
  Time deadline{};
  bool operator==(const SentToTriage&) const = default;
};
struct TakenDirect {
  Time deadline{};
  std::string category;
  bool operator==(const TakenDirect&) const = default;
};
struct Dispatched {
  Assignment assignment;
  std::string category;
  bool operator==(const Dispatched&) const = default;
};
struct AssignmentEnded {
  std::uint16_t seq = 0;
  Ending ending = Ending::withdrawn;
  bool operator==(const AssignmentEnded&) const = default;
};
struct Signed {
  std::uint16_t seq = 0;
  bool operator==(const Signed&) const = default;
};
struct Contacted {
  std::uint16_t seq = 0;
  bool operator==(const Contacted&) const = default;
};
struct Answered {
  std::uint16_t seq = 0;
  bool operator==(const Answered&) const = default;
};  ///< 0: the centre's own answer
struct HandedOver {
  std::string service;
  bool operator==(const HandedOver&) const = default;
};
struct HandoverAcknowledged {
  bool operator==(const HandoverAcknowledged&) const = default;
};
struct Finished {
  Outcome outcome = Outcome::answered;
  bool operator==(const Finished&) const = default;
};
struct CallbackScheduled {
  Time at{};
  bool ready = false;
  bool operator==(const CallbackScheduled&) const = default;
};
struct CallbackReady {
  bool operator==(const CallbackReady&) const = default;
};
struct CallbackMade {
  CallbackOutcome outcome = CallbackOutcome::no_answer;
  std::optional<Rating> rating;
  bool operator==(const CallbackMade&) const = default;
};
struct RedoOrdered {
  bool supervised = false;
  bool operator==(const RedoOrdered&) const = default;
};
struct DeadlinePassed {
  Deadline deadline = Deadline::dispatch;
  std::uint16_t seq = 0;
  bool operator==(const DeadlinePassed&) const = default;
};  ///< 0: the ticket's own
struct Closed {
  bool operator==(const Closed&) const = default;
};

struct Amended {
  std::optional<TicketType> type;
  std::optional<Urgency> urgency;
  std::optional<bool> confidential;
  std::optional<bool> reachable;
  std::string category;
  std::string region;
  std::vector<std::string> personal;  ///< names of the fields that changed, never their words
  bool operator==(const Amended&) const = default;
};
struct Supplemented {
  bool operator==(const Supplemented&) const = default;
};

struct ReturnRaised {
  Objection objection;
  bool operator==(const ReturnRaised&) const = default;
};
struct ReturnRuled {
  bool granted = false;
  bool operator==(const ReturnRuled&) const = default;
};
/// The present lead was designated by an arbitration.
struct Designated {
  bool operator==(const Designated&) const = default;
};

struct NoticePosted {
  std::uint16_t notice = 0;
  NoticeKind kind = NoticeKind::reminder;
  std::uint16_t seq = 0;
  bool operator==(const NoticePosted&) const = default;
};  ///< `seq`: the assignment; 0: to the citizen
struct NoticeSent {
  std::uint16_t notice = 0;
  NoticeOutcome outcome = NoticeOutcome::sent;
  bool operator==(const NoticeSent&) const = default;
};

struct Paused {
  std::uint16_t seq = 0;
  bool operator==(const Paused&) const = default;
};
struct Resumed {
  std::uint16_t seq = 0;
  bool operator==(const Resumed&) const = default;
};
struct ExtensionRequested {
  std::uint16_t seq = 0;
  std::uint32_t days = 0;  ///< working days
  bool operator==(const ExtensionRequested&) const = default;
};
struct ExtensionRuled {
  std::uint16_t seq = 0;
  bool granted = false;
  std::uint32_t days = 0;  ///< granted, working days; 0 when refused
  bool operator==(const ExtensionRuled&) const = default;
};
/// No deadline moves without one. What still lies ahead fires again, even when it had passed.
struct DeadlinesMoved {
  std::uint16_t seq = 0;  ///< 0: the centre's own limit, which is `due.resolve`
  DueTimes due;
  bool operator==(const DeadlinesMoved&) const = default;
};

using Event =
    std::variant<Received, SentToTriage, TakenDirect, Dispatched, AssignmentEnded, Signed,
                 Contacted, Answered, HandedOver, HandoverAcknowledged, Finished, CallbackScheduled,
                 CallbackReady, CallbackMade, RedoOrdered, DeadlinePassed, Closed, Amended,
                 Supplemented, ReturnRaised, ReturnRuled, Designated, NoticePosted, NoticeSent,
                 Paused, Resumed, ExtensionRequested, ExtensionRuled, DeadlinesMoved>;

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
  bool operator==(const Change&) const = default;
};

}  // namespace hotline

#include "domain/evolve.hpp"

#include "domain/rules.hpp"

namespace hotline {
namespace {

std::uint32_t bit_of(Deadline deadline) { return 1U << static_cast<unsigned>(deadline); }

/// `passed` without the deadlines that lie ahead of `at` again.
std::uint32_t still_passed(std::uint32_t passed, const DueTimes& due, Time at) {
  const auto fires_again = [&](Deadline deadline, std::optional<Time> time) {
    if (time && *time > at) passed &= ~bit_of(deadline);
  };
  fires_again(Deadline::sign, due.sign);
  fires_again(Deadline::contact, due.contact);
  fires_again(Deadline::resolve_reminder, due.remind);
  fires_again(Deadline::resolve, due.resolve);
  fires_again(Deadline::overdue_notice, due.notice);
  fires_again(Deadline::supervision, due.supervise);
  return passed;
}

std::uint32_t without_passed(std::uint32_t passed, Deadline deadline) {
  return passed & ~(1U << static_cast<unsigned>(deadline));
}

/// One overload an event; the ticket and the time are at hand as members.
class Applier {
 public:
  Applier(Ticket& ticket, Time at) : ticket_(ticket), at_(at) {}

  void operator()(const Received& event) { ticket_ = event.ticket; }

  void operator()(const SentToTriage& event) { enter_centre(Status::triage, event.deadline); }

  void operator()(const TakenDirect& event) {
    enter_centre(Status::direct, event.deadline);
    set_category(event.category);
    if (!ticket_.handling) ticket_.handling = Handling::direct;
  }

  void operator()(const Dispatched& event) {
    set_category(event.category);
    ticket_.assignments.push_back(event.assignment);
    if (event.assignment.role != Role::lead) return;
    ticket_.status = Status::dispatched;
    ticket_.handling = Handling::transferred;
    ticket_.decide_deadline.reset();
    ticket_.handled_since.reset();
  }

  void operator()(const AssignmentEnded& event) {
    assignment(event.seq).ending = event.ending;
    assignment(event.seq).ended_at = at_;
    if (ticket_.objection && ticket_.objection->seq == event.seq) ticket_.objection.reset();
  }

  void operator()(const Signed& event) {
    auto& signed_one = assignment(event.seq);
    signed_one.signed_at = at_;
    if (signed_one.role == Role::lead) ticket_.status = Status::in_progress;
  }

  void operator()(const Contacted& event) {
    auto& contacted = assignment(event.seq);
    if (!contacted.contacted_at) contacted.contacted_at = at_;
  }

  void operator()(const Answered& event) {
    if (event.seq != 0) assignment(event.seq).answered_at = at_;
  }

  void operator()(const HandedOver& event) {
    ticket_.handover = Handover{event.service, at_, std::nullopt};
    ticket_.handling = Handling::transferred;
  }

  void operator()(const HandoverAcknowledged&) { ticket_.handover->acknowledged_at = at_; }

  void operator()(const Finished& event) {
    ticket_.outcome = event.outcome;
    if (!ticket_.finished_at) ticket_.finished_at = at_;
    ticket_.decide_deadline.reset();
    ticket_.handled_since.reset();
    if (event.outcome == Outcome::rejected)
      ticket_.handling.reset();
    else if (!ticket_.handling)
      ticket_.handling = Handling::direct;
  }

  void operator()(const CallbackScheduled& event) {
    ticket_.status = Status::callback;
    ticket_.callback.next_attempt_at = event.at;
    ticket_.callback.ready = event.ready;
  }

  void operator()(const CallbackReady&) { ticket_.callback.ready = true; }

  void operator()(const CallbackMade& event) {
    ++ticket_.callback.attempts;
    ticket_.callback.ready = false;
    if (event.rating) ticket_.callback.rating = event.rating;
  }

  void operator()(const RedoOrdered& event) {
    ++ticket_.round;
    ticket_.supervised = ticket_.supervised || event.supervised;
    ticket_.callback.attempts = 0;
    ticket_.callback.ready = false;
  }

  void operator()(const DeadlinePassed& event) {
    auto& passed = event.seq == 0 ? ticket_.passed : assignment(event.seq).passed;
    passed |= bit_of(event.deadline);
    if (event.deadline == Deadline::supervision) ticket_.supervised = true;
  }

  void operator()(const Paused& event) { assignment(event.seq).paused_at = at_; }

  void operator()(const Resumed& event) {
    auto& resumed = assignment(event.seq);
    resumed.pauses.push_back({*resumed.paused_at, at_});
    resumed.paused_at.reset();
  }

  void operator()(const ExtensionRequested& event) {
    assignment(event.seq).extension_asked = ExtensionRequest{at_, event.days};
  }

  void operator()(const ExtensionRuled& event) {
    auto& ruled = assignment(event.seq);
    ruled.extension_asked.reset();
    if (!event.granted) return;
    ruled.extended_days += event.days;
    ++ruled.extensions;
  }

  void operator()(const DeadlinesMoved& event) {
    if (event.seq == 0) {
      ticket_.decide_deadline = event.due.resolve;
      if (event.due.resolve > at_) {
        ticket_.passed &= ~(bit_of(Deadline::dispatch) | bit_of(Deadline::resolve));
      }
      return;
    }
    auto& moved = assignment(event.seq);
    moved.set(event.due);
    moved.passed = still_passed(moved.passed, event.due, at_);
  }

  void operator()(const Amended& event) {
    const auto amend = [](auto& field, const auto& given) {
      if (given) field = *given;
    };
    if (event.type || event.urgency) keep_limits();
    amend(ticket_.type, event.type);
    amend(ticket_.urgency, event.urgency);
    amend(ticket_.confidential, event.confidential);
    amend(ticket_.reachable, event.reachable);
    set_category(event.category);
    if (!event.region.empty()) ticket_.region = event.region;
  }

  void operator()(const Supplemented&) {}

  void operator()(const ReturnRaised& event) {
    ticket_.status = Status::return_review;
    ticket_.objection = event.objection;
    ++ticket_.disputes;
    ticket_.passed = without_passed(ticket_.passed, Deadline::return_review);
  }

  /// Denied: back to where it was. Granted: what follows moves it on.
  void operator()(const ReturnRuled& event) {
    if (event.granted) {
      ++ticket_.bounces;
      return;
    }
    const bool was_signed = assignment(ticket_.objection->seq).signed_at.has_value();
    ticket_.status = was_signed ? Status::in_progress : Status::dispatched;
    ticket_.objection.reset();
  }

  void operator()(const Designated&) { ticket_.designated = true; }

  void operator()(const NoticePosted& event) {
    ticket_.notices.push_back({event.notice, event.kind, event.seq, at_, {}, {}});
  }

  void operator()(const NoticeSent& event) {
    Notice& notice = ticket_.notices.at(static_cast<std::size_t>(event.notice - first_notice));
    notice.ended_at = at_;
    notice.outcome = event.outcome;
  }

  void operator()(const Closed&) {
    ticket_.status = Status::closed;
    ticket_.closed_at = at_;
    ticket_.callback.ready = false;
  }

 private:
  /// Before the ticket becomes another one: what runs stands as it is.
  void keep_limits() {
    for (auto& one : ticket_.assignments) {
      if (one.ending || one.counted_as) continue;
      one.counted_as = CountedAs{ticket_.type, ticket_.urgency, ticket_.category};
    }
  }

  void set_category(const std::string& category) {
    if (category.empty() || category == ticket_.category) return;
    keep_limits();
    ticket_.category = category;
  }

  Assignment& assignment(std::uint16_t seq) { return ticket_.assignments.at(seq - 1U); }

  void enter_centre(Status status, Time deadline) {
    ticket_.status = status;
    ticket_.decide_deadline = deadline;
    ticket_.decide_given = false;
    ticket_.handled_since = at_;
    ticket_.passed = 0;
  }

  Ticket& ticket_;
  Time at_;
};

}  // namespace

void apply(Ticket& ticket, const Event& event, Time at) { std::visit(Applier(ticket, at), event); }

Ticket evolve(Ticket ticket, const Change& change) {
  for (const auto& event : change.events) apply(ticket, event, change.at);
  ticket.version = change.version;
  return ticket;
}

Ticket replay(const std::vector<Change>& story) {
  Ticket ticket;
  for (const auto& change : story) ticket = evolve(std::move(ticket), change);
  return ticket;
}

}  // namespace hotline

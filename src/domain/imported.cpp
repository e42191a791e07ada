#include "domain/imported.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "domain/clocks.hpp"

namespace hotline {
namespace {

// --- completing ---------------------------------------------------------------------------------

void complete(Assignment& assignment, const Ticket& ticket, const Policy& policy) {
  const Time sign = assignment.sign_deadline;
  const Time contact = assignment.contact_deadline;
  const Time resolve = assignment.resolve_deadline;
  DueTimes due = due_times(subject_of(ticket, assignment), assignment, policy);
  if (sign != Time{}) due.sign = sign;
  if (contact != Time{}) due.contact = contact;
  if (resolve != Time{} || sign != Time{} || contact != Time{}) {
    assignment.resolve_given = resolve != Time{} ? resolve : due.resolve;
    assignment.set(due);
    due = due_times(subject_of(ticket, assignment), assignment, policy);
  }
  assignment.set(due);
}

void complete_centre(Ticket& ticket, const Policy& policy) {
  if (ticket.status != Status::triage && ticket.status != Status::direct) return;
  if (!ticket.handled_since) ticket.handled_since = ticket.received_at;
  ticket.decide_given = ticket.decide_deadline.has_value();
  if (ticket.decide_given) return;
  const bool direct = ticket.status == Status::direct;
  ticket.decide_deadline = centre_due(subject_of(ticket), *ticket.handled_since, direct, policy);
}

void complete_callback(Ticket& ticket, const Policy& policy, Time now) {
  if (ticket.status != Status::callback) return;
  const Time wanted = std::max(ticket.callback.next_attempt_at, now);
  ticket.callback.next_attempt_at = policy.calling_time(wanted);
  ticket.callback.ready = ticket.callback.next_attempt_at <= now;
}

void mark_passed(Ticket& ticket, Time now) {
  for (const RunningClock& clock : running_clocks(ticket)) {
    if (clock.at > now || clock.deadline == Deadline::callback_due) continue;
    auto& passed = clock.seq == 0 ? ticket.passed : ticket.assignments[clock.seq - 1U].passed;
    passed |= 1U << static_cast<unsigned>(clock.deadline);
  }
}

// --- contradictions -----------------------------------------------------------------------------

class Examination {
 public:
  Examination(const Ticket& ticket, Time now) : ticket_(ticket), now_(now) {}

  std::vector<Contradiction> take() {
    examine_assignments();
    examine_status();
    examine_end();
    examine_rating();
    return std::move(found_);
  }

 private:
  void find(std::string pointer, std::string detail) {
    found_.push_back({std::move(pointer), std::move(detail)});
  }
  void expect(bool holds, std::string_view pointer, std::string_view detail) {
    if (!holds) find(std::string(pointer), std::string(detail));
  }

  /// `time` lies neither before `least` nor in the future.
  void order(const std::string& pointer, const std::optional<Time>& time, Time least) {
    if (!time) return;
    if (*time < least) find(pointer, "lies before what must have come first");
    if (*time > now_) find(pointer, "lies in the future");
  }

  void examine(const Assignment& a) {
    const auto field = [&](std::string_view name) {
      return fmt::format("/state/assignments/{}/{}", a.seq - 1, name);
    };
    order(field("dispatched_at"), a.dispatched_at, ticket_.received_at);
    order(field("signed_at"), a.signed_at, a.dispatched_at);
    order(field("contacted_at"), a.contacted_at, a.dispatched_at);
    order(field("answered_at"), a.answered_at, a.dispatched_at);
    expect(a.answered_at.has_value() == (a.ending == Ending::answered), field("ending"),
           "is answered when, and only when, answered_at is given");
    expect(!a.answered_at || a.signed_at, field("signed_at"), "is required before answered_at");
    expect(a.round >= 1 && a.round <= ticket_.round, field("round"),
           "must be from 1 to the ticket's round");
  }

  void examine_assignments() {
    std::size_t open_leads = 0;
    for (const Assignment& assignment : ticket_.assignments) {
      examine(assignment);
      open_leads += !assignment.ending && assignment.role == Role::lead ? 1 : 0;
    }
    expect(open_leads <= 1, "/state/assignments", "more than one lead is open");
    const bool led = std::ranges::any_of(ticket_.assignments,
                                         [](const Assignment& a) { return a.role == Role::lead; });
    expect(!led || ticket_.handling == Handling::transferred, "/state/handling",
           "must be transferred: a department led");
  }

  void examine_status() {
    const Assignment* lead = ticket_.lead();
    const bool with_department =
        ticket_.status == Status::dispatched || ticket_.status == Status::in_progress;
    if (!with_department) {
      expect(lead == nullptr, "/state/status", "a lead is open: dispatched or in_progress");
    } else if (lead == nullptr) {
      find("/state/assignments", "an open lead is required with this status");
    } else {
      expect(lead->signed_at.has_value() == (ticket_.status == Status::in_progress),
             "/state/status", "is in_progress when, and only when, the open lead has signed");
    }
    const bool over = ticket_.status == Status::callback || ticket_.status == Status::closed;
    const bool open_part =
        std::ranges::any_of(ticket_.assignments, [](const Assignment& a) { return !a.ending; });
    expect(!over || !open_part, "/state/assignments", "one is open though the ticket is finished");
    expect(ticket_.status != Status::direct || ticket_.handling.has_value(), "/state/handling",
           "is required with status direct");
    expect(ticket_.status != Status::callback || ticket_.reachable, "/caller/phone",
           "is required with status callback");
  }

  void examine_end() {
    const bool over = ticket_.status == Status::callback || ticket_.status == Status::closed;
    const bool redone = ticket_.round > 1;
    expect(!over || ticket_.finished_at, "/state/finished_at", "is required with this status");
    expect(!over || ticket_.outcome, "/state/outcome", "is required with this status");
    expect(over || redone || !ticket_.finished_at, "/state/finished_at",
           "only when finished, or in a later round");
    expect((ticket_.status == Status::closed) == ticket_.closed_at.has_value(), "/state/closed_at",
           "is given when, and only when, the status is closed");
    const bool rejected = ticket_.outcome == Outcome::rejected;
    expect(!over || rejected || ticket_.handling, "/state/handling", "is required when finished");
    expect(!rejected || !ticket_.handling, "/state/handling", "a rejected ticket has none");
    order("/state/finished_at", ticket_.finished_at, ticket_.received_at);
    order("/state/closed_at", ticket_.closed_at, ticket_.finished_at.value_or(ticket_.received_at));
  }

  void examine_rating() {
    const auto& rating = ticket_.callback.rating;
    if (!rating) return;
    expect(ticket_.finished_at.has_value(), "/state/callback/rating", "only of a finished ticket");
    order("/state/callback/rating/at", rating->at,
          ticket_.finished_at.value_or(ticket_.received_at));
  }

  const Ticket& ticket_;
  const Time now_;
  std::vector<Contradiction> found_;
};

}  // namespace

void complete_imported(Ticket& ticket, const Policy& policy, Time now) {
  ticket.created_at = now;
  std::uint16_t seq = 0;
  for (Assignment& assignment : ticket.assignments) {
    assignment.seq = ++seq;
    complete(assignment, ticket, policy);
  }
  complete_centre(ticket, policy);
  complete_callback(ticket, policy, now);
  mark_passed(ticket, now);
}

std::vector<Contradiction> contradictions(const Ticket& ticket, Time now) {
  return Examination(ticket, now).take();
}

}  // namespace hotline

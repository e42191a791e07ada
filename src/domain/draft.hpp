#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/command.hpp"
#include "domain/evolve.hpp"
#include "domain/policy.hpp"
#include "domain/rules.hpp"
#include "domain/ticket.hpp"

// What the decisions of all moves are written with; decide.hpp lists the moves. Inside `domain`
// alone.

namespace hotline {

/// Collects events and keeps the ticket as they leave it, so that a later step of the same move
/// sees the earlier ones.
class Draft {
 public:
  Draft(Ticket ticket, const Context& context) : ticket_(std::move(ticket)), context_(context) {}

  void add(Event event) {
    apply(ticket_, event, context_.now);
    events_.push_back(std::move(event));
  }

  const Ticket& ticket() const { return ticket_; }
  const Context& context() const { return context_; }
  const Policy& policy() const { return context_.policy; }
  Time now() const { return context_.now; }
  bool empty() const { return events_.empty(); }
  std::vector<Event> take() { return std::move(events_); }

 private:
  Ticket ticket_;
  const Context& context_;
  std::vector<Event> events_;
};

// Steps that several moves take.

void send_to_triage(Draft& draft);
void take_direct(Draft& draft, std::string category);
/// Dispatches, with the clocks that begin now; `category` corrects the ticket's unless empty.
void assign(Draft& draft, const std::string& department, Role role, std::string category = {});
/// Ends every open assignment (收回).
void withdraw_open(Draft& draft);
void close(Draft& draft);
/// The matter has its answer: to the call-back when policy wants one, else closed.
void finish_answered(Draft& draft);
void schedule_callback(Draft& draft, Duration delay);

/// Ends a pause of assignment `seq` and moves its deadlines; nothing when it is not paused.
void resume_clocks(Draft& draft, std::uint16_t seq);
/// Counts the deadlines of assignment `seq` anew; an event when one moved.
void move_deadlines(Draft& draft, std::uint16_t seq);

// What an open assignment allows.

inline bool is_paused(const Assignment& a) { return a.paused_at.has_value(); }
inline bool may_pause(const Assignment& a) {
  return a.signed_at && !a.paused_at && a.role != Role::copy;
}
inline bool awaits_ruling(const Assignment& a) { return a.extension_asked.has_value(); }
/// Whether it is early enough is a matter of time, and how often of policy.
inline bool may_ask_extension(const Assignment& a) {
  return a.signed_at && !a.extension_asked && a.role != Role::copy;
}

/// The refusal that says where the ticket stands and what is possible there.
tl::unexpected<Error> not_now(const Ticket& ticket, std::string_view move);

/// Not once it is answered, nor while a return waits for its ruling.
bool may_dispatch(const Ticket& ticket);

/// An emergency that its service has not acknowledged yet.
bool handed_over(const Ticket& ticket);

/// The open assignment, not under review, that the actor means: of `department`, or with none named
/// the only one that it may act for and that `fits`; the lead goes before the others.
template <typename Fits>
Result<std::uint16_t> find_assignment(const Ticket& ticket, const Actor& actor,
                                      std::string_view department, std::string_view move,
                                      Fits fits) {
  std::vector<const Assignment*> found;
  for (const auto& assignment : ticket.assignments) {
    const bool meant = department.empty() || assignment.department == department;
    const bool open = !assignment.ending && !ticket.under_review(assignment) &&
                      actor.may_act_for(assignment.department);
    if (meant && open && fits(assignment)) found.push_back(&assignment);
  }
  if (found.empty()) return not_now(ticket, move);
  const auto lead = std::ranges::find(found, Role::lead, &Assignment::role);
  if (lead != found.end()) return (*lead)->seq;
  if (found.size() == 1) return found.front()->seq;
  return fail(ErrorCode::invalid, "several departments could be meant: name one in `department`");
}

}  // namespace hotline

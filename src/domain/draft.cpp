#include "domain/draft.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "domain/clocks.hpp"
#include "domain/notices.hpp"

namespace hotline {
namespace {

/// Spreads tickets evenly over 0..99 by their number, so that who is called back can be reproduced.
std::uint32_t sample_of(TicketId id) {
  return static_cast<std::uint32_t>(std::hash<TicketId>{}(id) >> 33U) % 100;
}

bool callback_due(const Ticket& ticket, const CallbackPolicy& policy) {
  const bool wanted = ticket.handling == Handling::direct ? policy.direct : policy.transferred;
  return wanted && ticket.reachable && sample_of(ticket.id) < policy.sample_percent;
}

}  // namespace

void send_to_triage(Draft& draft) {
  const RuleSubject subject = subject_of(draft.ticket());
  draft.add(SentToTriage{centre_due(subject, draft.now(), false, draft.policy())});
}

void take_direct(Draft& draft, std::string category) {
  RuleSubject subject = subject_of(draft.ticket());
  if (!category.empty()) subject.category = category;
  const Time due = centre_due(subject, draft.now(), true, draft.policy());
  draft.add(TakenDirect{due, std::move(category)});
}

void assign(Draft& draft, const std::string& department, Role role, std::string category) {
  Assignment made;
  made.seq = static_cast<std::uint16_t>(draft.ticket().assignments.size() + 1);
  made.department = department;
  made.role = role;
  made.round = draft.ticket().round;
  made.dispatched_at = draft.now();
  RuleSubject subject = subject_of(draft.ticket());
  if (!category.empty()) subject.category = category;
  made.set(due_times(subject, made, draft.policy()));
  draft.add(Dispatched{std::move(made), std::move(category)});
}

void move_deadlines(Draft& draft, std::uint16_t seq) {
  const Assignment& assignment = *draft.ticket().assignment(seq);
  const RuleSubject subject = subject_of(draft.ticket(), assignment);
  const DueTimes due = due_times(subject, assignment, draft.policy());
  if (due != assignment.due()) draft.add(DeadlinesMoved{seq, due});
}

void resume_clocks(Draft& draft, std::uint16_t seq) {
  if (!draft.ticket().assignment(seq)->paused_at) return;
  draft.add(Resumed{seq});
  move_deadlines(draft, seq);
}

void withdraw_open(Draft& draft) {
  const std::vector<Assignment> before = draft.ticket().assignments;
  for (const auto& assignment : before) {
    if (!assignment.ending) draft.add(AssignmentEnded{assignment.seq, Ending::withdrawn});
  }
}

void close(Draft& draft) {
  withdraw_open(draft);
  draft.add(Closed{});
}

void schedule_callback(Draft& draft, Duration delay) {
  const Time at = draft.policy().calling_time(draft.now() + delay);
  draft.add(CallbackScheduled{at, at <= draft.now()});
}

void finish_answered(Draft& draft) {
  withdraw_open(draft);
  draft.add(Finished{Outcome::answered});
  if (callback_due(draft.ticket(), draft.policy().callback)) {
    schedule_callback(draft, draft.policy().callback.delay);
  } else {
    draft.add(Closed{});
    // One answered at intake has heard it.
    if (draft.ticket().version > 0) post_notice(draft, NoticeKind::answered);
  }
}

tl::unexpected<Error> not_now(const Ticket& ticket, std::string_view move) {
  return fail(ErrorCode::wrong_state,
              fmt::format("ticket {} is {} ({}): {} is not possible now; possible: {}",
                          to_string(ticket.id), name(ticket.status), chinese(ticket.status), move,
                          fmt::join(allowed_moves(ticket), ", ")));
}

bool may_dispatch(const Ticket& ticket) {
  const bool over = ticket.status == Status::callback || ticket.status == Status::closed;
  return !over && !ticket.objection;
}

bool handed_over(const Ticket& ticket) {
  return ticket.handover && !ticket.handover->acknowledged_at;
}

}  // namespace hotline

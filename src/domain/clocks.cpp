#include "domain/clocks.hpp"

#include <algorithm>

namespace hotline {
namespace {

bool has_passed(std::uint32_t passed, Deadline deadline) {
  return (passed >> static_cast<unsigned>(deadline)) & 1U;
}

void add_assignment_clocks(const Assignment& assignment, std::vector<RunningClock>& out) {
  if (assignment.ending || assignment.role == Role::copy) return;
  const auto add = [&](Deadline deadline, Time at) {
    if (!has_passed(assignment.passed, deadline)) out.push_back({at, deadline, assignment.seq});
  };
  if (!assignment.signed_at) add(Deadline::sign, assignment.sign_deadline);
  if (!assignment.contacted_at) add(Deadline::contact, assignment.contact_deadline);
  if (assignment.remind_at) add(Deadline::resolve_reminder, *assignment.remind_at);
  add(Deadline::resolve, assignment.resolve_deadline);
}

}  // namespace

std::vector<RunningClock> running_clocks(const Ticket& ticket) {
  std::vector<RunningClock> out;
  out.reserve(2 + 4 * ticket.assignments.size());
  const bool centre = ticket.status == Status::triage || ticket.status == Status::direct;
  if (centre && ticket.decide_deadline) {
    const auto deadline = ticket.status == Status::triage ? Deadline::dispatch : Deadline::resolve;
    if (!has_passed(ticket.passed, deadline)) out.push_back({*ticket.decide_deadline, deadline, 0});
  }
  if (ticket.status == Status::callback && !ticket.callback.ready) {
    out.push_back({ticket.callback.next_attempt_at, Deadline::callback_due, 0});
  }
  if (ticket.objection && !has_passed(ticket.passed, Deadline::return_review)) {
    out.push_back({ticket.objection->review_deadline, Deadline::return_review, 0});
  }
  for (const auto& assignment : ticket.assignments) add_assignment_clocks(assignment, out);
  std::ranges::sort(out);
  return out;
}

}  // namespace hotline

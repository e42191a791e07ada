#include "domain/clocks.hpp"

#include <algorithm>

namespace hotline {
namespace {

bool has_passed(std::uint32_t passed, Deadline deadline) {
  return (passed >> static_cast<unsigned>(deadline)) & 1U;
}

void add_assignment_clocks(const Assignment& assignment, std::vector<RunningClock>& out) {
  const bool stands = assignment.paused_at.has_value();
  if (assignment.ending || stands || assignment.role == Role::copy) return;
  const auto add = [&](Deadline deadline, Time at) {
    if (!has_passed(assignment.passed, deadline)) out.push_back({at, deadline, assignment.seq});
  };
  if (!assignment.signed_at) add(Deadline::sign, assignment.sign_deadline);
  if (!assignment.contacted_at) add(Deadline::contact, assignment.contact_deadline);
  if (assignment.remind_at) add(Deadline::resolve_reminder, *assignment.remind_at);
  add(Deadline::resolve, assignment.resolve_deadline);
  if (assignment.notice_at) add(Deadline::overdue_notice, *assignment.notice_at);
  if (assignment.supervise_at) add(Deadline::supervision, *assignment.supervise_at);
}

/// `due`, moved on by the pauses that are over.
Time after_pauses(Time due, TimeUnit unit, const Assignment& assignment, const Policy& policy) {
  for (const Pause& pause : assignment.pauses) {
    due = policy.deadlines->calendar().shifted(due, pause.from, pause.to, unit, policy.zone);
  }
  return due;
}

}  // namespace

RuleSubject subject_of(const Ticket& ticket) {
  return {ticket.type, ticket.urgency, ticket.category, ticket.round};
}

RuleSubject subject_of(const Ticket& ticket, const Assignment& assignment) {
  RuleSubject subject = subject_of(ticket);
  subject.round = assignment.round;
  if (const auto& counted = assignment.counted_as) {
    subject.type = counted->type;
    subject.urgency = counted->urgency;
    subject.category = counted->category;
  }
  return subject;
}

DueTimes due_times(const RuleSubject& subject, const Assignment& assignment, const Policy& policy) {
  const Deadlines& rules = *policy.deadlines;
  const Calendar& calendar = rules.calendar();
  const auto span = [&](Limit limit) { return rules.span(limit, subject); };
  const auto due = [&](Limit limit) {
    const Time unpaused = calendar.due(assignment.dispatched_at, span(limit), policy.zone);
    return after_pauses(unpaused, span(limit).unit, assignment, policy);
  };
  DueTimes out;
  if (const auto given = assignment.resolve_given) {
    out.sign = assignment.sign_deadline;
    out.contact = assignment.contact_deadline;
    out.resolve = after_pauses(*given, TimeUnit::hours, assignment, policy);
  } else {
    // A pause comes after signing: it cannot hold up that clock.
    out.sign = calendar.due(assignment.dispatched_at, span(Limit::sign), policy.zone);
    out.contact = due(Limit::contact);
    out.resolve = due(Limit::resolve);
  }
  if (assignment.extended_days > 0) {
    const TimeSpan granted{assignment.extended_days, TimeUnit::working_days};
    out.resolve = calendar.due(out.resolve, granted, policy.zone);
  }
  const Time remind = calendar.before(out.resolve, span(Limit::reminder), policy.zone);
  if (span(Limit::reminder).amount > 0 && remind > assignment.dispatched_at) out.remind = remind;
  const auto later = [&](Limit limit) -> std::optional<Time> {
    if (span(limit).amount == 0) return std::nullopt;
    return calendar.after(out.resolve, span(limit), policy.zone);
  };
  out.notice = later(Limit::notice);
  if (assignment.role == Role::lead) out.supervise = later(Limit::supervision);
  return out;
}

Time centre_due(const RuleSubject& subject, Time since, bool direct, const Policy& policy) {
  const Limit limit = direct && subject.round > 1 ? Limit::resolve : Limit::decide;
  const TimeSpan span = policy.deadlines->span(limit, subject);
  return policy.deadlines->calendar().due(since, span, policy.zone);
}

std::optional<Light> light_of(const Assignment& assignment, Time now) {
  if (assignment.ending || assignment.role == Role::copy) return std::nullopt;
  const Time at = std::min(now, assignment.paused_at.value_or(now));
  const bool late = at > assignment.resolve_deadline ||
                    (!assignment.signed_at && at > assignment.sign_deadline) ||
                    (!assignment.contacted_at && at > assignment.contact_deadline);
  if (late) return Light::red;
  return assignment.remind_at && at >= *assignment.remind_at ? Light::yellow : Light::green;
}

std::optional<Light> light_of(const Ticket& ticket, Time now) {
  std::optional<Light> worst;
  const bool centre = ticket.status == Status::triage || ticket.status == Status::direct;
  if (centre && ticket.decide_deadline) {
    worst = now > *ticket.decide_deadline ? Light::red : Light::green;
  }
  for (const auto& assignment : ticket.assignments) {
    worst = std::max(worst, light_of(assignment, now));  // an absent one is the least
  }
  return worst;
}

std::vector<RunningClock> running_clocks(const Ticket& ticket) {
  std::vector<RunningClock> out;
  out.reserve(2 + 6 * ticket.assignments.size());
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

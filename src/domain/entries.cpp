#include "domain/entries.hpp"

#include <algorithm>

#include "domain/clocks.hpp"
#include "domain/notices.hpp"

namespace hotline {
namespace {

void add_assignment(const Ticket& ticket, const Assignment& assignment, Entries& out) {
  if (assignment.ending || ticket.under_review(assignment)) return;
  if (!assignment.signed_at) {
    out.queue.push_back({assignment.department, assignment.sign_deadline, assignment.seq,
                         assignment.dispatched_at});
  } else {
    out.work.push_back({assignment.department, assignment.resolve_deadline, assignment.seq});
  }
  if (const auto& asked = assignment.extension_asked) {
    const auto number = static_cast<std::uint16_t>(first_extension + assignment.seq - 1);
    out.queue.push_back(
        {std::string(extensions_queue), assignment.resolve_deadline, number, asked->at});
  }
}

void add_queue(const Ticket& ticket, Entries& out) {
  const bool centre = ticket.status == Status::triage || ticket.status == Status::direct;
  if (centre && ticket.decide_deadline && ticket.handled_since) {
    const auto queue = ticket.status == Status::triage ? triage_queue : direct_queue;
    out.queue.push_back({std::string(queue), *ticket.decide_deadline, 0, *ticket.handled_since});
  }
  if (ticket.status == Status::callback && ticket.callback.ready) {
    const Time due = ticket.callback.next_attempt_at;
    out.queue.push_back({std::string(callback_queue), due, 0, due});
  }
  if (const auto& objection = ticket.objection) {
    out.queue.push_back({std::string(returns_queue), objection->review_deadline, 0, objection->at});
  }
  for (const auto& assignment : ticket.assignments) add_assignment(ticket, assignment, out);
  for (const auto& notice : ticket.notices) {
    if (!waits(ticket, notice)) continue;
    const Time send_by = notice.posted_at + notice_send_limit;
    out.queue.push_back({std::string(notice_queue), send_by, notice.number, notice.posted_at});
  }
  std::ranges::sort(out.queue);
  std::ranges::sort(out.work);
}

}  // namespace

Entries entries(const Ticket* ticket, UtcOffset zone) {
  Entries out;
  if (ticket == nullptr) return out;
  add_queue(*ticket, out);
  const auto clocks = running_clocks(*ticket);
  if (!clocks.empty()) out.timer = clocks.front().at;
  out.counters = contributions(*ticket, zone);
  return out;
}

}  // namespace hotline

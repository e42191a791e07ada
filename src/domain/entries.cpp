#include "domain/entries.hpp"

#include <algorithm>

#include "domain/clocks.hpp"

namespace hotline {
namespace {

void add_assignment(const Assignment& assignment, Entries& out) {
  if (assignment.ending) return;
  if (!assignment.signed_at) {
    out.queue.push_back({assignment.department, assignment.sign_deadline, assignment.seq,
                         assignment.dispatched_at});
  } else {
    out.work.push_back({assignment.department, assignment.resolve_deadline, assignment.seq});
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
  for (const auto& assignment : ticket.assignments) add_assignment(assignment, out);
  std::ranges::sort(out.queue);
  std::ranges::sort(out.work);
}

std::int64_t& cell(CounterRow& row, Figure figure) { return row[static_cast<std::size_t>(figure)]; }

Figure figure_of(Satisfaction level) {
  return static_cast<Figure>(static_cast<int>(Figure::very_satisfied) + static_cast<int>(level) -
                             static_cast<int>(Satisfaction::very_satisfied));
}

/// What the ticket itself adds to each of its rows.
CounterRow ticket_figures(const Ticket& ticket) {
  CounterRow row{};
  const auto count = [&](Figure figure, bool holds) { cell(row, figure) += holds ? 1 : 0; };
  count(Figure::received, true);
  count(Figure::rejected, !ticket.accepted());
  count(Figure::direct, ticket.handling == Handling::direct);
  count(Figure::transferred, ticket.handling == Handling::transferred);
  count(Figure::finished, ticket.finished_at.has_value() && ticket.accepted());
  count(Figure::closed, ticket.status == Status::closed);
  count(Figure::redone, ticket.round > 1);
  count(Figure::supervised, ticket.supervised);
  const auto& rating = ticket.callback.rating;
  if (!rating) return row;
  count(Figure::called_back, true);
  count(Figure::resolved_asked, true);
  count(Figure::resolved, rating->resolved == Resolved::yes);
  if (rating->satisfaction) count(figure_of(*rating->satisfaction), true);
  return row;
}

CounterRow assignment_figures(const Assignment& assignment) {
  CounterRow row{};
  const auto in_time = [](const std::optional<Time>& done, Time deadline) {
    return done && *done <= deadline ? 1 : 0;
  };
  cell(row, Figure::lead_assignments) = 1;
  cell(row, Figure::signed_in_time) = in_time(assignment.signed_at, assignment.sign_deadline);
  cell(row, Figure::contacted_in_time) =
      in_time(assignment.contacted_at, assignment.contact_deadline);
  cell(row, Figure::lead_answered) = assignment.answered_at ? 1 : 0;
  cell(row, Figure::lead_answered_in_time) =
      in_time(assignment.answered_at, assignment.resolve_deadline);
  return row;
}

void add(CounterRow& to, const CounterRow& from) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
}

/// The department that a ticket's own figures count for: whoever led last; none when no department
/// ever did.
std::string last_lead(const Ticket& ticket) {
  for (auto it = ticket.assignments.rbegin(); it != ticket.assignments.rend(); ++it) {
    if (it->role == Role::lead) return it->department;
  }
  return {};
}

/// While `rows` holds departments only.
CounterRow& department_row(Contributions& rows, Day day, const std::string& department) {
  const auto found = std::ranges::find(
      rows, department, [](const auto& entry) -> const auto& { return entry.first.value; });
  if (found != rows.end()) return found->second;
  return rows.emplace_back(CounterKey{day, Dimension::department, department}, CounterRow{}).second;
}

Contributions contributions(const Ticket& ticket, UtcOffset zone) {
  const Day day = local_day(ticket.received_at, zone);
  CounterRow row = ticket_figures(ticket);
  Contributions out;
  out.reserve(6);
  out.push_back({{day, Dimension::department, last_lead(ticket)}, row});
  for (const auto& assignment : ticket.assignments) {
    if (assignment.role != Role::lead) continue;
    const CounterRow own = assignment_figures(assignment);
    add(department_row(out, day, assignment.department), own);
    add(row, own);
  }
  out.push_back({{day, Dimension::all, ""}, row});
  out.push_back({{day, Dimension::category, ticket.category}, row});
  out.push_back({{day, Dimension::region, ticket.region}, row});
  out.push_back({{day, Dimension::channel, ticket.channel}, row});
  out.push_back({{day, Dimension::type, std::string(name(ticket.type))}, row});
  return out;
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

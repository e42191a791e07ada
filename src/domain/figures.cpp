#include "domain/figures.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

namespace hotline {
namespace {

// --- what a ticket adds -------------------------------------------------------------------------

/// Collects tallies; days are those of the zone.
class Counting {
 public:
  Counting(Contributions& out, UtcOffset zone) : out_(out), zone_(zone) {}

  Day day(Time time) const { return local_day(time, zone_); }
  void add(const std::string& department, Figure figure, Day day) {
    out_.tallies.push_back({day, department, figure, day});
  }
  /// Known from `known` on, or from the beginning of `day` when that is later.
  void add(const std::string& department, Figure figure, Day day, Day known) {
    out_.tallies.push_back({day, department, figure, std::max(day, known)});
  }

 private:
  Contributions& out_;
  const UtcOffset zone_;
};

/// The department that a ticket's own figures count for: whoever led last; none when no department
/// ever did.
std::string last_lead(const Ticket& ticket) {
  for (auto it = ticket.assignments.rbegin(); it != ticket.assignments.rend(); ++it) {
    if (it->role == Role::lead) return it->department;
  }
  return {};
}

void count_received(const Ticket& ticket, const std::string& department, Counting& out) {
  const Day day = out.day(ticket.received_at);
  out.add(department, Figure::received, day);
  if (!ticket.accepted()) out.add(department, Figure::rejected, day);
  if (ticket.handling == Handling::direct) out.add(department, Figure::direct, day);
  if (ticket.supervised) out.add(department, Figure::supervised, day);
  if (ticket.handling != Handling::transferred) return;
  out.add(department, Figure::transferred, day);
  if (!ticket.finished_at) return;
  out.add(department, Figure::transferred_finished, day, out.day(*ticket.finished_at));
}

void count_finished(const Ticket& ticket, const std::string& department, Counting& out) {
  if (ticket.closed_at) out.add(department, Figure::closed, out.day(*ticket.closed_at));
  if (!ticket.finished_at) return;
  const Day day = out.day(*ticket.finished_at);
  out.add(department, ticket.accepted() ? Figure::finished : Figure::declined, day);
  if (ticket.round > 1) out.add(department, Figure::redone, day);
}

void count_rating(const Ticket& ticket, const std::string& department, Counting& out) {
  const auto& rating = ticket.callback.rating;
  if (!rating) return;
  const Day day = out.day(rating->at);
  out.add(department, Figure::called_back, day);
  out.add(department, Figure::resolved_asked, day);
  if (rating->resolved == Resolved::yes) out.add(department, Figure::resolved, day);
  if (rating->satisfaction) out.add(department, figure_of(*rating->satisfaction), day);
}

bool in_time(const std::optional<Time>& done, Time deadline) { return done && *done <= deadline; }

/// Whether the department owed an answer at the deadline: it was not taken back before.
bool owed(const Assignment& lead) {
  const bool passed = (lead.passed >> static_cast<unsigned>(Deadline::resolve)) & 1U;
  return !lead.ending || lead.answered_at || passed;
}

void count_lead(const Assignment& lead, bool first, Counting& out) {
  const Day dispatched = out.day(lead.dispatched_at);
  const auto add_known = [&](Figure figure, Day day, Time known) {
    out.add(lead.department, figure, day, out.day(known));
  };
  out.add(lead.department, Figure::lead_assignments, dispatched);
  if (first) out.add(lead.department, Figure::first_leads, dispatched);
  if (lead.ending == Ending::returned) {
    const Time returned = lead.ended_at.value_or(lead.dispatched_at);
    add_known(Figure::returned, dispatched, returned);
    if (first) add_known(Figure::first_leads_returned, dispatched, returned);
  }
  if (in_time(lead.signed_at, lead.sign_deadline)) {
    add_known(Figure::signed_in_time, dispatched, *lead.signed_at);
  }
  if (in_time(lead.contacted_at, lead.contact_deadline)) {
    add_known(Figure::contacted_in_time, dispatched, *lead.contacted_at);
  }
  if (!owed(lead)) return;
  const Day due = out.day(lead.resolve_deadline);
  out.add(lead.department, Figure::due, due);
  if (lead.answered_at) add_known(Figure::due_finished, due, *lead.answered_at);
  if (in_time(lead.answered_at, lead.resolve_deadline)) {
    out.add(lead.department, Figure::due_in_time, due);
  }
}

// --- rows ---------------------------------------------------------------------------------------

std::array<CounterKey, 12> keys_of(const Contributions& labels, const Tally& tally) {
  std::array<CounterKey, 12> out;
  auto next = out.begin();
  const auto add = [&](Dimension dimension, const std::string& value) {
    *next++ = {dimension, Span::day, tally.day, value};
    *next++ = {dimension, Span::month, month_of(tally.day), value};
  };
  add(Dimension::all, {});
  add(Dimension::department, tally.department);
  add(Dimension::category, labels.category);
  add(Dimension::region, labels.region);
  add(Dimension::channel, labels.channel);
  add(Dimension::type, labels.type);
  return out;
}

std::uint32_t days_late(const CounterKey& key, Day known) {
  const auto late = (known - span_end(key.span, key.day)).count() + 1;
  return late > 0 ? static_cast<std::uint32_t>(late) : 0;
}

using RowOf = std::function<CounterRow*(const CounterKey&)>;

/// Tallies of one day and department change the same rows: each row is asked for once.
bool add_all(const Contributions& labels, const std::vector<Tally>& tallies, std::int64_t sign,
             const RowOf& row_of) {
  for (auto first = tallies.begin(); first != tallies.end();) {
    const auto last = std::find_if(first, tallies.end(), [&](const Tally& tally) {
      return tally.day != first->day || tally.department != first->department;
    });
    for (const CounterKey& key : keys_of(labels, *first)) {
      CounterRow* row = row_of(key);
      if (row == nullptr) return false;
      for (auto it = first; it != last; ++it) {
        row->add(it->figure, days_late(key, it->known), sign);
      }
    }
    first = last;
  }
  return true;
}

bool same_labels(const Contributions& a, const Contributions& b) {
  return a.category == b.category && a.region == b.region && a.channel == b.channel &&
         a.type == b.type;
}

std::vector<Tally> only_in(const std::vector<Tally>& these, const std::vector<Tally>& those) {
  std::vector<Tally> out;
  std::ranges::set_difference(these, those, std::back_inserter(out));
  return out;
}

}  // namespace

Figure figure_of(Satisfaction level) {
  return static_cast<Figure>(static_cast<int>(Figure::very_satisfied) + static_cast<int>(level) -
                             static_cast<int>(Satisfaction::very_satisfied));
}

Day month_of(Day day) {
  const std::chrono::year_month_day date{day};
  return Day{date.year() / date.month() / std::chrono::day{1}};
}

Day span_end(Span span, Day first) {
  if (span == Span::day) return first + std::chrono::days{1};
  const std::chrono::year_month_day date{first};
  return Day{date.year() / date.month() / std::chrono::day{1} + std::chrono::months{1}};
}

void CounterRow::add(Figure figure, std::uint32_t days_late, std::int64_t count) {
  const Cell wanted{figure, days_late, 0};
  const auto place = std::ranges::lower_bound(cells_, wanted, [](const Cell& a, const Cell& b) {
    return std::pair(a.figure, a.days_late) < std::pair(b.figure, b.days_late);
  });
  const bool there =
      place != cells_.end() && place->figure == figure && place->days_late == days_late;
  if (!there) {
    if (count != 0) cells_.insert(place, {figure, days_late, count});
    return;
  }
  place->count += count;
  if (place->count == 0) cells_.erase(place);
}

void Totals::add(const CounterKey& key, const CounterRow& row, Day end) {
  const auto known_days = (end - span_end(key.span, key.day)).count();
  for (const auto& cell : row.cells()) {
    if (cell.days_late <= known_days || cell.days_late == 0) (*this)[cell.figure] += cell.count;
  }
}

Contributions contributions(const Ticket& ticket, UtcOffset zone) {
  Contributions out{
      ticket.category, ticket.region, ticket.channel, std::string(name(ticket.type)), {}};
  Counting counting(out, zone);
  const std::string department = last_lead(ticket);
  count_received(ticket, department, counting);
  count_finished(ticket, department, counting);
  count_rating(ticket, department, counting);
  bool first = true;
  for (const auto& assignment : ticket.assignments) {
    if (assignment.role != Role::lead) continue;
    count_lead(assignment, std::exchange(first, false), counting);
  }
  std::ranges::sort(out.tallies);
  return out;
}

void recount(const Contributions& before, const Contributions& after, const RowOf& row_of) {
  if (!same_labels(before, after)) {
    if (add_all(before, before.tallies, -1, row_of)) add_all(after, after.tallies, 1, row_of);
    return;
  }
  const auto gone = only_in(before.tallies, after.tallies);
  const auto come = only_in(after.tallies, before.tallies);
  if (add_all(before, gone, -1, row_of)) add_all(after, come, 1, row_of);
}

}  // namespace hotline

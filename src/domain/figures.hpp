#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "domain/ticket.hpp"

namespace hotline {

/// The figures that reports add up, with the day by which each is counted. The numbers are stored
/// and never change; 20 and 21 are retired.
enum class Figure : std::uint8_t {
  // By the day of `received_at` (DESIGN, "Counting").
  received = 1,
  rejected = 2,  ///< of those received that day; see `declined`
  direct = 3,
  transferred = 4,
  supervised = 16,
  transferred_finished = 23,  ///< of those transferred, known from the day of finishing on

  // By the day on which it happened.
  closed = 5,
  finished = 6,     ///< accepted tickets, by their first finish: a redo never erases it
  declined = 22,    ///< 不予受理: leaves the flow that day
  redone = 15,      ///< tickets with at least one redo, by the day of their first finish
  called_back = 7,  ///< somebody was reached; the latest rating of each citizen, here and below
  resolved_asked = 8,
  resolved = 9,
  // Ratings by level, in the order of Satisfaction, so that which levels satisfy is decided when a
  // report is printed.
  very_satisfied = 10,
  satisfied = 11,
  basically_satisfied = 12,
  dissatisfied = 13,
  very_dissatisfied = 14,

  // Of lead assignments, by the day of dispatch.
  lead_assignments = 17,
  signed_in_time = 18,     ///< known from the day of signing on
  contacted_in_time = 19,  ///< known from the day of the contact on

  returned = 55,     ///< 退单: its return was granted; known from that day on
  first_leads = 56,  ///< the first lead of its ticket
  first_leads_returned = 57,

  // Of lead assignments, by the day of their present deadline (应结案). One that was taken back
  // before its deadline had passed is not due.
  due = 24,
  due_finished = 25,  ///< known from the day of the answer on
  due_in_time = 26,
};
inline constexpr std::size_t figures_end = 58;

/// The figure that counts ratings of this level.
Figure figure_of(Satisfaction level);

/// By what a report may be grouped. Stored numbers.
enum class Dimension : std::uint8_t {
  all = 0,
  department = 1,
  category = 2,
  region = 3,
  channel = 4,
  type = 5
};

/// How long a time one row of counters covers. Stored numbers. Months let a report over years, and
/// what was open when it began, read thirty times fewer rows.
enum class Span : std::uint8_t { day = 0, month = 1 };

/// The month's first day.
Day month_of(Day day);
/// The first day after the row that begins with `first`.
Day span_end(Span span, Day first);

/// One row of counters: figures of a day or a month, for one value of one dimension.
struct CounterKey {
  Dimension dimension = Dimension::all;
  Span span = Span::day;
  Day day{};          ///< its first
  std::string value;  ///< empty with `all`
  auto operator<=>(const CounterKey&) const = default;
};

/// What a row counted. What became true only after the row's last day stands apart, by the day: so
/// a report of a past period tells what was known at its end, whenever it is made.
class CounterRow {
 public:
  struct Cell {
    Figure figure = Figure::received;
    std::uint32_t days_late = 0;  ///< after the row's last day; 0: within the row or before
    std::int64_t count = 0;
    auto operator<=>(const Cell&) const = default;
  };

  void add(Figure figure, std::uint32_t days_late, std::int64_t count);
  /// Sorted by figure and lateness; none counts 0.
  const std::vector<Cell>& cells() const { return cells_; }
  bool operator==(const CounterRow&) const = default;

 private:
  std::vector<Cell> cells_;
};

/// A period's figures, as of its end.
class Totals {
 public:
  std::int64_t& operator[](Figure figure) { return sums_[static_cast<std::size_t>(figure)]; }
  std::int64_t operator[](Figure figure) const { return sums_[static_cast<std::size_t>(figure)]; }
  /// Adds what the row at `key`, which lies in the period, holds of the days before `end`.
  void add(const CounterKey& key, const CounterRow& row, Day end);
  bool operator==(const Totals&) const = default;

 private:
  std::array<std::int64_t, figures_end> sums_{};
};

/// One thing to count once in every dimension.
struct Tally {
  Day day{};
  std::string department;  ///< for which it counts; empty when no department ever led
  Figure figure = Figure::received;
  Day known{};  ///< since when it is true; `day` when that is all there is to say
  auto operator<=>(const Tally&) const = default;
};

/// All that a ticket adds to reports.
struct Contributions {
  std::string category;
  std::string region;
  std::string channel;
  std::string type;
  std::vector<Tally> tallies;  ///< sorted
};

/// Pure: of the ticket and the zone alone.
Contributions contributions(const Ticket& ticket, UtcOffset zone);

/// Brings the counters from `before` to `after`. `row` gives the row to change; null ends it.
void recount(const Contributions& before, const Contributions& after,
             const std::function<CounterRow*(const CounterKey&)>& row);

}  // namespace hotline

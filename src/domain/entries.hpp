#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "domain/ticket.hpp"

namespace hotline {

inline constexpr std::string_view triage_queue = "triage";
inline constexpr std::string_view direct_queue = "direct";
inline constexpr std::string_view callback_queue = "callback";

/// One place in one queue. Sorted by `order`, then by ticket: the most urgent deadline first, and
/// since a deadline stands still while time passes, nothing starves.
struct QueueEntry {
  std::string queue;      ///< a department's code, or one of the names above
  Time order{};           ///< the deadline by which whoever takes it must have acted
  std::uint16_t seq = 0;  ///< assignment; 0 in the centre's own queues
  Time since{};           ///< when it came into the queue
  auto operator<=>(const QueueEntry&) const = default;
};

/// One line of the list of what a department has in hand (在办), by its deadline.
struct WorkEntry {
  std::string department;
  Time resolve_deadline{};
  std::uint16_t seq = 0;
  auto operator<=>(const WorkEntry&) const = default;
};

/// The figures that reports add up. The numbers are stored and never change.
enum class Figure : std::uint8_t {
  received = 1,
  rejected = 2,
  direct = 3,
  transferred = 4,
  closed = 5,
  finished = 6,
  called_back = 7,  ///< somebody was reached
  resolved_asked = 8,
  resolved = 9,
  // Ratings by level, in the order of Satisfaction, so that which levels satisfy is decided when a
  // report is printed.
  very_satisfied = 10,
  satisfied = 11,
  basically_satisfied = 12,
  dissatisfied = 13,
  very_dissatisfied = 14,
  redone = 15,  ///< tickets with at least one redo
  supervised = 16,
  lead_assignments = 17,  ///< every dispatch to a lead
  signed_in_time = 18,
  contacted_in_time = 19,
  lead_answered = 20,
  lead_answered_in_time = 21,
};
inline constexpr std::size_t figures_end = 22;

/// By what a report may be grouped. Stored numbers.
enum class Dimension : std::uint8_t {
  all = 0,
  department = 1,
  category = 2,
  region = 3,
  channel = 4,
  type = 5
};

/// One row of counters: figures of one day, for one value of one dimension. `day` is that of
/// `received_at`, for assignments' figures too.
struct CounterKey {
  Day day{};
  Dimension dimension = Dimension::all;
  std::string value;  ///< empty with `all`
  auto operator<=>(const CounterKey&) const = default;
};
using CounterRow = std::array<std::int64_t, figures_end>;
/// Each key once, in no order.
using Contributions = std::vector<std::pair<CounterKey, CounterRow>>;

/// Every index entry of a ticket. An update writes the difference between the entries before and
/// after, in the same batch as the ticket, so no queue, timer or report can disagree with the
/// tickets.
struct Entries {
  std::vector<QueueEntry> queue;  ///< sorted
  std::optional<Time> timer;      ///< the earliest of its clocks that is still to fire
  std::vector<WorkEntry> work;    ///< sorted
  Contributions counters;
};

/// Pure: of the ticket and the zone alone, so no change of policy can make stored entries wrong.
/// Null: no entries.
Entries entries(const Ticket* ticket, UtcOffset zone);

}  // namespace hotline

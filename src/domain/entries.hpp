#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "domain/figures.hpp"
#include "domain/ticket.hpp"

namespace hotline {

inline constexpr std::string_view triage_queue = "triage";
inline constexpr std::string_view direct_queue = "direct";
inline constexpr std::string_view callback_queue = "callback";
inline constexpr std::string_view returns_queue = "returns";
inline constexpr std::string_view extensions_queue = "extensions";
inline constexpr std::string_view notice_queue = "notice";
/// The queues of the centre; any other is a department's.
inline constexpr std::array centre_queues{triage_queue,   direct_queue,     returns_queue,
                                          callback_queue, extensions_queue, notice_queue};
constexpr bool is_centre_queue(std::string_view queue) {
  return std::ranges::find(centre_queues, queue) != centre_queues.end();
}

/// One place in one queue. Sorted by `order`, then by ticket: the most urgent deadline first, and
/// since a deadline stands still while time passes, nothing starves.
struct QueueEntry {
  std::string queue;  ///< a department's code, or one of the names above
  Time order{};       ///< the deadline by which whoever takes it must have acted
  /// Assignment, notice, or `first_extension` and so on of an assignment that asks for one; 0 in
  /// the centre's other queues.
  std::uint16_t seq = 0;
  Time since{};  ///< when it came into the queue
  auto operator<=>(const QueueEntry&) const = default;
};

/// One line of the list of what a department has in hand (在办), by its deadline.
struct WorkEntry {
  std::string department;
  Time resolve_deadline{};
  std::uint16_t seq = 0;
  auto operator<=>(const WorkEntry&) const = default;
};

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

#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/entries.hpp"
#include "domain/event.hpp"
#include "domain/personal.hpp"
#include "domain/ticket.hpp"
#include "hotline/store.hpp"

namespace hotline {

/// Which tickets a list shows. Absent or empty fields do not restrict.
struct TicketFilter {
  std::optional<Status> status;
  std::string department;  ///< holds an assignment that was not withdrawn
  std::string region;
  std::string category;
  std::optional<TicketType> type;
  std::optional<Time> from;    ///< by received_at, inclusive
  std::optional<Time> to;      ///< exclusive
  std::optional<Light> light;  ///< the worst of what is open, at `now`
  Time now{};
  std::optional<Time> overdue_at;  ///< not finished, and past its present deadline at this time
};

struct TicketPage {
  std::vector<Ticket> tickets;
  /// Where the next page begins; absent at the end. A page may hold fewer than asked for, even
  /// none, and still have a next: one call looks at a bounded number of tickets.
  std::optional<TicketId> next;
};

/// Typed reads of what the engine wrote: whole batches only, never half a change. Runs on the read
/// pool, never on the reactors. Thread-safe.
class TicketReader {
 public:
  explicit TicketReader(const StoreReader& store) : store_(store) {}

  Result<std::optional<Ticket>> ticket(TicketId id) const;
  Result<std::optional<Personal>> personal(TicketId id) const;
  Result<std::vector<Change>> story(TicketId id) const;

  /// In the order of `ids`; one that does not exist is left out.
  struct Full {
    Ticket ticket;
    Personal personal;
  };
  Result<std::vector<Full>> full(std::span<const TicketId> ids) const;

  /// By id from `begin` on, at most `limit` and at most 5,000 looked at.
  Result<TicketPage> list(const TicketFilter& filter, TicketId begin, std::size_t limit) const;

  /// What a department has signed and not answered, most urgent first, at most `limit`.
  Result<std::vector<Ticket>> work(const std::string& department, std::size_t limit) const;

  /// What was counted on the days of [from, to), as of the end of the last, by value. Reads rows of
  /// counters only: a month's where it lies in the period whole, else a day's.
  using TotalsByValue = std::map<std::string, Totals>;
  Result<TotalsByValue> counters(Day from, Day to, Dimension dimension) const;
  /// The same for all days before `day`.
  Result<TotalsByValue> counters_before(Day day, Dimension dimension) const;

 private:
  const StoreReader& store_;
};

}  // namespace hotline

#include "engine/check.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "domain/entries.hpp"
#include "domain/rules.hpp"
#include "engine/reader.hpp"
#include "records/codec.hpp"
#include "records/keys.hpp"

namespace hotline {
namespace {

constexpr std::size_t details_max = 100;

/// What the indexes should hold, gathered from the tickets. A million tickets with a tenth of them
/// open take some hundred MiB: closed tickets leave nothing but their counters here.
struct Expected {
  std::map<std::string, std::string> queue;  ///< key → value
  std::set<std::string> timer;
  std::set<std::string> work;
  std::map<std::string, CounterRow> counter;
  std::set<LeaseKey> leasable;
};

class Checker {
 public:
  Checker(const StoreReader& store, UtcOffset zone) : store_(store), zone_(zone) {}

  Result<CheckReport> run() {
    auto done =
        store_.scan(Space::ticket, {}, {}, [this](std::string_view key, std::string_view value) {
          check_ticket(key, value);
          return !failure_;
        });
    for (const Space space : {Space::queue, Space::timer, Space::work, Space::counter, Space::lease,
                              Space::event, Space::personal, Space::source, Space::idempotency}) {
      if (!done || failure_) break;
      done =
          store_.scan(space, {}, {}, [this, space](std::string_view key, std::string_view value) {
            check_entry(space, key, value);
            return !failure_;
          });
    }
    if (!done) return tl::make_unexpected(done.error());
    if (failure_) return tl::make_unexpected(*failure_);
    report_missing();
    return std::move(report_);
  }

 private:
  template <typename... Args>
  void find(fmt::format_string<Args...> text, Args&&... args) {
    ++report_.findings;
    if (report_.details.size() < details_max) {
      report_.details.push_back(fmt::format(text, std::forward<Args>(args)...));
    }
  }

  void check_ticket(std::string_view key, std::string_view value) {
    ++report_.tickets;
    const auto id = parse_ticket_key(key);
    const auto ticket = decode_ticket(value);
    if (!id || !ticket) {
      find("ticket: a key or value cannot be read ({})", id ? to_string(*id) : "key");
      return;
    }
    if (ticket->id != *id) find("ticket {}: holds another number", to_string(*id));
    check_story(*ticket);
    check_references(*ticket);
    gather(*ticket);
  }

  void check_story(const Ticket& ticket) {
    const auto story = TicketReader(store_).story(ticket.id);
    if (!story) {
      failure_ = story.error();
      return;
    }
    report_.changes += story->size();
    if (story->size() != ticket.version) {
      find("ticket {}: version {} with {} changes", to_string(ticket.id), ticket.version,
           story->size());
    }
    for (std::size_t i = 0; i < story->size(); ++i) {
      if ((*story)[i].version != i + 1)
        find("ticket {}: change {} is missing", to_string(ticket.id), i + 1);
    }
    if (!(replay(*story) == ticket)) {
      find("ticket {}: its story gives another state", to_string(ticket.id));
    }
  }

  void check_references(const Ticket& ticket) {
    std::vector<Key> keys{{Space::personal, personal_key(ticket.id)}};
    if (!ticket.source_id.empty()) {
      keys.push_back({Space::source, source_key(ticket.source, ticket.source_id)});
    }
    const auto values = store_.multi_get(keys);
    if (!values) {
      failure_ = values.error();
      return;
    }
    if (!values->front()) find("ticket {}: no personal record", to_string(ticket.id));
    if (keys.size() == 1) return;
    const auto source = values->back() ? decode_source(*values->back()) : Result<SourceRecord>();
    if (!source || source->ticket != ticket.id) {
      find("ticket {}: its source_id does not lead to it", to_string(ticket.id));
    }
  }

  void gather(const Ticket& ticket) {
    const Entries found = entries(&ticket, zone_);
    for (const auto& entry : found.queue) {
      expected_.queue.emplace(queue_key({entry.queue, entry.order, ticket.id, entry.seq}),
                              encode(QueueValue{entry.since}));
      expected_.leasable.insert({ticket.id, entry.seq});
    }
    if (found.timer) expected_.timer.insert(timer_key({*found.timer, ticket.id}));
    for (const auto& entry : found.work) {
      expected_.work.insert(
          work_key({entry.department, entry.resolve_deadline, ticket.id, entry.seq}));
    }
    recount({}, found.counters,
            [this](const CounterKey& key) { return &expected_.counter[counter_key(key)]; });
  }

  void check_entry(Space space, std::string_view key, std::string_view value) {
    const std::string owned(key);
    switch (space) {
      case Space::queue:
        return check_queue(owned, value);
      case Space::timer:
        if (expected_.timer.erase(owned) == 0) find("timer: an entry that no ticket has");
        return;
      case Space::work:
        if (expected_.work.erase(owned) == 0) find("work: an entry that no ticket has");
        return;
      case Space::counter:
        return check_counter(owned, value);
      case Space::lease:
        return check_lease(key, value);
      case Space::event: {
        const auto parsed = parse_event_key(key);
        return check_owner(space, parsed ? std::optional(parsed->ticket) : std::nullopt);
      }
      case Space::personal:
        return check_owner(space, parse_personal_key(key));
      case Space::source: {
        const auto record = decode_source(value);
        return check_owner(space, record ? std::optional(record->ticket) : std::nullopt);
      }
      case Space::idempotency: {
        const auto record = decode_idempotency(value);
        return check_owner(space, record ? std::optional(record->ticket) : std::nullopt);
      }
      default:
        return;
    }
  }

  void check_queue(const std::string& key, std::string_view value) {
    const auto found = expected_.queue.find(key);
    if (found == expected_.queue.end() || found->second != value) {
      find("queue: an entry that no ticket has");
      return;
    }
    expected_.queue.erase(found);
  }

  void check_counter(const std::string& key, std::string_view value) {
    const auto row = decode_counter_row(value);
    const auto found = expected_.counter.find(key);
    if (!row || found == expected_.counter.end() || found->second != *row) {
      const auto parsed = parse_counter_key(key);
      find("counter: row {} does not agree with the tickets",
           parsed ? fmt::format("{}{} {}/{}", parsed->span == Span::month ? "month from " : "",
                                format_day(parsed->day), static_cast<int>(parsed->dimension),
                                parsed->value)
                  : "with an unreadable key");
    }
    if (found != expected_.counter.end()) expected_.counter.erase(found);
  }

  void check_lease(std::string_view key, std::string_view value) {
    const auto parsed = parse_lease_key(key);
    if (!parsed || !decode_lease(value) || !expected_.leasable.contains(*parsed)) {
      find("lease: a record for no queue entry ({})", parsed ? to_string(parsed->ticket) : "key");
    }
  }

  /// Records come in the order of their tickets, mostly: the last answer serves again.
  void check_owner(Space space, std::optional<TicketId> id) {
    if (!id) return find("{}: a key or value cannot be read", name(space));
    if (id == known_owner_) return;
    const auto ticket = TicketReader(store_).ticket(*id);
    if (!ticket)
      failure_ = ticket.error();
    else if (!*ticket)
      find("{}: a record of ticket {}, which does not exist", name(space), to_string(*id));
    else
      known_owner_ = id;
  }

  void report_missing() {
    if (!expected_.queue.empty()) find("queue: {} entries are missing", expected_.queue.size());
    if (!expected_.timer.empty()) find("timer: {} entries are missing", expected_.timer.size());
    if (!expected_.work.empty()) find("work: {} entries are missing", expected_.work.size());
    for (const auto& [key, row] : expected_.counter) {
      if (!row.cells().empty()) find("counter: a row is missing");
    }
  }

  const StoreReader& store_;
  const UtcOffset zone_;
  CheckReport report_;
  Expected expected_;
  std::optional<TicketId> known_owner_;
  std::optional<Error> failure_;
};

}  // namespace

Result<CheckReport> check(const StoreReader& store, UtcOffset zone) {
  return Checker(store, zone).run();
}

}  // namespace hotline

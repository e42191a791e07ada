#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "domain/entries.hpp"
#include "engine/engine.hpp"
#include "engine/items.hpp"
#include "engine/window.hpp"
#include "records/codec.hpp"
#include "records/keys.hpp"

namespace hotline {

/// A place in one queue.
struct QueuePlace {
  Time order{};
  TicketId ticket;
  std::uint16_t seq = 0;
  auto operator<=>(const QueuePlace&) const = default;
};

/// How many entries fall on each minute: counts what is older than a moment, and finds the oldest,
/// without keeping each entry.
class MinuteCounts {
 public:
  void add(Time time) { ++counts_[minute(time)]; }
  void remove(Time time);
  std::uint64_t before(Time time) const;
  std::optional<Time> oldest() const;

 private:
  using Minute = std::chrono::sys_time<std::chrono::minutes>;
  static Minute minute(Time time) { return std::chrono::floor<std::chrono::minutes>(time); }
  std::map<Minute, std::uint64_t> counts_;
};

/// The queues and leases as the engine's thread sees them: a function of spaces `queue` and
/// `lease`, with the requests that wait. Lives on the engine's thread. Runs ahead of the store
/// within a batch; after a failed commit it is made anew from the store.
class Queues {
 public:
  explicit Queues(std::size_t window_entries) : window_entries_(window_entries) {}

  /// Recovery: all leases first, then all entries in key order.
  void load(const LeaseKey& key, LeaseRecord record);
  void load(const QueueKey& key, const QueueValue& value);

  void add(TicketId ticket, const QueueEntry& entry);
  /// Takes the entry out, and the memory of its lease. True when there was a lease record to erase
  /// from the store.
  bool remove(TicketId ticket, const QueueEntry& entry);
  /// The entry waits by another deadline now; its lease goes with it. The lease as it is to be
  /// stored, null when there is none.
  const LeaseRecord* move(TicketId ticket, const QueueEntry& from, const QueueEntry& to);

  /// The most urgent ready entry of the queue; nothing when there is none in memory.
  std::optional<QueuePlace> take(const std::string& queue);
  bool has_ready(const std::string& queue) const;
  /// Nothing ready in memory though the store holds more: ask again after the next commit.
  bool must_wait_for_refill(const std::string& queue) const;

  const LeaseRecord* lease(const LeaseKey& key) const;
  /// Sets a taken entry's lease, or renews one.
  void set_lease(const LeaseKey& key, const LeaseRecord& record);
  /// The entry becomes ready again, or a dead letter when the record says so. `record.leased_until`
  /// is absent.
  void end_lease(const LeaseKey& key, const LeaseRecord& record);

  /// The lease that ends first; absent when none is live.
  std::optional<std::pair<Time, LeaseKey>> first_expiry() const;

  /// Waiting requests, first come first served.
  void wait(LeaseItem item);
  /// The request if it still waits.
  std::optional<LeaseItem> cancel(Engine::WaitId id);
  /// Queues with both a ready entry and a waiting request that came together since the last call.
  std::vector<std::string> takeable();
  std::optional<LeaseItem> next_waiter(const std::string& queue);
  std::vector<LeaseItem> all_waiters();
  std::size_t waiters() const { return waiting_in_.size(); }

  std::uint64_t live_leases(const std::string& queue) const;
  QueueStats stats(const std::string& queue, Time now) const;
  std::vector<std::string> names() const;
  std::vector<DeadLetter> dead_letters(std::size_t max) const;

  /// Some queue runs low while the store holds more of it.
  bool wants_refill();
  /// Reads more of the queues that run low. Only when the store holds all that was added.
  Result<void> refill(const StoreReader& store);

 private:
  struct Queue {
    explicit Queue(std::size_t window) : ready(window) {}
    Window<QueuePlace> ready;
    std::uint64_t depth = 0;
    std::uint64_t leased = 0;
    std::uint64_t dead = 0;
    MinuteCounts since;
    MinuteCounts order;
    std::deque<LeaseItem> waiters;
  };

  Queue& queue(const std::string& name);
  void became_ready(const std::string& name, const Queue& queue);
  bool held(const LeaseKey& key) const;
  void count_held(const LeaseRecord& record, int direction);
  void forget_if_empty(const std::string& name);

  const std::size_t window_entries_;
  std::map<std::string, Queue, std::less<>> queues_;
  std::map<LeaseKey, LeaseRecord> leases_;
  std::set<std::pair<Time, LeaseKey>> expiries_;
  std::set<std::string> takeable_;
  std::set<std::string> low_;  ///< queues whose window may want a refill
  std::unordered_map<Engine::WaitId, std::string> waiting_in_;
};

}  // namespace hotline

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/command.hpp"
#include "domain/policy.hpp"
#include "domain/ticket.hpp"
#include "hotline/metrics.hpp"
#include "hotline/store.hpp"

namespace hotline {

/// A key that makes repeating a command harmless, with a hash of what was asked under it.
struct Idempotency {
  std::string key;  ///< unique per principal, 1..128 bytes, no zero byte
  std::uint64_t body_hash =
      0;  ///< of the canonical body; another one under the same key is a conflict
};

struct Command {
  TicketId ticket;  ///< unused for an intake
  Move move;
  Actor actor;
  std::optional<std::uint32_t> if_match;
  std::optional<Idempotency> idempotency;
  std::string receipt;  ///< of the lease that this move consumes; may be empty
};

struct Applied {
  Ticket ticket;          ///< after the move; for a repeat, as it was after the first time
  bool repeated = false;  ///< answered from an earlier time: by key, or by source and source_id
  bool differs = false;   ///< a repeat by source_id whose body was another one
};

struct LeaseRequest {
  std::string queue;
  Actor actor;
  std::uint32_t max = 1;
  Duration lease{};
  bool wait =
      false;  ///< queue up behind earlier waiters when nothing is ready; ended by `cancel_wait`
};

struct Lease {
  std::string receipt;  ///< opaque, URL-safe, at most 64 bytes
  std::string queue;
  TicketId ticket;
  std::uint16_t seq = 0;
  Time leased_until{};
  std::uint32_t delivery = 0;  ///< 1 at the first time
};

enum class LeaseMoveKind : std::uint8_t { extend, release, fail };
struct LeaseMove {
  LeaseMoveKind kind = LeaseMoveKind::extend;
  std::string receipt;
  Actor actor;
  Duration lease{};    ///< extend: from now
  std::string reason;  ///< fail
};

struct QueueStats {
  std::string queue;
  std::uint64_t depth = 0;  ///< entries, leased and dead letters included
  std::uint64_t leased = 0;
  std::uint64_t dead_letters = 0;
  std::uint64_t overdue = 0;   ///< entries past their deadline, to the minute
  std::optional<Time> oldest;  ///< when the one that waits longest came in, to the minute
  std::uint64_t waiters = 0;
};

struct DeadLetter {
  std::string queue;
  TicketId ticket;
  std::uint16_t seq = 0;
  std::uint32_t delivery = 0;
  std::string reason;  ///< as given by the last `fail`; empty after expiries
};

struct AuditRecord {
  Actor actor;
  std::string action;  ///< what was looked at, e.g. `ticket.unmasked`
  TicketId ticket;
  std::string request_id;
};

struct EngineOptions {
  std::uint32_t shard = 0;
  std::size_t batch_items_max = 512;
  std::size_t queue_items_max = 16'384;
  std::size_t queue_bytes_max = 64u << 20;
  std::size_t waiters_max = 65'536;
  std::size_t window_entries = 4'096;  ///< of each queue and of the timers, kept in memory
  std::uint32_t leases_per_queue_max = 5'000;
  std::uint32_t deliveries_max = 10;  ///< then a dead letter
  Duration idempotency_kept = std::chrono::hours{24 * 30};
};

/// The single writer. Every change of the truth goes through its queue; its one thread decides and
/// applies many items as one batch, a second thread commits the batch with one sync, and only then
/// answers, while the first fills the next batch. Nothing else writes to the store while it runs.
///
/// Thread-safe but for `start` and `stop`, which the composition root calls once each, in that
/// order. A reply is called exactly once, on one of the engine's threads (or on the caller's when
/// the item is refused at the door), and must not block. The references outlive the engine.
class Engine {
 public:
  template <typename T>
  using Reply = std::function<void(Result<T>)>;
  using WaitId = std::uint64_t;

  Engine(Store& store, const Clock& clock, Policy policy, EngineOptions options, Metrics& metrics,
         std::uint64_t random_seed);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Takes a new epoch, reads what is needed from the store and starts the thread.
  Result<void> start();
  /// Finishes what is queued, answers waiters with an empty list, and joins the thread. Later items
  /// are refused with `unavailable`.
  void stop();

  void submit(Command command, Reply<Applied> reply);

  /// The id lets a waiting request be cancelled: its reply is then called with an empty list,
  /// unless it has been answered before.
  WaitId lease(LeaseRequest request, Reply<std::vector<Lease>> reply);
  void cancel_wait(WaitId id);
  /// For an `extend` the renewed lease, for the others the lease as it ended.
  void move_lease(LeaseMove move, Reply<Lease> reply);

  /// Releases a lease that never reached its client. Not refused under load: it is bounded by the
  /// live leases.
  void give_back(std::string receipt, Actor actor);

  /// Answered by the engine's thread alone, however full the inbox is; for a watchdog. Never
  /// answered while the thread hangs.
  void probe(Reply<std::vector<QueueStats>> reply);

  /// One queue, or all that hold something, sorted by name.
  void queue_stats(std::optional<std::string> queue, Reply<std::vector<QueueStats>> reply);
  void dead_letters(Reply<std::vector<DeadLetter>> reply);
  /// Puts a dead letter back into its queue, with deliveries counted anew.
  void redrive(TicketId ticket, std::uint16_t seq, Reply<DeadLetter> reply);

  /// Takes every open assignment back from departments that are not among `known`: what they led
  /// goes to triage. Answers how many such departments there were, once the task is durable; it is
  /// done afterwards in bounded pieces, also over a restart.
  void recall_unknown(std::set<std::string, std::less<>> known, Reply<std::size_t> reply);

  /// Puts other rules or another calendar in force, for every decision from then on. Answers
  /// whether they differ from those by which the open deadlines were counted; these are then
  /// counted anew, each move with an event, in bounded pieces, also over a restart.
  void change_deadlines(std::shared_ptr<const Deadlines> deadlines, Reply<bool> reply);

  /// Durable before the reply.
  void audit(AuditRecord record, Reply<std::monostate> reply);

  /// With a virtual clock: moves engine time to `to`, firing every timer and lease expiry on the
  /// way at its own moment.
  void advance(Time to, Reply<Time> reply);

  /// max(last committed, clock): never backwards. Any thread.
  Time now() const;
  /// False while commits fail and nothing is written; for `/readyz`. Any thread.
  bool writable() const;

  /// The one in force; never null. Any thread.
  std::shared_ptr<const Policy> policy() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hotline

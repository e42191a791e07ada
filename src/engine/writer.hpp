#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "domain/rules.hpp"
#include "engine/committer.hpp"
#include "engine/engine.hpp"
#include "engine/items.hpp"
#include "engine/work.hpp"

namespace hotline {

static_assert(std::variant_size_v<Move> <= moves_max, "every move has its counters");

/// What the engine's thread does: takes batches of items through the rules into the store. Every
/// method but `now` and `writable` belongs to that thread.
///
/// While one batch is on its way to the store, the next one fills: it reads the first one's writes
/// through `flying_`, and is shipped when the first is durable. What scans the store waits until it
/// holds everything (`settle`).
///
/// Batches run ahead in `memory_`; when a commit fails, all of `memory_` is dropped, everything in
/// both batches and every waiter is refused, and nothing is accepted until the store could be read
/// anew. So nothing is ever acknowledged on hope.
class Writer {
 public:
  Writer(Store& store, const Clock& clock, Policy policy, EngineOptions options, Metrics& metrics,
         std::uint64_t random_seed, std::function<void()> wake);

  Result<void> open();

  /// Handles `items`, and with them every timer and lease that is due. Returns those that are to be
  /// handled again now that more of their queue is in memory. To be called again with what has come
  /// in, at the latest after `idle()` or when `wake` was called.
  std::vector<Item> run(std::vector<Item> items);

  /// How long nothing will be due, at most a minute.
  Duration idle() const;
  /// For how many items `run` is worth its while.
  std::size_t enough() const;

  /// Writes what is under way, and answers those who wait with nothing.
  void finish();

  Time now() const;
  bool writable() const { return writable_.load(std::memory_order_acquire); }
  std::shared_ptr<const Policy> policy() const;
  const EngineOptions& options() const { return options_; }

 private:
  using Answer = Committer::Answer;
  template <typename T>
  void answer(Engine::Reply<T> reply, Result<T> result);

  void expect(const std::vector<Item>& items);
  void expect(const CommandItem& item);

  void handle(CommandItem& item);
  void handle(LeaseItem& item);
  void handle(CancelItem& item);
  void handle(LeaseMoveItem& item);
  void handle(StatsItem& item);
  void handle(DeadLettersItem& item);
  void handle(RedriveItem& item);
  void handle(RecallItem& item);
  void handle(DeadlinesItem& item);
  void handle(AuditItem& item);
  void handle(AdvanceItem& item);

  /// Notes by what deadlines are counted from now on. True when those that are open must be
  /// counted anew: it is planned.
  bool note_deadlines();
  /// Warns once a year of the calendar that no notice has been published for.
  void note_provisional(const std::vector<Event>& events);
  void plan(OutboxRecord task);
  void plan_recall(const std::string& department);
  void recall_if_unknown(const Ticket& ticket);

  void count_intake(const Ticket& ticket);
  void count_agreement(const Ticket* before, const Ticket& after);
  void count_notices(const Ticket* before, const Ticket& after);
  Result<Applied> execute(Command& command);
  /// A move of the engine itself, counted as such.
  Result<Applied> execute_own(TicketId ticket, Move move);
  Result<std::optional<Applied>> find_repeat(const Command& command);
  Result<std::optional<Applied>> repeat_by_source(const Command& command, const Origin& origin);
  Result<Applied> make_change(const Ticket* before, const Command& command);
  Result<TicketId> next_id();
  Result<void> check_leases(const Ticket* before, const Ticket& after,
                            const Command& command) const;
  Error useless_receipt(const Ticket& ticket, const Command& command) const;

  Result<std::vector<Lease>> grant(const LeaseRequest& request);
  void serve_waiters();
  Result<Lease> move_lease(const LeaseMove& move);
  void end_lease(const LeaseKey& key, LeaseRecord record);

  /// Departments with open assignments, from the queues and the work lists.
  Result<std::set<std::string>> working_departments() const;
  /// Does a bounded piece of the oldest task in the outbox. Only when the store holds all there is.
  void follow_up();
  void recall_some(std::uint64_t sequence, const std::string& department);
  void recompute_some(std::uint64_t sequence, RecomputeTask task);
  /// The next tickets of the walk; moves `task` on behind them, and takes it away at the end.
  Result<std::set<TicketId>> open_tickets(std::optional<RecomputeTask>& task) const;
  Result<std::set<TicketId>> tickets_of(const std::string& department) const;

  std::optional<Time> next_due() const;
  /// Fires timers and ends leases that are due at `limit`, at most a bounded number; each at its
  /// own moment, or at `time_`.
  void fire_due(Time limit, bool at_own_moment);
  void fire(const TimerKey& timer);
  void advance_to(Time to);
  void sweep_idempotency();

  // Those that return bool: false when the memory was lost.
  /// Makes sure that there is a batch to add to.
  bool open_batch();
  void begin(Time time);
  /// Waits for the batch on its way, then sends this one after it.
  bool ship(bool even_if_empty);
  /// Between batches: waits until the store holds everything, then reads what memory wants of it.
  bool settle();
  bool ship_and_settle() { return ship(false) && settle(); }
  bool must_settle();
  Result<void> refill();
  void run_advances();
  void release_answers();
  void refuse_answers();
  void give_up(const Error& error);
  void lose_memory();
  bool reopen();

  Store& store_;
  const Clock& clock_;
  mutable std::mutex policy_mutex_;
  std::shared_ptr<const Policy> policy_;  ///< replaced by the engine's thread, under policy_mutex_
  const EngineOptions options_;
  Metrics& metrics_;
  std::mt19937_64 random_;

  std::atomic<std::int64_t> published_time_{0};  ///< ms; what `now` answers at least
  std::atomic<bool> writable_{false};

  // The engine's thread only.
  Epoch epoch_ = 0;
  bool fenced_ = false;  ///< another writer took the store: this one never writes again
  std::optional<Memory> memory_;
  std::shared_ptr<Work> work_;          ///< the batch that fills; null between batches
  std::shared_ptr<const Work> flying_;  ///< the last one that was shipped
  std::size_t batch_items_ = 0;
  /// The departments that the catalogue has; absent until it was told. Outlives a loss of memory.
  std::optional<std::set<std::string, std::less<>>> known_;
  std::set<std::chrono::year> warned_years_;
  std::optional<Error> broken_;  ///< a read failed in this batch: it must not be committed
  Time time_{};                  ///< of the batch
  std::vector<Answer> answers_;
  std::vector<Item> again_;
  std::vector<AdvanceItem> advances_;
  std::string sweep_from_;
  Time next_sweep_{};

  Committer committer_;  // last: its thread uses the above
};

template <typename T>
void Writer::answer(Engine::Reply<T> reply, Result<T> result) {
  answers_.push_back(
      [reply = std::move(reply), result = std::move(result)](const Error* failure) mutable {
        if (failure != nullptr)
          reply(tl::make_unexpected(*failure));
        else
          reply(std::move(result));
      });
}

}  // namespace hotline

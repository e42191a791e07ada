#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "domain/rules.hpp"
#include "engine/engine.hpp"
#include "engine/items.hpp"
#include "engine/work.hpp"

namespace hotline {

/// What the engine's thread does: takes batches of items through the rules into the store. Every
/// method but `now` and `writable` belongs to that thread.
///
/// A batch runs ahead in `memory_`; when its commit fails, all of `memory_` is dropped, everything
/// in the batch and every waiter is refused, and nothing is accepted until the store could be read
/// anew. So nothing is ever acknowledged on hope.
class Writer {
 public:
  Writer(Store& store, const Clock& clock, Policy policy, EngineOptions options, Metrics& metrics,
         std::uint64_t random_seed);

  Result<void> open();

  /// Handles `items` as one batch, and with them every timer and lease that is due. Answers what is
  /// to be asked again after a refill.
  std::vector<Item> run(std::vector<Item> items);

  /// How long nothing will be due, at most a minute.
  Duration idle() const;

  void end_waiting();

  Time now() const;
  bool writable() const { return writable_.load(std::memory_order_acquire); }
  const Policy& policy() const { return policy_; }
  const EngineOptions& options() const { return options_; }

 private:
  /// Called when the batch is durable (null) or lost.
  using Answer = std::function<void(const Error* failure)>;
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
  void handle(AuditItem& item);
  void handle(AdvanceItem& item);

  void plan_recall(const std::string& department);
  void recall_if_unknown(const Ticket& ticket);

  void count_intake(const Ticket& ticket);
  Result<Applied> execute(Command& command);
  Result<std::optional<Applied>> find_repeat(const Command& command);
  Result<std::optional<Applied>> repeat_by_source(const Command& command, const Intake& intake);
  Result<Applied> make_change(const Ticket* before, const Command& command);
  Result<TicketId> next_id();
  Result<void> check_leases(const Ticket* before, const Ticket& after,
                            const Command& command) const;

  Result<std::vector<Lease>> grant(const LeaseRequest& request);
  void serve_waiters();
  Result<Lease> move_lease(const LeaseMove& move);
  void end_lease(const LeaseKey& key, LeaseRecord record);

  /// Departments with open assignments, from the queues and the work lists.
  Result<std::set<std::string>> working_departments() const;
  /// Does a bounded piece of the oldest task in the outbox. Only at the beginning of a batch, when
  /// the store holds all there is.
  void follow_up();
  Result<std::set<TicketId>> tickets_of(const std::string& department) const;

  std::optional<Time> next_due() const;
  /// Fires timers and ends leases that are due at `limit`, at most a bounded number; each at its
  /// own moment, or at `time_`.
  void fire_due(Time limit, bool at_own_moment);
  void fire(const TimerKey& timer);
  void advance_to(Time to);
  void sweep_idempotency();

  void begin(Time time);
  /// Makes the batch durable and answers all that waits for it.
  bool commit(bool even_if_empty);
  Result<void> commit_patiently(const Batch& batch);
  void refuse_answers(const Error& error);
  void lose_memory();
  bool reopen();
  Result<void> refill();

  Store& store_;
  const Clock& clock_;
  const Policy policy_;
  const EngineOptions options_;
  Metrics& metrics_;
  std::mt19937_64 random_;

  std::atomic<std::int64_t> published_time_{0};  ///< ms; what `now` answers at least
  std::atomic<bool> writable_{false};

  // The engine's thread only.
  Epoch epoch_ = 0;
  bool fenced_ = false;  ///< another writer took the store: this one never writes again
  std::optional<Memory> memory_;
  std::optional<Work> work_;
  /// The departments that the catalogue has; absent until it was told. Outlives a loss of memory.
  std::optional<std::set<std::string, std::less<>>> known_;
  std::optional<Error> broken_;  ///< a read failed in this batch: it must not be committed
  Time time_{};                  ///< of the batch
  std::vector<Answer> answers_;
  std::vector<Item> again_;
  std::vector<AdvanceItem> advances_;
  std::string sweep_from_;
  Time next_sweep_{};
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

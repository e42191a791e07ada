#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "domain/event.hpp"
#include "domain/personal.hpp"
#include "domain/rules.hpp"
#include "domain/ticket.hpp"
#include "engine/queues.hpp"
#include "engine/window.hpp"
#include "hotline/store.hpp"
#include "records/codec.hpp"
#include "records/keys.hpp"

namespace hotline {

/// The counters' rows that were touched lately, as absolute values. Engine's thread only.
class CounterRows {
 public:
  /// The row to change, read from the store at the first touch.
  Result<CounterRow*> touch(const StoreReader& store, const std::string& key);
  /// Adds every row touched since the last call to `batch`.
  void write(Batch& batch);
  bool wants_trim() const { return rows_.size() > rows_max; }
  /// Forgets all rows when they have become many. Only when the store holds them.
  void trim();

 private:
  static constexpr std::size_t rows_max = 100'000;
  struct Row {
    CounterRow figures;
    bool touched = false;  ///< stands in touched_
  };
  using Rows = std::unordered_map<std::string, Row>;

  CounterRow* mark(Rows::value_type& entry);

  Rows rows_;
  std::vector<Rows::value_type*> touched_;
};

/// What the engine knows beside the store; all of it a function of the store, rebuilt from it at
/// start and after a failed commit.
struct Memory {
  explicit Memory(std::size_t window_entries) : queues(window_entries), timers(window_entries) {}
  Queues queues;
  Window<TimerKey> timers;
  CounterRows counters;
  Time last_time{};
  std::uint64_t batch_number = 0;
  TicketId last_id;
  std::optional<std::uint64_t> deadlines;  ///< by which the open deadlines are counted
  std::uint64_t audit_sequence = 0;
  std::map<std::uint64_t, OutboxRecord> outbox;  ///< by sequence: done in this order
};

/// One batch in the making: reads through its own earlier writes, and turns each change of a ticket
/// into the puts and erases that keep every index equal to `entries`. Engine's thread; lives for
/// one batch.
class Work {
 public:
  /// `before` is the batch that is on its way to the store, so that its writes are read too; null
  /// when there is none.
  Work(const StoreReader& store, Memory& memory, UtcOffset zone, std::shared_ptr<const Work> before)
      : store_(store), memory_(memory), zone_(zone), before_(std::move(before)) {}

  /// The batch is whole, and the one before it is in the store.
  void close() { before_.reset(); }

  /// Announces keys that the batch will read, so that they are read together.
  void expect(Space space, std::string key) { expected_.push_back({space, std::move(key)}); }
  Result<void> fetch();

  /// Null when there is none. The pointer holds until the next change of that ticket.
  Result<const Ticket*> ticket(TicketId id);
  Result<const Personal*> personal(TicketId id);
  /// The ticket as it was at `version`.
  Result<Ticket> ticket_at(TicketId id, std::uint32_t version);

  Result<std::optional<IdempotencyRecord>> idempotency(const std::string& key);
  void remember(const std::string& key, const IdempotencyRecord& record);
  Result<std::optional<SourceRecord>> source(const std::string& key);
  void remember(const std::string& key, const SourceRecord& record);

  /// Writes one step of a ticket; `before` is null for a new one.
  Result<void> change(const Ticket* before, Ticket after, Change change,
                      std::optional<Personal> personal);

  void put_lease(const LeaseKey& key, const LeaseRecord& record) {
    batch_.put(Space::lease, lease_key(key), encode(record));
  }
  Batch& batch() { return batch_; }
  const Batch& batch() const { return batch_; }

 private:
  Result<std::optional<std::string>> get(Space space, const std::string& key);
  Result<void> change_counters(const Contributions& before, const Contributions& after);
  void change_queue(TicketId id, const Entries& before, const Entries& after);
  void change_timer(TicketId id, const Entries& before, const Entries& after);
  void change_work(TicketId id, const Entries& before, const Entries& after);

  /// What this batch or the one before it knows under `key` in their map `known`; null when they do
  /// not.
  template <typename Map>
  const typename Map::mapped_type* recall(Map Work::*known,
                                          const typename Map::key_type& key) const;

  const StoreReader& store_;
  Memory& memory_;
  const UtcOffset zone_;
  std::shared_ptr<const Work> before_;
  Batch batch_;
  std::vector<Key> expected_;
  std::unordered_map<std::string, std::optional<std::string>> fetched_;  ///< by space and key
  std::unordered_map<TicketId, Ticket> tickets_;
  std::unordered_map<TicketId, Personal> personals_;
  std::unordered_map<TicketId, std::vector<Change>> new_changes_;
  std::unordered_map<std::string, IdempotencyRecord> idempotency_;
  std::unordered_map<std::string, SourceRecord> sources_;
};

}  // namespace hotline

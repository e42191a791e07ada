#include "engine/writer.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "domain/agreement.hpp"
#include "engine/migration.hpp"
#include "engine/receipt.hpp"
#include "engine/recovery.hpp"

namespace hotline {
namespace {

constexpr Duration idle_max = std::chrono::minutes{1};

bool may_see(const Ticket& ticket, const Actor& actor) {
  return !actor.departments || std::ranges::any_of(ticket.assignments, [&](const Assignment& a) {
    return actor.may_act_for(a.department);
  });
}

/// What passed while somebody still had to act: a reminder reminds, a call-back only falls due, and
/// what follows a missed limit was counted with it.
bool is_missed(const Event& event) {
  const auto* passed = std::get_if<DeadlinePassed>(&event);
  if (passed == nullptr) return false;
  return passed->deadline != Deadline::resolve_reminder &&
         passed->deadline != Deadline::overdue_notice && passed->deadline != Deadline::supervision;
}

/// Which of `Metrics::ratings` a call-back counts for; absent when nobody was reached.
std::optional<std::size_t> rating_of(const Move& move) {
  const auto* call = std::get_if<CallbackAttempt>(&move);
  if (call == nullptr || call->outcome != CallbackOutcome::reached) return std::nullopt;
  return call->satisfaction ? static_cast<std::size_t>(*call->satisfaction) : 0;
}

}  // namespace

Writer::Writer(Store& store, const Clock& clock, Policy policy, EngineOptions options,
               Metrics& metrics, std::uint64_t random_seed, std::function<void()> wake)
    : store_(store),
      clock_(clock),
      policy_(std::make_shared<const Policy>(std::move(policy))),
      options_(options),
      metrics_(metrics),
      random_(random_seed),
      committer_(store, metrics, std::move(wake)) {}

Result<void> Writer::open() {
  auto epoch = store_.acquire_epoch();
  if (!epoch) return tl::make_unexpected(epoch.error());
  epoch_ = *epoch;
  if (auto done = migrate(store_, epoch_, policy_->zone); !done) return done;
  memory_.emplace(options_.window_entries);
  if (auto done = recover(store_, policy_->zone, *memory_); !done) {
    memory_.reset();
    return done;
  }
  published_time_.store(memory_->last_time.time_since_epoch().count(), std::memory_order_release);
  writable_.store(true, std::memory_order_release);
  return {};
}

Time Writer::now() const {
  const Time published{Duration{published_time_.load(std::memory_order_acquire)}};
  return std::max(published, clock_.now());
}

std::shared_ptr<const Policy> Writer::policy() const {
  const std::lock_guard lock(policy_mutex_);
  return policy_;
}

std::vector<Item> Writer::run(std::vector<Item> items) {
  const bool open = open_batch();
  if (open) {
    expect(items);
    if (auto done = work_->fetch(); !done) broken_ = done.error();
    fire_due(time_, false);
  }
  for (auto& item : items) std::visit([this](auto& one) { handle(one); }, item);
  if (!memory_) {
    refuse_answers();
    return {};
  }
  serve_waiters();
  metrics_.waiters.set(static_cast<std::int64_t>(memory_->queues.waiters()));
  batch_items_ += items.size();
  const bool settling = must_settle();
  const bool full = batch_items_ >= options_.batch_items_max;
  if (!settling && !full && committer_.busy()) return {};
  if (!ship(false) || (settling && !settle())) return {};
  run_advances();
  return std::exchange(again_, {});
}

bool Writer::open_batch() {
  if (memory_ && committer_.failed()) settle();
  if (!memory_ && !reopen()) return false;
  if (work_) return true;
  const Time time = std::max(memory_->last_time, clock_.now());
  const bool scans = !memory_->outbox.empty() || time >= next_sweep_;
  if (scans && !settle()) return false;
  begin(time);
  if (!scans) return true;
  sweep_idempotency();  // before any item: a key that is used again must not be swept with its old
                        // record
  follow_up();
  return true;
}

void Writer::begin(Time time) {
  time_ = time;
  work_ = std::make_shared<Work>(store_, *memory_, policy_->zone, flying_);
  batch_items_ = 0;
  broken_.reset();
  note_deadlines();
}

bool Writer::ship(bool even_if_empty) {
  auto done = committer_.settle();
  if (done && broken_) done = tl::make_unexpected(*broken_);
  if (!done) {
    give_up(done.error());
    return false;
  }
  const auto work = std::exchange(work_, nullptr);
  work->close();
  Batch& batch = work->batch();
  memory_->counters.write(batch);
  metrics_.batch_items.observe(static_cast<double>(batch_items_));
  if (batch.empty() && !even_if_empty) {
    release_answers();
    return true;
  }
  memory_->last_time = time_;
  const MetaRecord meta{format_number, time_, ++memory_->batch_number,
                        static_cast<std::int32_t>(policy_->zone.count())};
  batch.put(Space::meta, meta_key(meta_state), encode(meta));
  flying_ = work;
  const auto time = time_.time_since_epoch().count();
  committer_.start({work, epoch_, std::exchange(answers_, {}),
                    [this, time] { published_time_.store(time, std::memory_order_release); }});
  return true;
}

bool Writer::settle() {
  auto done = committer_.settle();
  if (done) {
    flying_.reset();
    memory_->counters.trim();
    done = refill();
  }
  if (!done) give_up(done.error());
  return done.has_value();
}

bool Writer::must_settle() {
  return !again_.empty() || !advances_.empty() || memory_->queues.wants_refill() ||
         memory_->timers.wants_refill() || memory_->counters.wants_trim();
}

void Writer::run_advances() {
  for (auto& advance : std::exchange(advances_, {})) {
    if (memory_) advance_to(advance.to);
    answer(std::move(advance.reply), Result<Time>(now()));
    memory_ ? release_answers() : refuse_answers();
  }
}

Result<void> Writer::refill() {
  if (auto done = memory_->queues.refill(store_); !done) return done;
  if (!memory_->timers.wants_refill()) return {};
  const auto scan = [&](const TimerKey& from, const std::function<bool(const TimerKey&)>& visit) {
    return store_.scan(Space::timer, timer_key(from), {},
                       [&](std::string_view key, std::string_view) {
                         const auto parsed = parse_timer_key(key);
                         return parsed && visit(*parsed);
                       });
  };
  return memory_->timers.refill(scan, [](const TimerKey&) { return true; });
}

void Writer::release_answers() {
  for (auto& reply : std::exchange(answers_, {})) reply(nullptr);
}

void Writer::refuse_answers() {
  const Error error = not_written();
  for (auto& reply : std::exchange(answers_, {})) reply(&error);
}

void Writer::give_up(const Error& error) {
  metrics_.commit_failures.add();
  spdlog::error("batch {} was not committed: {}", memory_->batch_number, error.detail);
  fenced_ = error.code == ErrorCode::wrong_state;
  lose_memory();
}

void Writer::lose_memory() {
  writable_.store(false, std::memory_order_release);
  for (auto& waiter : memory_->queues.all_waiters())
    answer(std::move(waiter.reply), Result<std::vector<Lease>>());
  for (auto& item : std::exchange(again_, {})) {
    if (auto* lease = std::get_if<LeaseItem>(&item))
      answer(std::move(lease->reply), Result<std::vector<Lease>>());
  }
  for (auto& advance : std::exchange(advances_, {}))
    answer(std::move(advance.reply), Result<Time>());
  work_.reset();
  flying_.reset();
  memory_.reset();
  metrics_.waiters.set(0);
  refuse_answers();
}

bool Writer::reopen() {
  if (fenced_) return false;
  if (auto done = open(); !done) {
    spdlog::error("the store cannot be opened again: {}", done.error().detail);
    return false;
  }
  spdlog::info("the store takes writes again");
  return true;
}

Duration Writer::idle() const {
  if (!memory_) return std::chrono::milliseconds{200};
  if (work_) return idle_max;  // until the batch before it has ended and calls `wake`
  if (!memory_->outbox.empty()) return Duration{0};
  const auto due = next_due();
  if (!due) return idle_max;
  return std::clamp(*due - std::max(memory_->last_time, clock_.now()), Duration{0}, idle_max);
}

/// A batch that waits for the one before it is in no hurry: a thread woken for every item costs
/// more than the item.
std::size_t Writer::enough() const { return work_ ? 16 : 1; }

void Writer::finish() {
  const bool written = memory_ && (!work_ || ship(false)) && settle();
  committer_.end();
  if (!written) return;
  for (auto& waiter : memory_->queues.all_waiters()) waiter.reply(std::vector<Lease>{});
}

// --- what a batch will read ---------------------------------------------------------------------

void Writer::expect(const std::vector<Item>& items) {
  for (const auto& item : items) {
    if (const auto* command = std::get_if<CommandItem>(&item)) expect(*command);
  }
}

void Writer::expect(const CommandItem& item) {
  const Command& command = item.command;
  if (command.idempotency && !command.idempotency->key.empty()) {
    work_->expect(Space::idempotency,
                  idempotency_key(command.actor.principal, command.idempotency->key));
  }
  const auto origin = origin_of(command.move);
  if (!origin) {
    work_->expect(Space::ticket, ticket_key(command.ticket));
    if (!std::holds_alternative<Sign>(command.move)) {
      work_->expect(Space::personal, personal_key(command.ticket));
    }
  } else if (!origin->source_id.empty()) {
    work_->expect(Space::source, source_key(origin->source, origin->source_id));
  }
}

// --- commands -----------------------------------------------------------------------------------

void Writer::handle(CommandItem& item) {
  if (!memory_) return answer(std::move(item.reply), Result<Applied>());
  const std::size_t index = item.command.move.index();
  auto result = execute(item.command);
  if (!result) metrics_.refusals[index].add();
  if (result && result->repeated) metrics_.repeats.add();
  const bool applied = result && !result->repeated;
  const bool intake = std::holds_alternative<Intake>(item.command.move);
  const auto rating = rating_of(item.command.move);
  answers_.push_back([this, index, applied, intake, rating, submitted = item.submitted,
                      reply = std::move(item.reply),
                      result = std::move(result)](const Error* failure) mutable {
    if (failure != nullptr) return reply(tl::make_unexpected(*failure));
    if (applied) metrics_.moves[index].add();
    if (applied && intake) count_intake(result->ticket);
    if (applied && rating) metrics_.ratings[*rating].add();
    const auto spent = std::chrono::steady_clock::now() - submitted;
    metrics_.engine_seconds.observe(std::chrono::duration<double>(spent).count());
    reply(std::move(result));
  });
}

void Writer::count_intake(const Ticket& ticket) {
  metrics_.tickets_received.add();
  const auto handling = ticket.handling ? static_cast<std::size_t>(*ticket.handling) : 0;
  metrics_.tickets_by_handling[handling].add();
  if (!ticket.classification->automatic_from) return;
  metrics_.model_decisions[ticket.status == Status::dispatched ? 1 : 0].add();
}

Result<Applied> Writer::execute(Command& command) {
  auto repeat = find_repeat(command);
  if (!repeat) return tl::make_unexpected(repeat.error());
  if (*repeat) return std::move(**repeat);
  if (origin_of(command.move)) return make_change(nullptr, command);
  auto before = work_->ticket(command.ticket);
  if (!before) return tl::make_unexpected(before.error());
  if (*before == nullptr || !may_see(**before, command.actor)) {
    return fail(ErrorCode::not_found,
                fmt::format("there is no ticket {} that you may see", to_string(command.ticket)));
  }
  if (command.if_match && *command.if_match != (*before)->version) {
    return fail(ErrorCode::version_mismatch,
                fmt::format("ticket {} is at version {}, If-Match names {}: read it again",
                            to_string(command.ticket), (*before)->version, *command.if_match));
  }
  return make_change(*before, command);
}

Result<std::optional<Applied>> Writer::find_repeat(const Command& command) {
  const auto origin = origin_of(command.move);
  std::optional<Applied> by_source;
  if (origin && !origin->source_id.empty()) {
    auto found = repeat_by_source(command, *origin);
    if (!found) return found;
    by_source = std::move(*found);
  }
  if (!command.idempotency || command.idempotency->key.empty()) return by_source;
  auto record =
      work_->idempotency(idempotency_key(command.actor.principal, command.idempotency->key));
  if (!record) return tl::make_unexpected(record.error());
  const bool known = *record && (*record)->at + options_.idempotency_kept > time_;
  if (!known) return by_source;
  if ((*record)->body_hash != command.idempotency->body_hash) {
    return fail(ErrorCode::idempotency_conflict,
                "this Idempotency-Key was used with another request; take a new key");
  }
  if (by_source && by_source->ticket.id != (*record)->ticket) {
    return fail(ErrorCode::idempotency_conflict,
                fmt::format("the Idempotency-Key names ticket {}, source and source_id name {}",
                            to_string((*record)->ticket), to_string(by_source->ticket.id)));
  }
  auto ticket = work_->ticket_at((*record)->ticket, (*record)->version);
  if (!ticket) return tl::make_unexpected(ticket.error());
  return Applied{std::move(*ticket), true, false};
}

Result<std::optional<Applied>> Writer::repeat_by_source(const Command& command,
                                                        const Origin& origin) {
  auto record = work_->source(source_key(origin.source, origin.source_id));
  if (!record) return tl::make_unexpected(record.error());
  if (!*record) return std::nullopt;
  auto ticket = work_->ticket((*record)->ticket);
  if (!ticket) return tl::make_unexpected(ticket.error());
  if (*ticket == nullptr)
    return fail(ErrorCode::internal, "a source_id names a ticket that is gone");
  const bool differs =
      command.idempotency && command.idempotency->body_hash != (*record)->body_hash;
  return Applied{**ticket, true, differs};
}

Result<Applied> Writer::make_change(const Ticket* before, const Command& command) {
  const auto origin = origin_of(command.move);
  TicketId id = command.ticket;
  if (origin) {
    auto fresh = next_id();
    if (!fresh) return tl::make_unexpected(fresh.error());
    id = *fresh;
  }
  auto events = decide(before, command.move, command.actor, {time_, id, *policy_});
  if (!events) return tl::make_unexpected(events.error());
  if (events->empty())
    return fail(ErrorCode::internal, "the rules made nothing of an allowed move");
  note_provisional(*events);
  const auto missed = static_cast<std::uint64_t>(std::ranges::count_if(*events, is_missed));
  Change change{before ? before->version + 1 : 1, time_,
                command.actor.principal,          command.actor.person,
                std::string(name(command.move)),  std::move(*events)};
  Ticket after = evolve(before ? *before : Ticket{}, change);
  if (auto free = check_leases(before, after, command); !free)
    return tl::make_unexpected(free.error());
  const Personal* known = nullptr;
  if (!origin) {
    auto stored = work_->personal(id);
    if (!stored) return tl::make_unexpected(stored.error());
    known = *stored;
  }
  auto personal = remember(known, command.move, command.actor, after, time_);
  if (!personal) return tl::make_unexpected(personal.error());
  Applied applied{after, false, false};
  count_notices(before, after);  // both first: `change` makes `before` the changed ticket
  count_agreement(before, after);
  if (auto done = work_->change(before, std::move(after), std::move(change), std::move(*personal));
      !done) {
    broken_ = done.error();
    return tl::make_unexpected(done.error());
  }
  metrics_.deadlines_passed.add(missed);
  recall_if_unknown(applied.ticket);
  const std::uint64_t hash = command.idempotency ? command.idempotency->body_hash : 0;
  if (origin) {
    memory_->last_id = id;
    if (!origin->source_id.empty()) {
      work_->remember(source_key(origin->source, origin->source_id), SourceRecord{id, hash});
    }
  }
  if (command.idempotency && !command.idempotency->key.empty()) {
    work_->remember(idempotency_key(command.actor.principal, command.idempotency->key),
                    IdempotencyRecord{hash, id, applied.ticket.version, time_});
  }
  return applied;
}

void Writer::count_agreement(const Ticket* before, const Ticket& after) {
  if (before == nullptr) return;
  static_assert(agreements == std::tuple_size_v<decltype(metrics_.model_agreement)>);
  const auto found = agreement(*before, after);
  if (found) metrics_.model_agreement[static_cast<std::size_t>(*found)].add();
}

void Writer::count_notices(const Ticket* before, const Ticket& after) {
  for (std::size_t i = 0; i < after.notices.size(); ++i) {
    const Notice& notice = after.notices[i];
    const bool fresh = before == nullptr || i >= before->notices.size();
    if (fresh) metrics_.notices_posted[static_cast<std::size_t>(notice.kind)].add();
    const bool ended = notice.outcome && (fresh || !before->notices[i].outcome);
    if (ended) metrics_.notices_ended[static_cast<std::size_t>(*notice.outcome)].add();
  }
}

Result<TicketId> Writer::next_id() {
  const TicketId first = first_ticket_id(local_day(time_, policy_->zone), options_.shard);
  TicketId& last = memory_->last_id;
  if (!same_series(last, first)) {
    last = first;
    const TicketId end{first.value + serials_per_day};
    auto scanned = store_.scan_back(Space::ticket, ticket_key(first), ticket_key(end),
                                    [&](std::string_view key, std::string_view) {
                                      if (const auto id = parse_ticket_key(key)) last = *id;
                                      return false;
                                    });
    if (!scanned) return tl::make_unexpected(scanned.error());
  }
  if (serial_of(last) + 1 >= serials_per_day) {
    return fail(ErrorCode::overloaded, "the day's ticket numbers are used up");
  }
  return TicketId{last.value + 1};
}

/// A move that takes an entry out of its queue needs the entry's lease, when somebody holds one.
Result<void> Writer::check_leases(const Ticket* before, const Ticket& after,
                                  const Command& command) const {
  // A department that left the catalogue holds nothing any more, and what the citizen took back
  // nobody need do.
  const bool ends_all = std::holds_alternative<Recall>(command.move) ||
                        std::holds_alternative<Withdraw>(command.move);
  if (before == nullptr || ends_all) return {};
  const auto receipt = parse_receipt(command.receipt);
  const bool notified = std::holds_alternative<Notified>(command.move);
  bool matched = false;
  bool left = false;
  const auto after_it = entries(&after, policy_->zone).queue;
  for (const auto& entry : entries(before, policy_->zone).queue) {
    const bool kept = std::ranges::any_of(after_it, [&](const QueueEntry& one) {
      return one.queue == entry.queue && one.seq == entry.seq;
    });
    if (kept) continue;
    // Who answers has signed: what its answer takes out of queues are other departments' parts,
    // which hold up nobody.
    if (entry.seq != 0 && std::holds_alternative<hotline::Answer>(command.move)) continue;
    // A message that need not be sent any more holds up nobody either.
    if (entry.queue == notice_queue && !notified) continue;
    // Nor what nobody need rule on any more.
    const bool ruled = std::holds_alternative<RuleExtension>(command.move);
    if (entry.queue == extensions_queue && !ruled) continue;
    left = true;
    const LeaseKey key{before->id, entry.seq};
    const LeaseRecord* lease = memory_->queues.lease(key);
    if (lease == nullptr || !lease->leased_until) continue;
    const bool named = receipt && receipt->entry == key && receipt->nonce == lease->nonce;
    matched = matched || named;
    if (!named && lease->principal != command.actor.principal) {
      return fail(ErrorCode::leased_by_other,
                  fmt::format("the entry in queue {} is leased by another until {}", entry.queue,
                              format_rfc3339(*lease->leased_until, policy_->zone)));
    }
  }
  // What was sent is on record, also when its entry and the lease ended with the task meanwhile.
  if (notified && !left) return {};
  if (!command.receipt.empty() && !matched) {
    return tl::make_unexpected(useless_receipt(*before, command));
  }
  return {};
}

/// Why the command's receipt does not go with its move.
Error Writer::useless_receipt(const Ticket& ticket, const Command& command) const {
  const auto stale = [](std::string detail) {
    return Error{ErrorCode::stale_receipt, std::move(detail), {}};
  };
  const auto receipt = parse_receipt(command.receipt);
  if (!receipt || receipt->entry.ticket != ticket.id) {
    return stale(
        fmt::format("the receipt belongs to no entry of ticket {}: send the one that came "
                    "with its lease",
                    to_string(ticket.id)));
  }
  const LeaseRecord* lease = memory_->queues.lease(receipt->entry);
  if (lease == nullptr || !lease->leased_until || lease->nonce != receipt->nonce) {
    return stale(
        "the lease of this receipt has ended: its time ran out, or it was given back or "
        "used; lease the entry again");
  }
  return stale(
      fmt::format("{} does not take the leased entry out of queue {}: the lease stands; "
                  "send the move without receipt",
                  name(command.move), lease->queue));
}

}  // namespace hotline

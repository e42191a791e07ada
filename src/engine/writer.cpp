#include "engine/writer.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "engine/receipt.hpp"
#include "engine/recovery.hpp"

namespace hotline {
namespace {

constexpr std::size_t due_per_batch_max = 256;
constexpr std::size_t sweep_per_batch_max = 500;
constexpr Duration sweep_pause = std::chrono::hours{1};
constexpr int stall_tries_max = 250;
constexpr std::chrono::milliseconds stall_pause{20};
constexpr Duration idle_max = std::chrono::minutes{1};

Error not_written() {
  return {
      ErrorCode::unavailable,
      "the store did not take the write; nothing was acknowledged: send it again, with the same "
      "source_id or Idempotency-Key",
      {}};
}

bool may_see(const Ticket& ticket, const Actor& actor) {
  return !actor.departments || std::ranges::any_of(ticket.assignments, [&](const Assignment& a) {
    return actor.may_act_for(a.department);
  });
}

}  // namespace

Writer::Writer(Store& store, const Clock& clock, Policy policy, EngineOptions options,
               Metrics& metrics, std::uint64_t random_seed)
    : store_(store),
      clock_(clock),
      policy_(std::move(policy)),
      options_(options),
      metrics_(metrics),
      random_(random_seed) {}

Result<void> Writer::open() {
  auto epoch = store_.acquire_epoch();
  if (!epoch) return tl::make_unexpected(epoch.error());
  epoch_ = *epoch;
  memory_.emplace(options_.window_entries);
  if (auto done = recover(store_, policy_.zone, *memory_); !done) {
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

std::vector<Item> Writer::run(std::vector<Item> items) {
  const bool open = memory_.has_value() || reopen();
  if (!open) {
    for (auto& item : items) std::visit([this](auto& one) { handle(one); }, item);
    refuse_answers(not_written());
    return {};
  }
  begin(std::max(memory_->last_time, clock_.now()));
  expect(items);
  if (auto done = work_->fetch(); !done) broken_ = done.error();
  fire_due(time_, false);
  for (auto& item : items) std::visit([this](auto& one) { handle(one); }, item);
  serve_waiters();
  sweep_idempotency();
  metrics_.batch_items.observe(static_cast<double>(items.size()));
  if (commit(false)) {
    for (auto& advance : std::exchange(advances_, {})) {
      advance_to(advance.to);
      answer(std::move(advance.reply), Result<Time>(now()));
      const Error failed = not_written();
      for (auto& reply : std::exchange(answers_, {})) reply(memory_ ? nullptr : &failed);
    }
  }
  return std::exchange(again_, {});
}

void Writer::begin(Time time) {
  time_ = time;
  work_.emplace(store_, *memory_, policy_.zone);
  broken_.reset();
}

bool Writer::commit(bool even_if_empty) {
  Batch& batch = work_->batch();
  memory_->counters.write(batch);
  Result<void> done;
  if (broken_) done = tl::make_unexpected(*broken_);
  if (done && (even_if_empty || !batch.empty())) {
    const MetaRecord meta{format_number, time_, memory_->batch_number + 1,
                          static_cast<std::int32_t>(policy_.zone.count())};
    batch.put(Space::meta, meta_key(meta_state), encode(meta));
    const auto begun = std::chrono::steady_clock::now();
    done = commit_patiently(batch);
    metrics_.commit_seconds.observe(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
    if (done) {
      memory_->batch_number = meta.batch;
      memory_->last_time = time_;
      memory_->counters.trim();
      published_time_.store(time_.time_since_epoch().count(), std::memory_order_release);
      metrics_.commits.add();
      metrics_.committed_bytes.add(batch.bytes());
    }
  }
  if (done) done = refill();
  if (!done) {
    metrics_.commit_failures.add();
    spdlog::error("batch {} was not committed: {}", memory_->batch_number + 1, done.error().detail);
    fenced_ = done.error().code == ErrorCode::wrong_state;
    lose_memory();
    return false;
  }
  work_.reset();
  for (auto& reply : std::exchange(answers_, {})) reply(nullptr);
  metrics_.waiters.set(static_cast<std::int64_t>(memory_->queues.waiters()));
  return true;
}

/// A store that stalls certainly wrote nothing: the same batch is offered again while the inbox
/// fills up and its bound turns new requests away.
Result<void> Writer::commit_patiently(const Batch& batch) {
  auto done = store_.commit(batch, epoch_);
  for (int tries = 0; tries < stall_tries_max; ++tries) {
    if (done || done.error().code != ErrorCode::overloaded) break;
    std::this_thread::sleep_for(stall_pause);
    done = store_.commit(batch, epoch_);
  }
  return done;
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

void Writer::refuse_answers(const Error& error) {
  for (auto& reply : std::exchange(answers_, {})) reply(&error);
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
  memory_.reset();
  metrics_.waiters.set(0);
  refuse_answers(not_written());
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
  const auto due = next_due();
  if (!due) return idle_max;
  return std::clamp(*due - std::max(memory_->last_time, clock_.now()), Duration{0}, idle_max);
}

void Writer::end_waiting() {
  if (!memory_) return;
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
  const auto* intake = std::get_if<Intake>(&command.move);
  if (intake == nullptr) {
    work_->expect(Space::ticket, ticket_key(command.ticket));
    if (!std::holds_alternative<Sign>(command.move)) {
      work_->expect(Space::personal, personal_key(command.ticket));
    }
  } else if (!intake->source_id.empty()) {
    work_->expect(Space::source, source_key(intake->source, intake->source_id));
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
  answers_.push_back([this, index, applied, submitted = item.submitted,
                      reply = std::move(item.reply),
                      result = std::move(result)](const Error* failure) mutable {
    if (failure != nullptr) return reply(tl::make_unexpected(*failure));
    if (applied) metrics_.moves[index].add();
    const auto spent = std::chrono::steady_clock::now() - submitted;
    metrics_.engine_seconds.observe(std::chrono::duration<double>(spent).count());
    reply(std::move(result));
  });
}

Result<Applied> Writer::execute(Command& command) {
  auto repeat = find_repeat(command);
  if (!repeat) return tl::make_unexpected(repeat.error());
  if (*repeat) return std::move(**repeat);
  if (std::holds_alternative<Intake>(command.move)) return make_change(nullptr, command);
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
  const auto* intake = std::get_if<Intake>(&command.move);
  std::optional<Applied> by_source;
  if (intake != nullptr && !intake->source_id.empty()) {
    auto found = repeat_by_source(command, *intake);
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
                                                        const Intake& intake) {
  auto record = work_->source(source_key(intake.source, intake.source_id));
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
  const auto* intake = std::get_if<Intake>(&command.move);
  TicketId id = command.ticket;
  if (intake != nullptr) {
    auto fresh = next_id();
    if (!fresh) return tl::make_unexpected(fresh.error());
    id = *fresh;
  }
  auto events = decide(before, command.move, command.actor, {time_, id, policy_});
  if (!events) return tl::make_unexpected(events.error());
  if (events->empty())
    return fail(ErrorCode::internal, "the rules made nothing of an allowed move");
  const Change change{before ? before->version + 1 : 1, time_,
                      command.actor.principal,          command.actor.person,
                      std::string(name(command.move)),  std::move(*events)};
  Ticket after = evolve(before ? *before : Ticket{}, change);
  if (auto free = check_leases(before, after, command); !free)
    return tl::make_unexpected(free.error());
  const Personal* known = nullptr;
  if (intake == nullptr) {
    auto stored = work_->personal(id);
    if (!stored) return tl::make_unexpected(stored.error());
    known = *stored;
  }
  auto personal = remember(known, command.move, command.actor, after, time_);
  if (!personal) return tl::make_unexpected(personal.error());
  Applied applied{after, false, false};
  if (auto done = work_->change(before, std::move(after), change, std::move(*personal)); !done) {
    broken_ = done.error();
    return tl::make_unexpected(done.error());
  }
  const std::uint64_t hash = command.idempotency ? command.idempotency->body_hash : 0;
  if (intake != nullptr) {
    memory_->last_id = id;
    if (!intake->source_id.empty()) {
      work_->remember(source_key(intake->source, intake->source_id), SourceRecord{id, hash});
    }
  }
  if (command.idempotency && !command.idempotency->key.empty()) {
    work_->remember(idempotency_key(command.actor.principal, command.idempotency->key),
                    IdempotencyRecord{hash, id, applied.ticket.version, time_});
  }
  return applied;
}

Result<TicketId> Writer::next_id() {
  const TicketId first = first_ticket_id(local_day(time_, policy_.zone), options_.shard);
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
  if (before == nullptr) return {};
  const auto receipt = parse_receipt(command.receipt);
  bool matched = false;
  const auto kept = entries(&after, policy_.zone).queue;
  for (const auto& entry : entries(before, policy_.zone).queue) {
    if (std::ranges::binary_search(kept, entry)) continue;
    const LeaseKey key{before->id, entry.seq};
    const LeaseRecord* lease = memory_->queues.lease(key);
    if (lease == nullptr || !lease->leased_until) continue;
    const bool named = receipt && receipt->entry == key && receipt->nonce == lease->nonce;
    matched = matched || named;
    if (!named && lease->principal != command.actor.principal) {
      return fail(ErrorCode::leased_by_other,
                  fmt::format("the entry in queue {} is leased by another until {}", entry.queue,
                              format_rfc3339(*lease->leased_until, policy_.zone)));
    }
  }
  if (!command.receipt.empty() && !matched) {
    return fail(ErrorCode::stale_receipt,
                "this lease has ended, or the move does not consume it; lease the entry again");
  }
  return {};
}

// --- leases -------------------------------------------------------------------------------------

void Writer::handle(LeaseItem& item) {
  if (!memory_) return answer(std::move(item.reply), Result<std::vector<Lease>>());
  auto granted = grant(item.request);
  const bool nothing = granted && granted->empty();
  if (!nothing) return answer(std::move(item.reply), std::move(granted));
  if (memory_->queues.must_wait_for_refill(item.request.queue)) {
    again_.emplace_back(std::move(item));
    return;
  }
  if (!item.request.wait) return answer(std::move(item.reply), std::move(granted));
  if (memory_->queues.waiters() >= options_.waiters_max) {
    metrics_.overloads.add();
    return answer(
        std::move(item.reply),
        Result<std::vector<Lease>>(fail(
            ErrorCode::overloaded,
            fmt::format("{} requests wait already; poll without wait_s", options_.waiters_max))));
  }
  memory_->queues.wait(std::move(item));
}

void Writer::handle(CancelItem& item) {
  if (!memory_) return;
  if (auto waiter = memory_->queues.cancel(item.id)) {
    answer(std::move(waiter->reply), Result<std::vector<Lease>>(std::vector<Lease>{}));
  }
}

Result<std::vector<Lease>> Writer::grant(const LeaseRequest& request) {
  Queues& queues = memory_->queues;
  const std::uint64_t live = queues.live_leases(request.queue);
  if (live >= options_.leases_per_queue_max) {
    return fail(ErrorCode::overloaded,
                fmt::format("queue {} has {} live leases, its bound: act on them or release them",
                            request.queue, live));
  }
  const std::uint64_t room = options_.leases_per_queue_max - live;
  std::vector<Lease> out;
  while (out.size() < std::min<std::uint64_t>(request.max, room)) {
    const auto place = queues.take(request.queue);
    if (!place) break;
    const LeaseKey key{place->ticket, place->seq};
    const LeaseRecord* earlier = queues.lease(key);
    LeaseRecord record{request.queue,
                       request.actor.principal,
                       random_(),
                       time_ + request.lease,
                       (earlier ? earlier->delivery : 0) + 1,
                       false,
                       {},
                       place->order};
    queues.set_lease(key, record);
    work_->put_lease(key, record);
    metrics_.leases_granted.add();
    out.push_back({to_string(Receipt{key, record.nonce}), request.queue, key.ticket, key.seq,
                   *record.leased_until, record.delivery});
  }
  return out;
}

void Writer::serve_waiters() {
  Queues& queues = memory_->queues;
  for (const auto& queue : queues.takeable()) {
    while (queues.has_ready(queue) && queues.live_leases(queue) < options_.leases_per_queue_max) {
      auto waiter = queues.next_waiter(queue);
      if (!waiter) break;
      answer(std::move(waiter->reply), grant(waiter->request));
    }
  }
}

void Writer::handle(LeaseMoveItem& item) {
  if (!memory_) return answer(std::move(item.reply), Result<Lease>());
  answer(std::move(item.reply), move_lease(item.move));
}

Result<Lease> Writer::move_lease(const LeaseMove& move) {
  const auto receipt = parse_receipt(move.receipt);
  const LeaseRecord* found = receipt ? memory_->queues.lease(receipt->entry) : nullptr;
  const bool live = found != nullptr && found->leased_until && found->nonce == receipt->nonce &&
                    found->principal == move.actor.principal;
  if (!live) {
    return fail(ErrorCode::stale_receipt,
                "no live lease of yours has this receipt: it expired, was ended or consumed");
  }
  const LeaseKey key = receipt->entry;
  LeaseRecord record = *found;
  Lease lease{move.receipt, record.queue, key.ticket, key.seq, time_, record.delivery};
  if (move.kind == LeaseMoveKind::extend) {
    record.leased_until = time_ + move.lease;
    memory_->queues.set_lease(key, record);
    work_->put_lease(key, record);
    lease.leased_until = *record.leased_until;
    return lease;
  }
  if (move.kind == LeaseMoveKind::release)
    --record.delivery;
  else
    record.reason = move.reason;
  metrics_.leases_ended.add();
  end_lease(key, std::move(record));
  return lease;
}

/// The entry goes back to its queue; one that was handed out too often without result is put aside
/// for a person to look at.
void Writer::end_lease(const LeaseKey& key, LeaseRecord record) {
  record.leased_until.reset();
  record.dead = record.delivery >= options_.deliveries_max;
  if (record.dead) metrics_.dead_letters.add();
  memory_->queues.end_lease(key, record);
  work_->put_lease(key, record);
}

// --- looking and small changes ------------------------------------------------------------------

void Writer::handle(StatsItem& item) {
  if (!memory_) return answer(std::move(item.reply), Result<std::vector<QueueStats>>());
  std::vector<std::string> names;
  if (item.queue)
    names.push_back(*item.queue);
  else
    names = memory_->queues.names();
  std::vector<QueueStats> out;
  out.reserve(names.size());
  for (const auto& name : names) out.push_back(memory_->queues.stats(name, time_));
  answer(std::move(item.reply), Result<std::vector<QueueStats>>(std::move(out)));
}

void Writer::handle(DeadLettersItem& item) {
  if (!memory_) return answer(std::move(item.reply), Result<std::vector<DeadLetter>>());
  constexpr std::size_t listed_max = 1'000;
  answer(std::move(item.reply),
         Result<std::vector<DeadLetter>>(memory_->queues.dead_letters(listed_max)));
}

void Writer::handle(RedriveItem& item) {
  if (!memory_) return answer(std::move(item.reply), Result<DeadLetter>());
  const LeaseKey key{item.ticket, item.seq};
  const LeaseRecord* found = memory_->queues.lease(key);
  if (found == nullptr || !found->dead) {
    return answer(std::move(item.reply),
                  Result<DeadLetter>(fail(ErrorCode::not_found, "there is no such dead letter")));
  }
  LeaseRecord record = *found;
  DeadLetter letter{record.queue, key.ticket, key.seq, record.delivery, record.reason};
  record.delivery = 0;
  end_lease(key, std::move(record));
  answer(std::move(item.reply), Result<DeadLetter>(std::move(letter)));
}

void Writer::handle(AuditItem& item) {
  if (!memory_) return answer(std::move(item.reply), Result<std::monostate>());
  const AuditRecord& record = item.record;
  const AuditEntry entry{time_,         record.actor.principal, record.actor.person,
                         record.action, record.ticket,          record.request_id};
  work_->batch().put(Space::audit, audit_key({time_, memory_->audit_sequence++}), encode(entry));
  answer(std::move(item.reply), Result<std::monostate>(std::monostate{}));
}

// --- time ---------------------------------------------------------------------------------------

void Writer::handle(AdvanceItem& item) {
  if (!memory_) return answer(std::move(item.reply), Result<Time>());
  advances_.push_back(std::move(item));
}

std::optional<Time> Writer::next_due() const {
  std::optional<Time> due;
  if (!memory_->timers.empty()) due = memory_->timers.front().due;
  if (const auto expiry = memory_->queues.first_expiry()) {
    due = due ? std::min(*due, expiry->first) : expiry->first;
  }
  return due;
}

void Writer::fire_due(Time limit, bool at_own_moment) {
  for (std::size_t fired = 0; fired < due_per_batch_max && !broken_; ++fired) {
    const auto due = next_due();
    if (!due || *due > limit) return;
    if (at_own_moment) time_ = std::max(time_, *due);
    const auto expiry = memory_->queues.first_expiry();
    if (expiry && expiry->first == *due) {
      metrics_.leases_expired.add();
      end_lease(expiry->second, *memory_->queues.lease(expiry->second));
    } else {
      fire(memory_->timers.front());
    }
  }
}

void Writer::fire(const TimerKey& timer) {
  const TimerKey due = timer;
  Command tick{due.ticket, Tick{}, {"engine", "", nullptr}, std::nullopt, std::nullopt, ""};
  const auto changed = execute(tick);
  // A timer that its ticket does not clear would fire for ever; `check` finds it in the store.
  memory_->timers.erase(due);
  if (changed) {
    metrics_.deadlines_passed.add();
    return;
  }
  spdlog::error("timer of ticket {} did not fire: {}", to_string(due.ticket),
                changed.error().detail);
  if (changed.error().code == ErrorCode::unavailable) broken_ = changed.error();
}

void Writer::advance_to(Time to) {
  for (auto due = next_due(); due && *due <= to; due = next_due()) {
    begin(memory_->last_time);
    fire_due(to, true);
    serve_waiters();
    if (!commit(true)) return;
  }
  begin(std::max(memory_->last_time, to));
  commit(true);
}

/// Drops idempotency keys whose time is over, some each batch, once around an hour.
void Writer::sweep_idempotency() {
  if (time_ < next_sweep_) return;
  std::size_t seen = 0;
  const std::string from = std::exchange(sweep_from_, {});
  auto scanned =
      store_.scan(Space::idempotency, from, {}, [&](std::string_view key, std::string_view value) {
        if (++seen > sweep_per_batch_max) {
          sweep_from_ = key;
          return false;
        }
        const auto record = decode_idempotency(value);
        if (record && record->at + options_.idempotency_kept <= time_) {
          work_->batch().erase(Space::idempotency, std::string(key));
        }
        return true;
      });
  if (!scanned) broken_ = scanned.error();
  if (sweep_from_.empty()) next_sweep_ = time_ + sweep_pause;
}

}  // namespace hotline

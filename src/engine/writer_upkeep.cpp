// Of the writer: what it does by itself. Due clocks, ended leases, follow-up work on other tickets,
// and the sweep of old keys.

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "engine/writer.hpp"

namespace hotline {
namespace {

constexpr std::size_t due_per_batch_max = 256;
constexpr std::size_t sweep_per_batch_max = 500;
constexpr std::size_t follow_ups_per_batch_max = 256;
constexpr Duration sweep_pause = std::chrono::hours{1};

}  // namespace

// --- follow-up work on other tickets -------------------------------------------------------------

void Writer::handle(RecallItem& item) {
  // The lists of the departments are read from the store.
  if (!memory_ || !ship_and_settle() || !open_batch()) {
    return answer(std::move(item.reply), Result<std::size_t>());
  }
  const auto working = working_departments();
  if (!working)
    return answer(std::move(item.reply), Result<std::size_t>(tl::make_unexpected(working.error())));
  known_ = std::move(item.known);
  std::size_t found = 0;
  for (const auto& department : *working) {
    if (known_->contains(department)) continue;
    ++found;
    plan_recall(department);
  }
  answer(std::move(item.reply), Result<std::size_t>(found));
}

void Writer::plan(OutboxRecord task) {
  const std::uint64_t sequence = memory_->outbox.empty() ? 1 : memory_->outbox.rbegin()->first + 1;
  work_->batch().put(Space::outbox, outbox_key(sequence), encode(task));
  memory_->outbox.emplace(sequence, std::move(task));
}

void Writer::plan_recall(const std::string& department) {
  const OutboxRecord task{department};
  const bool planned =
      std::ranges::any_of(memory_->outbox, [&](const auto& entry) { return entry.second == task; });
  if (!planned) plan(task);
}

/// A redo goes to whoever led before, and a command may have been checked against an older
/// catalogue: neither may leave a ticket where nobody looks.
void Writer::recall_if_unknown(const Ticket& ticket) {
  if (!known_) return;
  for (const auto& assignment : ticket.assignments) {
    if (!assignment.ending && !known_->contains(assignment.department)) {
      plan_recall(assignment.department);
    }
  }
}

Result<std::set<std::string>> Writer::working_departments() const {
  std::set<std::string> found;
  for (auto& name : memory_->queues.names()) found.insert(std::move(name));
  for (const auto centre : centre_queues) found.erase(std::string(centre));
  // From one department's list to the next, however long each is.
  std::string from;
  for (bool more = true; more;) {
    more = false;
    auto scanned = store_.scan(Space::work, from, {}, [&](std::string_view key, std::string_view) {
      if (const auto entry = parse_work_key(key)) {
        found.insert(entry->department);
        from = work_range(entry->department).to;
        more = !from.empty();
      }
      return false;
    });
    if (!scanned) return tl::make_unexpected(scanned.error());
  }
  return found;
}

Result<std::set<TicketId>> Writer::tickets_of(const std::string& department) const {
  std::set<TicketId> found;
  const auto take = [&found](std::optional<TicketId> ticket) {
    if (ticket) found.insert(*ticket);
    return found.size() < follow_ups_per_batch_max;
  };
  const KeyRange queue = queue_range(department);
  auto scanned = store_.scan(Space::queue, queue.from, queue.to, [&](std::string_view key, auto) {
    const auto entry = parse_queue_key(key);
    return take(entry ? std::optional(entry->ticket) : std::nullopt);
  });
  if (!scanned) return tl::make_unexpected(scanned.error());
  const KeyRange work = work_range(department);
  scanned = store_.scan(Space::work, work.from, work.to, [&](std::string_view key, auto) {
    const auto entry = parse_work_key(key);
    return take(entry ? std::optional(entry->ticket) : std::nullopt);
  });
  if (!scanned) return tl::make_unexpected(scanned.error());
  return found;
}

void Writer::follow_up() {
  if (memory_->outbox.empty()) return;
  const auto [sequence, task] = *memory_->outbox.begin();
  if (task.recompute)
    recompute_some(sequence, *task.recompute);
  else
    recall_some(sequence, task.recall_department);
}

void Writer::recall_some(std::uint64_t sequence, const std::string& department) {
  const auto tickets = tickets_of(department);
  if (!tickets) {
    broken_ = tickets.error();
    return;
  }
  bool moved = false;
  for (const TicketId ticket : *tickets) {
    const auto done = execute_own(ticket, Recall{department});
    moved = moved || done;
    if (!done)
      spdlog::error("ticket {} was not recalled: {}", to_string(ticket), done.error().detail);
  }
  if (moved) return;
  memory_->outbox.erase(sequence);
  // What could not be moved stays in the store as a task: the next start tries again.
  if (tickets->empty()) work_->batch().erase(Space::outbox, outbox_key(sequence));
}

Result<Applied> Writer::execute_own(TicketId ticket, Move move) {
  Command command{ticket, std::move(move), {"engine", "", nullptr}, std::nullopt, std::nullopt, ""};
  auto done = execute(command);
  if (done) metrics_.moves[command.move.index()].add();
  return done;
}

// --- rules and calendar --------------------------------------------------------------------------

void Writer::handle(DeadlinesItem& item) {
  auto changed = std::make_shared<Policy>(*policy_);
  changed->deadlines = std::move(item.deadlines);
  {
    const std::lock_guard lock(policy_mutex_);
    policy_ = std::move(changed);
  }
  warned_years_.clear();
  if (!memory_) return answer(std::move(item.reply), Result<bool>());  // noted when it is read anew
  answer(std::move(item.reply), Result<bool>(note_deadlines()));
}

bool Writer::note_deadlines() {
  const std::uint64_t fingerprint = policy_->deadlines->fingerprint();
  if (memory_->deadlines == fingerprint) return false;
  const bool first = !std::exchange(memory_->deadlines, fingerprint);
  work_->batch().put(Space::meta, meta_key(meta_deadlines), encode(DeadlinesMark{fingerprint}));
  if (first) return false;  // nothing was counted by others
  // A walk that is under way was about rules that hold no more.
  std::erase_if(memory_->outbox, [&](const auto& entry) {
    if (!entry.second.recompute) return false;
    work_->batch().erase(Space::outbox, outbox_key(entry.first));
    return true;
  });
  plan({{}, RecomputeTask{}});
  return true;
}

void Writer::note_provisional(const std::vector<Event>& events) {
  const Calendar& calendar = policy_->deadlines->calendar();
  const auto note = [&](Time due) {
    const Day day = local_day(due, policy_->zone);
    if (calendar.is_published(day)) return;
    metrics_.deadlines_provisional.add();
    const auto year = std::chrono::year_month_day(day).year();
    if (!warned_years_.insert(year).second) return;
    spdlog::warn("deadlines of {} are provisional: the calendar has no notice of its holidays yet",
                 static_cast<int>(year));
  };
  for (const auto& event : events) {
    if (const auto* made = std::get_if<Dispatched>(&event)) note(made->assignment.resolve_deadline);
    if (const auto* moved = std::get_if<DeadlinesMoved>(&event)) note(moved->due.resolve);
  }
}

Result<std::set<TicketId>> Writer::open_tickets(std::optional<RecomputeTask>& task) const {
  std::set<TicketId> found;
  std::optional<std::string> next;
  const auto visit = [&](std::string_view key, std::string_view) {
    if (found.size() >= follow_ups_per_batch_max) {
      next = key;
      return false;
    }
    if (task->listed) {
      if (const auto entry = parse_work_key(key)) found.insert(entry->ticket);
    } else {
      if (const auto entry = parse_queue_key(key)) found.insert(entry->ticket);
    }
    return true;
  };
  const Space space = task->listed ? Space::work : Space::queue;
  if (auto scanned = store_.scan(space, task->from, {}, visit); !scanned)
    return tl::make_unexpected(scanned.error());
  if (next)
    task->from = std::move(*next);
  else if (task->listed)
    task.reset();
  else
    task = RecomputeTask{true, {}};
  return found;
}

void Writer::recompute_some(std::uint64_t sequence, RecomputeTask task) {
  std::optional<RecomputeTask> rest = std::move(task);
  const auto tickets = open_tickets(rest);
  if (!tickets) {
    broken_ = tickets.error();
    return;
  }
  for (const TicketId ticket : *tickets) {
    const auto done = execute_own(ticket, Recompute{});
    if (done || done.error().code == ErrorCode::wrong_state) continue;  // nothing moved
    spdlog::error("the deadlines of ticket {} were not counted anew: {}", to_string(ticket),
                  done.error().detail);
  }
  if (rest) {
    OutboxRecord record{{}, std::move(rest)};
    work_->batch().put(Space::outbox, outbox_key(sequence), encode(record));
    memory_->outbox[sequence] = std::move(record);
  } else {
    work_->batch().erase(Space::outbox, outbox_key(sequence));
    memory_->outbox.erase(sequence);
    spdlog::info("the open deadlines are counted by the rules and the calendar in force");
  }
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
    ++batch_items_;
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
  const auto changed = execute_own(due.ticket, Tick{});
  // A timer that its ticket does not clear would fire for ever; `check` finds it in the store.
  memory_->timers.erase(due);
  if (changed) return;
  spdlog::error("timer of ticket {} did not fire: {}", to_string(due.ticket),
                changed.error().detail);
  if (changed.error().code == ErrorCode::unavailable) broken_ = changed.error();
}

void Writer::advance_to(Time to) {
  for (auto due = next_due(); due && *due <= to; due = next_due()) {
    begin(memory_->last_time);
    fire_due(to, true);
    serve_waiters();
    if (!ship(true) || !settle()) return;
  }
  begin(std::max(memory_->last_time, to));
  if (ship(true)) settle();
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

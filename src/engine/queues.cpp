#include "engine/queues.hpp"

#include <algorithm>

namespace hotline {

void MinuteCounts::remove(Time time) {
  const auto found = counts_.find(minute(time));
  if (found != counts_.end() && --found->second == 0) counts_.erase(found);
}

std::uint64_t MinuteCounts::before(Time time) const {
  std::uint64_t sum = 0;
  const auto end = counts_.lower_bound(minute(time));
  for (auto it = counts_.begin(); it != end; ++it) sum += it->second;
  return sum;
}

std::optional<Time> MinuteCounts::oldest() const {
  if (counts_.empty()) return std::nullopt;
  return Time{counts_.begin()->first};
}

Queues::Queue& Queues::queue(const std::string& name) {
  return queues_.try_emplace(name, window_entries_).first->second;
}

bool Queues::held(const LeaseKey& key) const {
  const LeaseRecord* record = lease(key);
  return record != nullptr && (record->leased_until || record->dead);
}

void Queues::count_held(const LeaseRecord& record, int direction) {
  Queue& in = queue(record.queue);
  const auto step = static_cast<std::uint64_t>(direction);  // wraps for -1, which subtracts
  if (record.leased_until) in.leased += step;
  if (record.dead) in.dead += step;
}

void Queues::became_ready(const std::string& name, const Queue& in) {
  if (!in.waiters.empty()) takeable_.insert(name);
}

void Queues::forget_if_empty(const std::string& name) {
  const auto found = queues_.find(name);
  if (found == queues_.end()) return;
  if (found->second.depth == 0 && found->second.waiters.empty()) {
    queues_.erase(found);
    low_.erase(name);
  }
}

void Queues::load(const LeaseKey& key, LeaseRecord record) {
  if (record.leased_until) expiries_.emplace(*record.leased_until, key);
  count_held(record, 1);
  leases_.emplace(key, std::move(record));
}

void Queues::load(const QueueKey& key, const QueueValue& value) {
  add(key.ticket, {key.queue, key.order, key.seq, value.since});
}

void Queues::add(TicketId ticket, const QueueEntry& entry) {
  Queue& in = queue(entry.queue);
  ++in.depth;
  in.since.add(entry.since);
  in.order.add(entry.order);
  if (held({ticket, entry.seq})) return;
  in.ready.insert({entry.order, ticket, entry.seq});
  became_ready(entry.queue, in);
}

bool Queues::remove(TicketId ticket, const QueueEntry& entry) {
  Queue& in = queue(entry.queue);
  --in.depth;
  in.since.remove(entry.since);
  in.order.remove(entry.order);
  in.ready.erase({entry.order, ticket, entry.seq});
  low_.insert(entry.queue);
  const auto record = leases_.find({ticket, entry.seq});
  const bool had_lease = record != leases_.end();
  if (had_lease) {
    count_held(record->second, -1);
    if (record->second.leased_until) expiries_.erase({*record->second.leased_until, record->first});
    leases_.erase(record);
  }
  forget_if_empty(entry.queue);
  return had_lease;
}

const LeaseRecord* Queues::move(TicketId ticket, const QueueEntry& from, const QueueEntry& to) {
  const LeaseKey key{ticket, from.seq};
  std::optional<LeaseRecord> kept;
  if (const LeaseRecord* found = lease(key)) kept = *found;
  remove(ticket, from);
  if (kept) {
    kept->order = to.order;
    load(key, std::move(*kept));
  }
  add(ticket, to);
  return lease(key);
}

std::optional<QueuePlace> Queues::take(const std::string& name) {
  const auto found = queues_.find(name);
  if (found == queues_.end() || found->second.ready.empty()) return std::nullopt;
  low_.insert(name);
  return found->second.ready.take_front();
}

bool Queues::has_ready(const std::string& name) const {
  const auto found = queues_.find(name);
  return found != queues_.end() && !found->second.ready.empty();
}

bool Queues::must_wait_for_refill(const std::string& name) const {
  const auto found = queues_.find(name);
  return found != queues_.end() && found->second.ready.empty() &&
         found->second.ready.wants_refill();
}

const LeaseRecord* Queues::lease(const LeaseKey& key) const {
  const auto found = leases_.find(key);
  return found == leases_.end() ? nullptr : &found->second;
}

void Queues::set_lease(const LeaseKey& key, const LeaseRecord& record) {
  const auto [it, fresh] = leases_.try_emplace(key, record);
  if (!fresh) {
    count_held(it->second, -1);
    if (it->second.leased_until) expiries_.erase({*it->second.leased_until, key});
    it->second = record;
  }
  count_held(record, 1);
  expiries_.emplace(*record.leased_until, key);
}

void Queues::end_lease(const LeaseKey& key, const LeaseRecord& record) {
  LeaseRecord& kept = leases_.at(key);
  count_held(kept, -1);
  if (kept.leased_until) expiries_.erase({*kept.leased_until, key});
  kept = record;
  count_held(record, 1);
  if (record.dead) return;
  Queue& in = queue(record.queue);
  in.ready.insert({record.order, key.ticket, key.seq});
  became_ready(record.queue, in);
}

std::optional<std::pair<Time, LeaseKey>> Queues::first_expiry() const {
  if (expiries_.empty()) return std::nullopt;
  return *expiries_.begin();
}

void Queues::wait(LeaseItem item) {
  const std::string name = item.request.queue;
  waiting_in_.emplace(item.id, name);
  Queue& in = queue(name);
  in.waiters.push_back(std::move(item));
}

std::optional<LeaseItem> Queues::cancel(Engine::WaitId id) {
  const auto where = waiting_in_.find(id);
  if (where == waiting_in_.end()) return std::nullopt;
  const std::string name = where->second;
  waiting_in_.erase(where);
  auto& waiters = queue(name).waiters;
  const auto found = std::ranges::find(waiters, id, &LeaseItem::id);
  LeaseItem item = std::move(*found);
  waiters.erase(found);
  forget_if_empty(name);
  return item;
}

std::vector<std::string> Queues::takeable() {
  std::vector<std::string> names(takeable_.begin(), takeable_.end());
  takeable_.clear();
  return names;
}

std::optional<LeaseItem> Queues::next_waiter(const std::string& name) {
  const auto found = queues_.find(name);
  if (found == queues_.end() || found->second.waiters.empty()) return std::nullopt;
  LeaseItem item = std::move(found->second.waiters.front());
  found->second.waiters.pop_front();
  waiting_in_.erase(item.id);
  return item;
}

std::vector<LeaseItem> Queues::all_waiters() {
  std::vector<LeaseItem> all;
  for (auto& [name, in] : queues_) {
    for (auto& waiter : in.waiters) all.push_back(std::move(waiter));
    in.waiters.clear();
  }
  waiting_in_.clear();
  return all;
}

std::uint64_t Queues::live_leases(const std::string& name) const {
  const auto found = queues_.find(name);
  return found == queues_.end() ? 0 : found->second.leased;
}

QueueStats Queues::stats(const std::string& name, Time now) const {
  QueueStats out;
  out.queue = name;
  const auto found = queues_.find(name);
  if (found == queues_.end()) return out;
  const Queue& in = found->second;
  out.depth = in.depth;
  out.leased = in.leased;
  out.dead_letters = in.dead;
  out.overdue = in.order.before(now);
  out.oldest = in.since.oldest();
  out.waiters = in.waiters.size();
  return out;
}

std::vector<std::string> Queues::names() const {
  std::vector<std::string> out;
  for (const auto& [name, in] : queues_) out.push_back(name);
  return out;
}

std::vector<DeadLetter> Queues::dead_letters(std::size_t max) const {
  std::vector<DeadLetter> out;
  for (const auto& [key, record] : leases_) {
    if (out.size() >= max) break;
    if (record.dead) {
      out.push_back({record.queue, key.ticket, key.seq, record.delivery, record.reason});
    }
  }
  return out;
}

bool Queues::wants_refill() {
  std::erase_if(low_, [this](const std::string& name) {
    const auto found = queues_.find(name);
    return found == queues_.end() || !found->second.ready.wants_refill();
  });
  return !low_.empty();
}

Result<void> Queues::refill(const StoreReader& store) {
  const std::set<std::string> low = std::exchange(low_, {});
  for (const auto& name : low) {
    const auto found = queues_.find(name);
    if (found == queues_.end() || !found->second.ready.wants_refill()) continue;
    const auto scan = [&](const QueuePlace& from,
                          const std::function<bool(const QueuePlace&)>& visit) {
      const std::string begin = queue_key({name, from.order, from.ticket, from.seq});
      return store.scan(Space::queue, begin, queue_range(name).to,
                        [&](std::string_view key, std::string_view) {
                          const auto parsed = parse_queue_key(key);
                          return parsed && visit({parsed->order, parsed->ticket, parsed->seq});
                        });
    };
    const auto keep = [&](const QueuePlace& place) { return !held({place.ticket, place.seq}); };
    if (auto done = found->second.ready.refill(scan, keep); !done) return done;
    if (!found->second.ready.empty()) became_ready(name, found->second);
  }
  return {};
}

}  // namespace hotline

#include "engine/work.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hotline {
namespace {

std::string fetched_key(Space space, std::string_view key) {
  std::string out(1, static_cast<char>(space));
  out.append(key);
  return out;
}

/// Calls `gone` for what is only in `before` and `come` for what is only in `after`; both sorted.
template <typename T, typename Gone, typename Come>
void difference(const std::vector<T>& before, const std::vector<T>& after, Gone gone, Come come) {
  for (const T& entry : before) {
    if (!std::ranges::binary_search(after, entry)) gone(entry);
  }
  for (const T& entry : after) {
    if (!std::ranges::binary_search(before, entry)) come(entry);
  }
}

Result<std::optional<std::string>> read_one(const StoreReader& store, Space space,
                                            const std::string& key) {
  const std::array<Key, 1> keys{Key{space, key}};
  auto values = store.multi_get(keys);
  if (!values) return tl::make_unexpected(values.error());
  return std::move(values->front());
}

}  // namespace

Result<CounterRow*> CounterRows::touch(const StoreReader& store, const std::string& key) {
  const auto found = rows_.find(key);
  if (found != rows_.end()) return mark(*found);
  auto stored = read_one(store, Space::counter, key);
  if (!stored) return tl::make_unexpected(stored.error());
  CounterRow row;
  if (*stored) {
    auto decoded = decode_counter_row(**stored);
    if (!decoded) return tl::make_unexpected(decoded.error());
    row = std::move(*decoded);
  }
  return mark(*rows_.emplace(key, Row{std::move(row), false}).first);
}

CounterRow* CounterRows::mark(Rows::value_type& entry) {
  if (!std::exchange(entry.second.touched, true)) touched_.push_back(&entry);
  return &entry.second.figures;
}

void CounterRows::write(Batch& batch) {
  // In the order of their keys each finds its place in the store's memory beside the one before.
  std::ranges::sort(touched_, {}, &Rows::value_type::first);
  for (Rows::value_type* entry : touched_) {
    auto& [key, row] = *entry;
    row.touched = false;
    if (row.figures.cells().empty())
      batch.erase(Space::counter, key);
    else
      batch.put(Space::counter, key, encode(row.figures));
  }
  touched_.clear();
}

void CounterRows::trim() {
  if (wants_trim()) rows_.clear();
}

Result<void> Work::fetch() {
  if (expected_.empty()) return {};
  auto values = store_.multi_get(expected_);
  if (!values) return tl::make_unexpected(values.error());
  for (std::size_t i = 0; i < expected_.size(); ++i) {
    fetched_.insert_or_assign(fetched_key(expected_[i].space, expected_[i].bytes),
                              std::move((*values)[i]));
  }
  expected_.clear();
  return {};
}

Result<std::optional<std::string>> Work::get(Space space, const std::string& key) {
  const auto found = fetched_.find(fetched_key(space, key));
  if (found != fetched_.end()) return found->second;
  return read_one(store_, space, key);
}

template <typename Map>
const typename Map::mapped_type* Work::recall(Map Work::*known,
                                              const typename Map::key_type& key) const {
  const Map& own = this->*known;
  if (const auto found = own.find(key); found != own.end()) return &found->second;
  return before_ ? before_->recall(known, key) : nullptr;
}

Result<const Ticket*> Work::ticket(TicketId id) {
  if (const Ticket* known = recall(&Work::tickets_, id)) return known;
  auto stored = get(Space::ticket, ticket_key(id));
  if (!stored) return tl::make_unexpected(stored.error());
  if (!*stored) return nullptr;
  auto decoded = decode_ticket(**stored);
  if (!decoded) return tl::make_unexpected(decoded.error());
  return &tickets_.emplace(id, std::move(*decoded)).first->second;
}

Result<const Personal*> Work::personal(TicketId id) {
  if (const Personal* known = recall(&Work::personals_, id)) return known;
  auto stored = get(Space::personal, personal_key(id));
  if (!stored) return tl::make_unexpected(stored.error());
  if (!*stored) return nullptr;
  auto decoded = decode_personal(**stored);
  if (!decoded) return tl::make_unexpected(decoded.error());
  return &personals_.emplace(id, std::move(*decoded)).first->second;
}

Result<Ticket> Work::ticket_at(TicketId id, std::uint32_t version) {
  std::vector<Change> story;
  std::optional<Error> broken;
  const KeyRange range = event_range(id);
  auto scanned = store_.scan(Space::event, range.from, range.to, [&](auto, std::string_view value) {
    auto change = decode_change(value);
    if (!change)
      broken = change.error();
    else
      story.push_back(std::move(*change));
    return !broken && story.size() < version;
  });
  if (!scanned) return tl::make_unexpected(scanned.error());
  if (broken) return tl::make_unexpected(*broken);
  // The batch before may have reached the store in the meantime.
  const auto append = [&](const Work& work) {
    const auto fresh = work.new_changes_.find(id);
    if (fresh == work.new_changes_.end()) return;
    for (const Change& change : fresh->second) {
      const bool next = change.version == story.size() + 1;
      if (next && story.size() < version) story.push_back(change);
    }
  };
  if (before_) append(*before_);
  append(*this);
  return replay(story);
}

Result<std::optional<IdempotencyRecord>> Work::idempotency(const std::string& key) {
  if (const auto* known = recall(&Work::idempotency_, key)) return *known;
  auto stored = get(Space::idempotency, key);
  if (!stored) return tl::make_unexpected(stored.error());
  if (!*stored) return std::nullopt;
  return decode_idempotency(**stored).map([](auto record) { return std::optional(record); });
}

void Work::remember(const std::string& key, const IdempotencyRecord& record) {
  idempotency_.insert_or_assign(key, record);
  batch_.put(Space::idempotency, key, encode(record));
}

Result<std::optional<SourceRecord>> Work::source(const std::string& key) {
  if (const auto* known = recall(&Work::sources_, key)) return *known;
  auto stored = get(Space::source, key);
  if (!stored) return tl::make_unexpected(stored.error());
  if (!*stored) return std::nullopt;
  return decode_source(**stored).map([](auto record) { return std::optional(record); });
}

void Work::remember(const std::string& key, const SourceRecord& record) {
  sources_.insert_or_assign(key, record);
  batch_.put(Space::source, key, encode(record));
}

void Work::change_queue(TicketId id, const Entries& before, const Entries& after) {
  const auto key = [&](const QueueEntry& entry) {
    return queue_key({entry.queue, entry.order, id, entry.seq});
  };
  const auto same_place = [](const std::vector<QueueEntry>& entries, const QueueEntry& entry) {
    const auto found = std::ranges::find_if(entries, [&](const QueueEntry& one) {
      return one.queue == entry.queue && one.seq == entry.seq;
    });
    return found == entries.end() ? nullptr : &*found;
  };
  difference(
      before.queue, after.queue,
      [&](const QueueEntry& entry) {
        batch_.erase(Space::queue, key(entry));
        const LeaseKey lease{id, entry.seq};
        if (const QueueEntry* moved = same_place(after.queue, entry)) {
          const LeaseRecord* kept = memory_.queues.move(id, entry, *moved);
          if (kept != nullptr) put_lease(lease, *kept);
        } else if (memory_.queues.remove(id, entry)) {
          batch_.erase(Space::lease, lease_key(lease));
        }
      },
      [&](const QueueEntry& entry) {
        batch_.put(Space::queue, key(entry), encode(QueueValue{entry.since}));
        if (same_place(before.queue, entry) == nullptr) memory_.queues.add(id, entry);
      });
}

void Work::change_timer(TicketId id, const Entries& before, const Entries& after) {
  if (before.timer == after.timer) return;
  if (before.timer) {
    batch_.erase(Space::timer, timer_key({*before.timer, id}));
    memory_.timers.erase({*before.timer, id});
  }
  if (after.timer) {
    batch_.put(Space::timer, timer_key({*after.timer, id}), {});
    memory_.timers.insert({*after.timer, id});
  }
}

void Work::change_work(TicketId id, const Entries& before, const Entries& after) {
  const auto key = [&](const WorkEntry& entry) {
    return work_key({entry.department, entry.resolve_deadline, id, entry.seq});
  };
  difference(
      before.work, after.work,
      [&](const WorkEntry& entry) { batch_.erase(Space::work, key(entry)); },
      [&](const WorkEntry& entry) { batch_.put(Space::work, key(entry), {}); });
}

Result<void> Work::change_counters(const Contributions& before, const Contributions& after) {
  Result<void> done;
  recount(before, after, [&](const CounterKey& key) -> CounterRow* {
    auto row = memory_.counters.touch(store_, counter_key(key));
    if (row) return *row;
    done = tl::make_unexpected(row.error());
    return nullptr;
  });
  return done;
}

Result<void> Work::change(const Ticket* before, Ticket after, Change change,
                          std::optional<Personal> personal) {
  const TicketId id = after.id;
  const Entries old_entries = entries(before, zone_);
  const Entries new_entries = entries(&after, zone_);
  if (auto done = change_counters(old_entries.counters, new_entries.counters); !done) return done;
  change_queue(id, old_entries, new_entries);
  change_timer(id, old_entries, new_entries);
  change_work(id, old_entries, new_entries);
  batch_.put(Space::ticket, ticket_key(id), encode(after));
  batch_.put(Space::event, event_key({id, after.version}), encode(change));
  if (personal) {
    batch_.put(Space::personal, personal_key(id), encode(*personal));
    personals_.insert_or_assign(id, std::move(*personal));
  }
  tickets_.insert_or_assign(id, std::move(after));
  new_changes_[id].push_back(std::move(change));
  return {};
}

}  // namespace hotline

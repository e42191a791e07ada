#include "storage/memory_store.hpp"

#include <algorithm>
#include <mutex>

namespace hotline {
namespace {

// A scan takes the lock anew for each such piece, so that it does not hold up the writer.
constexpr std::size_t piece_entries = 64;

using Entries = std::vector<std::pair<std::string, std::string>>;

}  // namespace

/// The store as it was after one commit.
class MemoryStore::View final : public StoreReader {
 public:
  explicit View(const MemoryStore& store) : store_(store) {
    const std::unique_lock lock(store_.mutex_);
    pin_ = store_.pins_.insert(store_.last_);
  }
  ~View() override {
    const std::unique_lock lock(store_.mutex_);
    store_.pins_.erase(pin_);
  }
  View(const View&) = delete;
  View& operator=(const View&) = delete;

  Result<std::vector<std::optional<std::string>>> multi_get(
      std::span<const Key> keys) const override {
    const std::shared_lock lock(store_.mutex_);
    return store_.get(keys, *pin_);
  }

  Result<void> scan(Space space, std::string_view from, std::string_view to,
                    const Visit& visit) const override {
    std::string next(from);
    for (;;) {
      const auto entries = piece(space, next, to);
      if (!show(entries, visit)) return {};
      next = entries.back().first + '\0';
    }
  }

  Result<void> scan_back(Space space, std::string_view from, std::string_view to,
                         const Visit& visit) const override {
    std::string end(to);
    for (;;) {
      const auto entries = piece_back(space, from, end);
      if (!show(entries, visit)) return {};
      end = entries.back().first;
      if (end.empty()) return {};
    }
  }

 private:
  static bool show(const Entries& entries, const Visit& visit) {
    if (entries.empty()) return false;
    return std::all_of(entries.begin(), entries.end(),
                       [&](const auto& entry) { return visit(entry.first, entry.second); });
  }

  Entries piece(Space space, std::string_view from, std::string_view to) const {
    const std::shared_lock lock(store_.mutex_);
    const auto& table = store_.tables_[static_cast<std::size_t>(space)];
    Entries entries;
    for (auto at = table.lower_bound(from); at != table.end(); ++at) {
      if ((!to.empty() && at->first >= to) || entries.size() == piece_entries) break;
      if (const auto* value = visible(at->second, *pin_)) entries.emplace_back(at->first, *value);
    }
    return entries;
  }

  Entries piece_back(Space space, std::string_view from, std::string_view to) const {
    const std::shared_lock lock(store_.mutex_);
    const auto& table = store_.tables_[static_cast<std::size_t>(space)];
    Entries entries;
    auto at = to.empty() ? table.end() : table.lower_bound(to);
    while (at != table.begin()) {
      --at;
      if (at->first < from || entries.size() == piece_entries) break;
      if (const auto* value = visible(at->second, *pin_)) entries.emplace_back(at->first, *value);
    }
    return entries;
  }

  const MemoryStore& store_;
  std::multiset<Sequence>::const_iterator pin_;
};

const std::string* MemoryStore::visible(const Versions& versions, Sequence at) {
  const auto after = std::find_if(versions.rbegin(), versions.rend(),
                                  [at](const Version& version) { return version.since <= at; });
  if (after == versions.rend() || !after->value) return nullptr;
  return &*after->value;
}

std::vector<std::optional<std::string>> MemoryStore::get(std::span<const Key> keys,
                                                         Sequence at) const {
  std::vector<std::optional<std::string>> values(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto& table = tables_[static_cast<std::size_t>(keys[i].space)];
    const auto found = table.find(keys[i].bytes);
    if (found == table.end()) continue;
    if (const auto* value = visible(found->second, at)) values[i] = *value;
  }
  return values;
}

Result<std::vector<std::optional<std::string>>> MemoryStore::multi_get(
    std::span<const Key> keys) const {
  const std::shared_lock lock(mutex_);
  return get(keys, last_);
}

Result<void> MemoryStore::scan(Space space, std::string_view from, std::string_view to,
                               const Visit& visit) const {
  return View(*this).scan(space, from, to, visit);
}

Result<void> MemoryStore::scan_back(Space space, std::string_view from, std::string_view to,
                                    const Visit& visit) const {
  return View(*this).scan_back(space, from, to, visit);
}

Result<Epoch> MemoryStore::acquire_epoch() {
  const std::unique_lock lock(mutex_);
  return ++epoch_;
}

Result<void> MemoryStore::commit(const Batch& batch, Epoch epoch) {
  const std::unique_lock lock(mutex_);
  if (epoch != epoch_) {
    return fail(ErrorCode::wrong_state, "another writer has taken over the store");
  }
  ++last_;
  sweep();
  for (const auto& op : batch.ops()) write(op);
  return {};
}

/// Drops the versions of a key that neither a view nor a later reader can see.
void MemoryStore::prune(Versions& versions) const {
  auto kept = versions.begin();
  for (auto at = versions.begin(); at != versions.end(); ++at) {
    const auto next = std::next(at);
    const auto pin = pins_.lower_bound(at->since);
    if (next != versions.end() && (pin == pins_.end() || *pin >= next->since)) continue;
    if (kept != at) *kept = std::move(*at);
    ++kept;
  }
  versions.erase(kept, versions.end());
}

void MemoryStore::write(const Batch::Op& op) {
  auto& table = tables_[static_cast<std::size_t>(op.space)];
  auto& versions = table[op.key];
  if (!versions.empty() && versions.back().since == last_) {
    versions.back().value = op.value;
  } else {
    versions.push_back({last_, op.value});
  }
  tidy(table, op.space, op.key);
}

void MemoryStore::tidy(Table& table, Space space, const std::string& key) {
  const auto found = table.find(key);
  if (found == table.end()) return;
  auto& versions = found->second;
  prune(versions);
  if (versions.size() > 1) {
    stale_.emplace(space, key);
  } else if (!versions.front().value) {
    table.erase(found);
  }
}

/// Once nobody looks at the past, forgets it.
void MemoryStore::sweep() {
  if (!pins_.empty()) return;
  for (const auto& [space, key] : std::exchange(stale_, {})) {
    tidy(tables_[static_cast<std::size_t>(space)], space, key);
  }
}

std::unique_ptr<StoreReader> MemoryStore::snapshot() const { return std::make_unique<View>(*this); }

Result<void> MemoryStore::checkpoint(const std::filesystem::path&) {
  return fail(ErrorCode::invalid, "the in-memory store has no files to make a checkpoint of");
}

Store::Stats MemoryStore::stats() const {
  const std::shared_lock lock(mutex_);
  Stats stats;
  for (const auto& table : tables_) {
    for (const auto& [key, versions] : table) {
      stats.memory_bytes += key.size();
      for (const auto& version : versions) {
        stats.memory_bytes += version.value ? version.value->size() : 0;
      }
    }
  }
  return stats;
}

}  // namespace hotline

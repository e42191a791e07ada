#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include "hotline/store.hpp"

namespace hotline {

/// The store in memory, for tests, demonstrations and builds without RocksDB: the same contract but
/// for durability, which ends with the object. Keeps the versions of a key that a reader may still
/// look at, so a long scan or a snapshot neither blocks commits nor sees half of one. Thread-safe.
class MemoryStore final : public Store {
 public:
  MemoryStore() = default;
  MemoryStore(const MemoryStore&) = delete;
  MemoryStore& operator=(const MemoryStore&) = delete;

  Result<std::vector<std::optional<std::string>>> multi_get(
      std::span<const Key> keys) const override;
  Result<void> scan(Space space, std::string_view from, std::string_view to,
                    const Visit& visit) const override;
  Result<void> scan_back(Space space, std::string_view from, std::string_view to,
                         const Visit& visit) const override;

  Result<Epoch> acquire_epoch() override;
  Result<void> commit(const Batch& batch, Epoch epoch) override;
  std::unique_ptr<StoreReader> snapshot() const override;
  /// Always `invalid`: there is no file to copy.
  Result<void> checkpoint(const std::filesystem::path& path) override;
  Stats stats() const override;

 private:
  class View;
  using Sequence = std::uint64_t;  // of a commit
  struct Version {
    Sequence since;
    std::optional<std::string> value;  // absent: erased
  };
  using Versions = std::vector<Version>;  // oldest first, never empty
  using Table = std::map<std::string, Versions, std::less<>>;

  static const std::string* visible(const Versions& versions, Sequence at);

  // All of them with mutex_ held.
  std::vector<std::optional<std::string>> get(std::span<const Key> keys, Sequence at) const;
  void write(const Batch::Op& op);
  void tidy(Table& table, Space space, const std::string& key);
  void prune(Versions& versions) const;
  void sweep();

  mutable std::shared_mutex mutex_;
  // Protected by mutex_.
  std::array<Table, spaces_end> tables_;
  Sequence last_ = 0;
  Epoch epoch_ = 0;
  mutable std::multiset<Sequence> pins_;           // what views look at
  std::set<std::pair<Space, std::string>> stale_;  // keys with versions kept for a view only
};

}  // namespace hotline

#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace hotline {

/// The ordered key spaces of the store: a column family in RocksDB, a table elsewhere. Stored
/// numbers, never reused. `records/FORMAT.md` describes the keys and values of each.
enum class Space : std::uint8_t {
  meta = 0,
  ticket = 1,
  personal = 2,
  event = 3,
  queue = 4,
  timer = 5,
  lease = 6,
  idempotency = 7,
  source = 8,
  work = 9,
  counter = 10,
  audit = 11,
  outbox = 12,
};
inline constexpr std::size_t spaces_end = 13;

struct Key {
  Space space{};
  std::string bytes;
};

/// Changes that become durable together or not at all. Later changes of a key win.
class Batch {
 public:
  struct Op {
    Space space;
    std::string key;
    std::optional<std::string> value;  ///< absent: erase
  };

  void put(Space space, std::string key, std::string value) {
    bytes_ += key.size() + value.size();
    ops_.push_back({space, std::move(key), std::move(value)});
  }
  void erase(Space space, std::string key) {
    bytes_ += key.size();
    ops_.push_back({space, std::move(key), std::nullopt});
  }
  const std::vector<Op>& ops() const { return ops_; }
  bool empty() const { return ops_.empty(); }
  std::size_t bytes() const { return bytes_; }

 private:
  std::vector<Op> ops_;
  std::size_t bytes_ = 0;
};

/// Number of a writer's term. Whoever took the latest one owns the truth; commits with an older one
/// are refused.
using Epoch = std::uint64_t;

/// Reads see whole batches: all of one or nothing of it. Failures are `unavailable` (try later) or
/// `internal` (damaged).
class StoreReader {
 public:
  virtual ~StoreReader() = default;

  /// One slot a key, in the order of `keys`; absent where there is none.
  virtual Result<std::vector<std::optional<std::string>>> multi_get(
      std::span<const Key> keys) const = 0;

  /// Visits the keys of [from, to) in ascending order until `visit` returns false; an empty `to` is
  /// the end of the space. The views are valid during the call only; `visit` must not write to the
  /// store.
  using Visit = std::function<bool(std::string_view key, std::string_view value)>;
  virtual Result<void> scan(Space space, std::string_view from, std::string_view to,
                            const Visit& visit) const = 0;

  /// The same range from its greatest key down.
  virtual Result<void> scan_back(Space space, std::string_view from, std::string_view to,
                                 const Visit& visit) const = 0;
};

/// An ordered, transactional key-value engine. One thread commits; any number read. All calls are
/// thread-safe.
class Store : public StoreReader {
 public:
  /// Begins a new term: from now on only commits with the returned epoch succeed. Durable.
  virtual Result<Epoch> acquire_epoch() = 0;

  /// Writes the batch, all or nothing, and returns when it is durable; only then do reads see it.
  /// After a failure with `unavailable` the batch may or may not have become durable: read before
  /// deciding anything. `overloaded`: certainly not written, the engine cannot keep up; the same
  /// batch may succeed later. `wrong_state`: the epoch is old, another writer owns the store.
  virtual Result<void> commit(const Batch& batch, Epoch epoch) = 0;

  /// A frozen view, for exports, reports and checks. Lives at most as long as the store.
  virtual std::unique_ptr<StoreReader> snapshot() const = 0;

  /// A consistent copy in the fresh folder `path`, openable as a store. Does not stop the writer.
  virtual Result<void> checkpoint(const std::filesystem::path& path) = 0;

  struct Stats {
    std::uint64_t disk_bytes = 0;
    std::uint64_t memory_bytes = 0;
    bool writes_stalled = false;
  };
  virtual Stats stats() const = 0;
};

inline std::string_view name(Space space) {
  constexpr std::string_view names[spaces_end] = {
      "meta",        "ticket", "personal", "event",   "queue", "timer", "lease",
      "idempotency", "source", "work",     "counter", "audit", "outbox"};
  return names[static_cast<std::size_t>(space)];
}

}  // namespace hotline

#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "storage/memory_store.hpp"
#include "storage/rocks_store.hpp"
#include "support/store_folder.hpp"

namespace hotline::test {

/// The engines that a test can run against: the conformance suite runs against each.
enum class StoreKind { memory, rocks };

inline std::vector<StoreKind> store_kinds() {
#ifdef HOTLINE_WITH_ROCKSDB
  return {StoreKind::memory, StoreKind::rocks};
#else
  return {StoreKind::memory};
#endif
}

inline std::string name(StoreKind kind) {
  switch (kind) {
    case StoreKind::memory:
      return "memory";
    case StoreKind::rocks:
      return "rocks";
  }
  return {};
}
inline std::ostream& operator<<(std::ostream& out, StoreKind kind) { return out << name(kind); }

/// Small buffers, so that even a short test flushes and compacts.
inline RocksOptions small_rocks(const std::filesystem::path& path) {
  RocksOptions options;
  options.path = path;
  options.cache_bytes = 8u << 20;
  options.write_buffer_bytes = 4u << 20;
  options.log_bytes_max = 16u << 20;
  return options;
}

/// Opens a store of the kind in the folder; throws when that fails.
inline std::unique_ptr<Store> open_store(StoreKind kind, const std::filesystem::path& path) {
  if (kind == StoreKind::memory) return std::make_unique<MemoryStore>();
#ifdef HOTLINE_WITH_ROCKSDB
  auto opened = open_rocks_store(small_rocks(path));
  if (!opened) throw std::runtime_error(opened.error().detail);
  return std::move(*opened);
#else
  throw std::logic_error("built without RocksDB: " + path.string());
#endif
}

/// Everything in a space, in order.
using Contents = std::vector<std::pair<std::string, std::string>>;
inline Contents contents(const StoreReader& store, Space space, std::string_view from = {},
                         std::string_view to = {}) {
  Contents found;
  const auto read = store.scan(space, from, to, [&found](auto key, auto value) {
    found.emplace_back(key, value);
    return true;
  });
  if (!read) throw std::runtime_error(read.error().detail);
  return found;
}

}  // namespace hotline::test

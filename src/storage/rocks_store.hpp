#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "hotline/store.hpp"

namespace rocksdb {
class Env;
}

namespace hotline {

struct RocksOptions {
  std::filesystem::path path;     ///< the store's own folder; nothing else may be in it
  bool create_if_missing = true;  ///< make the folder, or fill an empty one
  /// For inspecting a folder: sees it as it was when opened and needs no lock. A daemon at work may
  /// delete files from under it, so inspect a checkpoint rather than a store in use.
  bool read_only = false;
  std::uint64_t cache_bytes = 256u << 20;         ///< blocks read, and indexes; 8 MiB and more
  std::uint64_t write_buffer_bytes = 128u << 20;  ///< not yet flushed, all spaces; 4 MiB and more
  std::uint64_t log_bytes_max = 512u << 20;       ///< to replay at start; 16 MiB and more
  int background_threads = 2;                     ///< flushes and compactions, 1..64
};

/// Opens or creates the store of one shard. Fails with `invalid` when the folder holds something
/// else or another form, with `unavailable` when another process has it open (the text names it);
/// every text is for the operator. Only in builds with HOTLINE_WITH_ROCKSDB. `environment` replaces
/// the operating system's files (tests) and outlives the store.
///
/// Each commit is one WriteBatch and one sync. A write that would have to wait for compaction fails
/// with `overloaded`. When the disk is full, commits fail with `unavailable` until RocksDB, which
/// looks every few seconds, finds room again; after any other failure to write the log they do so
/// until the store is opened anew. Reads go on.
Result<std::unique_ptr<Store>> open_rocks_store(const RocksOptions& options,
                                                rocksdb::Env* environment = nullptr);

}  // namespace hotline

#include "storage/rocks_columns.hpp"

#include <array>

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/table_properties_collectors.h>

namespace hotline {
namespace {

/// How a space is used, which decides how RocksDB keeps it.
struct Column {
  Space space;
  bool points;  ///< read by whole key: Bloom filters on disk
  bool misses;  ///< mostly asked for keys that are not there: a filter before the memtable too
  bool churn;   ///< short-lived entries read from the head: tables full of tombstones are compacted
                ///< early
  rocksdb::CompressionType compression;
};

constexpr auto none = rocksdb::kNoCompression;
constexpr auto fast = rocksdb::kLZ4Compression;
constexpr auto dense = rocksdb::kZSTD;

constexpr std::array<Column, spaces_end> columns{{
    {Space::meta, true, false, false, none},
    {Space::ticket, true, false, false, fast},
    {Space::personal, true, false, false, dense},
    {Space::event, false, false, false, dense},
    {Space::queue, false, false, true, fast},
    {Space::timer, false, false, true, fast},
    {Space::lease, true, false, true, fast},
    {Space::idempotency, true, true, false, fast},
    {Space::source, true, true, false, fast},
    {Space::work, false, false, true, fast},
    {Space::counter, true, false, false, fast},
    {Space::audit, false, false, false, dense},
    {Space::outbox, false, false, true, fast},
}};

constexpr double bloom_bits_per_key = 10;
constexpr double memtable_bloom_share = 0.02;
// A table is compacted early once 1,024 of some 4,096 neighbouring entries are deletions.
constexpr std::size_t deletion_window = 4096;
constexpr std::size_t deletion_trigger = 1024;

rocksdb::BlockBasedTableOptions table_options(const Column& column,
                                              const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.format_version = 5;
  // Indexes and filters count against the cache, so that memory stays bounded as the store grows.
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  if (column.points) table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(bloom_bits_per_key));
  return table;
}

rocksdb::ColumnFamilyOptions column_options(const Column& column, const RocksOptions& options,
                                            const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions family;
  family.write_buffer_size = options.write_buffer_bytes / 2;
  family.max_write_buffer_number = 4;
  // What is written and read most is compressed quickly, what has come to rest as the column says.
  family.compression = column.compression == none ? none : fast;
  family.bottommost_compression = column.compression;
  family.level_compaction_dynamic_level_bytes = true;
  if (column.misses) {
    family.memtable_whole_key_filtering = true;
    family.memtable_prefix_bloom_size_ratio = memtable_bloom_share;
  }
  if (column.churn) {
    family.table_properties_collector_factories.push_back(
        rocksdb::NewCompactOnDeletionCollectorFactory(deletion_window, deletion_trigger));
  }
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table_options(column, cache)));
  return family;
}

}  // namespace

std::vector<rocksdb::ColumnFamilyDescriptor> column_families(const RocksOptions& options) {
  const auto cache = rocksdb::NewLRUCache(options.cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  families.reserve(columns.size() + 1);
  for (const auto& column : columns) {
    families.emplace_back(std::string(name(column.space)), column_options(column, options, cache));
  }
  families.emplace_back(rocksdb::kDefaultColumnFamilyName,
                        column_options(columns.front(), options, cache));
  return families;
}

rocksdb::DBOptions database_options(const RocksOptions& options) {
  rocksdb::DBOptions database;
  database.create_if_missing = options.create_if_missing && !options.read_only;
  database.create_missing_column_families = database.create_if_missing;
  database.db_write_buffer_size = options.write_buffer_bytes;
  database.max_total_wal_size = options.log_bytes_max;
  database.max_background_jobs = options.background_threads;
  database.bytes_per_sync =
      1u << 20;  // spreads the writing of compactions, so that commits wait less
  database.info_log_level = rocksdb::WARN_LEVEL;
  database.keep_log_file_num = 5;
  database.max_log_file_size = 4u << 20;
  return database;
}

}  // namespace hotline

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hotline/store.hpp"
#include "storage/rocks_store.hpp"

namespace rocksdb {
struct ColumnFamilyDescriptor;
struct DBOptions;
}  // namespace rocksdb

namespace hotline {

/// The store's own column family, with the marker of its format and the epoch. RocksDB demands one
/// of this name.
inline constexpr std::size_t own_column = spaces_end;

/// One column family a space, at the place of its number, then the store's own.
std::vector<rocksdb::ColumnFamilyDescriptor> column_families(const RocksOptions& options);

rocksdb::DBOptions database_options(const RocksOptions& options);

}  // namespace hotline

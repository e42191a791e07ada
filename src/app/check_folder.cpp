#include "app/check_folder.hpp"

#include "storage/rocks_store.hpp"

namespace hotline {

#ifdef HOTLINE_WITH_ROCKSDB
Result<CheckReport> check_folder(const std::filesystem::path& folder, UtcOffset zone) {
  RocksOptions options;
  options.path = std::filesystem::is_directory(folder / "store") ? folder / "store" : folder;
  options.create_if_missing = false;
  options.read_only = true;
  const auto store = open_rocks_store(options);
  if (!store) return tl::make_unexpected(store.error());
  return check(**store, zone);
}
#else
Result<CheckReport> check_folder(const std::filesystem::path&, UtcOffset) {
  return fail(ErrorCode::unavailable, "built without RocksDB: there is no store to open");
}
#endif

}  // namespace hotline

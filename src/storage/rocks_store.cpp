#include "storage/rocks_store.hpp"

#include <algorithm>
#include <fcntl.h>
#include <mutex>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/utilities/checkpoint.h>

#include "base/bytes.hpp"
#include "storage/rocks_columns.hpp"

namespace hotline {
namespace {

// In the store's own column family.
constexpr std::string_view marker_key = "engine";
constexpr std::string_view marker = "hotline rocksdb 1";
constexpr std::string_view epoch_key = "epoch";

// RocksDB asserts that even an empty slice points somewhere.
rocksdb::Slice slice(std::string_view bytes) {
  return {bytes.empty() ? "" : bytes.data(), bytes.size()};
}
std::string_view view(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

ErrorCode code_of(const rocksdb::Status& status) {
  if (status.IsIncomplete()) return ErrorCode::overloaded;
  if (status.IsCorruption() || status.IsInvalidArgument() || status.IsNotSupported()) {
    return ErrorCode::internal;
  }
  return ErrorCode::unavailable;
}
tl::unexpected<Error> failed(const rocksdb::Status& status, std::string_view doing) {
  return fail(code_of(status), std::string(doing) + ": " + status.ToString());
}

/// An open database. Closes its column families before itself.
class Database {
 public:
  Database(rocksdb::DB* db, std::vector<rocksdb::ColumnFamilyHandle*> families)
      : db_(db), families_(std::move(families)) {}
  ~Database() {
    for (auto* family : families_) db_->DestroyColumnFamilyHandle(family);
  }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  rocksdb::DB& operator*() const { return *db_; }
  rocksdb::DB* operator->() const { return db_.get(); }
  rocksdb::ColumnFamilyHandle* family(Space space) const {
    return families_[static_cast<std::size_t>(space)];
  }
  rocksdb::ColumnFamilyHandle* own() const { return families_[own_column]; }

 private:
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
};

Result<std::vector<std::optional<std::string>>> get_all(const Database& db,
                                                        const rocksdb::ReadOptions& options,
                                                        std::span<const Key> keys) {
  const auto size = keys.size();
  std::vector<rocksdb::ColumnFamilyHandle*> families(size);
  std::vector<rocksdb::Slice> slices(size);
  for (std::size_t i = 0; i < size; ++i) {
    families[i] = db.family(keys[i].space);
    slices[i] = slice(keys[i].bytes);
  }
  std::vector<rocksdb::PinnableSlice> found(size);
  std::vector<rocksdb::Status> statuses(size);
  db->MultiGet(options, size, families.data(), slices.data(), found.data(), statuses.data());
  std::vector<std::optional<std::string>> values(size);
  for (std::size_t i = 0; i < size; ++i) {
    if (statuses[i].ok()) {
      values[i] = found[i].ToString();
    } else if (!statuses[i].IsNotFound()) {
      return failed(statuses[i], "cannot read from the store");
    }
  }
  return values;
}

enum class Direction { forward, backward };

Result<void> scan_range(const Database& db, rocksdb::ReadOptions options, Space space,
                        std::string_view from, std::string_view to, Direction direction,
                        const StoreReader::Visit& visit) {
  if (!to.empty() && from >= to) return {};
  const auto lower = slice(from);
  const auto upper = slice(to);
  // Without an upper bound an iterator would walk over every tombstone up to the end of the space.
  options.iterate_lower_bound = &lower;
  if (!to.empty()) options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> at(db->NewIterator(options, db.family(space)));
  const bool forward = direction == Direction::forward;
  forward ? at->SeekToFirst() : at->SeekToLast();
  while (at->Valid() && visit(view(at->key()), view(at->value()))) {
    forward ? at->Next() : at->Prev();
  }
  if (!at->status().ok()) return failed(at->status(), "cannot read from the store");
  return {};
}

/// Reads of the newest state, or of a frozen one.
class RocksView final : public StoreReader {
 public:
  explicit RocksView(std::shared_ptr<Database> db) : db_(std::move(db)) {
    options_.snapshot = (*db_)->GetSnapshot();
    options_.fill_cache = false;  // an export must not push out what the daemon works with
  }
  ~RocksView() override { (*db_)->ReleaseSnapshot(options_.snapshot); }
  RocksView(const RocksView&) = delete;
  RocksView& operator=(const RocksView&) = delete;

  Result<std::vector<std::optional<std::string>>> multi_get(
      std::span<const Key> keys) const override {
    return get_all(*db_, options_, keys);
  }
  Result<void> scan(Space space, std::string_view from, std::string_view to,
                    const Visit& visit) const override {
    return scan_range(*db_, options_, space, from, to, Direction::forward, visit);
  }
  Result<void> scan_back(Space space, std::string_view from, std::string_view to,
                         const Visit& visit) const override {
    return scan_range(*db_, options_, space, from, to, Direction::backward, visit);
  }

 private:
  std::shared_ptr<Database> db_;
  rocksdb::ReadOptions options_;
};

class RocksStore final : public Store {
 public:
  RocksStore(std::shared_ptr<Database> db, RocksOptions options, Epoch epoch)
      : db_(std::move(db)), options_(std::move(options)), epoch_(epoch) {}

  Result<std::vector<std::optional<std::string>>> multi_get(
      std::span<const Key> keys) const override {
    return get_all(*db_, {}, keys);
  }
  Result<void> scan(Space space, std::string_view from, std::string_view to,
                    const Visit& visit) const override {
    return scan_range(*db_, {}, space, from, to, Direction::forward, visit);
  }
  Result<void> scan_back(Space space, std::string_view from, std::string_view to,
                         const Visit& visit) const override {
    return scan_range(*db_, {}, space, from, to, Direction::backward, visit);
  }

  Result<Epoch> acquire_epoch() override;
  Result<void> commit(const Batch& batch, Epoch epoch) override;
  std::unique_ptr<StoreReader> snapshot() const override {
    return std::make_unique<RocksView>(db_);
  }
  Result<void> checkpoint(const std::filesystem::path& path) override;
  Stats stats() const override;

 private:
  Result<void> write(rocksdb::WriteBatch& changes);

  const std::shared_ptr<Database> db_;
  const RocksOptions options_;

  // Held during a write, so that no commit of an old term can land after a new one has begun.
  std::mutex writing_;
  Epoch epoch_;  // protected by writing_
};

Result<void> RocksStore::write(rocksdb::WriteBatch& changes) {
  if (options_.read_only) return fail(ErrorCode::wrong_state, "the store was opened for reading");
  rocksdb::WriteOptions options;
  options.sync = true;
  options.no_slowdown = true;
  const auto status = (*db_)->Write(options, &changes);
  if (!status.ok()) return failed(status, "cannot write to the store");
  return {};
}

Result<Epoch> RocksStore::acquire_epoch() {
  const std::lock_guard lock(writing_);
  const auto next = epoch_ + 1;
  const auto bytes = KeyWriter{}.u64(next).take();
  rocksdb::WriteBatch changes;
  changes.Put(db_->own(), slice(epoch_key), slice(bytes));
  auto written = write(changes);
  if (!written) return tl::make_unexpected(std::move(written.error()));
  epoch_ = next;
  return next;
}

Result<void> RocksStore::commit(const Batch& batch, Epoch epoch) {
  rocksdb::WriteBatch changes(batch.bytes() + 16 * batch.ops().size() + 64);
  for (const auto& op : batch.ops()) {
    auto* family = db_->family(op.space);
    const auto added = op.value ? changes.Put(family, slice(op.key), slice(*op.value))
                                : changes.Delete(family, slice(op.key));
    if (!added.ok()) return failed(added, "cannot make a batch");
  }
  const std::lock_guard lock(writing_);
  if (epoch != epoch_) {
    return fail(ErrorCode::wrong_state, "another writer has taken over the store");
  }
  return write(changes);
}

Result<void> RocksStore::checkpoint(const std::filesystem::path& path) {
  rocksdb::Checkpoint* made = nullptr;
  auto status = rocksdb::Checkpoint::Create(&**db_, &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(path.string());
  if (status.IsInvalidArgument()) {
    return fail(ErrorCode::invalid, "checkpoint to " + path.string() + ": " + status.ToString());
  }
  if (!status.ok()) return failed(status, "cannot make a checkpoint in " + path.string());
  return {};
}

std::uint64_t bytes_in(const std::filesystem::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code gone;  // files come and go while a compaction runs
  for (const auto& entry : std::filesystem::directory_iterator(folder, gone)) {
    const auto size = entry.file_size(gone);
    if (!gone) bytes += size;
  }
  return bytes;
}

Store::Stats RocksStore::stats() const {
  std::uint64_t memtables = 0;
  std::uint64_t stopped = 0;
  std::uint64_t delayed_rate = 0;
  std::uint64_t cached = 0;
  auto& db = **db_;
  db.GetAggregatedIntProperty("rocksdb.cur-size-all-mem-tables", &memtables);
  db.GetIntProperty("rocksdb.is-write-stopped", &stopped);
  db.GetIntProperty("rocksdb.actual-delayed-write-rate", &delayed_rate);
  db.GetIntProperty("rocksdb.block-cache-usage", &cached);  // one cache, shared by all
  Stats stats;
  stats.disk_bytes = bytes_in(options_.path);
  stats.memory_bytes = memtables + cached;
  stats.writes_stalled = stopped != 0 || delayed_rate != 0;
  return stats;
}

// --- opening ----------------------------------------------------------------------------------

/// Whether there is a database in the folder. Fails when there is something else.
Result<bool> has_database(const RocksOptions& options) {
  std::error_code error;
  if (std::filesystem::exists(options.path / "CURRENT", error)) return true;
  if (!std::filesystem::exists(options.path, error)) return false;
  const auto at = std::filesystem::directory_iterator(options.path, error);
  if (error) {
    return fail(ErrorCode::invalid, options.path.string() + ": " + error.message());
  }
  const bool leftover_lock = std::all_of(begin(at), end(at), [](const auto& entry) {
    return entry.path().filename() == "LOCK" || entry.path().filename().string().starts_with("LOG");
  });
  if (leftover_lock) return false;
  return fail(ErrorCode::invalid,
              options.path.string() + " holds other files and no store: name an empty folder");
}

Result<void> make_folder(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) return {};
  std::filesystem::create_directories(path, error);
  // Personal data lies in it: nobody else's eyes.
  if (!error) std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
  if (error)
    return fail(ErrorCode::invalid, "cannot make " + path.string() + ": " + error.message());
  return {};
}

Result<void> check_columns(const RocksOptions& options) {
  std::vector<std::string> present;
  const auto status = rocksdb::DB::ListColumnFamilies({}, options.path.string(), &present);
  if (!status.ok()) return failed(status, "cannot read " + options.path.string());
  for (const auto& found : present) {
    bool ours = found == rocksdb::kDefaultColumnFamilyName;
    for (std::size_t i = 0; i < spaces_end; ++i) ours |= found == name(static_cast<Space>(i));
    if (!ours) {
      return fail(ErrorCode::invalid, options.path.string() +
                                          " is no store of hotlined: it has a column family '" +
                                          found + "'");
    }
  }
  return {};
}

/// Who holds RocksDB's lock file, for the operator; empty when nobody else does.
std::string holder_of(const std::filesystem::path& path) {
  const int file = ::open((path / "LOCK").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const bool asked = ::fcntl(file, F_GETLK, &lock) == 0;
  ::close(file);
  if (!asked || lock.l_type == F_UNLCK) return {};
  return "process " + std::to_string(lock.l_pid);
}

tl::unexpected<Error> cannot_open(const RocksOptions& options, const rocksdb::Status& status) {
  const auto path = options.path.string();
  if (status.IsIOError() && status.ToString().find("LOCK") != std::string::npos) {
    const auto holder = holder_of(options.path);
    return fail(ErrorCode::unavailable,
                path + " is in use by " + (holder.empty() ? "this process" : holder) +
                    ", another hotlined perhaps: only one may have a store open");
  }
  return failed(status, "cannot open the store " + path);
}

Result<std::shared_ptr<Database>> open_database(const RocksOptions& options,
                                                rocksdb::Env* environment) {
  const auto path = options.path.string();
  auto database = database_options(options);
  if (environment != nullptr) database.env = environment;
  const auto families = column_families(options);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const auto status = options.read_only
                          ? rocksdb::DB::OpenForReadOnly(database, path, families, &handles, &db)
                          : rocksdb::DB::Open(database, path, families, &handles, &db);
  if (!status.ok()) return cannot_open(options, status);
  return std::make_shared<Database>(db, std::move(handles));
}

Result<std::optional<std::string>> own_value(const Database& db, std::string_view key) {
  std::string value;
  const auto status = db->Get({}, db.own(), slice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return failed(status, "cannot read from the store");
  return value;
}

bool is_empty(const Database& db) {
  for (std::size_t i = 0; i < spaces_end; ++i) {
    const std::unique_ptr<rocksdb::Iterator> at(
        db->NewIterator({}, db.family(static_cast<Space>(i))));
    at->SeekToFirst();
    if (at->Valid() || !at->status().ok()) return false;
  }
  return true;
}

/// Recognises the store by its marker; puts it into one that has just been made.
Result<void> check_marker(const Database& db, const RocksOptions& options) {
  const auto found = own_value(db, marker_key);
  if (!found) return tl::make_unexpected(found.error());
  if (*found == marker) return {};
  if (*found) {
    return fail(ErrorCode::invalid, options.path.string() + " is kept in the form '" + **found +
                                        "', this version of hotlined knows '" +
                                        std::string(marker) + "'");
  }
  if (options.read_only || !is_empty(db)) {
    return fail(ErrorCode::invalid, options.path.string() + " is no store of hotlined");
  }
  rocksdb::WriteOptions durable;
  durable.sync = true;
  const auto status = db->Put(durable, db.own(), slice(marker_key), slice(marker));
  if (!status.ok()) return failed(status, "cannot write to " + options.path.string());
  return {};
}

Result<Epoch> last_epoch(const Database& db) {
  const auto found = own_value(db, epoch_key);
  if (!found) return tl::make_unexpected(found.error());
  if (!*found) return Epoch{0};
  KeyReader reader(**found);
  const auto epoch = reader.u64();
  if (!reader.finished()) return fail(ErrorCode::internal, "damaged record of the store's epoch");
  return epoch;
}

}  // namespace

Result<std::unique_ptr<Store>> open_rocks_store(const RocksOptions& options,
                                                rocksdb::Env* environment) {
  const auto present = has_database(options);
  if (!present) return tl::make_unexpected(present.error());
  if (!*present && (!options.create_if_missing || options.read_only)) {
    return fail(ErrorCode::invalid, "there is no store in " + options.path.string());
  }
  const auto usable = *present ? check_columns(options) : make_folder(options.path);
  if (!usable) return tl::make_unexpected(usable.error());
  const auto db = open_database(options, environment);
  if (!db) return tl::make_unexpected(db.error());
  const auto marked = check_marker(**db, options);
  if (!marked) return tl::make_unexpected(marked.error());
  const auto epoch = last_epoch(**db);
  if (!epoch) return tl::make_unexpected(epoch.error());
  return std::make_unique<RocksStore>(*db, options, *epoch);
}

}  // namespace hotline

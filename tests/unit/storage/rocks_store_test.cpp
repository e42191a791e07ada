#ifdef HOTLINE_WITH_ROCKSDB

#include "storage/rocks_store.hpp"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include "support/store_engines.hpp"

namespace hotline {
namespace {

using test::Contents;
using test::contents;
using test::small_rocks;
using testing::HasSubstr;

class RocksStoreTest : public testing::Test {
 protected:
  std::filesystem::path path() const { return folder_.path() / "store"; }
  std::unique_ptr<Store> open() const { return test::open_store(test::StoreKind::rocks, path()); }

  static void put(Store& store, Epoch epoch, std::string key, std::string value) {
    Batch batch;
    batch.put(Space::ticket, std::move(key), std::move(value));
    const auto written = store.commit(batch, epoch);
    ASSERT_TRUE(written.has_value()) << written.error().detail;
  }

  test::StoreFolder folder_;
};

TEST_F(RocksStoreTest, ReopensWithTheSameContent) {
  Epoch epoch = 0;
  Contents expected;
  for (int round = 0; round < 5; ++round) {
    const auto store = open();
    EXPECT_EQ(contents(*store, Space::ticket), expected);
    const auto next = store->acquire_epoch().value();
    EXPECT_GT(next, epoch);
    epoch = next;
    const auto key = "k" + std::to_string(round);
    put(*store, epoch, key, std::string(100'000, 'v'));
    expected.emplace_back(key, std::string(100'000, 'v'));
  }
}

TEST_F(RocksStoreTest, TheTermOfAnEarlierProcessIsOld) {
  const auto before = open()->acquire_epoch().value();
  const auto store = open();
  const auto epoch = store->acquire_epoch().value();
  EXPECT_EQ(store->commit(Batch{}, before).error().code, ErrorCode::wrong_state);
  EXPECT_TRUE(store->commit(Batch{}, epoch).has_value());
}

TEST_F(RocksStoreTest, MakesItsFolderForTheOwnerAlone) {
  (void)open();
  EXPECT_EQ(std::filesystem::status(path()).permissions(), std::filesystem::perms::owner_all);
}

TEST_F(RocksStoreTest, ASecondOpeningInTheProcessIsRefused) {
  const auto first = open();
  const auto second = open_rocks_store(small_rocks(path()));
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::unavailable);
  EXPECT_THAT(second.error().detail, HasSubstr("in use by this process"));
}

/// Takes the lock of a store's folder in a process of its own, as another daemon would.
class LockHolder {
 public:
  explicit LockHolder(const std::filesystem::path& path) {
    int ready[2];
    if (::pipe(ready) != 0) throw std::runtime_error("no pipe");
    const auto lock_file = path / "LOCK";
    pid_ = ::fork();
    if (pid_ == 0) hold(lock_file.c_str(), ready[1]);
    char byte = 0;
    locked_ = ::read(ready[0], &byte, 1) == 1;
    ::close(ready[0]);
    ::close(ready[1]);
  }
  ~LockHolder() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  LockHolder(const LockHolder&) = delete;
  LockHolder& operator=(const LockHolder&) = delete;

  bool locked() const { return locked_; }
  pid_t pid() const { return pid_; }

 private:
  [[noreturn]] static void hold(const char* lock_file, int ready) {
    const int file = ::open(lock_file, O_RDWR);
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    if (file < 0 || ::fcntl(file, F_SETLK, &lock) != 0 || ::write(ready, "x", 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }

  pid_t pid_ = -1;
  bool locked_ = false;
};

TEST_F(RocksStoreTest, TheTextNamesTheProcessThatHasTheStore) {
  (void)open();
  const LockHolder holder(path());
  ASSERT_TRUE(holder.locked());
  const auto opened = open_rocks_store(small_rocks(path()));
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
  EXPECT_THAT(opened.error().detail,
              HasSubstr("in use by process " + std::to_string(holder.pid())));
}

TEST_F(RocksStoreTest, AFolderWithOtherFilesIsRefusedAndLeftAlone) {
  std::filesystem::create_directories(path());
  std::ofstream(path() / "thesis.txt") << "years of work";
  const auto opened = open_rocks_store(small_rocks(path()));
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::invalid);
  EXPECT_THAT(opened.error().detail, HasSubstr("other files"));
  const std::filesystem::directory_iterator files(path());
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

TEST_F(RocksStoreTest, AFileInPlaceOfTheFolderIsRefused) {
  std::ofstream(path()) << "x";
  const auto opened = open_rocks_store(small_rocks(path()));
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::invalid);
}

TEST_F(RocksStoreTest, NothingIsMadeWhenThatIsNotWanted) {
  auto options = small_rocks(path());
  options.create_if_missing = false;
  EXPECT_EQ(open_rocks_store(options).error().code, ErrorCode::invalid);
  options.create_if_missing = true;
  options.read_only = true;
  EXPECT_EQ(open_rocks_store(options).error().code, ErrorCode::invalid);
  EXPECT_FALSE(std::filesystem::exists(path()));
}

/// Opens the folder with RocksDB itself, to make of it what the store must refuse.
void meddle(const std::filesystem::path& path, const std::string& family, const std::string& key,
            const std::string& value) {
  rocksdb::Options options;
  options.create_if_missing = true;
  std::vector<std::string> present;
  if (!rocksdb::DB::ListColumnFamilies(options, path.string(), &present).ok()) {
    present = {rocksdb::kDefaultColumnFamilyName};
  }
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const auto& found : present) families.emplace_back(found, options);
  rocksdb::DB* opened = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  ASSERT_TRUE(rocksdb::DB::Open(options, path.string(), families, &handles, &opened).ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  if (std::find(present.begin(), present.end(), family) == present.end()) {
    handles.emplace_back();
    ASSERT_TRUE(db->CreateColumnFamily(options, family, &handles.back()).ok());
    present.push_back(family);
  }
  const auto at = std::find(present.begin(), present.end(), family) - present.begin();
  ASSERT_TRUE(db->Put({}, handles[static_cast<std::size_t>(at)], key, value).ok());
  for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle);
}

TEST_F(RocksStoreTest, ADatabaseOfSomebodyElseIsRefused) {
  meddle(path(), "albums", "k", "v");
  const auto opened = open_rocks_store(small_rocks(path()));
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::invalid);
  EXPECT_THAT(opened.error().detail, HasSubstr("'albums'"));
}

TEST_F(RocksStoreTest, ADatabaseWithoutTheMarkerIsRefusedUnlessEmpty) {
  meddle(path(), "ticket", "k", "v");
  const auto opened = open_rocks_store(small_rocks(path()));
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::invalid);
  EXPECT_THAT(opened.error().detail, HasSubstr("no store of hotlined"));
}

TEST_F(RocksStoreTest, AStoreOfAnotherFormIsRefused) {
  (void)open();
  meddle(path(), rocksdb::kDefaultColumnFamilyName, "engine", "hotline rocksdb 2");
  const auto opened = open_rocks_store(small_rocks(path()));
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::invalid);
  EXPECT_THAT(opened.error().detail, HasSubstr("hotline rocksdb 2"));
}

TEST_F(RocksStoreTest, ACreationThatWasCutShortIsCompleted) {
  std::filesystem::create_directories(path());
  std::ofstream(path() / "LOCK") << "";
  std::ofstream(path() / "LOG") << "RocksDB version\n";
  EXPECT_NE(open(), nullptr);
}

TEST_F(RocksStoreTest, ACheckpointOpensWithTheContentOfItsMoment) {
  const auto copy = folder_.path() / "copy";
  {
    const auto store = open();
    const auto epoch = store->acquire_epoch().value();
    put(*store, epoch, "a", "1");
    ASSERT_TRUE(store->checkpoint(copy).has_value());
    put(*store, epoch, "b", "2");
    const auto again = store->checkpoint(copy);
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error().code, ErrorCode::invalid);
  }
  const auto copied = test::open_store(test::StoreKind::rocks, copy);
  EXPECT_EQ(contents(*copied, Space::ticket), (Contents{{"a", "1"}}));
  EXPECT_EQ(copied->acquire_epoch().value(), 2u);
  EXPECT_EQ(contents(*open(), Space::ticket), (Contents{{"a", "1"}, {"b", "2"}}));
}

TEST_F(RocksStoreTest, ReadOnlyReadsBesideTheWriterAndRefusesToWrite) {
  const auto writer = open();
  const auto epoch = writer->acquire_epoch().value();
  put(*writer, epoch, "a", "1");
  auto options = small_rocks(path());
  options.read_only = true;
  auto reader = open_rocks_store(options);
  ASSERT_TRUE(reader.has_value()) << reader.error().detail;
  EXPECT_EQ(contents(**reader, Space::ticket), (Contents{{"a", "1"}}));
  EXPECT_EQ((*reader)->acquire_epoch().error().code, ErrorCode::wrong_state);
  EXPECT_EQ((*reader)->commit(Batch{}, epoch).error().code, ErrorCode::wrong_state);
}

TEST_F(RocksStoreTest, StatsCountDiskAndMemory) {
  const auto store = open();
  const auto epoch = store->acquire_epoch().value();
  put(*store, epoch, "a", std::string(1u << 20, 'x'));
  const auto stats = store->stats();
  EXPECT_GE(stats.disk_bytes, 1u << 20);
  EXPECT_GE(stats.memory_bytes, 1u << 20);
  EXPECT_FALSE(stats.writes_stalled);
}

/// The queue's use of the store: put at the tail, taken from the head, the head remembered as the
/// scan's beginning.
TEST_F(RocksStoreTest, StaysWholeThroughFlushesAndCompactions) {
  const auto key = [](int number) { return std::to_string(1'000'000 + number); };
  Contents expected;
  {
    const auto store = open();
    const auto epoch = store->acquire_epoch().value();
    for (int i = 0; i < 200; ++i) {
      Batch batch;
      for (int j = 0; j < 100; ++j)
        batch.put(Space::queue, key(100 * i + j), std::string(1000, 'q'));
      for (int j = 0; j < 100 && i > 0; ++j) batch.erase(Space::queue, key(100 * (i - 1) + j));
      ASSERT_TRUE(store->commit(batch, epoch).has_value());
    }
    for (int j = 0; j < 100; ++j) expected.emplace_back(key(19'900 + j), std::string(1000, 'q'));
    EXPECT_EQ(contents(*store, Space::queue), expected);
  }
  EXPECT_EQ(contents(*open(), Space::queue), expected);
}

}  // namespace
}  // namespace hotline

#endif

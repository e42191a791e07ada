#ifdef HOTLINE_WITH_ROCKSDB

// What the RocksDB engine keeps when the power goes or the disk fails.

#include <gtest/gtest.h>

#include "support/store_disk.hpp"
#include "support/store_engines.hpp"

namespace hotline {
namespace {

using test::Contents;
using test::contents;
using test::FragileDisk;
using Fault = FragileDisk::Fault;

class RocksFaults : public testing::Test {
 protected:
  std::unique_ptr<Store> open() {
    auto opened =
        open_rocks_store(test::small_rocks(folder_.path() / "store"), disk_.environment());
    if (!opened) throw std::runtime_error(opened.error().detail);
    return std::move(*opened);
  }
  static Result<void> put(Store& store, Epoch epoch, std::string key, std::string value) {
    Batch batch;
    batch.put(Space::ticket, key, value);
    batch.put(Space::event, std::move(key), std::move(value));
    return store.commit(batch, epoch);
  }
  /// Both spaces hold the same: no batch was torn.
  static Contents whole(const Store& store) {
    const auto tickets = contents(store, Space::ticket);
    EXPECT_EQ(tickets, contents(store, Space::event));
    return tickets;
  }

  test::StoreFolder folder_;
  FragileDisk disk_;
};

TEST_F(RocksFaults, EveryAnsweredCommitOutlivesALossOfPower) {
  Contents expected;
  for (int round = 0; round < 8; ++round) {
    {
      const auto store = open();
      ASSERT_EQ(whole(*store), expected) << "round " << round;
      const auto epoch = store->acquire_epoch().value();
      ASSERT_EQ(epoch, static_cast<Epoch>(round) + 1);
      for (int i = 0; i < 20; ++i) {
        const auto key = std::to_string(1000 + 20 * round + i);
        ASSERT_TRUE(put(*store, epoch, key, std::string(60'000, 'x')).has_value());
        expected.emplace_back(key, std::string(60'000, 'x'));
      }
    }
    disk_.lose_power();
  }
}

/// The test above would be worth nothing if the disk kept what was not synced.
TEST_F(RocksFaults, TheDiskOfTheseTestsForgetsWhatIsNotSynced) {
  {
    const auto store = open();
    const auto epoch = store->acquire_epoch().value();
    ASSERT_TRUE(put(*store, epoch, "a", "1").has_value());
    disk_.ignore_syncs();
    ASSERT_TRUE(put(*store, epoch, "b", "2").has_value());
  }
  disk_.lose_power();
  EXPECT_EQ(whole(*open()), (Contents{{"a", "1"}}));
}

class RocksWriteFaults : public RocksFaults, public testing::WithParamInterface<Fault> {};

TEST_P(RocksWriteFaults, ACommitThatFailedIsNotSeenAndReopeningHeals) {
  {
    const auto store = open();
    const auto epoch = store->acquire_epoch().value();
    ASSERT_TRUE(put(*store, epoch, "before", "1").has_value());
    disk_.fail_log_writes(GetParam());
    for (int i = 0; i < 3; ++i) {
      const auto refused = put(*store, epoch, "lost", "2");
      ASSERT_FALSE(refused.has_value());
      EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
      EXPECT_EQ(whole(*store), (Contents{{"before", "1"}}));
    }
    disk_.fail_log_writes(Fault::none);
  }
  disk_.lose_power();
  const auto store = open();
  EXPECT_EQ(whole(*store), (Contents{{"before", "1"}}));
  EXPECT_TRUE(put(*store, store->acquire_epoch().value(), "later", "3").has_value());
}

INSTANTIATE_TEST_SUITE_P(Disks, RocksWriteFaults, testing::Values(Fault::full, Fault::broken));

}  // namespace
}  // namespace hotline

#endif

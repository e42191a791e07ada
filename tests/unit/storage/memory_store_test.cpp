#include "storage/memory_store.hpp"

#include <gtest/gtest.h>

#include "support/store_faults.hpp"

namespace hotline {
namespace {

using test::FaultyStore;

Batch one(std::string key, std::string value) {
  Batch batch;
  batch.put(Space::ticket, std::move(key), std::move(value));
  return batch;
}
std::optional<std::string> get(const StoreReader& store, std::string key) {
  const std::vector<Key> keys{{Space::ticket, std::move(key)}};
  return store.multi_get(keys).value().at(0);
}

TEST(MemoryStore, ForgetsThePastOnceNobodyLooksAtIt) {
  MemoryStore store;
  const auto epoch = store.acquire_epoch().value();
  const std::string value(1000, 'x');
  ASSERT_TRUE(store.commit(one("a", value), epoch).has_value());
  {
    const auto snapshot = store.snapshot();
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(store.commit(one("a", value), epoch).has_value());
    EXPECT_LE(store.stats().memory_bytes, 2 * 1001u);
    Batch erase;
    erase.erase(Space::ticket, "a");
    ASSERT_TRUE(store.commit(erase, epoch).has_value());
    EXPECT_EQ(get(*snapshot, "a"), value);
    EXPECT_EQ(get(store, "a"), std::nullopt);
  }
  ASSERT_TRUE(store.commit(Batch{}, epoch).has_value());
  EXPECT_EQ(store.stats().memory_bytes, 0u);
}

TEST(MemoryStore, HasNoCheckpoint) {
  MemoryStore store;
  EXPECT_EQ(store.checkpoint("anywhere").error().code, ErrorCode::invalid);
}

TEST(FaultyStore, FailsAsManyCommitsAsAsked) {
  MemoryStore memory;
  FaultyStore store(memory);
  const auto epoch = store.acquire_epoch().value();
  store.fail_commits(2, FaultyStore::Fault::not_written);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(store.commit(one("a", "1"), epoch).error().code, ErrorCode::unavailable);
  }
  EXPECT_EQ(get(store, "a"), std::nullopt);
  EXPECT_TRUE(store.commit(one("a", "1"), epoch).has_value());
  store.fail_commits(1, FaultyStore::Fault::reply_lost);
  EXPECT_EQ(store.commit(one("a", "2"), epoch).error().code, ErrorCode::unavailable);
  EXPECT_EQ(get(store, "a"), "2");
  store.fail_commits(1, FaultyStore::Fault::slowed_down);
  EXPECT_EQ(store.commit(one("a", "3"), epoch).error().code, ErrorCode::overloaded);
  EXPECT_EQ(get(store, "a"), "2");
  EXPECT_EQ(store.commits(), 5u);
  EXPECT_EQ(store.reads(), 3u);
}

}  // namespace
}  // namespace hotline

#include "engine/migration.hpp"

#include "engine_fixture.hpp"
#include "records/codec.hpp"
#include "records/keys.hpp"
#include "support/history.hpp"
#include "support/store_engines.hpp"

namespace hotline {
namespace {

using test::Daemon;

/// Makes the store look as an older version left it: its number, and counters in an older form.
void age(Store& store, std::uint32_t format) {
  const auto epoch = store.acquire_epoch();
  ASSERT_TRUE(epoch);
  Batch batch;
  for (const auto& [key, value] : test::contents(store, Space::counter)) {
    batch.erase(Space::counter, key);
  }
  batch.put(Space::counter, std::string("\x00\x80\x00\x00\x00\x00\x00\x49\x5b\x00", 10), "\x0a");
  for (const auto& [key, value] : test::contents(store, Space::meta)) {
    if (key != meta_key(meta_state)) continue;
    auto meta = decode_meta(value);
    ASSERT_TRUE(meta);
    meta->format = format;
    batch.put(Space::meta, key, encode(*meta));
  }
  ASSERT_TRUE(store.commit(batch, *epoch));
}

TEST(Migration, CountersOfFormat1AreCountedAnew) {
  MemoryStore store;
  test::History history(3);
  {
    Daemon daemon(store);
    for (int i = 0; i < 200; ++i) ASSERT_TRUE(daemon.submit(test::intake(history.intake())));
  }
  const auto before = test::contents(store, Space::counter);
  ASSERT_FALSE(before.empty());
  ASSERT_NO_FATAL_FAILURE(age(store, 1));
  Daemon daemon(store);
  ASSERT_TRUE(daemon.started) << daemon.started.error().detail;
  EXPECT_EQ(test::contents(store, Space::counter), before);
  daemon.expect_clean();
}

TEST(Migration, AStoreOfANewerOrUnknownFormatIsLeftAlone) {
  for (const std::uint32_t format : {0U, format_number + 1}) {
    MemoryStore store;
    {
      Daemon daemon(store);
      ASSERT_TRUE(daemon.submit(test::intake(test::History(1).intake())));
    }
    ASSERT_NO_FATAL_FAILURE(age(store, format));
    const auto before = test::contents(store, Space::counter);
    const Daemon daemon(store);
    ASSERT_FALSE(daemon.started);
    EXPECT_EQ(test::contents(store, Space::counter), before);
  }
}

}  // namespace
}  // namespace hotline

// What every engine owes to include/hotline/store.hpp.

#include <algorithm>
#include <atomic>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/store_engines.hpp"

namespace hotline {
namespace {

using test::Contents;
using test::contents;
using test::StoreKind;

class Conformance : public testing::TestWithParam<StoreKind> {
 protected:
  Conformance() : store_(test::open_store(GetParam(), folder_.path() / "store")) {
    epoch_ = store_->acquire_epoch().value();
  }

  void commit(const Batch& batch) {
    const auto written = store_->commit(batch, epoch_);
    ASSERT_TRUE(written.has_value()) << written.error().detail;
  }
  void put(Space space, std::string key, std::string value) {
    Batch batch;
    batch.put(space, std::move(key), std::move(value));
    commit(batch);
  }
  std::optional<std::string> get(Space space, std::string key) const {
    const std::vector<Key> keys{{space, std::move(key)}};
    return store_->multi_get(keys).value().at(0);
  }
  Contents backwards(const StoreReader& store, Space space, std::string_view from,
                     std::string_view to) const {
    Contents found;
    const auto read = store.scan_back(space, from, to, [&found](auto key, auto value) {
      found.emplace_back(key, value);
      return true;
    });
    EXPECT_TRUE(read.has_value());
    return found;
  }

  test::StoreFolder folder_;
  std::unique_ptr<Store> store_;
  Epoch epoch_ = 0;
};

TEST_P(Conformance, AFreshStoreIsEmpty) {
  for (std::size_t i = 0; i < spaces_end; ++i) {
    EXPECT_TRUE(contents(*store_, static_cast<Space>(i)).empty()) << i;
  }
}

TEST_P(Conformance, ABatchWritesAllItsSpaces) {
  Batch batch;
  for (std::size_t i = 0; i < spaces_end; ++i) {
    batch.put(static_cast<Space>(i), "key", "value " + std::to_string(i));
  }
  commit(batch);
  for (std::size_t i = 0; i < spaces_end; ++i) {
    const Contents expected{{"key", "value " + std::to_string(i)}};
    EXPECT_EQ(contents(*store_, static_cast<Space>(i)), expected);
  }
}

TEST_P(Conformance, MultiGetAnswersInTheOrderOfTheKeys) {
  put(Space::ticket, "b", "1");
  put(Space::source, "a", "2");
  const std::vector<Key> keys{
      {Space::source, "a"}, {Space::ticket, "none"}, {Space::ticket, "b"}, {Space::source, "a"}};
  const std::vector<std::optional<std::string>> expected{"2", std::nullopt, "1", "2"};
  EXPECT_EQ(store_->multi_get(keys).value(), expected);
  EXPECT_TRUE(store_->multi_get({}).value().empty());
}

TEST_P(Conformance, TheLaterChangeOfAKeyInABatchWins) {
  put(Space::ticket, "erased", "before");
  Batch batch;
  batch.put(Space::ticket, "twice", "1");
  batch.put(Space::ticket, "twice", "2");
  batch.put(Space::ticket, "erased", "3");
  batch.erase(Space::ticket, "erased");
  batch.erase(Space::ticket, "kept");
  batch.put(Space::ticket, "kept", "4");
  commit(batch);
  EXPECT_EQ(contents(*store_, Space::ticket), (Contents{{"kept", "4"}, {"twice", "2"}}));
}

TEST_P(Conformance, KeysSortAsUnsignedBytes) {
  const std::vector<std::string> sorted{"",
                                        std::string(1, '\0'),
                                        std::string("\0a", 2),
                                        "a",
                                        "a\x01",
                                        "ab",
                                        "\x7f",
                                        "\x80",
                                        "\xff",
                                        "\xff\xff"};
  Batch batch;
  for (auto key = sorted.rbegin(); key != sorted.rend(); ++key) batch.put(Space::queue, *key, *key);
  commit(batch);
  Contents expected;
  for (const auto& key : sorted) expected.emplace_back(key, key);
  EXPECT_EQ(contents(*store_, Space::queue), expected);
  std::reverse(expected.begin(), expected.end());
  EXPECT_EQ(backwards(*store_, Space::queue, {}, {}), expected);
}

TEST_P(Conformance, RangesIncludeFromAndExcludeTo) {
  Batch batch;
  for (const auto* key : {"a", "b", "c", "d"}) batch.put(Space::queue, key, "");
  commit(batch);
  EXPECT_EQ(contents(*store_, Space::queue, "b", "d"), (Contents{{"b", ""}, {"c", ""}}));
  EXPECT_EQ(contents(*store_, Space::queue, "bb", "cc"), (Contents{{"c", ""}}));
  EXPECT_EQ(contents(*store_, Space::queue, "d", ""), (Contents{{"d", ""}}));
  EXPECT_TRUE(contents(*store_, Space::queue, "b", "b").empty());
  EXPECT_TRUE(contents(*store_, Space::queue, "c", "b").empty());
  EXPECT_EQ(backwards(*store_, Space::queue, "b", "d"), (Contents{{"c", ""}, {"b", ""}}));
  EXPECT_TRUE(backwards(*store_, Space::queue, "c", "b").empty());
}

TEST_P(Conformance, AVisitorStopsAScan) {
  Batch batch;
  for (int i = 0; i < 300; ++i) batch.put(Space::queue, "k" + std::to_string(1000 + i), "");
  commit(batch);
  for (const int stop_after : {1, 64, 65, 200}) {
    int seen = 0;
    const auto visit = [&](auto, auto) { return ++seen < stop_after; };
    ASSERT_TRUE(store_->scan(Space::queue, {}, {}, visit).has_value());
    EXPECT_EQ(seen, stop_after);
    seen = 0;
    ASSERT_TRUE(store_->scan_back(Space::queue, {}, {}, visit).has_value());
    EXPECT_EQ(seen, stop_after);
  }
}

TEST_P(Conformance, AVisitorMayRead) {
  put(Space::queue, "a", "1");
  put(Space::ticket, "a", "2");
  std::optional<std::string> found;
  const auto visit = [&](auto key, auto) {
    found = get(Space::ticket, std::string(key));
    return true;
  };
  ASSERT_TRUE(store_->scan(Space::queue, {}, {}, visit).has_value());
  EXPECT_EQ(found, "2");
}

TEST_P(Conformance, EmptyAndBinaryValuesAreKept) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  put(Space::personal, "", "");
  put(Space::personal, bytes, bytes);
  EXPECT_EQ(get(Space::personal, ""), "");
  EXPECT_EQ(get(Space::personal, bytes), bytes);
}

TEST_P(Conformance, BigValuesAreKept) {
  const std::string big(9u << 20, 'x');
  put(Space::personal, "big", big);
  EXPECT_TRUE(get(Space::personal, "big") == big);
}

TEST_P(Conformance, AnEmptyBatchCommits) { commit(Batch{}); }

TEST_P(Conformance, ASnapshotStandsStill) {
  put(Space::ticket, "changed", "1");
  put(Space::ticket, "erased", "1");
  const auto snapshot = store_->snapshot();
  Batch batch;
  batch.put(Space::ticket, "changed", "2");
  batch.put(Space::ticket, "new", "2");
  batch.erase(Space::ticket, "erased");
  commit(batch);
  const auto later = store_->snapshot();
  put(Space::ticket, "changed", "3");

  const Contents before{{"changed", "1"}, {"erased", "1"}};
  EXPECT_EQ(contents(*snapshot, Space::ticket), before);
  EXPECT_EQ(backwards(*snapshot, Space::ticket, {}, {}),
            (Contents{before.rbegin(), before.rend()}));
  const std::vector<Key> keys{
      {Space::ticket, "changed"}, {Space::ticket, "new"}, {Space::ticket, "erased"}};
  const std::vector<std::optional<std::string>> expected{"1", std::nullopt, "1"};
  EXPECT_EQ(snapshot->multi_get(keys).value(), expected);
  EXPECT_EQ(contents(*later, Space::ticket), (Contents{{"changed", "2"}, {"new", "2"}}));
  EXPECT_EQ(contents(*store_, Space::ticket), (Contents{{"changed", "3"}, {"new", "2"}}));
}

TEST_P(Conformance, ACommitOfAnOldTermIsRefused) {
  put(Space::ticket, "a", "1");
  const auto next = store_->acquire_epoch().value();
  EXPECT_GT(next, epoch_);
  Batch batch;
  batch.put(Space::ticket, "a", "2");
  for (const auto wrong : {epoch_, next + 1, Epoch{0}}) {
    const auto refused = store_->commit(batch, wrong);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, ErrorCode::wrong_state);
  }
  EXPECT_EQ(get(Space::ticket, "a"), "1");
  EXPECT_TRUE(store_->commit(batch, next).has_value());
  EXPECT_EQ(get(Space::ticket, "a"), "2");
}

TEST_P(Conformance, TheTermIsNoRecord) {
  for (std::size_t i = 0; i < spaces_end; ++i) {
    EXPECT_TRUE(contents(*store_, static_cast<Space>(i)).empty());
  }
}

/// Two spaces whose entries always bear one number: a reader that sees two different ones saw half
/// a batch.
class Torn {
 public:
  explicit Torn(const Store& store) : store_(store) {}

  void read_until(const std::atomic<bool>& done) {
    while (!done && !found_) {
      by_keys();
      by_scan();
    }
  }
  bool found() const { return found_; }

 private:
  void by_keys() {
    const std::vector<Key> keys{
        {Space::ticket, "k100"}, {Space::event, "k150"}, {Space::ticket, "k199"}};
    const auto values = store_.multi_get(keys).value();
    found_ = found_ || std::set(values.begin(), values.end()).size() != 1;
  }
  void by_scan() {
    std::set<std::string> values;
    const auto visit = [&](auto, auto value) {
      values.emplace(value);
      return true;
    };
    found_ = found_ || !store_.scan(Space::ticket, {}, {}, visit).has_value() || values.size() != 1;
  }

  const Store& store_;
  bool found_ = false;
};

TEST_P(Conformance, ReadersSeeWholeBatches) {
  const auto write = [this](int number) {
    Batch batch;
    for (int i = 100; i < 200; ++i) {
      batch.put(Space::ticket, "k" + std::to_string(i), std::to_string(number));
      batch.put(Space::event, "k" + std::to_string(i), std::to_string(number));
    }
    commit(batch);
  };
  write(0);
  std::atomic<bool> done = false;
  std::vector<Torn> readers(3, Torn(*store_));
  std::vector<std::thread> threads;
  for (auto& reader : readers) threads.emplace_back([&] { reader.read_until(done); });
  for (int number = 1; number <= 200; ++number) write(number);
  done = true;
  for (auto& thread : threads) thread.join();
  for (const auto& reader : readers) EXPECT_FALSE(reader.found());
}

/// Random batches and reads, against maps.
class Model {
 public:
  explicit Model(std::uint64_t seed) : random_(seed) {}

  Batch batch() {
    Batch made;
    for (auto left = number(8); left > 0; --left) {
      const auto space = static_cast<Space>(number(spaces_end));
      auto key = some_key();
      auto& table = tables_[static_cast<std::size_t>(space)];
      if (number(3) == 0) {
        table.erase(key);
        made.erase(space, std::move(key));
      } else {
        auto value = std::to_string(random_());
        table[key] = value;
        made.put(space, std::move(key), std::move(value));
      }
    }
    return made;
  }

  /// Compares one random range, both ways, and some keys.
  void compare(const StoreReader& store) {
    const auto space = static_cast<Space>(number(spaces_end));
    const auto from = number(4) == 0 ? "" : some_key();
    const auto to = number(4) == 0 ? "" : some_key();
    const auto expected = range(space, from, to);
    ASSERT_EQ(contents(store, space, from, to), expected);
    Contents reversed;
    ASSERT_TRUE(store
                    .scan_back(space, from, to,
                               [&](auto key, auto value) {
                                 reversed.emplace_back(key, value);
                                 return true;
                               })
                    .has_value());
    ASSERT_EQ(reversed, (Contents{expected.rbegin(), expected.rend()}));
    compare_keys(store);
  }

  void compare_all(const StoreReader& store) {
    for (std::size_t i = 0; i < spaces_end; ++i) {
      const auto space = static_cast<Space>(i);
      ASSERT_EQ(contents(store, space), range(space, "", ""));
    }
  }

  std::uint64_t number(std::uint64_t below) { return random_() % below; }

 private:
  void compare_keys(const StoreReader& store) {
    std::vector<Key> keys;
    for (int i = 0; i < 5; ++i)
      keys.push_back({static_cast<Space>(number(spaces_end)), some_key()});
    const auto values = store.multi_get(keys).value();
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto& table = tables_[static_cast<std::size_t>(keys[i].space)];
      const auto found = table.find(keys[i].bytes);
      ASSERT_EQ(values[i].has_value(), found != table.end());
      if (found != table.end()) {
        ASSERT_EQ(*values[i], found->second);
      }
    }
  }

  /// Few enough to meet again, of bytes at the ends of their range.
  std::string some_key() {
    static constexpr char bytes[] = {'\0', '\x01', 'a', '\x7f', '\x80', '\xff'};
    std::string key(number(4), '\0');
    for (auto& byte : key) byte = bytes[number(sizeof bytes)];
    return key;
  }

  Contents range(Space space, const std::string& from, const std::string& to) const {
    Contents found;
    for (const auto& [key, value] : tables_[static_cast<std::size_t>(space)]) {
      if (key >= from && (to.empty() || key < to)) found.emplace_back(key, value);
    }
    return found;
  }

  std::mt19937_64 random_;
  std::array<std::map<std::string, std::string>, spaces_end> tables_;
};

TEST_P(Conformance, AgreesWithAModel) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    test::StoreFolder folder;
    const auto store = test::open_store(GetParam(), folder.path() / "model");
    const auto epoch = store->acquire_epoch().value();
    Model model(seed);
    std::unique_ptr<StoreReader> frozen;
    std::unique_ptr<Model> then;
    for (int step = 0; step < 200; ++step) {
      ASSERT_TRUE(store->commit(model.batch(), epoch).has_value());
      ASSERT_NO_FATAL_FAILURE(model.compare(*store)) << "step " << step;
      if (frozen) {
        ASSERT_NO_FATAL_FAILURE(then->compare(*frozen)) << "step " << step;
      }
      if (model.number(20) == 0) {
        frozen = store->snapshot();
        then = std::make_unique<Model>(model);
      }
    }
    ASSERT_NO_FATAL_FAILURE(model.compare_all(*store));
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, Conformance, testing::ValuesIn(test::store_kinds()),
                         [](const auto& kind) { return test::name(kind.param); });

}  // namespace
}  // namespace hotline

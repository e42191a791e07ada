#include "records/keys.hpp"

#include <array>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "records/codec.hpp"
#include "support/hex.hpp"
#include "support/random_domain.hpp"

namespace hotline {
namespace {

using test::from_hex;
using test::RandomDomain;
using test::to_hex;
using testing::HasSubstr;

constexpr std::uint64_t id = 2106010100000001;
Time at(std::int64_t ms) { return Time{Duration{ms}}; }

TEST(Keys, GoldenBytes) {
  const TicketId ticket{id};
  EXPECT_EQ(to_hex(ticket_key(ticket)), "00077b67afe76501");
  EXPECT_EQ(to_hex(personal_key(ticket)), "00077b67afe76501");
  EXPECT_EQ(to_hex(event_key({ticket, 2})), "00077b67afe7650100000002");
  EXPECT_EQ(to_hex(queue_key({"urban", at(1622505600000), ticket, 1})),
            "757262616e00"
            "80000179c4deb400"
            "00077b67afe76501"
            "0001");
  EXPECT_EQ(to_hex(timer_key({at(1622505600000), ticket})), "80000179c4deb40000077b67afe76501");
  EXPECT_EQ(to_hex(lease_key({ticket, 1})), "00077b67afe765010001");
  EXPECT_EQ(to_hex(idempotency_key("cc", "k1")), "6363006b3100");
  EXPECT_EQ(to_hex(source_key("cc", "7")), "6363003700");
  EXPECT_EQ(to_hex(work_key({"urban", at(-1), ticket, 2})),
            "757262616e00"
            "7fffffffffffffff"
            "00077b67afe76501"
            "0002");
  EXPECT_EQ(
      to_hex(counter_key({Dimension::region, Span::day, Day{std::chrono::days{18779}}, "341282"})),
      "0300"
      "800000000000495b"
      "33343132383200");
  EXPECT_EQ(to_hex(audit_key({at(1), 2})), "80000000000000010000000000000002");
  EXPECT_EQ(to_hex(outbox_key(3)), "0000000000000003");
  EXPECT_EQ(to_hex(meta_key(meta_state)), "737461746500");
}

TEST(Keys, TheExamplesOfTheFormatDocumentAreTrue) {
  std::ifstream file(HOTLINE_SOURCE_DIR "/src/records/FORMAT.md");
  std::string document(std::istreambuf_iterator<char>(file), {});
  EXPECT_THAT(document, HasSubstr("at present **" + std::to_string(format_number) + "**"));
  std::erase(document, ' ');
  const auto queue = queue_key({"urban", at(1622505600000), TicketId{id}, 1});
  EXPECT_THAT(document, HasSubstr(to_hex(queue)));
  const auto counter =
      counter_key({Dimension::region, Span::day, Day{std::chrono::days{18779}}, "341282"});
  EXPECT_THAT(document, HasSubstr(to_hex(counter)));
}

Time some_time(RandomDomain& random) {
  constexpr std::array edges = {std::numeric_limits<std::int64_t>::min(),
                                std::int64_t{-1},
                                std::int64_t{0},
                                std::int64_t{1},
                                std::int64_t{255},
                                std::numeric_limits<std::int64_t>::max()};
  if (random.number(3) == 0) return at(edges[random.number(edges.size())]);
  return random.time();
}
TicketId some_id(RandomDomain& random) { return TicketId{random.number() >> random.number(64)}; }
std::uint16_t some_seq(RandomDomain& random) {
  return static_cast<std::uint16_t>(random.number(65536));
}
/// Texts of which one often begins another.
std::string some_text(RandomDomain& random) {
  static const std::vector<std::string> texts = {"",     "a",  "ab",   "abc", "b",
                                                 "\x01", "城", "城管", "\xff"};
  return texts[random.number(texts.size())];
}

/// Every pair of random keys must order as the structs do, be a prefix of none, and parse back.
template <typename Key>
void holds_order(const std::function<Key(RandomDomain&)>& make,
                 const std::function<std::string(const Key&)>& write,
                 const std::function<std::optional<Key>(std::string_view)>& parse) {
  RandomDomain random(42);
  for (int i = 0; i < 4000; ++i) {
    const auto a = make(random);
    const auto b = make(random);
    const auto bytes_a = write(a);
    const auto bytes_b = write(b);
    ASSERT_EQ(a < b, bytes_a < bytes_b) << to_hex(bytes_a) << ' ' << to_hex(bytes_b);
    ASSERT_EQ(a == b, bytes_a == bytes_b);
    ASSERT_TRUE(a == b || !bytes_b.starts_with(bytes_a));
    const auto parsed = parse(bytes_a);
    ASSERT_TRUE(parsed.has_value());
    ASSERT_EQ(*parsed, a);
    ASSERT_FALSE(parse(bytes_a.substr(0, bytes_a.size() - 1)).has_value());
    ASSERT_FALSE(parse(bytes_a + "x").has_value());
  }
}

TEST(Keys, TicketOrder) {
  holds_order<TicketId>(some_id, ticket_key, parse_ticket_key);
  holds_order<TicketId>(some_id, personal_key, parse_personal_key);
}
TEST(Keys, EventOrder) {
  holds_order<EventKey>(
      [](auto& random) {
        return EventKey{some_id(random), static_cast<std::uint32_t>(random.number(1ULL << 32))};
      },
      event_key, parse_event_key);
}
TEST(Keys, QueueOrder) {
  holds_order<QueueKey>(
      [](auto& random) {
        return QueueKey{some_text(random), some_time(random), some_id(random), some_seq(random)};
      },
      queue_key, parse_queue_key);
}
TEST(Keys, TimerOrder) {
  holds_order<TimerKey>(
      [](auto& random) {
        return TimerKey{some_time(random), some_id(random)};
      },
      timer_key, parse_timer_key);
}
TEST(Keys, LeaseOrder) {
  holds_order<LeaseKey>(
      [](auto& random) {
        return LeaseKey{some_id(random), some_seq(random)};
      },
      lease_key, parse_lease_key);
}
TEST(Keys, IdempotencyOrder) {
  holds_order<IdempotencyKey>(
      [](auto& random) {
        return IdempotencyKey{some_text(random), some_text(random)};
      },
      [](const auto& key) { return idempotency_key(key.principal, key.key); },
      parse_idempotency_key);
}
TEST(Keys, SourceOrder) {
  holds_order<SourceKey>(
      [](auto& random) {
        return SourceKey{some_text(random), some_text(random)};
      },
      [](const auto& key) { return source_key(key.source, key.source_id); }, parse_source_key);
}
TEST(Keys, WorkOrder) {
  holds_order<WorkKey>(
      [](auto& random) {
        return WorkKey{some_text(random), some_time(random), some_id(random), some_seq(random)};
      },
      work_key, parse_work_key);
}
TEST(Keys, AuditOrder) {
  holds_order<AuditKey>(
      [](auto& random) {
        return AuditKey{some_time(random), random.number()};
      },
      audit_key, parse_audit_key);
}
TEST(Keys, OutboxOrder) {
  holds_order<std::uint64_t>([](auto& random) { return random.number() >> random.number(64); },
                             outbox_key, parse_outbox_key);
}

CounterKey some_counter(RandomDomain& random) {
  const auto day = static_cast<std::int64_t>(random.number(40)) - 20;
  return {static_cast<Dimension>(random.number(6)), static_cast<Span>(random.number(2)),
          Day{std::chrono::days{day}}, some_text(random)};
}

TEST(Keys, CounterOrderPutsTheDimensionFirst) {
  RandomDomain random(42);
  for (int i = 0; i < 4000; ++i) {
    const auto a = some_counter(random);
    const auto b = some_counter(random);
    ASSERT_EQ(a < b, counter_key(a) < counter_key(b));
    ASSERT_EQ(parse_counter_key(counter_key(a)), a);
  }
}

TEST(Keys, CounterRangeHoldsExactlyTheRowsOfOneDimensionAndSpan) {
  RandomDomain random(43);
  for (int i = 0; i < 4000; ++i) {
    const auto key = some_counter(random);
    const Day from{std::chrono::days{static_cast<std::int64_t>(random.number(40)) - 20}};
    const Day to = from + std::chrono::days{static_cast<std::int64_t>(random.number(10))};
    const auto dimension = static_cast<Dimension>(random.number(6));
    const auto span = static_cast<Span>(random.number(2));
    const auto range = counter_range(dimension, span, from, to);
    const auto bytes = counter_key(key);
    const bool inside =
        key.dimension == dimension && key.span == span && from <= key.day && key.day < to;
    ASSERT_EQ(inside, range.from <= bytes && bytes < range.to);
  }
}

TEST(Keys, UnknownDimensionSpanOrDayIsNoCounterKey) {
  EXPECT_TRUE(parse_counter_key(from_hex("0501800000000000000000")).has_value());
  EXPECT_FALSE(parse_counter_key(from_hex("0600800000000000000000")).has_value());
  EXPECT_FALSE(parse_counter_key(from_hex("0502800000000000000000")).has_value());
  EXPECT_FALSE(parse_counter_key(from_hex("0500ffffffffffffffff00")).has_value());
}

TEST(Keys, QueueRangeHoldsExactlyOneQueue) {
  RandomDomain random(44);
  for (int i = 0; i < 4000; ++i) {
    const auto queue = some_text(random);
    const QueueKey key{some_text(random), some_time(random), some_id(random), some_seq(random)};
    const auto range = queue_range(queue);
    const auto bytes = queue_key(key);
    ASSERT_EQ(key.queue == queue, range.from <= bytes && bytes < range.to);
    const auto work = work_range(queue);
    const auto work_bytes = work_key({key.queue, key.order, key.ticket, key.seq});
    ASSERT_EQ(key.queue == queue, work.from <= work_bytes && work_bytes < work.to);
  }
}

TEST(Keys, EventRangeHoldsExactlyOneStory) {
  const TicketId last{std::numeric_limits<std::uint64_t>::max()};
  EXPECT_TRUE(event_range(last).to.empty());
  const auto range = event_range(TicketId{0x1FF});
  EXPECT_LE(range.from, event_key({TicketId{0x1FF}, 0}));
  EXPECT_GT(range.to, event_key({TicketId{0x1FF}, 0xFFFFFFFF}));
  EXPECT_LE(range.to, event_key({TicketId{0x200}, 0}));
}

TEST(Keys, DueTimersAreThoseUpToNow) {
  RandomDomain random(45);
  for (int i = 0; i < 4000; ++i) {
    const auto now = some_time(random);
    const TimerKey key{some_time(random), some_id(random)};
    const auto range = timer_range_due(now);
    const auto bytes = timer_key(key);
    const bool inside = bytes >= range.from && (range.to.empty() || bytes < range.to);
    ASSERT_EQ(key.due <= now, inside);
  }
}

}  // namespace
}  // namespace hotline

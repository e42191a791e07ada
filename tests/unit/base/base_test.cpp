#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"

namespace hotline {
namespace {

TEST(Rfc3339, ReadsWhatTheStandardHasAndPrintsItInTheZone) {
  const std::pair<const char*, const char*> table[] = {
      {"2021-06-01T08:00:00+08:00", "2021-06-01T08:00:00+08:00"},
      {"2021-06-01T00:00:00Z", "2021-06-01T08:00:00+08:00"},
      {"2021-06-01t00:00:00z", "2021-06-01T08:00:00+08:00"},
      {"2021-05-31T20:00:00.5-04:00", "2021-06-01T08:00:00.500+08:00"},
      {"2020-02-29T23:59:59.123456789+08:00", "2020-02-29T23:59:59.123+08:00"},
  };
  for (const auto& [text, printed] : table) {
    const auto time = parse_rfc3339(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(format_rfc3339(*time, china_offset), printed);
  }
}

TEST(Rfc3339, RefusesEverythingElse) {
  for (const char* text :
       {"", "2021-06-01", "2021-06-01T08:00:00", "2021-06-01T08:00+08:00", "2021-13-01T08:00:00Z",
        "2021-02-29T08:00:00Z", "2021-06-01T24:00:00Z", "2021-06-01T08:60:00Z",
        "2021-06-01T08:00:00.Z", "2021-06-01T08:00:00+0800", "2021-06-01T08:00:00+08:00x",
        "-021-06-01T08:00:00Z", "1969-06-01T08:00:00Z", "2021-06-01T08:00:00+24:00"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

TEST(Days, BeginAtMidnightOfTheZone) {
  const Time late = *parse_rfc3339("2021-06-30T23:59:59.999+08:00");
  EXPECT_EQ(format_day(local_day(late, china_offset)), "2021-06-30");
  EXPECT_EQ(format_day(local_day(late + Duration{1}, china_offset)), "2021-07-01");
  const Day day = *parse_day("2021-07-01");
  EXPECT_EQ(start_of_day(day, china_offset), late + Duration{1});
  EXPECT_EQ(time_of_day(late, china_offset), std::chrono::hours{24} - Duration{1});
  for (const char* text : {"2021-7-1", "2021-02-30", "20210701", "2021-07-01 "}) {
    EXPECT_FALSE(parse_day(text)) << text;
  }
}

TEST(TicketIds, SpellTheDayTheShardAndTheSerial) {
  const TicketId id = make_ticket_id(*parse_day("2021-06-01"), 7, 42);
  EXPECT_EQ(to_string(id), "2106010700000042");
  EXPECT_EQ(parse_ticket_id("2106010700000042")->value, id.value);
  EXPECT_TRUE(same_series(id, first_ticket_id(*parse_day("2021-06-01"), 7)));
  EXPECT_FALSE(same_series(id, first_ticket_id(*parse_day("2021-06-01"), 8)));
  EXPECT_EQ(serial_of(id), 42U);
  for (const char* text : {"", "210601070000004", "21060107000000420", "2106010700000o42"}) {
    EXPECT_FALSE(parse_ticket_id(text)) << text;
  }
}

TEST(Keys, SortAsTheirFieldsDo) {
  const auto key = [](std::string_view text, std::int64_t number) {
    return KeyWriter().text(text).i64(number).take();
  };
  EXPECT_LT(key("a", -5), key("a", -4));
  EXPECT_LT(key("a", -1), key("a", 0));
  EXPECT_LT(key("a", 255), key("a", 256));
  EXPECT_LT(key("a", 99), key("aa", 0)) << "a text that begins another sorts before it";
  EXPECT_LT(key("aa", 0), key("b", -1));
}

TEST(Keys, ReadBackOnlyTheExactForm) {
  const std::string key = KeyWriter().u8(1).u16(2).u32(3).u64(4).i64(-5).text("六").take();
  KeyReader in(key);
  EXPECT_EQ(in.u8(), 1);
  EXPECT_EQ(in.u16(), 2);
  EXPECT_EQ(in.u32(), 3U);
  EXPECT_EQ(in.u64(), 4U);
  EXPECT_EQ(in.i64(), -5);
  EXPECT_FALSE(in.finished());
  EXPECT_EQ(in.text(), "六");
  EXPECT_TRUE(in.finished());
  KeyReader cut(std::string_view(key).substr(0, 10));
  cut.u64();
  cut.u64();
  EXPECT_FALSE(cut.finished());
}

TEST(Keys, PrefixEndIsAboveEveryKeyWithThePrefix) {
  EXPECT_EQ(prefix_end("ab"), "ac");
  EXPECT_EQ(prefix_end(std::string("a\xff", 2)), "b");
  EXPECT_EQ(prefix_end(std::string("\xff\xff", 2)), "");
}

}  // namespace
}  // namespace hotline

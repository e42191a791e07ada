#include "client/mapping.hpp"

#include <gtest/gtest.h>

#include "client/fields.hpp"

namespace hotline::client {
namespace {

MessageMapping mapping() { return {.source = "letters"}; }

json::value mapped(std::string_view line, std::uint64_t number = 7) {
  const auto intake = map_line(line, number, mapping());
  EXPECT_TRUE(intake) << intake.error().detail;
  return intake ? *parse_json(intake->body) : json::value{};
}

std::string word(const json::value& body, std::string_view key) {
  const auto* found = member(body, key);
  return found == nullptr ? std::string() : std::string(found->as_string());
}

TEST(Mapping, AMessageBecomesAnIntakeBody) {
  const auto body = mapped(
      R"({"id":"m-1","label":"x","title":"路灯损坏","body":"小区门口路灯不亮","time":"2020-01-06T12:09:38"})");
  EXPECT_EQ(body, *parse_json(R"({"source":"letters","source_id":"m-1","channel":"website",
      "content":"小区门口路灯不亮","title":"路灯损坏","received_at":"2020-01-06T12:09:38+08:00"})"));
}

TEST(Mapping, ContentComesFromTheFirstMemberThatHasWords) {
  EXPECT_EQ(word(mapped(R"({"title":"t","content":"c"})"), "content"), "c");
  EXPECT_EQ(word(mapped(R"({"title":"t","text":"x"})"), "content"), "x");
  EXPECT_EQ(word(mapped(R"({"title":"t","body":"  \n "})"), "content"), "t");
  EXPECT_EQ(word(mapped(R"({"title":"t","body":null})"), "content"), "t");
}

TEST(Mapping, IdsAreNumbersTextsOrTheLine) {
  EXPECT_EQ(word(mapped(R"({"id":188006,"body":"b"})"), "source_id"), "188006");
  EXPECT_EQ(word(mapped(R"({"id":"a b","body":"b"})"), "source_id"), "a b");
  EXPECT_EQ(word(mapped(R"({"body":"b"})", 12), "source_id"), "line-00000012");
  EXPECT_EQ(word(mapped(R"({"id":"","body":"b"})", 12), "source_id"), "line-00000012");
}

TEST(Mapping, AbsentTimesAreLeftToTheDaemon) {
  EXPECT_EQ(word(mapped(R"({"body":"b","time":null})"), "received_at"), "");
  EXPECT_EQ(word(mapped(R"({"body":"b"})"), "received_at"), "");
}

TEST(Mapping, AnIntakeBodyGoesAsItIs) {
  const std::string line =
      R"({"channel":"phone","content":"c","source":"s","source_id":"1","extra":{"body":"x"}})";
  const auto intake = map_line(line, 1, mapping());
  ASSERT_TRUE(intake);
  EXPECT_EQ(intake->body, line);
  EXPECT_EQ(intake->idempotency_key, "");
}

TEST(Mapping, ABodyWithoutSourceIdIsRepeatableByItsKey) {
  const std::string line = R"({"channel":"phone","content":"c"})";
  const auto first = map_line(line, 1, mapping());
  EXPECT_FALSE(first->idempotency_key.empty());
  EXPECT_EQ(first->idempotency_key, map_line(line, 1, mapping())->idempotency_key);
  EXPECT_NE(first->idempotency_key, map_line(line, 2, mapping())->idempotency_key);
  EXPECT_NE(first->idempotency_key,
            map_line(R"({"channel":"phone","content":"d"})", 1, mapping())->idempotency_key);
}

TEST(Mapping, AMarkedFileBeginsLikeAnyOther) {
  EXPECT_TRUE(map_line("\xEF\xBB\xBF{\"body\":\"b\"}", 1, mapping()));
}

TEST(Mapping, ControlCharactersBecomeSpaces) {
  EXPECT_EQ(word(mapped(R"({"body":"a\u0000b\u0007c\nd\te"})"), "content"), "a b c\nd\te");
}

TEST(Mapping, ANumberForCallersOnlyWhenAskedFor) {
  EXPECT_EQ(word(mapped(R"({"body":"b"})"), "caller"), "");
  auto with = mapping();
  with.phone = "000";
  const auto intake = map_line(R"({"body":"b"})", 1, with);
  const auto body = parse_json(intake->body);
  EXPECT_EQ(text(at(*body, "caller"), "phone"), "000");
}

TEST(Mapping, BadLinesAreRefused) {
  for (const char* line :
       {"", "x", "[]", "1", "{}", R"({"title":""})", R"({"body":5})",
        R"({"body":"b","time":"noon"})", R"({"body":"b")", "{\"body\":\"\xFF\"}"}) {
    EXPECT_FALSE(map_line(line, 1, mapping())) << line;
  }
}

TEST(Mapping, LooseTimes) {
  struct Case {
    const char* written;
    const char* read;
  };
  for (const auto& [written, read] :
       {Case{"2020-01-06T12:09:38", "2020-01-06T12:09:38+08:00"},
        Case{"2020-01-06 12:09:38", "2020-01-06T12:09:38+08:00"},
        Case{"2020-01-06 12:09:38.5", "2020-01-06T12:09:38.500+08:00"},
        Case{"2020-01-06", "2020-01-06T00:00:00+08:00"},
        Case{"2020/1/6", "2020-01-06T00:00:00+08:00"},
        Case{"2020/1/6 9:05", "2020-01-06T09:05:00+08:00"},
        Case{"2020-1-6  12:09:38", "2020-01-06T12:09:38+08:00"},
        Case{"2020年1月6日 9:05:07", "2020-01-06T09:05:07+08:00"},
        Case{"2020年12月31日", "2020-12-31T00:00:00+08:00"},
        Case{"2020/1/6 9:05Z", "2020-01-06T17:05:00+08:00"},
        Case{"2020-01-06T12:00:00Z", "2020-01-06T20:00:00+08:00"},
        Case{"2020-01-06T12:00:00+09:00", "2020-01-06T11:00:00+08:00"}}) {
    const auto time = parse_loose_time(written, china_offset);
    ASSERT_TRUE(time) << written;
    EXPECT_EQ(format_rfc3339(*time, china_offset), read);
  }
  for (const char* written :
       {"", " ", "T", "2020", "2020/1", "2020/1/6/7", "2020/1/6 9", "2020/1/6 9:5", "1/6/2020 9:05",
        "2020/1/6 9:05:00:00", "2020年", "2020-13-01", "2020-01-06T25:00:00", "06.01.2020 10:00"}) {
    EXPECT_FALSE(parse_loose_time(written, china_offset)) << written;
  }
}

json::value cells_mapped(const IntakeCells& cells) {
  const auto intake = map_cells(cells, 7, mapping());
  EXPECT_TRUE(intake) << intake.error().detail;
  return intake ? *parse_json(intake->body) : json::value{};
}

TEST(Cells, FillTheIntakeBody) {
  EXPECT_EQ(cells_mapped({{"content", "路灯不亮"}}),
            *parse_json(R"({"source":"letters","source_id":"line-00000007","channel":"website",
                            "content":"路灯不亮"})"));
  EXPECT_EQ(
      cells_mapped({{"source_id", "a1"},
                    {"channel", "电话"},
                    {"type", "投诉"},
                    {"urgency", "urgent"},
                    {"title", "路灯"},
                    {"name", "张某"},
                    {"phone", "1380000"},
                    {"confidential", "是"},
                    {"handling", "转办"},
                    {"department", "cgj"},
                    {"lat", "33.26"},
                    {"lon", "115.37"},
                    {"received_at", "2021/6/1 8:05"},
                    {"region", ""}}),
      *parse_json(R"({"source":"letters","source_id":"a1","channel":"phone","type":"complaint",
                "urgency":"urgent","title":"路灯","content":"路灯","handling":"transferred",
                "department":"cgj","caller":{"name":"张某","phone":"1380000","confidential":true},
                "location":{"lat":33.26,"lon":115.37},"received_at":"2021-06-01T08:05:00+08:00"})"));
}

TEST(Cells, WhatIsNeitherTermNorNameIsLeftToTheDaemon) {
  EXPECT_EQ(word(cells_mapped({{"content", "c"}, {"type", "唠叨"}}), "type"), "唠叨");
  EXPECT_EQ(word(cells_mapped({{"content", "c"}, {"channel", "热线"}}), "channel"), "热线");
}

TEST(Cells, WhatCannotBeReadIsNamed) {
  struct Case {
    IntakeCells cells;
    const char* fault;
  };
  for (const auto& [cells, fault] :
       {Case{{}, "content is empty"}, Case{{{"content", "c"}, {"lat", "north"}}, "lat 'north'"},
        Case{{{"content", "c"}, {"lat", "33.2"}}, "lon ''"},
        Case{{{"content", "c"}, {"lat", "33.2x"}, {"lon", "1"}}, "lat '33.2x'"},
        Case{{{"content", "c"}, {"confidential", "maybe"}}, "confidential 'maybe'"},
        Case{{{"content", "c"}, {"received_at", "昨天"}}, "'昨天' is not a time"}}) {
    const auto intake = map_cells(cells, 1, mapping());
    ASSERT_FALSE(intake) << fault;
    EXPECT_NE(intake.error().detail.find(fault), std::string::npos) << intake.error().detail;
  }
}

TEST(Mapping, TheTimeOfReceiptIsKnownForPacing) {
  const auto noon = *parse_rfc3339("2021-06-01T12:00:00+08:00");
  for (const char* line :
       {R"({"body":"b","time":"2021-06-01 12:00:00"})",
        R"({"channel":"c","content":"c","received_at":"2021-06-01T04:00:00Z"})"}) {
    EXPECT_EQ(map_line(line, 1, mapping())->received_at, noon) << line;
  }
  EXPECT_FALSE(map_line(R"({"body":"b"})", 1, mapping())->received_at);
}

TEST(Mapping, SourceIsTheFilesName) {
  EXPECT_EQ(source_of_file("/a/b/letters.2020.jsonl"), "letters.2020");
  EXPECT_EQ(source_of_file("来信.jsonl"), "来信");
  EXPECT_EQ(source_of_file("-"), "stdin");
  std::string longest;
  for (int i = 0; i < 30; ++i) longest += "信";
  EXPECT_EQ(source_of_file(longest + ".jsonl").size(), 63U);
}

}  // namespace
}  // namespace hotline::client

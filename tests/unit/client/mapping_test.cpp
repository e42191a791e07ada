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
        Case{"2020-01-06T12:00:00Z", "2020-01-06T20:00:00+08:00"},
        Case{"2020-01-06T12:00:00+09:00", "2020-01-06T11:00:00+08:00"}}) {
    const auto time = parse_loose_time(written, china_offset);
    ASSERT_TRUE(time) << written;
    EXPECT_EQ(format_rfc3339(*time, china_offset), read);
  }
  for (const char* written :
       {"", "2020", "2020-13-01", "2020-01-06T25:00:00", "06.01.2020 10:00"}) {
    EXPECT_FALSE(parse_loose_time(written, china_offset)) << written;
  }
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

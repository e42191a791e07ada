#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/lines.hpp"
#include "api_harness.hpp"

namespace hotline::api {
namespace {

using test::Headers;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Bulk : public testing::Test {
 protected:
  using Exchange = test::ApiHarness::Exchange;

  static std::string line(const std::string& source_id, const std::string& content = "路灯不亮") {
    return R"({"source":"cc","source_id":")" + source_id + R"(","channel":"phone","content":")" +
           content + "\"}";
  }

  std::vector<test::json::value> post(const std::string& body, const Headers& headers = {},
                                      std::size_t reads = static_cast<std::size_t>(-1)) {
    const auto exchange = harness.begin(http::Verb::post, "/v1/tickets:bulk", body, headers);
    exchange->stream.left = reads;
    harness.io.restart();
    harness.io.run();
    EXPECT_EQ(exchange->answer->status, 200U);
    EXPECT_EQ(exchange->answer->content_type, "application/x-ndjson");
    return values(exchange->answer->body);
  }
  static std::vector<test::json::value> values(const std::string& text) {
    std::vector<test::json::value> out;
    std::size_t begin = 0;
    for (auto end = text.find('\n'); end != text.npos; end = text.find('\n', begin)) {
      out.push_back(test::json::parse(text.substr(begin, end - begin)));
      begin = end + 1;
    }
    EXPECT_EQ(begin, text.size()) << "the last line has no end";
    return out;
  }
  static std::int64_t number(const test::json::value& value, const char* name) {
    return value.at(name).as_int64();
  }

  test::ApiHarness harness;
};

TEST_F(Bulk, AnswersALineWithALineInOrder) {
  const auto told = post(line("1") + "\n" + line("2", "查询公积金") + "\r\n\n" + line("3", "火灾"));
  ASSERT_THAT(told, SizeIs(4));
  EXPECT_EQ(number(told[0], "line"), 1);
  EXPECT_EQ(number(told[0], "status"), 201);
  EXPECT_EQ(told[0].at("ticket_status").as_string(), "dispatched");
  EXPECT_EQ(told[0].at("handling").as_string(), "transferred");
  EXPECT_EQ(told[0].at("lead").as_string(), "D07");
  EXPECT_EQ(told[0].at("source_id").as_string(), "1");
  EXPECT_EQ(told[1].at("handling").as_string(), "direct");
  EXPECT_TRUE(told[1].at("lead").is_null());
  EXPECT_EQ(number(told[2], "line"), 4) << "blank lines count";
  EXPECT_TRUE(told[3].at("done").as_bool());
  EXPECT_EQ(number(told[3], "lines"), 4);
  EXPECT_EQ(number(told[3], "created"), 3);
  harness.expect_clean();
}

TEST_F(Bulk, ABadLineFailsAlone) {
  const auto told = post(line("1") + "\nnot json\n" + R"({"channel":"phone","contents":"x"})" +
                         "\n[]\n" + line("2") + "\n");
  ASSERT_THAT(told, SizeIs(6));
  EXPECT_EQ(number(told[1], "status"), 400);
  EXPECT_EQ(told[1].at("problem").at("code").as_string(), "malformed");
  EXPECT_EQ(number(told[2], "status"), 422);
  EXPECT_THAT(test::json::serialize(told[2].at("problem").at("errors")), HasSubstr("/contents"));
  EXPECT_EQ(number(told[3], "status"), 422);
  EXPECT_EQ(number(told[4], "status"), 201);
  EXPECT_EQ(number(told[5], "created"), 2);
  EXPECT_EQ(number(told[5], "refused"), 3);
  harness.expect_clean();
}

TEST_F(Bulk, WhatIsSentAgainIsARepeat) {
  const std::string body = line("1") + "\n" + line("2") + "\n" + line("1") + "\n";
  const auto first = post(body);
  EXPECT_EQ(number(first[2], "status"), 200) << "also within one body";
  const auto again = post(body);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(number(again[i], "status"), 200);
    EXPECT_EQ(again[i].at("id"), first[i].at("id"));
  }
  EXPECT_EQ(number(again[3], "repeated"), 3);
  const auto other = post(line("1", "改了内容") + "\n");
  EXPECT_EQ(other[0].at("warnings").at(0).at("code").as_string(), "repeat_differs");
}

TEST_F(Bulk, LinesWithoutASourceAreRepeatedByTheKeyOfTheWhole) {
  const std::string body = R"({"channel":"phone","content":"一"})"
                           "\n"
                           R"({"channel":"phone","content":"二"})"
                           "\n";
  const Headers key{{"Idempotency-Key", "morning-1"}};
  const auto first = post(body, key);
  EXPECT_EQ(number(first[2], "created"), 2);
  const auto again = post(body, key);
  EXPECT_EQ(number(again[2], "repeated"), 2);
  EXPECT_EQ(again[1].at("id"), first[1].at("id"));
}

TEST_F(Bulk, ALineBeyondItsBoundIsPassedOver) {
  const std::string huge(line_bytes_max + 5, 'x');
  const auto exchange = harness.begin(http::Verb::post, "/v1/tickets:bulk",
                                      line("1") + "\n" + huge + "\n" + line("2") + "\n");
  exchange->stream.piece_bytes = 60'000;
  harness.io.restart();
  harness.io.run();
  const auto told = values(exchange->answer->body);
  ASSERT_THAT(told, SizeIs(4));
  EXPECT_EQ(number(told[1], "status"), 413);
  EXPECT_EQ(number(told[2], "status"), 201);
  EXPECT_EQ(number(told[2], "line"), 3);
}

TEST_F(Bulk, ABodyThatBreaksOffSaysSoAndKeepsWhatCame) {
  const auto told = post(line("1") + "\n" + line("2") + "\n" + line("3"), {}, 30);
  EXPECT_FALSE(told.back().at("done").as_bool());
  EXPECT_EQ(told.back().at("problem").at("code").as_string(), "unavailable");
  EXPECT_EQ(static_cast<std::int64_t>(told.size()) - 1, number(told.back(), "lines"));
  EXPECT_GE(told.size(), 2U);
  harness.expect_clean();
}

TEST_F(Bulk, NothingIsBegunForAWrongKindOfBody) {
  for (const auto& headers : {Headers{{"Content-Type", "application/json"}},
                              Headers{{"Idempotency-Key", std::string(101, 'k')}}}) {
    const auto answer = harness.post("/v1/tickets:bulk", line("1"), headers);
    EXPECT_GE(answer.status, 400U);
    EXPECT_EQ(answer.content_type, "application/problem+json");
  }
}

TEST_F(Bulk, AnEmptyBodyIsDoneAtOnce) {
  const auto told = post("");
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_TRUE(told[0].at("done").as_bool());
  EXPECT_EQ(number(told[0], "lines"), 0);
}

}  // namespace
}  // namespace hotline::api

#include <gtest/gtest.h>

#include "api/auth.hpp"
#include "api_harness.hpp"

namespace hotline::test {
namespace {

std::size_t leased(const http::Response& answer) {
  return ApiHarness::parsed(answer).at("leases").as_array().size();
}
std::uint64_t leased_now(ApiHarness& harness, const std::string& queue) {
  return ApiHarness::parsed(harness.get("/v1/queues/" + queue))
      .at("leased")
      .to_number<std::uint64_t>();
}

TEST(Queues, LeaseCarriesTheTicketMasked) {
  ApiHarness harness;
  const std::string id =
      harness.take_in("路灯", R"(,"caller":{"name":"张三丰","phone":"13800005678"})");
  const auto answer = harness.post("/v1/queues/D07/leases", R"({"max":50,"lease_s":60})");
  ASSERT_EQ(answer.status, 200U) << answer.body;
  ASSERT_EQ(leased(answer), 1U);
  EXPECT_EQ(ApiHarness::text(answer, "/leases/0/queue"), "D07");
  EXPECT_EQ(ApiHarness::text(answer, "/leases/0/delivery"), "1");
  EXPECT_EQ(ApiHarness::text(answer, "/leases/0/seq"), "1");
  EXPECT_EQ(ApiHarness::text(answer, "/leases/0/leased_until"), "2021-06-01T10:01:00+08:00");
  EXPECT_EQ(ApiHarness::text(answer, "/leases/0/ticket/id"), id);
  EXPECT_EQ(ApiHarness::text(answer, "/leases/0/ticket/personal/caller/phone"), "138****5678");
  const std::string receipt = ApiHarness::text(answer, "/leases/0/receipt");
  const auto taken =
      harness.move("/v1/tickets/" + id + ":sign", R"({"receipt":")" + receipt + R"("})");
  EXPECT_EQ(taken.status, 200U) << taken.body;
  EXPECT_EQ(leased(harness.post("/v1/queues/D07/leases", "")), 0U);
  harness.expect_clean();
}

TEST(Queues, LeasesAreExtendedReleasedAndFailed) {
  ApiHarness harness;
  harness.take_in();
  const auto lease = [&] {
    return ApiHarness::text(harness.post("/v1/queues/D07/leases", ""), "/leases/0/receipt");
  };
  const std::string first = lease();
  const auto extended = harness.post("/v1/leases/" + first + ":extend", R"({"lease_s":600})");
  ASSERT_EQ(extended.status, 200U) << extended.body;
  EXPECT_EQ(ApiHarness::text(extended, "/leased_until"), "2021-06-01T10:10:00+08:00");
  EXPECT_EQ(harness.post("/v1/leases/" + first + ":release", "").status, 200U);
  EXPECT_EQ(harness.post("/v1/leases/" + first + ":extend", "").status, 409U);
  const std::string second = lease();
  EXPECT_EQ(harness.post("/v1/leases/" + second + ":fail", "").status, 422U);
  EXPECT_EQ(harness.post("/v1/leases/" + second + ":fail", R"({"reason":"系统故障"})").status,
            200U);
  EXPECT_EQ(harness.post("/v1/leases/nonsense:release", "").status, 409U);
}

TEST(Queues, AWaitingPollGetsWhatComesIn) {
  ApiHarness harness;
  const auto poll = harness.begin(Verb::post, "/v1/queues/D07/leases", R"({"wait_s":30})");
  harness.io.poll();
  EXPECT_FALSE(poll->answer);
  const std::string id = harness.take_in();  // runs both to their ends
  ASSERT_TRUE(poll->answer);
  EXPECT_EQ(ApiHarness::text(*poll->answer, "/leases/0/ticket/id"), id);
}

TEST(Queues, AWaitingPollEndsEmpty) {
  ApiHarness harness;
  const auto answer = harness.post("/v1/queues/D07/leases", R"({"wait_s":1})");
  EXPECT_EQ(answer.body, R"({"leases":[]})");
  harness.take_in();
  EXPECT_EQ(leased(harness.post("/v1/queues/D07/leases", "")), 1U);
}

TEST(Queues, StoppingAnswersWaiters) {
  ApiHarness harness;
  const auto poll = harness.begin(Verb::post, "/v1/queues/D07/leases", R"({"wait_s":30})");
  harness.io.poll();
  harness.engine.stop();
  harness.io.run();
  ASSERT_TRUE(poll->answer);
  EXPECT_EQ(poll->answer->body, R"({"leases":[]})");
  const auto late = harness.post("/v1/queues/D07/leases", R"({"wait_s":30})");
  EXPECT_EQ(late.status, 503U);
}

TEST(Queues, LeasesOfAPeerThatIsGoneGoBack) {
  ApiHarness harness;
  harness.take_in();
  const auto poll = harness.begin(Verb::post, "/v1/queues/D07/leases", "");
  poll->gone = true;
  harness.io.restart();
  harness.io.run();
  EXPECT_EQ(leased_now(harness, "D07"), 0U);
}

TEST(Queues, LeasesOfAnAnswerThatWasNotWrittenGoBack) {
  ApiHarness harness;
  harness.take_in();
  const auto written = harness.post("/v1/queues/D07/leases", "");
  written.sent(true);
  EXPECT_EQ(leased_now(harness, "D07"), 1U);
  harness.post("/v1/leases/" + ApiHarness::text(written, "/leases/0/receipt") + ":release", "");
  const auto lost = harness.post("/v1/queues/D07/leases", "");
  ASSERT_EQ(leased(lost), 1U);
  lost.sent(false);
  EXPECT_EQ(leased_now(harness, "D07"), 0U);
}

TEST(Queues, LeasesOfAReadThatBrokeGoBack) {
  ApiHarness harness;
  harness.take_in();
  harness.reads.broken = true;
  const auto poll = harness.begin(Verb::post, "/v1/queues/D07/leases", "");
  harness.io.restart();
  harness.io.run();
  EXPECT_TRUE(poll->threw);
  EXPECT_EQ(leased_now(harness, "D07"), 0U);
}

TEST(Queues, FiguresOfAQueue) {
  ApiHarness harness;
  harness.take_in("别的");
  harness.take_in("路灯");
  harness.post("/v1/admin/clock:advance", R"({"to":"2021-06-01T10:05:00+08:00"})");
  const auto triage = harness.get("/v1/queues/triage");
  EXPECT_EQ(ApiHarness::text(triage, "/name"), "待派单");
  EXPECT_EQ(ApiHarness::text(triage, "/depth"), "1");
  EXPECT_EQ(ApiHarness::text(triage, "/oldest_age_s"), "300");
  const auto empty = harness.get("/v1/queues/D08");
  EXPECT_EQ(ApiHarness::text(empty, "/depth"), "0");
  EXPECT_EQ(ApiHarness::text(empty, "/name"), "水务局");
  EXPECT_EQ(ApiHarness::parsed(harness.get("/v1/queues")).at("queues").as_array().size(), 2U);
}

TEST(Queues, UnknownOnesAreNotFound) {
  ApiHarness harness;
  const auto missing = harness.get("/v1/queues/nowhere");
  EXPECT_EQ(missing.status, 404U);
  EXPECT_NE(ApiHarness::text(missing, "/detail").find("GET /v1/queues"), std::string::npos);
  EXPECT_EQ(harness.post("/v1/queues/nowhere/leases", "").status, 404U);
  EXPECT_EQ(harness.get("/v1/departments/nowhere/work").status, 404U);
}

TEST(Queues, LeaseBodiesAreHeldToTheirBounds) {
  ApiHarness harness;
  for (const std::string body :
       {R"({"max":0})", R"({"max":201})", R"({"wait_s":31})", R"({"wait_s":-1})",
        R"({"lease_s":4})", R"({"lease_s":3601})", R"({"maximum":1})"}) {
    EXPECT_EQ(harness.post("/v1/queues/D07/leases", body).status, 422U) << body;
  }
}

TEST(Queues, WorkInHandIsListed) {
  ApiHarness harness;
  const std::string id = harness.take_in();
  harness.move("/v1/tickets/" + id + ":sign", "");
  const auto work = harness.get("/v1/departments/D07/work?limit=10");
  EXPECT_EQ(ApiHarness::text(work, "/tickets/0/id"), id);
  EXPECT_EQ(harness.get("/v1/departments/D07/work?limit=0").status, 422U);
}

TEST(Queues, DeadLettersAreSeenAndRedriven) {
  ApiHarness harness;
  const std::string id = harness.take_in();
  for (std::uint32_t i = 0; i < EngineOptions{}.deliveries_max; ++i) {
    const auto lease = harness.post("/v1/queues/D07/leases", "");
    ASSERT_EQ(leased(lease), 1U);
    harness.post("/v1/leases/" + ApiHarness::text(lease, "/leases/0/receipt") + ":fail",
                 R"({"reason":"系统故障"})");
  }
  const auto dead = harness.get("/v1/dead-letters");
  EXPECT_EQ(ApiHarness::text(dead, "/dead_letters/0/id"), id + "-1");
  EXPECT_EQ(ApiHarness::text(dead, "/dead_letters/0/reason"), "系统故障");
  EXPECT_EQ(leased(harness.post("/v1/queues/D07/leases", "")), 0U);
  EXPECT_EQ(harness.post("/v1/dead-letters/" + id + "-2:redrive", "").status, 404U);
  EXPECT_EQ(harness.post("/v1/dead-letters/" + id + "-1:redrive", "").status, 200U);
  EXPECT_EQ(leased(harness.post("/v1/queues/D07/leases", "")), 1U);
}

TEST(Queues, TokensLeaseTheirOwnOnly) {
  const auto entry = [](std::string_view name, std::string_view scope) {
    return R"({"name":")" + std::string(name) + R"(","sha256":")" + api::sha256_hex(name) +
           R"(","scopes":[")" + std::string(scope) + "\"]}";
  };
  ApiHarness harness(*api::Authenticator::from_json("[" + entry("desk", "desk") + "," +
                                                    entry("d07", "department:D07") + "," +
                                                    entry("calls", "callback") + "]"));
  const std::tuple<std::string, std::string, unsigned> cases[] = {
      {"desk", "triage", 200}, {"desk", "direct", 200},    {"desk", "callback", 403},
      {"desk", "D07", 403},    {"d07", "D07", 200},        {"d07", "D08", 403},
      {"d07", "triage", 403},  {"calls", "callback", 200}, {"calls", "triage", 403}};
  for (const auto& [token, queue, status] : cases) {
    const auto answer =
        harness.post("/v1/queues/" + queue + "/leases", "", {{"Authorization", "Bearer " + token}});
    EXPECT_EQ(answer.status, status) << token << " " << queue << answer.body;
  }
  const Headers d07{{"Authorization", "Bearer d07"}};
  EXPECT_EQ(harness.get("/v1/queues/D08", d07).status, 404U);
  EXPECT_EQ(harness.get("/v1/queues/D07", d07).status, 200U);
  EXPECT_EQ(harness.get("/v1/departments/D08/work", d07).status, 404U);
}

}  // namespace
}  // namespace hotline::test

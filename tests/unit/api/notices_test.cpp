#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/auth.hpp"
#include "api_harness.hpp"

namespace hotline::api {
namespace {

using test::Headers;
using testing::HasSubstr;
using testing::Not;

Authenticator tokens() {
  const auto entry = [](std::string_view name, std::string_view scope) {
    return R"({"name":")" + std::string(name) + R"(","sha256":")" + sha256_hex(name) +
           R"(","scopes":[")" + std::string(scope) + R"("]})";
  };
  return *Authenticator::from_json(
      "[" + entry("calls", "intake") + "," + entry("sms", "notice") + "," + entry("desk", "desk") +
      "," + entry("d07", "department:D07") + "," + entry("root", "admin") + "]");
}

/// Reminders, and messages to citizens.
class Notices : public testing::Test {
 protected:
  static Headers as(const std::string& name) { return {{"Authorization", "Bearer " + name}}; }

  std::string take_in() {
    return harness.take_in("路灯不亮,请打13800005678",
                           R"(,"caller":{"name":"张三丰","phone":"13800005678"})", as("calls"));
  }
  void advance(const std::string& to) {
    const auto answer =
        harness.post("/v1/admin/clock:advance", R"({"to":")" + to + R"("})", as("root"));
    ASSERT_EQ(answer.status, 200U) << answer.body;
  }
  http::Response lease(const std::string& who = "sms") {
    return harness.post("/v1/queues/notice/leases", R"({"max":50})", as(who));
  }
  http::Response told(const std::string& id, const std::string& body) {
    return harness.post("/v1/tickets/" + id + ":notified", body, as("sms"));
  }
  std::string depth() {
    return harness.text(harness.get("/v1/queues/notice", as("sms")), "/depth");
  }
  std::size_t audited() {
    std::size_t found = 0;
    EXPECT_TRUE(harness.store.scan(Space::audit, {}, {}, [&](auto, std::string_view value) {
      found += value.find("notice.number") != value.npos ? 1 : 0;
      return true;
    }));
    return found;
  }

  test::ApiHarness harness{tokens(), true, {.notice = {true, true, true, true, true}}};
};

TEST_F(Notices, ToACitizenComeWithTheNumberAndALineInTheAuditLog) {
  const std::string id = take_in();
  const auto leased = lease();
  ASSERT_EQ(leased.status, 200U) << leased.body;
  EXPECT_EQ(harness.text(leased, "/leases/0/seq"), "1001");
  EXPECT_EQ(harness.text(leased, "/leases/0/notice/kind"), "received");
  EXPECT_EQ(harness.text(leased, "/leases/0/notice/audience"), "citizen");
  EXPECT_EQ(harness.text(leased, "/leases/0/notice/to"), "13800005678");
  EXPECT_EQ(harness.text(leased, "/leases/0/ticket/personal"), "(absent)");
  const std::string words = harness.text(leased, "/leases/0/notice/text");
  EXPECT_THAT(words, HasSubstr("2021年6月1日10:00"));
  EXPECT_THAT(words, HasSubstr(id));
  for (const char* secret : {"张", "138", "不亮"}) EXPECT_THAT(words, Not(HasSubstr(secret)));
  EXPECT_EQ(audited(), 1U);
  EXPECT_THAT(told(id, R"({"notice":1001,"outcome":"sent"})").body, Not(HasSubstr("13800005678")));
  harness.expect_clean();
}

TEST_F(Notices, ToADepartmentComeWithItsCodeAndNeedNoAudit) {
  harness.take_in("路灯不亮", "", as("calls"));
  advance("2021-06-08T10:00:00+08:00");
  const auto leased = lease();
  EXPECT_EQ(harness.text(leased, "/leases/0/notice/kind"), "reminder");
  EXPECT_EQ(harness.text(leased, "/leases/0/notice/to"), "D07");
  EXPECT_EQ(harness.text(leased, "/leases/0/notice/department_name"), "城市管理局");
  EXPECT_EQ(harness.text(leased, "/leases/0/notice/assignment"), "1");
  EXPECT_THAT(harness.text(leased, "/leases/0/notice/text"), HasSubstr("2021年6月8日23:59前办结"));
  EXPECT_THAT(harness.text(leased, "/leases/0/notice/text"), HasSubstr("(路灯)"));
  EXPECT_EQ(audited(), 0U);
}

TEST_F(Notices, AreForGatewaysAlone) {
  take_in();
  for (const std::string who : {"desk", "d07", "calls"}) EXPECT_EQ(lease(who).status, 403U) << who;
  EXPECT_EQ(harness.post("/v1/queues/D07/leases", "", as("sms")).status, 403U);
  EXPECT_EQ(harness.get("/v1/tickets", as("sms")).status, 403U);
  EXPECT_EQ(audited(), 0U);
}

TEST_F(Notices, AreToldOfOnceByTheLeasesHolder) {
  const std::string id = take_in();
  const std::string receipt = harness.text(lease(), "/leases/0/receipt");
  const auto ended =
      told(id, R"({"notice":1001,"outcome":"unreachable","note":"空号","receipt":")" + receipt +
                   R"("})");
  ASSERT_EQ(ended.status, 200U) << ended.body;
  EXPECT_EQ(harness.text(ended, "/notices/0/outcome"), "unreachable");
  EXPECT_EQ(harness.text(ended, "/notices/0/ended_at"), "2021-06-01T10:00:00+08:00");
  EXPECT_EQ(depth(), "0");
  const auto again = told(id, R"({"notice":1001,"outcome":"sent"})");
  EXPECT_EQ(again.status, 409U);
  EXPECT_THAT(again.body, HasSubstr("unreachable at"));
  const auto story = harness.get("/v1/tickets/" + id + "/events", as("desk"));
  EXPECT_THAT(story.body, HasSubstr(R"("event":"notice_posted","notice":1001,"kind":"received")"));
  EXPECT_THAT(story.body,
              HasSubstr(R"("event":"notice_sent","notice":1001,"outcome":"unreachable")"));
  harness.expect_clean();
}

TEST_F(Notices, ThatFailTooOftenAreDeadLettersWhichTheDeskSendsAgain) {
  const std::string id = take_in();
  for (int time = 0; time < 20; ++time) {
    const auto leased = lease();
    const std::string receipt = harness.text(leased, "/leases/0/receipt");
    if (receipt == "(absent)") break;
    harness.post("/v1/leases/" + receipt + ":fail", R"({"reason":"网关超时"})", as("sms"));
  }
  const auto letters = harness.get("/v1/dead-letters", as("desk"));
  EXPECT_EQ(harness.text(letters, "/dead_letters/0/id"), id + "-1001");
  EXPECT_EQ(harness.text(letters, "/dead_letters/0/queue"), "notice");
  const auto again = harness.post("/v1/dead-letters/" + id + "-1001:redrive", "", as("desk"));
  EXPECT_EQ(again.status, 200U) << again.body;
  EXPECT_EQ(harness.text(lease(), "/leases/0/seq"), "1001");
}

TEST_F(Notices, AreToldOfByNumberAndOutcome) {
  const std::string id = take_in();
  for (const char* body :
       {"{}", R"({"notice":1001})", R"({"notice":1,"outcome":"sent"})",
        R"({"notice":1065,"outcome":"sent"})", R"({"notice":1001,"outcome":"lost"})"}) {
    EXPECT_EQ(told(id, body).status, 422U) << body;
  }
  EXPECT_EQ(told(id, R"({"notice":1002,"outcome":"sent"})").status, 409U);
}

}  // namespace
}  // namespace hotline::api

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/auth.hpp"
#include "api_harness.hpp"

// 暂停、恢复、延期 as departments and the desk meet them.

namespace hotline::api {
namespace {

using test::Headers;
using testing::HasSubstr;

Authenticator tokens() {
  const auto entry = [](std::string_view name, std::string_view scope) {
    return R"({"name":")" + std::string(name) + R"(","sha256":")" + sha256_hex(name) +
           R"(","scopes":[")" + std::string(scope) + R"("]})";
  };
  return *Authenticator::from_json("[" + entry("calls", "intake") + "," + entry("desk", "desk") +
                                   "," + entry("d07", "department:D07") + "," +
                                   entry("d08", "department:D08") + "," + entry("sms", "notice") +
                                   "," + entry("root", "admin") + "]");
}

/// A ticket of D07, dispatched on Tue 1 June 2021, due on the 8th.
class Deadlines : public testing::Test {
 protected:
  Deadlines()
      : id(harness.take_in("路灯不亮", R"(,"caller":{"phone":"13800005678"})", as("calls"))) {}

  static Headers as(const std::string& name) { return {{"Authorization", "Bearer " + name}}; }

  http::Response move(const std::string& what, const std::string& body,
                      const std::string& who = "d07") {
    return harness.move("/v1/tickets/" + id + ':' + what, body, as(who));
  }
  void moved(const std::string& what, const std::string& body, const std::string& who = "d07") {
    const auto answer = move(what, body, who);
    ASSERT_EQ(answer.status, 200U) << what << ' ' << answer.body;
  }
  /// The refusal's status and words.
  std::string refusal(const std::string& what, const std::string& body,
                      const std::string& who = "d07") {
    const auto answer = move(what, body, who);
    return std::to_string(answer.status) + ' ' + answer.body;
  }
  void advance(const std::string& to) {
    const auto answer =
        harness.post("/v1/admin/clock:advance", R"({"to":")" + to + R"("})", as("root"));
    ASSERT_EQ(answer.status, 200U) << answer.body;
  }
  http::Response ticket() { return harness.get("/v1/tickets/" + id, as("desk")); }
  std::string seen(const std::string& pointer) { return harness.text(ticket(), pointer); }
  std::size_t listed(const std::string& query) {
    const auto answer = harness.get("/v1/tickets?" + query, as("desk"));
    EXPECT_EQ(answer.status, 200U) << answer.body;
    return test::ApiHarness::parsed(answer).at("tickets").as_array().size();
  }

  test::ApiHarness harness{tokens()};
  const std::string id;
};

TEST_F(Deadlines, StandWhilePaused) {
  EXPECT_THAT(refusal("pause", R"({"reason":"送检"})"), HasSubstr("409"));
  EXPECT_THAT(refusal("pause", R"({"reason":"送检"})"),
              HasSubstr("pause is not possible now; possible: dispatch, sign"));
  moved("sign", "{}");
  EXPECT_THAT(refusal("pause", "{}"), HasSubstr("/reason"));
  EXPECT_THAT(refusal("pause", R"({"reason":"送检"})", "d08"), HasSubstr("404"));
  moved("pause", R"({"reason":"送检,等待检验报告"})");
  EXPECT_EQ(seen("/assignments/0/paused_at"), "2021-06-01T10:00:00+08:00");
  EXPECT_THAT(refusal("pause", R"({"reason":"送检"})"), HasSubstr("possible: "));
  advance("2021-06-20T10:00:00+08:00");
  EXPECT_EQ(seen("/light"), "green");
  moved("resume", R"({"reason":"检验报告已出"})");
  EXPECT_EQ(seen("/assignments/0/deadlines/resolve"), "2021-06-27T23:59:59+08:00");
  EXPECT_THAT(refusal("resume", R"({"reason":"又"})"), HasSubstr("resume is not possible now"));
  const auto story = harness.get("/v1/tickets/" + id + "/events", as("desk"));
  for (const char* event : {"\"paused\"", "\"resumed\"", "\"deadlines_moved\""}) {
    EXPECT_THAT(story.body, HasSubstr(event));
  }
  harness.expect_clean();
}

TEST_F(Deadlines, AreExtendedByARulingAndTheCitizenIsTold) {
  moved("sign", "{}");
  EXPECT_THAT(refusal("request-extension", R"({"days":9,"reason":"需协调"})"),
              HasSubstr("an extension is 1 to 5 working days for this matter"));
  moved("request-extension", R"({"days":3,"reason":"需协调管线产权单位"})");
  EXPECT_THAT(refusal("request-extension", R"({"days":3,"reason":"再申请"})"),
              HasSubstr("request-extension is not possible now"));
  EXPECT_THAT(refusal("rule-extension", R"({"granted":true})"), HasSubstr("403"));
  const auto leased = harness.post("/v1/queues/extensions/leases", "{}", as("desk"));
  ASSERT_EQ(leased.status, 200U) << leased.body;
  EXPECT_EQ(harness.text(leased, "/leases/0/seq"), "2001");
  const std::string receipt = harness.text(leased, "/leases/0/receipt");
  EXPECT_THAT(refusal("rule-extension", R"({"granted":false})", "desk"), HasSubstr("/reason"));
  EXPECT_THAT(refusal("rule-extension", R"({"granted":true,"days":4})", "desk"),
              HasSubstr("is 1 to 3"));
  moved("rule-extension", R"({"granted":true,"receipt":")" + receipt + R"("})", "desk");
  // Due on Tue 8 June; 9, 10, 11.
  EXPECT_EQ(seen("/assignments/0/deadlines/resolve"), "2021-06-11T23:59:59+08:00");
  EXPECT_EQ(harness.text(harness.get("/v1/queues/extensions", as("desk")), "/depth"), "0");
  const auto told = harness.post("/v1/queues/notice/leases", "{}", as("sms"));
  EXPECT_EQ(harness.text(told, "/leases/0/notice/kind"), "extended");
  EXPECT_THAT(harness.text(told, "/leases/0/notice/text"),
              HasSubstr("经批准延期办理,将于2021年6月11日23:59前答复"));
  EXPECT_THAT(refusal("request-extension", R"({"reason":"再申请"})"),
              HasSubstr("extended 1 times already"));
  harness.expect_clean();
}

TEST_F(Deadlines, StandWhenAnExtensionIsRefusedOrAskedForTooLate) {
  moved("sign", "{}");
  moved("request-extension", R"({"reason":"需协调"})");
  moved("rule-extension", R"({"granted":false,"reason":"理由不足"})", "desk");
  EXPECT_EQ(seen("/assignments/0/deadlines/resolve"), "2021-06-08T23:59:59+08:00");
  EXPECT_EQ(harness.text(harness.get("/v1/queues/notice", as("sms")), "/depth"), "0");
  EXPECT_THAT(refusal("rule-extension", R"({"granted":true})", "desk"),
              HasSubstr("rule-extension is not possible now"));
  advance("2021-06-09T00:00:00+08:00");
  EXPECT_THAT(refusal("request-extension", R"({"reason":"需协调"})"),
              HasSubstr("the time to resolve is over; an extension is asked for before that"));
}

TEST_F(Deadlines, ShowTheirLightsAndAreFoundByThem) {
  EXPECT_EQ(listed("light=green"), 1U);
  moved("sign", "{}");
  moved("contact", "{}");
  advance("2021-06-08T10:00:00+08:00");
  EXPECT_EQ(seen("/light"), "yellow");
  EXPECT_EQ(listed("light=yellow"), 1U);
  EXPECT_EQ(listed("light=green"), 0U);
  advance("2021-06-11T09:00:00+08:00");
  EXPECT_EQ(seen("/light"), "red");
  EXPECT_EQ(listed("light=red"), 1U);
  EXPECT_EQ(seen("/supervised"), "true");
  EXPECT_EQ(harness.get("/v1/tickets?light=blue", as("desk")).status, 422U);
}

}  // namespace
}  // namespace hotline::api

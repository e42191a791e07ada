#include <future>

#include <gtest/gtest.h>

#include "api/auth.hpp"
#include "api_harness.hpp"
#include "domain/agreement.hpp"

namespace hotline::test {
namespace {

const std::string confidential_body = R"({"channel":"phone","content":"路灯不亮,请打13800005678",
  "caller":{"name":"张三丰","phone":"13800005678","confidential":true},"address":"西城街道1号",
  "location":{"lat":33.26,"lon":115.37},"recording_id":"rec-77","extra":{"phone":"13800005678"}})";

api::Authenticator tokens() {
  const auto entry = [](std::string_view name, std::string_view scopes) {
    return R"({"name":")" + std::string(name) + R"(","sha256":")" + api::sha256_hex(name) +
           R"(","scopes":[)" + std::string(scopes) + "]}";
  };
  return *api::Authenticator::from_json(
      "[" + entry("calls", R"("intake")") + "," + entry("d07", R"("department:D07")") + "," +
      entry("d08", R"("department:D08")") + "," + entry("city", R"("department:D01/*")") + "," +
      entry("desk", R"("desk")") + "," + entry("scrape", R"("metrics")") + "]");
}

Headers as(const std::string& name) { return {{"Authorization", "Bearer " + name}}; }
Headers as(const std::string& name, const std::string& person) {
  return {{"Authorization", "Bearer " + name}, {"Hotline-Actor", person}};
}

TEST(Tickets, IntakeAnswersTheTicketWithoutPersonalData) {
  ApiHarness harness;
  const auto answer = harness.post("/v1/tickets", confidential_body);
  ASSERT_EQ(answer.status, 201U) << answer.body;
  const std::string id = ApiHarness::text(answer, "/id");
  EXPECT_EQ(ApiHarness::header(answer, "Location"), "/v1/tickets/" + id);
  EXPECT_EQ(ApiHarness::header(answer, "ETag"), "\"1\"");
  EXPECT_EQ(ApiHarness::text(answer, "/status"), "dispatched");
  EXPECT_EQ(ApiHarness::text(answer, "/handling"), "transferred");
  EXPECT_EQ(ApiHarness::text(answer, "/outcome"), "null");
  EXPECT_EQ(ApiHarness::text(answer, "/category_name"), "路灯");
  EXPECT_EQ(ApiHarness::text(answer, "/assignments/0/department_name"), "城市管理局");
  EXPECT_EQ(ApiHarness::text(answer, "/routing/lead"), "D07");
  EXPECT_EQ(ApiHarness::text(answer, "/created_at"), "2021-06-01T10:00:00+08:00");
  for (const std::string_view secret : {"张", "5678", "1号", "rec-77", "personal", "请打"}) {
    EXPECT_EQ(answer.body.find(secret), std::string::npos) << secret;
  }
  harness.expect_clean();
}

TEST(Tickets, RepeatsAnswerTheFirstTicket) {
  ApiHarness harness;
  const std::string first = R"({"channel":"phone","content":"路灯","source":"s","source_id":"1"})";
  const std::string spelled =
      R"( {"source_id":"1","source":"s","content":"\u8def\u706f","channel":"phone"})";
  const std::string other = R"({"channel":"phone","content":"别的","source":"s","source_id":"1"})";
  const auto made = harness.post("/v1/tickets", first);
  ASSERT_EQ(made.status, 201U) << made.body;
  const auto again = harness.post("/v1/tickets", spelled);
  EXPECT_EQ(again.status, 200U);
  EXPECT_EQ(again.body, made.body);
  EXPECT_EQ(ApiHarness::header(again, "Idempotency-Replayed"), "true");
  const auto differs = harness.post("/v1/tickets", other);
  EXPECT_EQ(differs.status, 200U);
  EXPECT_EQ(ApiHarness::text(differs, "/id"), ApiHarness::text(made, "/id"));
  EXPECT_EQ(ApiHarness::text(differs, "/warnings/0/code"), "repeat_differs");
}

TEST(Tickets, IdempotencyKeyHoldsOneBody) {
  ApiHarness harness;
  const Headers key{{"Idempotency-Key", "k-1"}};
  const auto made = harness.post("/v1/tickets", R"({"channel":"phone","content":"路灯"})", key);
  const auto again = harness.post("/v1/tickets", R"({"content":"路灯","channel":"phone"})", key);
  const auto other = harness.post("/v1/tickets", R"({"channel":"phone","content":"别的"})", key);
  EXPECT_EQ(made.status, 201U);
  EXPECT_EQ(again.status, 200U);
  EXPECT_EQ(ApiHarness::text(again, "/id"), ApiHarness::text(made, "/id"));
  EXPECT_EQ(other.status, 409U);
  EXPECT_EQ(ApiHarness::text(other, "/code"), "idempotency_conflict");
}

TEST(Tickets, UnknownCodesAreTakenInWithWarnings) {
  ApiHarness harness;
  const auto answer =
      harness.post("/v1/tickets", R"({"channel":"pigeon","content":"路灯","region":"9",
      "category":"C9","department":"D9"})");
  ASSERT_EQ(answer.status, 201U) << answer.body;
  EXPECT_EQ(ApiHarness::text(answer, "/status"), "triage");
  const char* codes[] = {"unknown_channel", "unknown_region", "unknown_category",
                         "unknown_department"};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(ApiHarness::text(answer, "/warnings/" + std::to_string(i) + "/code"), codes[i]);
  }
  EXPECT_EQ(ApiHarness::text(answer, "/warnings/1/pointer"), "/region");
}

TEST(Tickets, AnsweredOnTheSpotIsFinished) {
  ApiHarness harness;
  const auto answer =
      harness.post("/v1/tickets", R"({"channel":"phone","content":"查询","answer":"已告知"})");
  ASSERT_EQ(answer.status, 201U) << answer.body;
  EXPECT_EQ(ApiHarness::text(answer, "/handling"), "direct");
  EXPECT_EQ(ApiHarness::text(answer, "/outcome"), "answered");
}

TEST(Tickets, ClassifyDecidesAsIntakeWouldAndKeepsNothing) {
  ApiHarness harness;
  const std::pair<std::string_view, std::string_view> cases[] = {{"路灯", "dispatch"},
                                                                 {"查询", "direct"},
                                                                 {"火灾", "emergency"},
                                                                 {"信访", "redirect"},
                                                                 {"别的", "triage"}};
  for (const auto& [content, decision] : cases) {
    const auto answer = harness.post("/v1/tickets:classify", R"({"channel":"phone","content":")" +
                                                                 std::string(content) + R"("})");
    ASSERT_EQ(answer.status, 200U) << answer.body;
    EXPECT_EQ(ApiHarness::text(answer, "/decision"), decision);
    EXPECT_NE(ApiHarness::text(answer, "/why"), "");
  }
  EXPECT_EQ(harness.get("/v1/tickets").body, R"({"tickets":[],"next_cursor":null})");
}

TEST(Tickets, OneInTriageSaysWhy) {
  ApiHarness harness;
  const std::tuple<std::string, std::string, std::string_view> cases[] = {
      {"别的", "", "confidence 0.00, automatic from"},
      {"火灾", "", "an emergency for 119: hand over at once, and acknowledge"},
      {"信访", "", "belongs to 信访局; a person tells the citizen"},
      {"路灯", R"(,"region":"9")", "a code is unknown, see warnings; a person decides"}};
  for (const auto& [content, more, why] : cases) {
    const std::string body = R"({"channel":"phone","content":")" + content + '"' + more + '}';
    const auto made = harness.post("/v1/tickets", body);
    EXPECT_EQ(ApiHarness::text(made, "/why").find(why), 0U) << made.body;
    const auto read = harness.get("/v1/tickets/" + ApiHarness::text(made, "/id"));
    EXPECT_EQ(ApiHarness::text(read, "/why"), ApiHarness::text(made, "/why"));
    const auto dry = harness.post("/v1/tickets:classify", body);
    EXPECT_EQ(ApiHarness::text(dry, "/why"), ApiHarness::text(made, "/why"));
  }
  const std::string dispatched = harness.take_in("路灯");
  EXPECT_EQ(ApiHarness::text(harness.get("/v1/tickets/" + dispatched), "/why"), "(absent)");
  const auto classified =
      harness.post("/v1/tickets:classify", R"({"channel":"phone","content":"路灯"})");
  EXPECT_EQ(ApiHarness::text(classified, "/why").find("confidence 0.95"), 0U);
}

TEST(Tickets, OneThatCameBackToTriageSaysWhy) {
  ApiHarness harness;
  const std::string id = harness.take_in("路灯");
  std::promise<void> planned;
  harness.engine.recall_unknown({"D01"}, [&](const auto&) { planned.set_value(); });
  planned.get_future().wait();
  harness.post("/v1/admin/clock:advance", R"({"to":"2021-06-01T10:00:01+08:00"})");
  EXPECT_EQ(ApiHarness::text(harness.get("/v1/tickets/" + id), "/why"),
            "department D07 left the catalogue; a person decides anew");
}

TEST(Tickets, PersonalDataIsMaskedUnlessAskedForByName) {
  ApiHarness harness(tokens());
  const auto made = harness.post("/v1/tickets", confidential_body, as("calls"));
  const std::string path = "/v1/tickets/" + ApiHarness::text(made, "/id");

  const auto masked = harness.get(path, as("desk"));
  EXPECT_EQ(ApiHarness::text(masked, "/personal/caller/name"), "张**");
  EXPECT_EQ(ApiHarness::text(masked, "/personal/caller/phone"), "138****5678");
  EXPECT_EQ(ApiHarness::text(masked, "/personal/content"), "路灯不亮,请打138****5678");
  EXPECT_EQ(ApiHarness::text(masked, "/personal/extra"), "(absent)");

  const auto nameless = harness.get(path + "?unmask=true", as("desk"));
  EXPECT_EQ(nameless.status, 422U);
  EXPECT_EQ(ApiHarness::text(nameless, "/errors/0/pointer"), "Hotline-Actor");

  const auto open = harness.get(path + "?unmask=true", as("desk", "%E6%9D%8E%E5%9B%9B"));
  EXPECT_EQ(ApiHarness::text(open, "/personal/caller/phone"), "13800005678");
  EXPECT_EQ(ApiHarness::text(open, "/personal/extra/phone"), "13800005678");
  std::size_t audited = 0;
  ASSERT_TRUE(harness.store.scan(
      Space::audit, "", "", [&](std::string_view, std::string_view) { return ++audited != 0; }));
  EXPECT_EQ(audited, 1U);
}

TEST(Tickets, DepartmentsSeeTheirOwnAndNeverAConfidentialCaller) {
  ApiHarness harness(tokens());
  const auto made = harness.post("/v1/tickets", confidential_body, as("calls"));
  const std::string path = "/v1/tickets/" + ApiHarness::text(made, "/id");
  for (const std::string name : {"d07", "city"}) {
    const auto seen = harness.get(path, as(name));
    ASSERT_EQ(seen.status, 200U) << name;
    for (const std::string field : {"caller", "address", "location", "recording_id", "extra"}) {
      EXPECT_EQ(ApiHarness::text(seen, "/personal/" + field), "(absent)") << field;
    }
    EXPECT_EQ(harness.get(path + "?unmask=true", as(name, "李四")).status, 403U);
    EXPECT_EQ(harness.get(path + "/events", as(name)).status, 200U);
  }
  EXPECT_EQ(harness.get(path, as("d08")).status, 404U);
  EXPECT_EQ(harness.get(path + "/events", as("d08")).status, 404U);
  EXPECT_EQ(harness.get("/v1/tickets/2106010099999999", as("d08")).body,
            harness.get("/v1/tickets/2106010099999999", as("d07")).body);
}

TEST(Tickets, ScopesAreHeld) {
  ApiHarness harness(tokens());
  const std::string body = R"({"channel":"phone","content":"路灯"})";
  EXPECT_EQ(harness.post("/v1/tickets", body).status, 401U);
  EXPECT_EQ(harness.post("/v1/tickets", body, as("nobody")).status, 401U);
  const auto refused = harness.post("/v1/tickets", body, as("d07"));
  EXPECT_EQ(refused.status, 403U);
  EXPECT_NE(ApiHarness::text(refused, "/detail").find("intake"), std::string::npos);
  EXPECT_EQ(harness.get("/metrics", as("d07")).status, 403U);
  EXPECT_EQ(harness.get("/metrics", as("scrape")).body, "hotline_up 1\n");
  EXPECT_EQ(harness.get("/v1/reports/summary?from=2021-06-01&to=2021-06-02", as("d07")).status,
            403U);
  EXPECT_EQ(harness.get("/v1/catalogue", as("d07")).status, 200U);
  EXPECT_EQ(harness.get("/livez").status, 200U);
}

TEST(Tickets, ListsByFilterAndCursor) {
  ApiHarness harness;
  for (int i = 0; i < 3; ++i) harness.take_in("路灯");
  harness.take_in("别的");
  const auto first = harness.get("/v1/tickets?status=dispatched&department=D07&limit=2");
  EXPECT_EQ(ApiHarness::parsed(first).at("tickets").as_array().size(), 2U);
  const std::string cursor = ApiHarness::text(first, "/next_cursor");
  const auto second =
      harness.get("/v1/tickets?status=dispatched&department=D07&limit=2&cursor=" + cursor);
  EXPECT_EQ(ApiHarness::parsed(second).at("tickets").as_array().size(), 1U);
  EXPECT_EQ(ApiHarness::text(second, "/next_cursor"), "null");
  const auto count = [&](const std::string& query) {
    return ApiHarness::parsed(harness.get("/v1/tickets?" + query)).at("tickets").as_array().size();
  };
  EXPECT_EQ(count("status=triage"), 1U);
  EXPECT_EQ(count("category=C0301"), 3U);
  EXPECT_EQ(count("type=praise"), 0U);
  EXPECT_EQ(count("from=2021-06-01&to=2021-06-02"), 4U);
  EXPECT_EQ(count("from=2021-06-01T10:00:00%2B08:00"), 4U);
  EXPECT_EQ(count("to=2021-06-01"), 0U);
  EXPECT_EQ(count("overdue=true"), 0U);
  EXPECT_EQ(count("overdue=false"), 4U);
}

TEST(Tickets, DepartmentsListTheirOwn) {
  ApiHarness harness(tokens());
  harness.take_in("路灯", "", as("calls"));
  const auto own = harness.get("/v1/tickets", as("d07"));
  EXPECT_EQ(ApiHarness::parsed(own).at("tickets").as_array().size(), 1U);
  EXPECT_EQ(
      ApiHarness::parsed(harness.get("/v1/tickets", as("d08"))).at("tickets").as_array().size(),
      0U);
  EXPECT_EQ(harness.get("/v1/tickets?department=D07", as("d08")).status, 422U);
  EXPECT_EQ(harness.get("/v1/tickets", as("city")).status, 422U);
  EXPECT_EQ(harness.get("/v1/tickets?department=D07", as("city")).status, 200U);
}

TEST(Tickets, TheStoryIsTold) {
  ApiHarness harness;
  const std::string id = harness.take_in();
  harness.move("/v1/tickets/" + id + ":sign", "");
  const auto story = harness.get("/v1/tickets/" + id + "/events");
  EXPECT_EQ(ApiHarness::text(story, "/events/0/move"), "intake");
  EXPECT_EQ(ApiHarness::text(story, "/events/0/principal"), "anonymous");
  EXPECT_EQ(ApiHarness::text(story, "/events/0/events/0/event"), "received");
  EXPECT_EQ(ApiHarness::text(story, "/events/0/events/1/assignment/department"), "D07");
  EXPECT_EQ(ApiHarness::text(story, "/events/1/person"), "李四");
  EXPECT_EQ(ApiHarness::text(story, "/events/1/events/0/event"), "signed");
}

TEST(Tickets, ShowWhatTheModelHadToDoWithThem) {
  test::ApiHarness harness;
  const auto sure = harness.post("/v1/tickets", R"({"channel":"phone","content":"路障"})");
  EXPECT_EQ(test::ApiHarness::text(sure, "/status"), "dispatched");
  EXPECT_EQ(test::ApiHarness::text(sure, "/classification/decided_by"), "model");
  EXPECT_EQ(test::ApiHarness::text(sure, "/classification/model_version"), "m1");
  EXPECT_EQ(test::ApiHarness::text(sure, "/classification/reasons/0/rule"), "model.category");
  const auto unsure =
      harness.post("/v1/tickets:classify", R"({"channel":"phone","content":"路坑"})");
  EXPECT_EQ(test::ApiHarness::text(unsure, "/decision"), "triage");
  EXPECT_EQ(test::ApiHarness::text(unsure, "/why"),
            "confidence 0.60, automatic from 0.90; a person decides");
  const auto rules =
      harness.post("/v1/tickets:classify", R"({"channel":"phone","content":"路灯"})");
  EXPECT_EQ(test::ApiHarness::text(rules, "/classification/decided_by"), "rules");
  EXPECT_EQ(harness.metrics.model_decisions[1].value(), 1U);
  EXPECT_EQ(harness.metrics.model_decisions[0].value(), 0U) << "a dry run counts nothing";
}

TEST(Tickets, CountWhatTheOfficeMadeOfTheModelsProposal) {
  test::ApiHarness harness;
  const auto count = [&](Agreement outcome) {
    return harness.metrics.model_agreement[static_cast<std::size_t>(outcome)].value();
  };
  const std::string first = harness.take_in("路坑");
  harness.move("/v1/tickets/" + first + ":dispatch", R"({"department":"D08"})");
  EXPECT_EQ(count(Agreement::confirmed), 1U);
  const std::string second = harness.take_in("路坑");
  harness.move("/v1/tickets/" + second + ":dispatch", R"({"department":"D07"})");
  EXPECT_EQ(count(Agreement::department_changed), 1U);
  EXPECT_EQ(count(Agreement::confirmed), 1U);
}

}  // namespace
}  // namespace hotline::test

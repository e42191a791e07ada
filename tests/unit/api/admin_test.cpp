#include <gtest/gtest.h>

#include "api_harness.hpp"

namespace hotline::test {
namespace {

TEST(Admin, Reload) {
  ApiHarness harness;
  EXPECT_EQ(harness.post("/v1/admin/reload", "").body,
            R"({"catalogue_version":"2021-06","model_version":"m1"})");
  EXPECT_EQ(harness.post("/v1/admin/reload", R"({"x":1})").status, 422U);
}

TEST(Admin, CheckpointsHavePlainNames) {
  ApiHarness harness;
  EXPECT_EQ(harness.post("/v1/admin/checkpoint", "").body,
            R"({"path":"checkpoint-20210601T100000"})");
  EXPECT_EQ(harness.post("/v1/admin/checkpoint", R"({"path":"before-1_2"})").body,
            R"({"path":"before-1_2"})");
  for (const std::string name : {"", ".", "..", "../x", "/etc/x", "a/b", ".hidden", "a.b", "a b"}) {
    EXPECT_EQ(harness.post("/v1/admin/checkpoint", R"({"path":")" + name + "\"}").status, 422U)
        << name;
  }
}

TEST(Admin, TheClockGoesForwardOnly) {
  ApiHarness harness;
  const std::string path = "/v1/admin/clock:advance";
  EXPECT_EQ(harness.post(path, R"({"to":"2021-06-01T02:30:00Z"})").body,
            R"({"now":"2021-06-01T10:30:00+08:00"})");
  EXPECT_EQ(harness.post(path, R"({"to":"2021-06-01T10:00:00+08:00"})").status, 422U);
  EXPECT_EQ(harness.post(path, "").status, 422U);
  ApiHarness real(api::Authenticator::none(), false);
  EXPECT_EQ(real.post(path, R"({"to":"2021-06-01T12:00:00+08:00"})").status, 404U);
}

TEST(Admin, Health) {
  ApiHarness harness;
  EXPECT_EQ(harness.get("/livez").status, 200U);
  EXPECT_EQ(harness.get("/readyz").status, 200U);
  harness.ready = fail(ErrorCode::unavailable, "stopping");
  const auto stopping = harness.get("/readyz");
  EXPECT_EQ(stopping.status, 503U);
  EXPECT_EQ(ApiHarness::text(stopping, "/detail"), "stopping");
  EXPECT_EQ(ApiHarness::text(harness.get("/openapi.json"), "/openapi"), "3.1.0");
}

TEST(Admin, Catalogue) {
  ApiHarness harness;
  EXPECT_EQ(
      harness.get("/v1/catalogue").body,
      R"({"version":"2021-05","model_version":"m1","categories":2,"departments":4,"regions":1})");
  EXPECT_EQ(ApiHarness::text(harness.get("/v1/departments"), "/departments/1/parent"), "D01");
}

TEST(Reports, AgreeWithWhatWasPosted) {
  ApiHarness harness;
  harness.take_in("路灯");
  harness.take_in("查询");
  harness.take_in("别的");
  const std::string path = "/v1/reports/summary?from=2021-06-01&to=2021-06-02";
  const auto report = harness.get(path + "&group_by=department");
  EXPECT_EQ(ApiHarness::text(report, "/total/received"), "3");
  EXPECT_EQ(ApiHarness::text(report, "/total/accepted"), "3");
  EXPECT_EQ(ApiHarness::text(report, "/total/direct"), "1");
  EXPECT_EQ(ApiHarness::text(report, "/total/transferred"), "1");
  EXPECT_EQ(ApiHarness::text(report, "/total/undecided"), "1");
  EXPECT_EQ(ApiHarness::text(report, "/groups/1/name"), "城市管理局");
  const auto sentence = harness.get(path, {{"Accept", "text/plain"}});
  EXPECT_EQ(sentence.content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(sentence.body, "2021年6月1日,受理3件,其中直办1件,转办1件,待定1件,尚无回访评价。\n");
  EXPECT_TRUE(harness.get(path, {{"Accept", "text/csv"}}).body.starts_with("value,name,"));
  EXPECT_EQ(harness.get(path, {{"Accept", "image/png"}}).status, 406U);
}

TEST(Reports, PeriodsAreHeldToTheirForm) {
  ApiHarness harness;
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", "from"},
      {"from=2021-06-01", "to"},
      {"from=2021-06-31&to=2021-07-01", "from"},
      {"from=2021-06-01&to=2021-06-01", "to"},
      {"from=2001-05-01&to=2021-06-01", "to"},
      {"from=2021-06-01&to=2021-06-02&group_by=mood", "group_by"},
      {"from=2021-06-01&to=2021-06-02&group=type", "group"},
      {"from=2021-06-01&to=2021-06-02&to=2021-06-03", "to"},
  };
  for (const auto& [query, pointer] : cases) {
    const auto answer = harness.get("/v1/reports/summary?" + std::string(query));
    EXPECT_EQ(answer.status, 422U) << query;
    EXPECT_EQ(ApiHarness::text(answer, "/errors/0/pointer"), pointer) << query;
  }
}

}  // namespace
}  // namespace hotline::test

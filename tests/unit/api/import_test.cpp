#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api_harness.hpp"

namespace hotline::api {
namespace {

using testing::HasSubstr;

// The harness's clock stands at 2021-06-01 10:00.
class ImportCall : public testing::Test {
 protected:
  static std::string line(const std::string& id, const std::string& state) {
    return R"({"source":"old","source_id":")" + id +
           R"(","channel":"phone","content":"路灯不亮","caller":{"phone":"13800000000"},)"
           R"("received_at":"2021-05-20T09:00:00+08:00","category":"C0301","state":)" +
           state + "}\n";
  }
  static std::string assignment(const std::string& department, const std::string& more = {}) {
    return R"({"department":")" + department + R"(","dispatched_at":"2021-05-20T09:10:00+08:00")" +
           more + "}";
  }
  static std::string state(const std::string& status, const std::string& more = {}) {
    return R"({"status":")" + status + '"' + more + "}";
  }
  std::vector<test::json::value> post(const std::string& body) {
    const auto answer = harness.post("/v1/tickets:import", body);
    EXPECT_EQ(answer.status, 200U) << answer.body;
    std::vector<test::json::value> out;
    std::istringstream text(answer.body);
    for (std::string one; std::getline(text, one);) out.push_back(test::json::parse(one));
    return out;
  }
  static std::string id_of(const test::json::value& told) {
    EXPECT_EQ(told.at("status").as_int64(), 201) << test::json::serialize(told);
    return told.at("status").as_int64() == 201 ? std::string(told.at("id").as_string()) : "";
  }

  const std::string signed_at = R"(,"signed_at":"2021-05-20T10:00:00+08:00")";
  const std::string answered = R"(,"answered_at":"2021-05-21T10:00:00+08:00","ending":"answered")";
  const std::string transferred = R"(,"handling":"transferred","assignments":[)";
  const std::string finished = R"(,"outcome":"answered","finished_at":"2021-05-21T10:00:00+08:00")";
  test::ApiHarness harness;
};

TEST_F(ImportCall, OpenOnesGoOnWhereTheyStood) {
  const auto told =
      post(line("1", state("in_progress", transferred + assignment("D07", signed_at) + "]")) +
           line("2", state("dispatched", transferred + assignment("D08") + "]")) +
           line("3", state("triage")));
  const std::string first = id_of(told[0]);
  EXPECT_EQ(told[1].at("lead").as_string(), "D08");
  EXPECT_EQ(harness.move("/v1/tickets/" + first + ":answer", R"({"text":"修好了"})").status, 200U);
  const auto queue = harness.move("/v1/queues/D08/leases", R"({"max":5,"wait_s":0,"lease_s":60})");
  EXPECT_THAT(queue.body, HasSubstr(id_of(told[1])));
  harness.expect_clean();
}

TEST_F(ImportCall, ClosedOnesCountInTheReportOfTheirDays) {
  const std::string rating =
      R"(,"callback":{"attempts":1,"rating":{"at":"2021-05-22T10:00:00+08:00","contacted":true,)"
      R"("resolved":"yes","satisfaction":"satisfied"}})";
  const auto told = post(line(
      "1", state("closed", transferred + assignment("D07", signed_at + answered) + "]" + finished +
                               R"(,"closed_at":"2021-05-22T10:00:00+08:00")" + rating)));
  id_of(told[0]);
  const auto report =
      harness.get("/v1/reports/summary?from=2021-05-20&to=2021-05-23", {{"Accept", "text/plain"}});
  EXPECT_THAT(report.body, HasSubstr("受理1件,其中直办0件,转办1件,回访满意率100.0%"));
  harness.expect_clean();
}

TEST_F(ImportCall, SentAgainItIsARepeat) {
  const std::string body = line("1", state("triage"));
  const std::string id = id_of(post(body)[0]);
  const auto again = post(body);
  EXPECT_EQ(again[0].at("status").as_int64(), 200);
  EXPECT_EQ(again[0].at("id").as_string(), id);
}

TEST_F(ImportCall, ContradictionsAndFaultsAreToldTogetherWithTheirFields) {
  const auto told =
      post(line("1", state("in_progress", transferred + assignment("D07") + "]")) +
           line("2", R"({"status":"open","assignments":[{"role":"lead"}],"colour":"red"})") +
           R"({"channel":"phone","content":"x"})" + "\n");
  const auto errors = [&](std::size_t i) {
    return test::json::serialize(told[i].at("problem").at("errors"));
  };
  EXPECT_THAT(errors(0), HasSubstr("/state/status"));
  for (const char* field : {"/state/status", "/state/assignments/0/department",
                            "/state/assignments/0/dispatched_at", "/state/colour"}) {
    EXPECT_THAT(errors(1), HasSubstr(field));
  }
  for (const char* field : {"/source", "/source_id", "/received_at", "/state"}) {
    EXPECT_THAT(errors(2), HasSubstr(field));
  }
  EXPECT_EQ(told.back().at("refused").as_int64(), 3);
  harness.expect_clean();
}

}  // namespace
}  // namespace hotline::api

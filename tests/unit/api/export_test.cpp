#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api_harness.hpp"

namespace hotline::api {
namespace {

using test::Headers;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

class Export : public testing::Test {
 protected:
  std::vector<std::string> lines(const std::string& target, Headers headers = {}) {
    headers.emplace_back("Hotline-Actor", "王五");
    const auto answer = harness.get(target, headers);
    EXPECT_EQ(answer.status, 200U) << answer.body;
    std::vector<std::string> out;
    std::istringstream text(answer.body);
    for (std::string line; std::getline(text, line);) out.push_back(line);
    return out;
  }
  static std::int64_t tickets(const std::string& last) {
    return test::json::parse(last).at("tickets").as_int64();
  }
  std::size_t audited(const std::string& action) {
    std::size_t found = 0;
    EXPECT_TRUE(harness.store.scan(Space::audit, {}, {}, [&](auto, std::string_view value) {
      found += value.find(action) != value.npos ? 1 : 0;
      return true;
    }));
    return found;
  }

  test::ApiHarness harness;
};

TEST_F(Export, HasEveryTicketOnce) {
  std::set<std::string> ids;
  for (int i = 0; i < 250; ++i) ids.insert(harness.take_in("路灯不亮" + std::to_string(i)));
  const auto all = lines("/v1/export/tickets");
  ASSERT_THAT(all, SizeIs(251)) << "more than one page, and the last line";
  for (std::size_t i = 0; i < 250; ++i) {
    EXPECT_EQ(ids.erase(std::string(test::json::parse(all[i]).at("id").as_string())), 1U);
  }
  EXPECT_THAT(ids, IsEmpty());
  EXPECT_EQ(tickets(all.back()), 250);
}

TEST_F(Export, GoesOnBehindATicket) {
  const std::string first = harness.take_in();
  const std::string second = harness.take_in();
  const auto rest = lines("/v1/export/tickets?after=" + first);
  ASSERT_THAT(rest, SizeIs(2));
  EXPECT_THAT(rest[0], HasSubstr(second));
  EXPECT_THAT(lines("/v1/export/tickets?after=" + second), SizeIs(1));
}

TEST_F(Export, FiltersAsTheListDoes) {
  harness.take_in();
  harness.take_in("查询公积金");
  EXPECT_EQ(tickets(lines("/v1/export/tickets?status=dispatched").back()), 1);
  EXPECT_EQ(tickets(lines("/v1/export/tickets?from=2021-06-02").back()), 0);
}

TEST_F(Export, MasksUnlessAskedAndWritesBothIntoTheAuditLog) {
  harness.take_in("路灯不亮,电话13812345678",
                  R"(,"caller":{"name":"张三丰","phone":"13812345678"})");
  EXPECT_THAT(lines("/v1/export/tickets")[0],
              AllOf(Not(HasSubstr("13812345678")), HasSubstr("张**")));
  EXPECT_EQ(audited("tickets.exported"), 1U);
  EXPECT_THAT(lines("/v1/export/tickets?unmask=true")[0], HasSubstr("13812345678"));
  EXPECT_EQ(audited("tickets.exported.unmasked"), 1U);
}

TEST_F(Export, IsATableForSpreadsheets) {
  harness.take_in("=HYPERLINK(1),路灯\\\"不亮");
  const Headers csv{{"Accept", "text/csv"}};
  const auto table = lines("/v1/export/tickets", csv);
  ASSERT_THAT(table, SizeIs(2));
  EXPECT_THAT(table[0], StartsWith("id,status,handling,"));
  EXPECT_THAT(table[1], HasSubstr("\"'=HYPERLINK(1),路灯\"\"不亮\"")) << "quoted, and no formula";
  const auto commas = [](const std::string& line) {
    bool quoted = false;
    std::size_t count = 0;
    for (const char c : line) {
      quoted = quoted != (c == '"');
      count += c == ',' && !quoted ? 1 : 0;
    }
    return count;
  };
  EXPECT_EQ(commas(table[0]), commas(table[1]));
}

TEST_F(Export, StoriesReplayToTheTickets) {
  const std::string id = harness.take_in();
  harness.move("/v1/tickets/" + id + ":sign", R"({"department":"D07"})");
  const auto all = lines("/v1/export/events");
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_EQ(test::json::parse(all[0]).at_pointer("/change/move").as_string(), "intake");
  EXPECT_EQ(test::json::parse(all[1]).at_pointer("/change/version").as_int64(), 2);
  EXPECT_EQ(test::json::parse(all[1]).at("ticket").as_string(), id);
}

TEST_F(Export, TrainingHasWhatPersonsDecidedAndNothingElse) {
  harness.take_in("路灯不亮");  // by the rules, untouched
  const std::string id = harness.take_in("路坑,电话13812345678");
  harness.move("/v1/tickets/" + id + ":dispatch", R"({"department":"D07","category":"C0301"})");
  const auto rows = lines("/v1/export/training");
  ASSERT_THAT(rows, SizeIs(2));
  const auto row = test::json::parse(rows[0]);
  EXPECT_EQ(row.at("id").as_string(), id);
  EXPECT_EQ(row.at("department").as_string(), "D07");
  EXPECT_EQ(row.at("department_by").as_string(), "dispatch");
  EXPECT_EQ(row.at("category").as_string(), "C0301");
  EXPECT_EQ(row.as_object().count("type"), 0U);
  EXPECT_THAT(rows[0], Not(HasSubstr("13812345678")));
  EXPECT_EQ(tickets(rows.back()), 1);
  EXPECT_EQ(audited("training.exported"), 1U);
  EXPECT_THAT(lines("/v1/export/training?unmask=true")[0], HasSubstr("13812345678"));
  EXPECT_EQ(audited("training.exported.unmasked"), 1U);
}

TEST_F(Export, RefusesBeforeItBegins) {
  for (const auto& [target, headers] : std::vector<std::pair<std::string, Headers>>{
           {"/v1/export/tickets", {}},
           {"/v1/export/training", {}},
           {"/v1/export/tickets?after=12", {{"Hotline-Actor", "a"}}},
           {"/v1/export/tickets?limit=5", {{"Hotline-Actor", "a"}}},
           {"/v1/export/tickets", {{"Hotline-Actor", "a"}, {"Accept", "image/png"}}}}) {
    const auto answer = harness.get(target, headers);
    EXPECT_GE(answer.status, 400U) << target;
    EXPECT_EQ(answer.content_type, "application/problem+json") << target;
  }
  EXPECT_EQ(audited("exported"), 0U);
}

TEST_F(Export, ADefectCutsItOffSoThatNobodyTakesItForWhole) {
  harness.take_in();
  harness.reads.broken = true;
  const auto exchange =
      harness.begin(http::Verb::get, "/v1/export/tickets", {}, {{"Hotline-Actor", "王五"}});
  harness.io.restart();
  harness.io.run();
  EXPECT_TRUE(exchange->threw);
  EXPECT_THAT(exchange->stream.begun->body, Not(HasSubstr("done")));
}

}  // namespace
}  // namespace hotline::api

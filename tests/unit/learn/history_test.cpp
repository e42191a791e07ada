#include "learn/history.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/store_folder.hpp"

namespace hotline::learn {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ReadHistory : public testing::Test {
 protected:
  Result<std::vector<HistoryRow>> read(const std::string& name, const std::string& bytes,
                                       const client::ColumnMap& columns = {}) {
    file_ = (folder_.path() / name).string();
    std::ofstream(file_, std::ios::binary) << bytes;
    return read_history(file_, columns, [this] { ++told_; });
  }
  std::vector<std::string> faults(const std::string& name, const std::string& bytes) {
    const auto rows = read(name, bytes);
    std::vector<std::string> told;
    if (rows) return {"none"};
    for (const auto& each : rows.error().errors) {
      told.push_back(each.pointer.substr(file_.size()) + ' ' + each.detail);
    }
    return told;
  }

  test::StoreFolder folder_;
  std::string file_;
  std::size_t told_ = 0;
};

TEST_F(ReadHistory, read_tables_by_their_columns_and_by_a_mapping) {
  const auto rows = read("old.csv",
                         "\xEF\xBB\xBF编号,主题,content,category,时间,lead\r\n"
                         "7,路灯,\"不亮,\n很久\",0101,2021/6/1 8:05,cgj\r\n,,,,,\r\n",
                         {{"id", "编号"}, {"title", "主题"}, {"labelled_at", "时间"}});
  ASSERT_TRUE(rows) << rows.error().detail;
  ASSERT_EQ(rows->size(), 1U);
  const HistoryRow& row = rows->front();
  EXPECT_EQ(row.id, "7");
  EXPECT_EQ(row.title, "路灯");
  EXPECT_EQ(row.content, "不亮,\n很久");
  EXPECT_EQ(row.category, "0101");
  EXPECT_EQ(row.department, "cgj");
  EXPECT_EQ(row.labelled_at, *parse_rfc3339("2021-06-01T08:05:00+08:00"));
  EXPECT_EQ(told_, 1U);
}

TEST_F(ReadHistory, read_lines_with_a_mapping_and_pass_over_what_they_do_not_know) {
  const auto rows =
      read("old.jsonl",
           "{\"label\":\"城建\",\"body\":\"路灯\",\"x\":[1]}\n\n"
           "{\"label\":101,\"text\":\" 噪声 \",\"type\":null,\"time\":\"2020-01-02\"}",
           {{"category", "label"}});
  ASSERT_TRUE(rows) << rows.error().detail;
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_EQ((*rows)[0].category, "城建");
  EXPECT_EQ((*rows)[1].category, "101");
  EXPECT_EQ((*rows)[1].content, "噪声");
  EXPECT_TRUE((*rows)[1].labelled_at);
}

TEST_F(ReadHistory, take_the_text_and_the_last_lead_of_an_exported_ticket) {
  const std::string ticket =
      R"({"id":"2601","status":"closed","source_id":"x","type":"complaint","category":"0101",)"
      R"("category_name":"路灯","received_at":"2026-01-01T08:00:00+08:00","assignments":[)"
      R"({"department":"a","role":"lead","ending":"returned"},)"
      R"({"department":"b","department_name":"城管局","role":"lead"},)"
      R"({"department":"c","role":"assist"}],"personal":{"title":"灯","content":"不亮"}})";
  const auto rows = read("tickets.jsonl", ticket + "\n");
  ASSERT_TRUE(rows) << rows.error().detail;
  const HistoryRow& row = rows->front();
  EXPECT_EQ(row.id, "2601");
  EXPECT_EQ(row.title, "灯");
  EXPECT_EQ(row.content, "不亮");
  EXPECT_EQ(row.category_name, "路灯");
  EXPECT_EQ(row.department, "b");
  EXPECT_EQ(row.department_name, "城管局");
  EXPECT_EQ(row.type, "complaint");
}

TEST_F(ReadHistory, take_no_decision_from_what_waits_for_one) {
  for (const char* status : {"triage", "return_review"}) {
    const auto rows = read(
        "t.csv", std::string("content,category,lead,type,status\n灯,1,a,help,") + status + "\n");
    ASSERT_TRUE(rows);
    EXPECT_EQ(rows->front().category, "") << status;
    EXPECT_EQ(rows->front().department, "") << status;
    EXPECT_EQ(rows->front().type, "help") << status;
  }
}

TEST_F(ReadHistory, say_where_lines_are_wrong) {
  EXPECT_THAT(faults("bad.jsonl",
                     "{\"content\":\"a\"}\n{\"content\" 1}\n[1]\n{\"content\":[1]}\n"
                     "{\"content\":\"\xC2\xB7\xB5\xC6\"}\n{\"content\":\"a\",\"time\":\"soon\"}\n"
                     "{\"content\":\"a\"} x\n{\"content\":\"a\"\n"),
              ElementsAre(HasSubstr(":2:12 is not JSON"), HasSubstr(":3:1 is not a JSON object"),
                          HasSubstr(":4:content must be a text"), HasSubstr(":5:15 is not UTF-8"),
                          HasSubstr(":6:received_at 'soon' is not a time"),
                          HasSubstr(":7:17 is not JSON"), HasSubstr(":8:15 is not JSON")));
}

TEST_F(ReadHistory, say_where_tables_are_wrong) {
  EXPECT_THAT(faults("bad.csv", "content,time\na,2020-13-01\nb,,c\n\xC2\xB7\xB5\xC6,\n\"d\n"),
              ElementsAre(HasSubstr(":2:received_at '2020-13-01' is not a time"),
                          HasSubstr(":3:3 more cells"), HasSubstr(":4 is not UTF-8"),
                          HasSubstr(":5 a quoted cell is not closed")));
}

TEST_F(ReadHistory, refuse_a_mapping_to_what_is_not_there) {
  EXPECT_THAT(read("a.csv", "content,label\na,b\n", {{"category", "labels"}}).error().detail,
              HasSubstr("there is no column 'labels'; the columns are content, label"));
  EXPECT_THAT(read("a.jsonl", "{\"content\":\"a\"}\n", {{"category", "labels"}}).error().detail,
              HasSubstr("no row has a member 'labels'"));
  EXPECT_THAT(read("empty.csv", "").error().detail, HasSubstr("no header row"));
}

TEST_F(ReadHistory, refuse_what_cannot_be_read) {
  EXPECT_THAT(read_history("no/such/file", {}, [] {}).error().detail, HasSubstr("no/such/file"));
  EXPECT_THAT(read_history(folder_.path().string(), {}, [] {}).error().detail,
              HasSubstr("cannot read"));
}

TEST_F(ReadHistory, list_a_bounded_number_of_wrong_rows) {
  std::string bytes;
  for (int i = 0; i < 1'000; ++i) bytes += "x\n";
  const auto rows = read("bad.jsonl", bytes);
  EXPECT_THAT(rows.error().detail, HasSubstr("1000 rows cannot be read"));
  EXPECT_EQ(rows.error().errors.size(), 20U);
}

}  // namespace
}  // namespace hotline::learn

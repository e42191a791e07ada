#include <sstream>

#include <gtest/gtest.h>

#include "client/csv_records.hpp"
#include "client/fields.hpp"

namespace hotline::client {
namespace {

using Lines = std::vector<std::pair<std::uint64_t, std::string>>;

/// The content of each record by its line, or what is wrong with it.
Lines read_all(RecordSource& records) {
  Lines lines;
  while (auto record = records.next()) {
    const auto body = record->intake ? *parse_json(record->intake->body) : json::value{};
    lines.emplace_back(record->line, record->intake ? std::string(text(body, "content"))
                                                    : "! " + record->intake.error().detail);
  }
  return lines;
}

Result<std::unique_ptr<CsvRecords>> open(std::istream& in, const ColumnMap& columns = {}) {
  return CsvRecords::open(in, columns, {.source = "test"});
}

Lines rows_of(const std::string& text) {
  std::istringstream in(text);
  auto records = open(in);
  EXPECT_TRUE(records) << records.error().detail;
  return records ? read_all(**records) : Lines{};
}

TEST(ReadLine, CutsWhatIsTooLongAndGoesOnBehindIt) {
  std::istringstream in("abc\n" + std::string(100, 'x') + "\n\nlast");
  std::string line;
  ASSERT_TRUE(read_line(in, line, 3));
  EXPECT_EQ(line, "abc");
  ASSERT_TRUE(read_line(in, line, 3));
  EXPECT_EQ(line, "xxxx");
  ASSERT_TRUE(read_line(in, line, 3));
  EXPECT_EQ(line, "");
  ASSERT_TRUE(read_line(in, line, 4));
  EXPECT_EQ(line, "last");
  EXPECT_FALSE(read_line(in, line, 4));
}

TEST(JsonLines, SkipsBlankLinesAndKeepsTheNumbersOfTheFile) {
  std::istringstream in("{\"body\":\"a\"}\n\n  \r\nnonsense\n{\"body\":\"b\"}");
  JsonLines records(in, {.source = "test"});
  const auto lines = read_all(records);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0], (Lines::value_type{1, "a"}));
  EXPECT_EQ(lines[1].first, 4U);
  EXPECT_EQ(lines[2], (Lines::value_type{5, "b"}));
}

TEST(JsonLines, ALineLongerThanABodyFailsAlone) {
  std::istringstream in("{\"body\":\"" + std::string(record_bytes_max, 'x') +
                        "\"}\n{\"body\":\"b\"}\n");
  JsonLines records(in, {.source = "test"});
  EXPECT_EQ(read_all(records), (Lines{{1, "! the line is longer than 1 MiB"}, {2, "b"}}));
}

TEST(Csv, RowsAreNumberedByTheLineOnWhichTheyBegin) {
  EXPECT_EQ(rows_of("\xEF\xBB\xBFid,content\r\n1,a\r\n\r\n2,\"b,\n\"\"b\"\"\"\r\n,\n3,c"),
            (Lines{{2, "a"}, {4, "b,\n\"b\""}, {7, "c"}}));
}

TEST(Csv, AWrongRowFailsAlone) {
  const auto lines = rows_of("id,content\n1,a\"b\n2,ok\n3,a,b\n4,\xC2\xB7\xB9\n5,\n6,fine\n");
  ASSERT_EQ(lines.size(), 6U);
  EXPECT_TRUE(lines[0].second.starts_with("! broken quoting")) << lines[0].second;
  EXPECT_EQ(lines[1], (Lines::value_type{3, "ok"}));
  EXPECT_TRUE(lines[2].second.starts_with("! more cells than the header")) << lines[2].second;
  EXPECT_TRUE(lines[3].second.starts_with("! is not UTF-8")) << lines[3].second;
  EXPECT_EQ(lines[4], (Lines::value_type{6, "! content is empty"}));
  EXPECT_EQ(lines[5], (Lines::value_type{7, "fine"}));
}

TEST(Csv, AQuoteThatIsNotClosedTakesABoundedPartOfTheFile) {
  EXPECT_EQ(rows_of("content\n\"a\nb\n"), (Lines{{2, "! a quoted cell is not closed"}}));
  std::string text = "content\n\"a\n";
  for (int i = 0; i < 20'000; ++i) text += std::string(100, 'x') + "\n";
  const auto lines = rows_of(text);
  ASSERT_GT(lines.size(), 2U);
  EXPECT_EQ(lines[0].first, 2U);
  EXPECT_TRUE(lines[0].second.starts_with("! the row is longer than 1 MiB")) << lines[0].second;
  EXPECT_EQ(lines.back(), (Lines::value_type{20'002, std::string(100, 'x')}));
}

TEST(Csv, ColumnsFillFieldsByNameAndByMap) {
  std::istringstream in("text,内容,编号,id,other\na,b,7,8,c\n");
  auto records = open(in, {{"content", "内容"}, {"source_id", "编号"}});
  ASSERT_TRUE(records);
  const auto body = *parse_json((*records)->next()->intake->body);
  EXPECT_EQ(text(body, "content"), "b");
  EXPECT_EQ(text(body, "source_id"), "7");
  EXPECT_EQ(body.as_object().size(), 4U);
}

TEST(Csv, CountingSeesTheSameRows) {
  std::istringstream in("content\na\n\n\"b\nb\"\nx\"y\nc\n");
  auto records = open(in);
  ASSERT_TRUE(records);
  int count = 0;
  while ((*records)->skip()) ++count;
  EXPECT_EQ(count, 4);
}

TEST(Csv, AHeaderThatDoesNotFitIsToldWithTheColumnsThatThereAre) {
  struct Case {
    const char* file;
    ColumnMap columns;
    const char* fault;
  };
  for (const auto& [file, columns, fault] :
       {Case{"", {}, "no header row"},
        Case{"编号,主题\n",
             {},
             "no column fills content: --map content=COLUMN; the columns are "
             "编号, 主题"},
        Case{"编号,主题\n", {{"content", "内容"}}, "no column '内容'; the columns are 编号, 主题"},
        Case{"\xC2\xB7\xB9,b\n", {}, "UTF-8"}}) {
    std::istringstream in(file);
    const auto records = open(in, columns);
    ASSERT_FALSE(records);
    EXPECT_NE(records.error().detail.find(fault), std::string::npos) << records.error().detail;
  }
}

TEST(ColumnMap, IsReadFromWords) {
  const auto columns = read_column_map({"content=主题", "received_at = 时间"}, intake_fields);
  ASSERT_TRUE(columns);
  EXPECT_EQ(*columns, (ColumnMap{{"content", "主题"}, {"received_at", "时间"}}));
  for (const char* word : {"content", "content=", "=主题", "colour=主题", "@no/such/file"}) {
    EXPECT_FALSE(read_column_map({word}, intake_fields)) << word;
  }
  EXPECT_NE(read_column_map({"colour=主题"}, intake_fields).error().detail.find("source_id"),
            std::string::npos);
}

}  // namespace
}  // namespace hotline::client

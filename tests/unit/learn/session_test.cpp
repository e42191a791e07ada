#include "learn/session.hpp"

#include <fstream>
#include <iterator>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "classify/model.hpp"
#include "support/store_folder.hpp"

namespace hotline::learn {
namespace {

using client::Exit;
using testing::HasSubstr;
using testing::Not;

std::string contents_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Invented histories in a folder of their own.
class Session : public testing::Test {
 protected:
  Session() {
    options_.files = {path("history.csv")};
    options_.output = path("office.model");
    options_.report = path("report.html");
  }
  std::string path(const char* name) const { return (folder_.path() / name).string(); }
  void write(const char* name, const std::string& bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
  }
  /// 60 matters; every number is another street.
  static std::string rows(int from = 0) {
    std::string text = "id,content,category,category_name,department,type\n";
    for (int i = from; i < from + 60; ++i) {
      const std::string street = street_of(i);
      text += i % 2 == 0 ? street + "路灯不亮没有人修,c1,路灯 <市政>,dj,投诉\n"
                         : street + "公司拖欠工资不发,c2,欠薪,rs,咨询\n";
    }
    return text;
  }
  static std::string street_of(int number) {
    static const std::vector<std::string> signs{"东", "南", "西", "北", "河", "山", "湖", "城"};
    const auto n = static_cast<std::size_t>(number);
    return std::to_string(number) + ',' + signs[n % 8] + signs[n / 8 % 8] + signs[n / 3 % 8] + "街";
  }
  Exit run() {
    out_.str({});
    err_.str({});
    return run_session(options_, {out_, err_});
  }

  test::StoreFolder folder_;
  SessionOptions options_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(Session, writes_a_model_that_the_daemon_can_read_and_a_report) {
  write("history.csv", rows());
  ASSERT_EQ(run(), Exit::ok) << err_.str();
  const auto model = classify::Model::open(options_.output);
  ASSERT_TRUE(model) << model.error().detail;
  EXPECT_EQ((*model)->heads().size(), 3U);
  EXPECT_LE((*model)->bytes(), 8U << 20U);
  EXPECT_THAT(out_.str(), HasSubstr("【类别】"));
  EXPECT_THAT(out_.str(), HasSubstr((*model)->version()));
  EXPECT_THAT(err_.str(), HasSubstr("60 rows on"));
  EXPECT_THAT(err_.str(), HasSubstr("100%"));
}

TEST_F(Session, writes_a_page_that_needs_nothing_else) {
  write("history.csv", rows());
  ASSERT_EQ(run(), Exit::ok) << err_.str();
  const std::string page = contents_of(options_.report);
  for (const char* part : {"<meta charset=\"utf-8\">", "混淆表", "可靠性图", "覆盖率", "</svg>",
                           "路灯 &lt;市政&gt;", "</html>"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
  for (const char* part : {"<script", "http:", "https:", "src=", "<市政>", "nan", "inf"}) {
    EXPECT_THAT(page, Not(HasSubstr(part)));
  }
}

TEST_F(Session, gives_the_same_bytes_for_the_same_rows) {
  write("history.csv", rows());
  ASSERT_EQ(run(), Exit::ok);
  const std::string first = contents_of(options_.output);
  ASSERT_EQ(run(), Exit::ok);
  EXPECT_EQ(contents_of(options_.output), first);
}

TEST_F(Session, adds_later_rows_in_place_of_those_they_correct) {
  write("history.csv", rows());
  write("later.csv",
        "id,content,category,labelled_at\n0,某街路灯不亮,c2,2026-01-01\n"
        "900,某街路灯又不亮,c1,2026-01-01\n901,某街,c1,2025-01-01\n");
  options_.added = {path("later.csv")};
  options_.since = read_time("2026-01-01").value();
  ASSERT_EQ(run(), Exit::ok) << err_.str();
  EXPECT_THAT(err_.str(), HasSubstr("1 added, 1 replace earlier ones, 1 left out"));
}

TEST_F(Session, leaves_out_what_too_few_rows_support_and_says_so) {
  std::string text = rows();
  for (auto at = text.find(",dj,"); at != text.npos; at = text.find(",dj,")) {
    text.replace(at, 4, ",rs,");
  }
  write("history.csv", text);
  ASSERT_EQ(run(), Exit::ok) << err_.str();
  EXPECT_THAT(err_.str(), HasSubstr("left out: 承办单位: all rows have one label"));
  EXPECT_THAT(out_.str(), HasSubstr("承办单位未训练:可用工单 60 件、标签 1 种"));
  EXPECT_THAT(out_.str(), HasSubstr("至少需 199 件"));
}

TEST_F(Session, refuses_and_keeps_the_model_that_is_there) {
  write("office.model", "old");
  const auto refused = [&](const std::string& bytes, const char* said) {
    write("history.csv", bytes);
    EXPECT_EQ(run(), Exit::failed);
    EXPECT_THAT(err_.str(), HasSubstr(said));
    EXPECT_EQ(out_.str(), "");
    EXPECT_EQ(contents_of(options_.output), "old");
  };
  refused("content,category\n灯不亮,c1\n", "nothing can be learned from these rows");
  refused("content,category\n灯,c1,x\n", "history.csv:2:3: more cells");
  refused("content\n灯\n", "none of the 1 rows with text has a category");
  refused("", "has no header row");
  options_.columns = {"colour=x"};
  refused(rows(), "'colour' is no field");
}

TEST_F(Session, says_when_a_file_cannot_be_written) {
  write("history.csv", rows());
  options_.output = path("no/such/folder/model");
  EXPECT_EQ(run(), Exit::failed);
  EXPECT_THAT(err_.str(), HasSubstr("cannot write"));
}

}  // namespace
}  // namespace hotline::learn

#include <fstream>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "classify/model.hpp"
#include "rig.hpp"

// hotline-train as its user meets it.

namespace hotline::test {
namespace {

class Train : public ::testing::Test {
 protected:
  std::string path(const char* name) const { return (folder_.path() / name).string(); }
  Ended train(std::vector<std::string> words) const {
    words.insert(words.begin(), HOTLINE_TRAIN);
    return run(folder_.path(), std::move(words));
  }

  StoreFolder folder_;
};

TEST_F(Train, EveryFaultOfTheCommandLineIsASentenceAndEndsWith2) {
  const std::vector<std::pair<std::vector<std::string>, const char*>> faults{
      {{}, "file is required"},
      {{"a.csv"}, "--output is required"},
      {{"a.csv", "--output", "m", "--bar"}, "--bar"},
      {{"a.csv", "--output", "m", "--since", "2026-01-01"}, "--since requires --add"},
      {{"a.csv", "--output", "m", "--add", "b.csv", "--since", "soon"}, "'soon' is not a time"},
      {{"a.csv", "--output", "m", "--target-precision", "97"}, "'97' is not a share"},
  };
  for (const auto& [words, said] : faults) {
    SCOPED_TRACE(said);
    const auto ended = train(words);
    EXPECT_EQ(ended.code, 2);
    EXPECT_TRUE(ended.err.starts_with("hotline-train: ")) << ended.err;
    EXPECT_NE(ended.err.find(said), std::string::npos) << ended.err;
    EXPECT_EQ(ended.out, "");
  }
}

TEST_F(Train, TheManualHasEveryOptionAndNoOther) {
  const auto found = [](const std::string& text, const char* pattern) {
    const std::regex sought(pattern);
    std::set<std::string> all;
    for (std::sregex_iterator at(text.begin(), text.end(), sought), end; at != end; ++at) {
      all.insert((*at)[1]);
    }
    return all;
  };
  const auto manual = contents_of(source_folder() / "src" / "hotline-train" / "hotline-train.1");
  const auto help = train({"--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_EQ(found(manual, R"(\bFl -([a-z-]+))"), found(help.out, R"(\n +(?:-h,)?--([a-z-]+))"));
  EXPECT_EQ(train({"--version"}).code, 0);
}

TEST_F(Train, WhatTheDaemonExportsTrainsAModel) {
  const Rig rig;
  Web web = rig.web();
  const std::vector<std::pair<std::string, std::string>> matters{{"路灯不亮没有人修", "complaint"},
                                                                 {"请问社保怎么办理", "inquiry"}};
  const std::vector<std::string> signs{"东", "南", "西", "北", "河", "山", "湖", "城"};
  for (std::size_t i = 0; i < 64; ++i) {
    const auto& [matter, type] = matters[i % 2];
    const std::string place = signs[i % 8] + signs[i / 8] + signs[i / 3 % 8] + "街";
    web.post("/v1/tickets", {{"channel", "phone"}, {"content", place + matter}, {"type", type}});
  }
  const auto tickets = path("tickets.jsonl");
  ASSERT_EQ(rig.ctl({"--actor", "王五", "export", "tickets", "--output", tickets}).code, 0);
  const auto ended = train({tickets, "--output", path("m"), "--report", path("r.html")});
  EXPECT_EQ(ended.code, 0) << ended.err;
  const auto model = classify::Model::open(path("m"));
  ASSERT_TRUE(model) << model.error().detail;
  EXPECT_TRUE((*model)->head(classify::HeadKind::inquiry));
  EXPECT_NE(contents_of(path("r.html")).find("咨询识别"), std::string::npos);
}

TEST_F(Train, NoBytesMakeItCrash) {
  const std::vector<std::string> files{"",
                                       std::string(3, '\0'),
                                       "{",
                                       "\xFF\xFE",
                                       "[[[[[[[[[[[[[[[[",
                                       "\"\"\"\"\n\"",
                                       "{\"content\":\"" + std::string(2'000'000, 'x')};
  for (const auto& bytes : files) {
    for (const char* name : {"a.csv", "a.jsonl"}) {
      std::ofstream(path(name), std::ios::binary) << bytes;
      const auto ended = train({path(name), "--output", path("m")});
      EXPECT_EQ(ended.code, 1) << name << ": " << ended.err;
      EXPECT_FALSE(std::filesystem::exists(path("m")));
    }
  }
}

}  // namespace
}  // namespace hotline::test

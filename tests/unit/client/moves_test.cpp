#include "client/moves.hpp"

#include <gtest/gtest.h>

#include "client/fields.hpp"

namespace hotline::client {
namespace {

using Words = std::vector<std::string>;

TEST(MoveBody, WordsBecomeMembersOfTheirKind) {
  struct Case {
    Words words;
    const char* body;
  };
  for (const auto& [words, body] :
       {Case{{}, "{}"}, Case{{"text=路灯已修复=真的"}, R"({"text":"路灯已修复=真的"})"},
        Case{{"note="}, R"({"note":""})"},
        Case{{"department=cgj", "assist=a,b", "copy=c"},
             R"({"department":"cgj","assist":["a","b"],"copy":["c"]})"},
        Case{{"outcome=reached", "contacted=true", "resolved=yes"},
             R"({"outcome":"reached","contacted":true,"resolved":"yes"})"},
        Case{{"outcome=接通", "resolved=部分解决", "satisfaction=满意"},
             R"({"outcome":"reached","resolved":"partly","satisfaction":"satisfied"})"},
        Case{{"notice=1001", "outcome=无法送达"}, R"({"notice":1001,"outcome":"unreachable"})"},
        Case{{"notice=first"}, R"({"notice":"first"})"},
        Case{{"contacted=maybe"}, R"({"contacted":"maybe"})"}}) {
    const auto made = move_body(words, "");
    ASSERT_TRUE(made);
    EXPECT_EQ(*parse_json(*made), *parse_json(body));
  }
}

TEST(MoveBody, TheReceiptIsAMemberToo) {
  EXPECT_EQ(*move_body(Words{"note=a"}, "r-1"), R"({"note":"a","receipt":"r-1"})");
  EXPECT_EQ(*move_body(std::string(R"({"note":"a"})"), "r-1"), R"({"note":"a","receipt":"r-1"})");
}

TEST(MoveBody, WhatIsNoFieldIsNamed) {
  for (const char* word : {"路灯已修复", "=x", ""}) {
    const auto made = move_body(Words{word}, "");
    ASSERT_FALSE(made) << word;
    EXPECT_NE(made.error().detail.find(std::string("'") + word + "'"), std::string::npos);
  }
  for (const char* object : {"", "[]", "{", "3"}) EXPECT_FALSE(move_body(std::string(object), ""));
}

TEST(MoveTitle, EveryMoveHasAChineseWordAndAnUnknownOneKeepsItsName) {
  for (const auto& term : move_terms) EXPECT_EQ(move_title(term.name), term.chinese);
  EXPECT_EQ(move_title("intake"), "受理");
  EXPECT_EQ(move_title("merge"), "merge");
}

}  // namespace
}  // namespace hotline::client

#include "http/target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hotline::http {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(Target, DecodesPathAndQuery) {
  Target target;
  ASSERT_TRUE(target.parse("/v1/%E4%B8%AD+/x?from=2021-06-01&q=%E4%B8%AD+%2B&&flag&e=&a=b=c"));
  EXPECT_EQ(target.path, "/v1/中+/x");
  EXPECT_THAT(target.query, ElementsAre(Pair("from", "2021-06-01"), Pair("q", "中 +"),
                                        Pair("flag", ""), Pair("e", ""), Pair("a", "b=c")));
}

TEST(Target, ForgetsTheOneBefore) {
  Target target;
  ASSERT_TRUE(target.parse("/a/%62?c=d"));
  ASSERT_TRUE(target.parse("/e"));
  EXPECT_EQ(target.path, "/e");
  EXPECT_THAT(target.query, IsEmpty());
  ASSERT_EQ(target.segments().size(), 1u);
  EXPECT_EQ(target.segments()[0].name, "e");
}

TEST(Target, TakesEveryForm) {
  const struct {
    std::string_view raw;
    std::string_view path;
    std::size_t segments;
  } table[] = {
      {"/", "/", 0},
      {"/a", "/a", 1},
      {"/a/", "/a/", 2},
      {"http://h", "/", 0},
      {"http://h?a=b", "/", 0},
      {"https://h:1/a/b", "/a/b", 2},
      {"//a", "//a", 2},
      {"/http://h", "/http://h", 3},
  };
  for (const auto& [raw, path, segments] : table) {
    Target target;
    ASSERT_TRUE(target.parse(raw)) << raw;
    EXPECT_EQ(target.path, path) << raw;
    EXPECT_EQ(target.segments().size(), segments) << raw;
    EXPECT_TRUE(target.routable()) << raw;
  }
  Target asterisk;
  ASSERT_TRUE(asterisk.parse("*"));
  EXPECT_TRUE(asterisk.asterisk());
  EXPECT_FALSE(asterisk.routable());
}

TEST(Target, RefusesBrokenEncodings) {
  for (const std::string_view raw : {"/%", "/%1", "/%g1", "/%ff", "/%c0%af", "/%00", "/a?%",
                                     "/a?b=%ff", "/a?b=%00", "/%f5%80%80%80"}) {
    Target target;
    EXPECT_FALSE(target.parse(raw)) << raw;
  }
}

}  // namespace
}  // namespace hotline::http

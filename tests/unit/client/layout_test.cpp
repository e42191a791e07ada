#include "client/layout.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace hotline::client {
namespace {

TEST(Layout, WidthCountsWhatATerminalShows) {
  struct Case {
    const char* text;
    std::size_t width;
  };
  for (const auto& [text, width] :
       {Case{"", 0}, Case{"abc", 3}, Case{"待派单", 6}, Case{"12345热线", 9},
        Case{"\uFF08全角\uFF09", 8}, Case{"e\u0301", 1}, Case{"…", 1}, Case{"\t", 0},
        Case{"한국", 4}, Case{"\xFF", 1}, Case{"𠮷", 2}, Case{"张**", 4}}) {
    EXPECT_EQ(display_width(text), width) << text;
  }
}

TEST(Layout, CutNeverExceedsTheColumnsNorSplitsACharacter) {
  const std::string text = "a待b派c单";
  for (std::size_t columns = 0; columns <= 10; ++columns) {
    const auto shown = cut(text, columns);
    EXPECT_LE(display_width(shown), columns) << columns;
    EXPECT_EQ(shown == text, columns >= display_width(text)) << columns;
  }
  EXPECT_EQ(cut("待派单", 5), "待派…");
  EXPECT_EQ(cut("待派单", 4), "待…");
}

TEST(Layout, ColumnsAlignOverWideCharacters) {
  Table table({{"队列"}, {"名称"}, {"待取", Align::right}});
  table.row({"triage", "待派单", "7"});
  table.row({"d1", "城市管理局", "123"});
  EXPECT_EQ(table.str(),
            "队列    名称        待取\n"
            "------  ----------  ----\n"
            "triage  待派单         7\n"
            "d1      城市管理局   123\n");
}

TEST(Layout, MissingCellsAreEmptyAndLinesDoNotEndInSpaces) {
  Table table({{"a"}, {"long title"}});
  table.row({"x"});
  EXPECT_EQ(table.str(), "a  long title\n-  ----------\nx\n");
}

TEST(Repaint, DrawsOverWhatStandsThereAndClearsTheRest) {
  std::size_t lines = 0;
  EXPECT_EQ(repaint("a\nbb\n", {24, 80}, lines), "a\x1b[K\nbb\x1b[K\n\x1b[J");
  EXPECT_EQ(lines, 2U);
  EXPECT_EQ(repaint("c\n", {24, 80}, lines), "\x1b[2Fc\x1b[K\n\x1b[J");
  EXPECT_EQ(lines, 1U);
}

TEST(Repaint, NeverTakesMoreThanTheScreen) {
  for (const std::size_t rows : {0U, 1U, 3U, 5U, 24U}) {
    std::size_t lines = 0;
    const auto drawn = repaint("1\n2\n3\n4\n5\n6\n", {rows, 80}, lines);
    EXPECT_LT(lines, std::max<std::size_t>(rows, 3));
    EXPECT_EQ(lines, static_cast<std::size_t>(std::count(drawn.begin(), drawn.end(), '\n')));
    EXPECT_EQ(drawn.find("lines more") == std::string::npos, rows == 24);
  }
  std::size_t lines = 0;
  EXPECT_EQ(repaint("队列队列\n", {24, 5}, lines), "队列…\x1b[K\n\x1b[J");
}

}  // namespace
}  // namespace hotline::client

#include "client/progress.hpp"

#include <sstream>

#include <gtest/gtest.h>

namespace hotline::client {
namespace {

using namespace std::chrono_literals;

TEST(Progress, Arithmetic) {
  const Reach reach{250, 1000, 2s};
  EXPECT_DOUBLE_EQ(reach.per_second(), 125);
  EXPECT_DOUBLE_EQ(reach.share(), 0.25);
  EXPECT_EQ(reach.left(), 6s);
}

TEST(Progress, EdgesGiveNoNonsense) {
  EXPECT_EQ((Reach{0, 0, 0s}).per_second(), 0);
  EXPECT_EQ((Reach{0, 0, 5s}).share(), 0);
  EXPECT_FALSE((Reach{0, 10, 5s}).left());
  EXPECT_FALSE((Reach{5, 0, 5s}).left());
  EXPECT_EQ((Reach{20, 10, 5s}).share(), 1);
  EXPECT_EQ((Reach{20, 10, 5s}).left(), 0s);
}

TEST(Progress, TimeLeftIsRoundedUp) { EXPECT_EQ((Reach{3, 10, 1s}).left(), 3s); }

TEST(Progress, ShortDurations) {
  EXPECT_EQ(short_duration(0s), "0s");
  EXPECT_EQ(short_duration(59s), "59s");
  EXPECT_EQ(short_duration(185s), "3m05s");
  EXPECT_EQ(short_duration(7620s), "2h07m");
}

TEST(Progress, Lines) {
  EXPECT_EQ(progress_line("replay", {500, 1000, 4s}, "created 500"),
            "replay [############------------]  50%  500/1000  125/s  eta 4s  created 500");
  EXPECT_EQ(progress_line("simulate", {30, 0, 3s}, ""), "simulate  30  10/s  3s");
}

TEST(Progress, NeverShowsHundredBeforeTheEnd) {
  EXPECT_NE(progress_line("r", {999, 1000, 1s}, "").find(" 99%"), std::string::npos);
}

TEST(Progress, ALogGetsALineEveryFewSeconds) {
  std::ostringstream out;
  const auto begun = Steady::time_point{} + 100s;
  Progress progress(out, false, "replay", 10, begun);
  for (int i = 1; i <= 100; ++i) progress.show(1, "", begun + i * 100ms);
  const auto text = out.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  EXPECT_EQ(text.find('\r'), std::string::npos);
}

TEST(Progress, ATerminalGetsOneLineDrawnOver) {
  std::ostringstream out;
  const auto begun = Steady::time_point{} + 100s;
  Progress progress(out, true, "replay", 10, begun);
  for (int i = 1; i <= 10; ++i) progress.show(1, "", begun + i * 100ms);
  progress.finish(10, "", begun + 2s);
  const auto text = out.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\r'), 6);
}

}  // namespace
}  // namespace hotline::client

#include "learn/figures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "learn/plots.hpp"

namespace hotline::learn {
namespace {

using testing::HasSubstr;

/// `rows` rows of two classes over two folds; every `wrong_each`th decision is wrong.
TrainedHead head(std::size_t rows, std::size_t wrong_each) {
  TrainedHead out;
  out.info.classes.resize(2);
  for (std::size_t i = 0; i < rows; ++i) {
    const auto label = static_cast<std::uint16_t>(i % 2);
    const bool wrong = i % wrong_each == 0;
    const float towards = wrong ? 0.1F : 3;
    HeldOut row{{0, 0}, label, static_cast<std::uint8_t>(i / 2 % 2)};
    row.scores[wrong ? 1U - label : label] = towards;
    out.held_out.push_back(row);
  }
  for (const float precision : {0.9F, 0.999F}) {
    out.info.thresholds.push_back(
        choose_threshold(outcomes(out.held_out, fit_slope(out.held_out)), precision));
  }
  return out;
}

TEST(Figures, count_what_was_decided) {
  const HeadFigures figures = figures_of(head(400, 10));
  EXPECT_EQ(figures.rows, 400U);
  EXPECT_DOUBLE_EQ(figures.accuracy, 0.9);
  EXPECT_DOUBLE_EQ(figures.top3, 1);
  EXPECT_FALSE(figures.auc);
  // The wrong ones are all of class 0.
  EXPECT_EQ(figures.confusion[0][1], 40U);
  EXPECT_EQ(figures.confusion[1][0], 0U);
  EXPECT_DOUBLE_EQ(figures.classes[0].recall(), 0.8);
  EXPECT_DOUBLE_EQ(figures.classes[1].precision(), 200.0 / 240);
  EXPECT_NEAR(figures.macro_f1, (2 * 160 / 360.0 + 2 * 200 / 440.0) / 2, 1e-12);
}

TEST(Figures, judge_thresholds_by_rows_that_did_not_choose_them) {
  const HeadFigures figures = figures_of(head(400, 10));
  ASSERT_EQ(figures.thresholds.size(), 2U);
  EXPECT_EQ(figures.thresholds[0].covered, 360U);
  EXPECT_EQ(figures.thresholds[0].right, 360U);
  EXPECT_EQ(figures.thresholds[1].threshold.confidence, classify::out_of_reach);
  EXPECT_EQ(figures.thresholds[1].covered, 0U);
}

TEST(Figures, draw_the_sure_decisions_first) {
  const HeadFigures figures = figures_of(head(400, 10));
  ASSERT_EQ(figures.curve.size(), 200U);
  EXPECT_DOUBLE_EQ(figures.curve.front().precision, 1);
  EXPECT_DOUBLE_EQ(figures.curve.back().coverage, 1);
  EXPECT_DOUBLE_EQ(figures.curve.back().precision, 0.9);
  ASSERT_EQ(figures.bins.size(), 10U);
  EXPECT_EQ(figures.bins.front().decisions, 40U);
  EXPECT_DOUBLE_EQ(figures.bins.front().precision, 0);
  EXPECT_LT(figures.bins.front().confidence, figures.bins.back().confidence);
}

TEST(Figures, rank_yes_above_no) {
  TrainedHead trained;
  trained.info.classes.resize(1);
  for (const float score : {-2.F, -1.F, -1.F, 3.F}) {
    trained.held_out.push_back({{score}, static_cast<std::uint16_t>(score > -2 ? 1 : 0), 0});
  }
  trained.held_out.push_back({{-1}, 0, 0});
  const HeadFigures figures = figures_of(trained);
  // Of six pairs five are right, two of them half.
  EXPECT_DOUBLE_EQ(*figures.auc, 5.0 / 6);
  EXPECT_EQ(figures.confusion[1][1], 1U);
  EXPECT_EQ(figures.confusion[1][0], 2U);
}

TEST(Figures, stand_without_rows) {
  TrainedHead trained;
  trained.info.classes.resize(3);
  const HeadFigures figures = figures_of(trained);
  EXPECT_EQ(figures.accuracy, 0);
  EXPECT_THAT(reliability_plot(figures), HasSubstr("</svg>"));
  EXPECT_THAT(coverage_plot(figures), HasSubstr("</svg>"));
}

}  // namespace
}  // namespace hotline::learn

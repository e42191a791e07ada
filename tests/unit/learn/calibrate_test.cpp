#include "learn/calibrate.hpp"

#include <cmath>
#include <tuple>

#include <gtest/gtest.h>

namespace hotline::learn {
namespace {

std::vector<Outcome> decided(std::size_t right, std::size_t wrong, double confidence) {
  std::vector<Outcome> out(right, {confidence, true});
  out.insert(out.end(), wrong, {confidence, false});
  return out;
}

TEST(Calibrate, finds_the_slope_that_the_labels_were_drawn_with) {
  // Scores one apart; of four rows three are right: e^slope = 3.
  std::vector<HeldOut> rows;
  for (int i = 0; i < 400; ++i) {
    rows.push_back({{1, 0}, static_cast<std::uint16_t>(i % 4 == 0 ? 1 : 0)});
  }
  EXPECT_NEAR(fit_slope(rows), std::log(3.0), 0.01);
  EXPECT_NEAR(probabilities(rows[0].scores, fit_slope(rows))[0], 0.75, 0.01);
  EXPECT_EQ(fit_slope({}), 1);
}

TEST(Calibrate, claims_no_certainty_from_rows_without_an_error) {
  const std::vector<HeldOut> rows(50, {{1, 0}, 0});
  EXPECT_NEAR(probabilities(rows[0].scores, fit_slope(rows))[0], 51.0 / 52, 0.001);
}

TEST(Calibrate, judges_yes_or_no_by_the_logistic_function) {
  const std::vector<HeldOut> rows = {{{2}, 1}, {{-2}, 0}, {{2}, 0}};
  const std::vector<Outcome> seen = outcomes(rows, 1);
  EXPECT_TRUE(seen[0].right);
  EXPECT_TRUE(seen[1].right);
  EXPECT_FALSE(seen[2].right);
  EXPECT_NEAR(seen[1].confidence, 0.8808, 1e-4);
}

TEST(Calibrate, refuses_a_precision_that_too_few_rows_support) {
  // 0.965^85 is the first power below 5 %.
  const auto refused = choose_threshold(decided(84, 0, 0.9), 0.97);
  EXPECT_EQ(refused.confidence, classify::out_of_reach);
  EXPECT_EQ(refused.rows, 85U);
  EXPECT_EQ(refused.coverage, 0);
  EXPECT_FLOAT_EQ(choose_threshold(decided(85, 0, 0.9), 0.97).confidence, 0.9F);
  EXPECT_EQ(choose_threshold({}, 0.99).rows, 199U);
  EXPECT_EQ(choose_threshold({}, 0.99, {.risk = 0.05, .tolerance = 0}).rows, 299U);
}

TEST(Calibrate, wants_the_target_itself_measured) {
  // 96.9 %, of which the bound proves 96.5 %.
  EXPECT_EQ(choose_threshold(decided(9'690, 310, 0.9), 0.97).confidence, classify::out_of_reach);
  EXPECT_FLOAT_EQ(choose_threshold(decided(9'700, 300, 0.9), 0.97).confidence, 0.9F);
}

TEST(Calibrate, takes_the_lowest_confidence_that_holds_the_precision) {
  std::vector<Outcome> rows = decided(500, 0, 0.9);
  for (const auto& [right, wrong, confidence] :
       {std::tuple{300, 5, 0.8}, std::tuple{100, 100, 0.5}}) {
    const auto more =
        decided(static_cast<std::size_t>(right), static_cast<std::size_t>(wrong), confidence);
    rows.insert(rows.end(), more.begin(), more.end());
  }
  const auto chosen = choose_threshold(rows, 0.97);
  EXPECT_FLOAT_EQ(chosen.confidence, 0.8F);
  EXPECT_NEAR(chosen.coverage, 805.0 / 1005, 1e-6);
}

TEST(Calibrate, does_not_cut_between_equal_confidences) {
  EXPECT_EQ(choose_threshold(decided(300, 30, 0.9), 0.97).confidence, classify::out_of_reach);
}

TEST(Calibrate, measures_how_far_claims_are_from_what_happened) {
  EXPECT_NEAR(calibration_error(decided(80, 20, 0.8), 1), 0, 1e-9);
  EXPECT_NEAR(calibration_error(decided(50, 50, 0.8), 1), 0.3, 1e-9);
  EXPECT_EQ(calibration_error({}, 10), 0);
}

}  // namespace
}  // namespace hotline::learn

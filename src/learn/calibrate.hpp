#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "classify/model.hpp"

namespace hotline::learn {

/// A row that the head did not learn from.
struct HeldOut {
  std::vector<float> scores;  ///< one a class; a single one for yes or no
  std::uint16_t label = 0;
  std::uint8_t fold = 0;  ///< that none of its head's rows were of
};

/// The probability of each class, or of yes, as `classify::Model::guess` computes it.
std::vector<double> probabilities(std::span<const float> scores, double slope);

/// The slope (1/temperature) that makes the probabilities of held-out rows likeliest; no certainty
/// comes from rows without an error. 1 without rows.
float fit_slope(std::span<const HeldOut> rows);

/// What a decision claimed and whether it was right.
struct Outcome {
  double confidence = 0;
  bool right = false;
};
std::vector<Outcome> outcomes(std::span<const HeldOut> rows, double slope);

/// Chance that a threshold's true precision is below its target by luck of the rows alone.
inline constexpr double usual_risk = 0.05;

/// The lowest confidence from which on the precision of these decisions is proven: its exact lower
/// bound (Clopper and Pearson 1934, one-sided, `risk`) reaches `precision`, which is below 1. Out
/// of reach where too few rows or too many errors forbid it; `rows` then says how many right
/// decisions without an error such a proof needs at least.
classify::PrecisionThreshold choose_threshold(std::span<const Outcome> decisions, double precision,
                                              double risk = usual_risk);

/// Mean distance of claimed confidence and share of right ones, over `bins` of equally many
/// decisions (expected calibration error).
double calibration_error(std::span<const Outcome> decisions, std::size_t bins);

}  // namespace hotline::learn

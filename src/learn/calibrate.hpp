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

/// How unlikely the probabilities call what the rows' labels are: the mean of their negative
/// logarithms, where of no label more is certain than so many rows can show.
double surprise(std::span<const HeldOut> rows, double slope);

/// What a decision claimed and whether it was right.
struct Outcome {
  double confidence = 0;
  bool right = false;
};
std::vector<Outcome> outcomes(std::span<const HeldOut> rows, double slope);

/// What a threshold has to prove.
struct Proof {
  double risk = 0.05;  ///< chance that luck of the rows alone hides a precision below the bound
  double tolerance = 0.005;  ///< how far below the target the bound may lie
};

/// The lowest confidence from which on these decisions keep the target: their share of right ones
/// reaches `precision`, which is below 1, and its exact lower bound (Clopper and Pearson 1934,
/// one-sided) lies at most the tolerance below. Out of reach where too few rows or too many errors
/// forbid it; `rows` says how many right decisions without an error such a proof needs at least.
classify::PrecisionThreshold choose_threshold(std::span<const Outcome> decisions, double precision,
                                              const Proof& proof = {});

/// Mean distance of claimed confidence and share of right ones, over `bins` of equally many
/// decisions (expected calibration error).
double calibration_error(std::span<const Outcome> decisions, std::size_t bins);

}  // namespace hotline::learn

#include "learn/calibrate.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/binomial.hpp>

namespace hotline::learn {
namespace {

constexpr double least_probability = 1e-9;

/// Most confident first; among equals the wrong ones first, so that no order flatters.
std::vector<Outcome> sorted(std::span<const Outcome> decisions) {
  std::vector<Outcome> out(decisions.begin(), decisions.end());
  std::sort(out.begin(), out.end(), [](const Outcome& a, const Outcome& b) {
    return a.confidence != b.confidence ? a.confidence > b.confidence : a.right < b.right;
  });
  return out;
}

double proven_precision(std::size_t right, std::size_t of, double risk) {
  return boost::math::binomial_distribution<>::find_lower_bound_on_p(
      static_cast<double>(of), static_cast<double>(right), risk);
}

}  // namespace

std::vector<double> probabilities(std::span<const float> scores, double slope) {
  if (scores.size() == 1) return {1 / (1 + std::exp(-slope * scores[0]))};
  const double highest = *std::max_element(scores.begin(), scores.end());
  std::vector<double> out;
  double sum = 0;
  for (const float score : scores) sum += out.emplace_back(std::exp(slope * (score - highest)));
  for (double& each : out) each /= sum;
  return out;
}

double surprise(std::span<const HeldOut> rows, double slope) {
  // Platt 1999: rows without one error must not end in certainty.
  const auto count = static_cast<double>(rows.size());
  const double certainty = (count + 1) / (count + 2);
  double sum = 0;
  for (const HeldOut& row : rows) {
    const std::vector<double> chances = probabilities(row.scores, slope);
    const bool single = chances.size() == 1;
    const double chance = !single          ? chances[row.label]
                          : row.label == 1 ? chances[0]
                                           : 1 - chances[0];
    sum -= certainty * std::log(std::max(chance, least_probability)) +
           (1 - certainty) * std::log(std::max(1 - chance, least_probability));
  }
  return rows.empty() ? 0 : sum / count;
}

float fit_slope(std::span<const HeldOut> rows) {
  if (rows.empty()) return 1;
  // Surprise has one valley over the slope: a golden-section search finds it.
  constexpr double golden = 0.6180339887498949;
  constexpr double close_enough = 1e-3;
  double low = std::log(0.05);
  double high = std::log(50.0);
  while (high - low > close_enough) {
    const double left = high - golden * (high - low);
    const double right = low + golden * (high - low);
    if (surprise(rows, std::exp(left)) < surprise(rows, std::exp(right))) {
      high = right;
    } else {
      low = left;
    }
  }
  return static_cast<float>(std::exp((low + high) / 2));
}

std::vector<Outcome> outcomes(std::span<const HeldOut> rows, double slope) {
  std::vector<Outcome> out;
  out.reserve(rows.size());
  for (const HeldOut& row : rows) {
    const std::vector<double> chances = probabilities(row.scores, slope);
    if (chances.size() == 1) {
      const bool yes = chances[0] >= 0.5;
      out.push_back({yes ? chances[0] : 1 - chances[0], yes == (row.label == 1)});
      continue;
    }
    const auto best = std::max_element(chances.begin(), chances.end());
    out.push_back({*best, best - chances.begin() == row.label});
  }
  return out;
}

classify::PrecisionThreshold choose_threshold(std::span<const Outcome> decisions, double precision,
                                              const Proof& proof) {
  classify::PrecisionThreshold threshold;
  threshold.precision = static_cast<float>(precision);
  threshold.confidence = classify::out_of_reach;
  const double bound = precision - proof.tolerance;
  threshold.rows = static_cast<std::uint32_t>(std::ceil(std::log(proof.risk) / std::log(bound)));
  const std::vector<Outcome> order = sorted(decisions);
  std::size_t right = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    right += order[i].right ? 1 : 0;
    const std::size_t of = i + 1;
    const bool last_of_equals = of == order.size() || order[of].confidence < order[i].confidence;
    if (!last_of_equals || of < threshold.rows) continue;
    const bool measured = static_cast<double>(right) >= precision * static_cast<double>(of);
    if (!measured || proven_precision(right, of, proof.risk) < bound) continue;
    threshold.confidence = static_cast<float>(order[i].confidence);
    threshold.coverage = static_cast<float>(of) / static_cast<float>(order.size());
  }
  return threshold;
}

double calibration_error(std::span<const Outcome> decisions, std::size_t bins) {
  const std::vector<Outcome> order = sorted(decisions);
  double sum = 0;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    double gap = 0;
    for (std::size_t i = bin * order.size() / bins; i < (bin + 1) * order.size() / bins; ++i) {
      gap += order[i].confidence - (order[i].right ? 1 : 0);
    }
    sum += std::abs(gap);
  }
  return order.empty() ? 0 : sum / static_cast<double>(order.size());
}

}  // namespace hotline::learn

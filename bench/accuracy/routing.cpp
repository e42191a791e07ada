#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "bench/accuracy/measures.hpp"
#include "bench/accuracy/rows.hpp"
#include "learn/calibrate.hpp"

namespace hotline::bench {
namespace {

constexpr std::uint8_t folds_count = 5;

/// Decisions at or above thresholds that the training folds alone chose.
struct Covered {
  double precision = 0;
  double risk = 0;
  std::size_t covered = 0;
  std::size_t right = 0;
};

std::vector<learn::HeldOut> held_out(const Set& set, std::span<const learn::Sample> samples,
                                     std::span<const std::uint32_t> groups,
                                     const learn::HeadOptions& options) {
  const auto folds = learn::grouped_folds(groups, folds_count, 2);
  auto scores = learn::held_out_scores(set.texts, samples, folds, options);
  std::vector<learn::HeldOut> rows;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    rows.push_back({std::move(scores[i]), samples[i].label});
  }
  return rows;
}

struct Pooled {
  std::vector<learn::Outcome> outcomes;
  std::vector<std::uint16_t> labels;
  std::vector<std::uint16_t> decided;
  std::array<Covered, 4> covered{{{0.97, 0.5}, {0.99, 0.5}, {0.97, 0.05}, {0.99, 0.05}}};
};

void judge_fold(const Set& set, std::span<const std::uint8_t> folds, int fold,
                const learn::HeadOptions& options, Pooled& pooled) {
  std::vector<learn::Sample> seen;
  std::vector<std::uint32_t> groups;
  std::vector<learn::HeldOut> judged;
  for (std::size_t i = 0; i < folds.size(); ++i) {
    if (folds[i] == fold) continue;
    seen.push_back(set.samples[i]);
    groups.push_back(set.groups[i]);
  }
  const auto inner = held_out(set, seen, groups, options);
  const float slope = learn::fit_slope(inner);
  const auto inner_outcomes = learn::outcomes(inner, slope);
  const learn::Head head = learn::train_head(set.texts, seen, options);
  for (std::size_t i = 0; i < folds.size(); ++i) {
    if (folds[i] == fold) judged.push_back({head.scores(set.texts[i]), set.samples[i].label});
  }
  const auto decisions = learn::outcomes(judged, slope);
  for (Covered& each : pooled.covered) {
    const float from =
        learn::choose_threshold(inner_outcomes, each.precision, each.risk).confidence;
    for (const learn::Outcome& decision : decisions) {
      if (decision.confidence < from) continue;
      ++each.covered;
      each.right += decision.right ? 1 : 0;
    }
  }
  pooled.outcomes.insert(pooled.outcomes.end(), decisions.begin(), decisions.end());
  for (const learn::HeldOut& row : judged) {
    pooled.labels.push_back(row.label);
    pooled.decided.push_back(static_cast<std::uint16_t>(
        std::max_element(row.scores.begin(), row.scores.end()) - row.scores.begin()));
  }
}

double macro_f1(const Pooled& pooled, std::size_t classes) {
  std::vector<double> hit(classes);
  std::vector<double> sum(classes);
  for (std::size_t i = 0; i < pooled.labels.size(); ++i) {
    hit[pooled.labels[i]] += pooled.labels[i] == pooled.decided[i] ? 1 : 0;
    sum[pooled.labels[i]] += 1;
    sum[pooled.decided[i]] += 1;
  }
  double f1 = 0;
  for (std::size_t i = 0; i < classes; ++i) f1 += 2 * hit[i] / std::max(1.0, sum[i]);
  return f1 / static_cast<double>(classes);
}

}  // namespace

void measure_routing(const Options& options) {
  const Set set = read_routing(options.tickets);
  const learn::HeadOptions head{.classes = static_cast<std::uint16_t>(set.labels.size()),
                                .c = options.c};
  const auto folds = learn::grouped_folds(set.groups, folds_count, 1);
  Pooled pooled;
  for (int fold = 0; fold < folds_count; ++fold) judge_fold(set, folds, fold, head, pooled);
  const auto rows = static_cast<double>(pooled.outcomes.size());
  const auto right = static_cast<double>(
      std::count_if(pooled.outcomes.begin(), pooled.outcomes.end(),
                    [](const learn::Outcome& outcome) { return outcome.right; }));
  fmt::print("7 categories, {} rows: accuracy {:.4f} (wanted 0.925), macro-F1 {:.4f} (0.92)\n",
             rows, right / rows, macro_f1(pooled, set.labels.size()));
  for (const Covered& each : pooled.covered) {
    fmt::print(
        "coverage at {:.0f} % precision, threshold by {}: {:.1f} % (wanted {}), its "
        "precision {:.2f} %\n",
        100 * each.precision, each.risk < 0.5 ? "95 % bound" : "even chance",
        100 * static_cast<double>(each.covered) / rows, each.precision < 0.98 ? 80 : 58,
        100 * static_cast<double>(each.right) /
            static_cast<double>(std::max<std::size_t>(1, each.covered)));
  }
  fmt::print("calibration error, 10 bins: {:.4f} (wanted at most 0.03)\n",
             learn::calibration_error(pooled.outcomes, 10));
}

}  // namespace hotline::bench

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>

#include "bench/accuracy/measures.hpp"
#include "bench/accuracy/rows.hpp"
#include "learn/trainer.hpp"

namespace hotline::bench {
namespace {

constexpr std::uint8_t folds_count = 5;

constexpr std::array<double, 2> precisions{0.97, 0.99};

/// Decisions at or above thresholds that the training folds alone chose.
struct Covered {
  std::size_t covered = 0;
  std::size_t right = 0;
};

struct Pooled {
  std::vector<learn::Outcome> outcomes;
  std::vector<std::uint16_t> labels;
  std::vector<std::uint16_t> decided;
  std::array<Covered, precisions.size()> covered;
};

learn::HeadTask task_without(const Set& set, std::span<const std::uint8_t> folds, int fold) {
  learn::HeadTask task;
  task.labels = set.labels;
  for (std::size_t i = 0; i < folds.size(); ++i) {
    if (folds[i] == fold) continue;
    task.samples.push_back(set.samples[i]);
    task.groups.push_back(set.groups[i]);
  }
  return task;
}

/// Everything that hotline-train chooses, it chooses here on the other folds.
void judge_fold(const Set& set, std::span<const std::uint8_t> folds, int fold, Pooled& pooled) {
  learn::TrainerOptions options;
  options.precisions.assign(precisions.begin(), precisions.end());
  options.seed = 2;
  const auto trained = learn::train(set.texts, task_without(set, folds, fold), options,
                                    {.say = [](std::string_view) {}, .learned = {}});
  if (!trained) throw std::runtime_error(trained.error().detail);
  std::vector<learn::HeldOut> judged;
  for (std::size_t i = 0; i < folds.size(); ++i) {
    if (folds[i] != fold) continue;
    judged.push_back({trained->head.scores(set.texts[i]), set.samples[i].label});
  }
  const auto decisions = learn::outcomes(judged, double{trained->info.slope});
  for (std::size_t i = 0; i < precisions.size(); ++i) {
    for (const learn::Outcome& decision : decisions) {
      if (static_cast<float>(decision.confidence) < trained->info.thresholds[i].confidence)
        continue;
      ++pooled.covered[i].covered;
      pooled.covered[i].right += decision.right ? 1 : 0;
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
  const auto folds = learn::grouped_folds(set.groups, folds_count, 1);
  Pooled pooled;
  for (int fold = 0; fold < folds_count; ++fold) judge_fold(set, folds, fold, pooled);
  const auto rows = static_cast<double>(pooled.outcomes.size());
  const auto right = static_cast<double>(
      std::count_if(pooled.outcomes.begin(), pooled.outcomes.end(),
                    [](const learn::Outcome& outcome) { return outcome.right; }));
  fmt::print("7 categories, {} rows: accuracy {:.4f} (wanted 0.925), macro-F1 {:.4f} (0.92)\n",
             rows, right / rows, macro_f1(pooled, set.labels.size()));
  for (std::size_t i = 0; i < precisions.size(); ++i) {
    const Covered& each = pooled.covered[i];
    fmt::print(
        "coverage at {:.0f} % precision: {:.1f} % (wanted {}), its precision {:.2f} % (at least "
        "{:.1f})\n",
        100 * precisions[i], 100 * static_cast<double>(each.covered) / rows, i == 0 ? 80 : 58,
        100 * static_cast<double>(each.right) /
            static_cast<double>(std::max<std::size_t>(1, each.covered)),
        100 * precisions[i] - 0.5);
  }
  fmt::print("calibration error, 10 bins: {:.4f} (wanted at most 0.03)\n",
             learn::calibration_error(pooled.outcomes, 10));
}

}  // namespace hotline::bench

#include <algorithm>
#include <memory>
#include <random>

#include <fmt/format.h>

#include "bench/accuracy/measures.hpp"
#include "bench/accuracy/rows.hpp"

namespace hotline::bench {
namespace {

constexpr std::uint8_t folds_count = 5;

std::size_t best_of(const std::vector<float>& scores) {
  return static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

std::size_t rank_of(const std::vector<float>& scores, std::size_t label) {
  return static_cast<std::size_t>(std::count_if(
      scores.begin(), scores.end(), [&](float score) { return score > scores[label]; }));
}

/// By row of the own city: whether the head that did not see it was right.
std::vector<double> rights(const Set& set, std::span<const learn::Sample> samples,
                           std::span<const std::uint8_t> folds, std::span<const bool> judged,
                           const learn::HeadOptions& options) {
  std::vector<double> out;
  std::vector<double> by_row(samples.size());
  for (int fold = 0; fold < folds_count; ++fold) {
    std::vector<learn::Sample> seen;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (!judged[i] || folds[i] != fold) seen.push_back(samples[i]);
    }
    const learn::Head head = learn::train_head(set.texts, seen, options);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (!judged[i] || folds[i] != fold) continue;
      by_row[i] = best_of(head.scores(set.texts[i])) == samples[i].label ? 1 : 0;
    }
  }
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (judged[i]) out.push_back(by_row[i]);
  }
  return out;
}

double mean(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// 2.5 % quantile of the mean gain over rows drawn with replacement.
double bootstrap_low(std::span<const double> gains) {
  constexpr std::size_t draws = 5'000;
  std::mt19937_64 random(1);
  std::vector<double> means;
  for (std::size_t draw = 0; draw < draws; ++draw) {
    double sum = 0;
    for (std::size_t i = 0; i < gains.size(); ++i) sum += gains[random() % gains.size()];
    means.push_back(sum / static_cast<double>(gains.size()));
  }
  std::sort(means.begin(), means.end());
  return means[draws / 40];
}

}  // namespace

void measure_second_city(const Options& options) {
  Set set = read_routing(options.tickets);
  add_second_city(options.tickets, set);
  const auto classes = static_cast<std::uint16_t>(set.labels.size());
  const auto judged = std::make_unique<bool[]>(set.samples.size());
  std::vector<learn::Sample> pooled = set.samples;
  for (std::size_t i = 0; i < set.samples.size(); ++i) {
    judged[i] = set.samples[i].own;
    pooled[i].own = true;
  }
  const std::span<const bool> own(judged.get(), set.samples.size());
  std::vector<double> plain;
  std::vector<double> adapted;
  const auto add = [](std::vector<double>& sums, const std::vector<double>& more) {
    sums.resize(more.size());
    for (std::size_t i = 0; i < more.size(); ++i) sums[i] += more[i];
  };
  for (unsigned repeat = 0; repeat < options.repeats; ++repeat) {
    const auto folds = learn::grouped_folds(set.groups, folds_count, 10 + repeat);
    add(plain, rights(set, pooled, folds, own, {.classes = classes, .c = options.c}));
    add(adapted, rights(set, set.samples, folds, own,
                        {.classes = classes, .c = options.city_c, .own_times = options.own_times}));
  }
  std::vector<double> gains(plain.size());
  for (std::size_t i = 0; i < gains.size(); ++i) {
    plain[i] /= options.repeats;
    adapted[i] /= options.repeats;
    gains[i] = adapted[i] - plain[i];
  }
  fmt::print(
      "second city, {} rows, {} x 5 folds: pooled {:.4f}, adapted {:.4f}, gain {:+.2f} points "
      "(wanted 1.5), bootstrap from {:+.2f} (wanted above 0)\n",
      gains.size(), options.repeats, mean(plain), mean(adapted), 100 * mean(gains),
      100 * bootstrap_low(gains));
}

void measure_departments(const Options& options) {
  const Set set = read_departments(options.tickets);
  const auto folds = learn::grouped_folds(set.groups, folds_count, 1);
  const auto scores = learn::held_out_scores(
      set.texts, set.samples, folds,
      {.classes = static_cast<std::uint16_t>(set.labels.size()), .c = options.c});
  double first = 0;
  double third = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const std::size_t rank = rank_of(scores[i], set.samples[i].label);
    first += rank < 1 ? 1 : 0;
    third += rank < 3 ? 1 : 0;
  }
  const auto rows = static_cast<double>(scores.size());
  fmt::print("departments, {} rows, {} units: top-1 {:.4f} (wanted 0.58), top-3 {:.4f} (0.84)\n",
             rows, set.labels.size(), first / rows, third / rows);
}

void measure_inquiries(const Options& options) {
  const Set set = read_inquiries(options.tickets);
  const auto folds = learn::grouped_folds(set.groups, folds_count, 1);
  const auto scores =
      learn::held_out_scores(set.texts, set.samples, folds, {.classes = 1, .c = options.c});
  double above = 0;
  double pairs = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    for (std::size_t j = 0; j < scores.size(); ++j) {
      if (set.samples[i].label != 1 || set.samples[j].label != 0) continue;
      pairs += 1;
      above += scores[i][0] > scores[j][0] ? 1 : scores[i][0] == scores[j][0] ? 0.5 : 0;
    }
  }
  fmt::print("inquiry, {} rows: AUC {:.4f} (wanted 0.94)\n", scores.size(), above / pairs);
}

}  // namespace hotline::bench

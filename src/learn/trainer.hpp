#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "classify/model.hpp"
#include "learn/calibrate.hpp"
#include "learn/head.hpp"

namespace hotline::learn {

/// What one head is to learn.
struct HeadTask {
  classify::HeadKind kind = classify::HeadKind::category;
  std::vector<std::string> labels;  ///< by class; of an inquiry head the one name of "yes"
  std::vector<Sample> samples;
  std::vector<std::uint32_t> groups;  ///< by sample; equal: nearly the same text, never split
};

struct TrainerOptions {
  /// Tried with the middle C: which one fits depends on the labels, not only on the language.
  std::vector<TermWeighting> weightings = {{}, {.telling = 0.8, .rarity = 0.6, .texts_min = 2}};
  std::vector<double> c = {0.5, 2, 8};            ///< tried with the better weighting
  std::vector<double> precisions = {0.97, 0.99};  ///< targets, ascending, each below 1
  std::uint8_t folds = 5;
  std::uint32_t own_times = 4;
  std::uint32_t seed = 1;
};

/// A head ready for the file, and what a report says about it.
struct TrainedHead {
  classify::HeadInfo info;
  Head head;
  TermWeighting weighting;        ///< the one whose held-out rows surprised least
  double c = 0;                   ///< the same
  std::vector<HeldOut> held_out;  ///< own samples, scored by heads that did not see them
};

inline constexpr std::size_t rows_min = 30;  ///< of the own city, to learn a head from

/// Told what a training does, from the thread that trains.
struct TrainingEars {
  std::function<void(std::string_view)> say;      ///< in words
  std::function<void(std::size_t)> learned = {};  ///< from so many samples since the last time
};
/// How many samples `train` tells `learned` in all.
std::size_t work_of(const HeadTask& task, const TrainerOptions& options);

/// Chooses weighting and C by what surprises held-out rows least, fits the slope and the thresholds
/// on the same held-out scores, then trains on everything. Fails with `invalid` and the reason
/// where there is nothing to learn: fewer than `rows_min` rows, fewer groups than folds, or a
/// single class. The same task, options and texts give the same head.
Result<TrainedHead> train(const Texts& texts, const HeadTask& task, const TrainerOptions& options,
                          const TrainingEars& ears);

/// The model file's bytes.
std::string model_of(const Texts& texts, std::string version, std::span<const TrainedHead> heads,
                     std::vector<classify::Word> words);

}  // namespace hotline::learn

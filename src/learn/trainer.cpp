#include "learn/trainer.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "learn/folds.hpp"

namespace hotline::learn {
namespace {

Result<void> check(const HeadTask& task, const TrainerOptions& options) {
  std::set<std::uint32_t> groups;
  std::set<std::uint16_t> classes;
  std::size_t rows = 0;
  for (std::size_t i = 0; i < task.samples.size(); ++i) {
    if (!task.samples[i].own) continue;
    ++rows;
    groups.insert(task.groups[i]);
    classes.insert(task.samples[i].label);
  }
  if (rows < rows_min || groups.size() < options.folds) {
    return fail(
        ErrorCode::invalid,
        fmt::format("{} rows in {} groups of like texts are too few to learn from: it takes "
                    "{} rows in {} groups",
                    rows, groups.size(), rows_min, options.folds));
  }
  if (classes.size() < 2) {
    return fail(ErrorCode::invalid, "all rows have one label: there is nothing to tell apart");
  }
  return {};
}

std::vector<HeldOut> own_rows(const HeadTask& task, std::span<const std::uint8_t> folds,
                              std::vector<std::vector<float>> scores) {
  std::vector<HeldOut> rows;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (!task.samples[i].own) continue;
    rows.push_back({std::move(scores[i]), task.samples[i].label, folds[i]});
  }
  return rows;
}

HeadOptions options_of(const HeadTask& task, const TrainerOptions& options,
                       const TermWeighting& weighting, double c) {
  return {.classes = static_cast<std::uint16_t>(task.labels.size()),
          .c = c,
          .seed = options.seed,
          .own_times = options.own_times,
          .weighting = weighting};
}

/// Tries one way after another on the same folds and keeps the best.
class Choice {
 public:
  Choice(const Texts& texts, const HeadTask& task, const TrainerOptions& options,
         const TrainingEars& ears)
      : texts_(texts),
        task_(task),
        options_(options),
        ears_(ears),
        folds_(grouped_folds(task.groups, options.folds, options.seed)) {}

  /// Leaves the best weighting, C and their held-out rows in `out`.
  void choose(TrainedHead& out) {
    const double middle = options_.c[options_.c.size() / 2];
    for (const TermWeighting& weighting : options_.weightings) attempt(weighting, middle, out);
    const TermWeighting best = out.weighting;
    for (const double c : options_.c) {
      if (c != middle) attempt(best, c, out);
    }
  }

 private:
  void attempt(const TermWeighting& weighting, double c, TrainedHead& out) {
    auto rows = own_rows(task_, folds_,
                         held_out_scores(texts_, task_.samples, folds_,
                                         options_of(task_, options_, weighting, c), ears_.learned));
    const float slope = fit_slope(rows);
    const double surprised = surprise(rows, slope);
    const auto decisions = outcomes(rows, slope);
    const auto right = std::count_if(decisions.begin(), decisions.end(),
                                     [](const Outcome& each) { return each.right; });
    ears_.say(fmt::format("C = {}, rare terms {}: {} of {} held-out rows right, surprise {:.4f}", c,
                          weighting.rarity > 0 ? "first" : "as others", right, rows.size(),
                          surprised));
    if (surprised >= least_) return;
    least_ = surprised;
    out.weighting = weighting;
    out.c = c;
    out.held_out = std::move(rows);
  }

  const Texts& texts_;
  const HeadTask& task_;
  const TrainerOptions& options_;
  const TrainingEars& ears_;
  const std::vector<std::uint8_t> folds_;
  double least_ = std::numeric_limits<double>::infinity();
};

void describe(const HeadTask& task, const TrainerOptions& options, TrainedHead& out) {
  out.info.kind = task.kind;
  out.info.rows = static_cast<std::uint32_t>(task.samples.size());
  out.info.slope = fit_slope(out.held_out);
  const auto decisions = outcomes(out.held_out, out.info.slope);
  for (const double precision : options.precisions) {
    out.info.thresholds.push_back(choose_threshold(decisions, precision));
  }
  for (std::size_t i = 0; i < task.labels.size(); ++i) {
    out.info.classes.push_back({task.labels[i], out.head.gains[i], out.head.biases[i]});
  }
}

}  // namespace

std::size_t work_of(const HeadTask& task, const TrainerOptions& options) {
  const auto own = static_cast<std::size_t>(std::count_if(task.samples.begin(), task.samples.end(),
                                                          [](const Sample& s) { return s.own; }));
  const std::size_t all = task.samples.size();
  const std::size_t attempts = options.weightings.size() + options.c.size() - 1;
  return attempts * (options.folds * all - own) + all;
}

Result<TrainedHead> train(const Texts& texts, const HeadTask& task, const TrainerOptions& options,
                          const TrainingEars& ears) {
  if (auto checked = check(task, options); !checked) return tl::unexpected(checked.error());
  TrainedHead out;
  Choice(texts, task, options, ears).choose(out);
  ears.say(fmt::format("training on all {} rows with C = {}", task.samples.size(), out.c));
  out.head = train_head(texts, task.samples, options_of(task, options, out.weighting, out.c));
  if (ears.learned) ears.learned(task.samples.size());
  describe(task, options, out);
  return out;
}

std::string model_of(const Texts& texts, std::string version, std::span<const TrainedHead> heads,
                     std::vector<classify::Word> words) {
  classify::ModelContents contents;
  contents.version = std::move(version);
  contents.settings = texts.settings();
  for (const TrainedHead& trained : heads) {
    contents.heads.push_back(trained.info);
    contents.term_weights.push_back(trained.head.term_weights);
    contents.weights.push_back(trained.head.weights);
  }
  contents.words = std::move(words);
  return classify::model_bytes(contents);
}

}  // namespace hotline::learn

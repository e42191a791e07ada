#include "learn/head.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <linear.h>
#include <memory>
#include <numeric>

namespace hotline::learn {
namespace {

constexpr double smoothing = 1;
constexpr double tolerance = 0.05;
/// A class of which nothing was seen is never proposed.
constexpr float never_seen = -100;

/// How many samples hold a bucket, in all and by class.
class Frequencies {
 public:
  Frequencies(const Texts& texts, std::span<const Sample> samples, std::uint16_t classes)
      : classes_(classes), counts_(texts.buckets() * classes), of_class_(classes) {
    for (const Sample& sample : samples) {
      of_class_[sample.label] += 1;
      for (const Term& term : texts[sample.text])
        counts_[term.bucket * classes + sample.label] += 1;
    }
    all_ = static_cast<double>(samples.size());
  }

  double texts_with(std::size_t bucket) const {
    const float* const counts = counts_.data() + bucket * classes_;
    return std::accumulate(counts, counts + classes_, 0.0);
  }

  double rarity(std::size_t bucket) const { return std::log((1 + all_) / texts_with(bucket)); }

  /// How much the bucket tells about any class: the largest logarithm of odds ratios.
  double telling(std::size_t bucket) const {
    const float* const counts = counts_.data() + bucket * classes_;
    const double with = texts_with(bucket);
    double most = 0;
    for (std::size_t i = 0; i < classes_; ++i) {
      const double rest = all_ - of_class_[i];
      const double here = (counts[i] + smoothing) / (of_class_[i] + 2 * smoothing);
      const double elsewhere = (with - counts[i] + smoothing) / (rest + 2 * smoothing);
      most = std::max(most, std::abs(std::log(here / elsewhere)));
    }
    return most;
  }

 private:
  std::size_t classes_;
  std::vector<float> counts_;
  std::vector<double> of_class_;
  double all_ = 0;
};

std::vector<std::uint8_t> weigh_terms(const Texts& texts, std::span<const Sample> samples,
                                      std::uint16_t classes, const TermWeighting& weighting) {
  const Frequencies frequencies(texts, samples, classes);
  std::vector<double> exact(texts.buckets());
  for (std::size_t i = 0; i < exact.size(); ++i) {
    if (frequencies.texts_with(i) < weighting.texts_min) continue;
    exact[i] = std::pow(frequencies.telling(i), weighting.telling) *
               std::pow(frequencies.rarity(i), weighting.rarity);
  }
  const double most = *std::max_element(exact.begin(), exact.end());
  std::vector<std::uint8_t> weights(exact.size());
  for (std::size_t i = 0; i < exact.size() && most > 0; ++i) {
    weights[i] = static_cast<std::uint8_t>(std::lround(255 * exact[i] / most));
  }
  return weights;
}

double norm_of(std::span<const Term> text, const std::vector<std::uint8_t>& term_weights) {
  std::uint64_t squares = 0;
  for (const Term& term : text) {
    const std::uint32_t weighed = std::uint32_t{term.count} * term_weights[term.bucket];
    squares += std::uint64_t{weighed} * weighed;
  }
  return squares == 0 ? 1 : std::sqrt(static_cast<double>(squares));
}

/// The samples as liblinear takes them. Indexes are dense: a shared one for each bucket that
/// occurs, then the same again for the own city and for the others where there are others.
class Problem {
 public:
  Problem(const Texts& texts, std::span<const Sample> samples, const HeadOptions& options,
          const std::vector<std::uint8_t>& term_weights)
      : index_(texts.buckets()) {
    const bool foreign =
        std::any_of(samples.begin(), samples.end(), [](const Sample& s) { return !s.own; });
    copies_ = foreign ? 3 : 1;
    for (const Sample& sample : samples) {
      for (const Term& term : texts[sample.text]) {
        if (index_[term.bucket] == 0) index_[term.bucket] = ++used_;
      }
    }
    for (const Sample& sample : samples) {
      for (std::uint32_t i = 0; i < (foreign && sample.own ? options.own_times : 1); ++i) {
        add(texts[sample.text], sample, term_weights);
      }
    }
    finish();
  }

  const problem& get() const { return problem_; }
  std::uint32_t used() const { return used_; }
  /// From 1; 0: the bucket does not occur.
  std::uint32_t index(std::size_t bucket) const { return index_[bucket]; }
  /// Index of the own city's weight beside the shared one; 0: there is none.
  std::uint32_t own_index(std::uint32_t shared) const { return copies_ == 1 ? 0 : shared + used_; }
  std::uint32_t bias_index() const { return copies_ * used_ + 1; }

 private:
  void add(std::span<const Term> text, const Sample& sample,
           const std::vector<std::uint8_t>& term_weights) {
    begins_.push_back(nodes_.size());
    labels_.push_back(sample.label);
    const double norm = norm_of(text, term_weights);
    const auto put = [&](std::uint32_t shift) {
      for (const Term& term : text) {
        if (term_weights[term.bucket] == 0) continue;
        nodes_.push_back({static_cast<int>(index_[term.bucket] + shift),
                          term.count * term_weights[term.bucket] / norm});
      }
    };
    put(0);
    if (copies_ > 1) put(sample.own ? used_ : 2 * used_);
    nodes_.push_back({static_cast<int>(bias_index()), 1});
    nodes_.push_back({-1, 0});
  }
  void finish() {
    for (const std::size_t begin : begins_) rows_.push_back(nodes_.data() + begin);
    problem_.l = static_cast<int>(rows_.size());
    problem_.n = static_cast<int>(bias_index());
    problem_.y = labels_.data();
    problem_.x = rows_.data();
    problem_.bias = 1;
  }

  std::uint32_t copies_ = 1;
  std::uint32_t used_ = 0;
  std::vector<std::uint32_t> index_;
  std::vector<feature_node> nodes_;
  std::vector<std::size_t> begins_;
  std::vector<feature_node*> rows_;
  std::vector<double> labels_;
  problem problem_{};
};

struct FreeModel {
  void operator()(model* trained) const { free_and_destroy_model(&trained); }
};
using LinearModel = std::unique_ptr<model, FreeModel>;

void say_nothing(const char*) {}

LinearModel run_liblinear(const Problem& samples, const HeadOptions& options) {
  set_print_string_function(&say_nothing);
  std::srand(options.seed);  // liblinear shuffles by rand()
  parameter parameters{};
  parameters.solver_type = L2R_L2LOSS_SVC_DUAL;
  parameters.C = options.c;
  parameters.eps = tolerance;
  return LinearModel(train(&samples.get(), &parameters));
}

/// The weights of one class as real numbers, by index of the problem.
class Column {
 public:
  Column(const model& trained, std::uint16_t label) : trained_(trained) {
    const int* const begin = trained.label;
    const int* const end = begin + trained.nr_class;
    const int* const found = std::find(begin, end, int{label});
    if (found == end) return;
    seen_ = true;
    const bool two = trained.nr_class == 2;
    stride_ = two ? 1 : static_cast<std::size_t>(trained.nr_class);
    // Of two classes one column stands for both.
    offset_ = two ? 0 : static_cast<std::size_t>(found - begin);
    sign_ = two && found != begin ? -1 : 1;
  }
  bool seen() const { return seen_; }
  double operator[](std::uint32_t index) const {
    if (!seen_ || index == 0) return 0;
    return sign_ * trained_.w[(index - 1) * stride_ + offset_];
  }

 private:
  const model& trained_;
  bool seen_ = false;
  std::size_t stride_ = 1;
  std::size_t offset_ = 0;
  double sign_ = 1;
};

void take_column(const Problem& samples, const Column& column, std::uint16_t of_class, Head& head) {
  const std::size_t buckets = head.term_weights.size();
  std::vector<float> folded(buckets);
  float largest = 0;
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    const std::uint32_t index = samples.index(bucket);
    if (index == 0) continue;
    const double weight = column[index] + column[samples.own_index(index)];
    folded[bucket] = static_cast<float>(weight * head.term_weights[bucket]);
    largest = std::max(largest, std::abs(folded[bucket]));
  }
  const float gain = largest > 0 ? largest / 127 : 1;
  head.gains[of_class] = gain;
  head.biases[of_class] =
      column.seen() ? static_cast<float>(column[samples.bias_index()]) : never_seen;
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    head.weights[bucket * head.classes + of_class] =
        static_cast<std::int8_t>(std::lround(folded[bucket] / gain));
  }
}

}  // namespace

std::vector<float> Head::scores(std::span<const Term> text) const {
  std::vector<std::int64_t> sums(classes);
  for (const Term& term : text) {
    const std::int8_t* const row = weights.data() + std::size_t{term.bucket} * classes;
    for (std::size_t i = 0; i < classes; ++i) sums[i] += std::int64_t{row[i]} * term.count;
  }
  const double norm = norm_of(text, term_weights);
  std::vector<float> out(classes);
  for (std::size_t i = 0; i < classes; ++i) {
    out[i] = static_cast<float>(biases[i] + gains[i] * static_cast<double>(sums[i]) / norm);
  }
  return out;
}

Head train_head(const Texts& texts, std::span<const Sample> samples, const HeadOptions& options) {
  const auto labels = static_cast<std::uint16_t>(std::max<std::uint16_t>(options.classes, 2));
  Head head;
  head.classes = options.classes;
  head.term_weights = weigh_terms(texts, samples, labels, options.weighting);
  head.weights.resize(texts.buckets() * head.classes);
  head.gains.resize(head.classes);
  head.biases.resize(head.classes);
  const Problem problem(texts, samples, options, head.term_weights);
  const LinearModel trained = run_liblinear(problem, options);
  for (std::uint16_t i = 0; i < head.classes; ++i) {
    const auto label = static_cast<std::uint16_t>(options.classes == 1 ? 1 : i);
    take_column(problem, Column(*trained, label), i, head);
  }
  return head;
}

}  // namespace hotline::learn

#include "classify/model.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace hotline::classify {
namespace {

constexpr double term_count_unit = 16;

/// Counts above it are the same; none comes near it (`FeatureSettings`).
constexpr std::uint32_t counted_max = 255;

std::array<std::uint8_t, counted_max + 1> make_term_counts() {
  std::array<std::uint8_t, counted_max + 1> table{};
  for (std::uint32_t count = 1; count <= counted_max; ++count) {
    table[count] =
        static_cast<std::uint8_t>(std::lround(term_count_unit * (1 + std::log(double{1} * count))));
  }
  return table;
}

/// A row's bytes are a multiple of it.
constexpr std::size_t lanes = 8;

/// Adds `count` times every byte of a row, `bytes` of them. Vectors of a fixed length,
/// which g++ and clang make for every processor; sixteen bits hold every product.
void add_row(const std::uint8_t* row, std::size_t bytes, std::int16_t count, std::int32_t* sums) {
  using Bytes [[gnu::vector_size(lanes)]] = std::int8_t;
  using Words [[gnu::vector_size(2 * lanes)]] = std::int16_t;
  using Sums [[gnu::vector_size(4 * lanes)]] = std::int32_t;
  for (std::size_t at = 0; at < bytes; at += lanes) {
    Bytes weights;
    Sums sum;
    std::memcpy(&weights, row + at, sizeof(weights));
    std::memcpy(&sum, sums + at, sizeof(sum));
    sum += __builtin_convertvector(__builtin_convertvector(weights, Words) * count, Sums);
    std::memcpy(sums + at, &sum, sizeof(sum));
  }
}

float logistic(float value) { return 1 / (1 + std::exp(-value)); }

void keep_best(Guesses& guesses, Guess guess) {
  std::size_t at = guesses.count;
  while (at > 0 && guesses.best[at - 1].probability < guess.probability) --at;
  if (at == guesses.best.size()) return;
  guesses.count = std::min(guesses.count + 1, guesses.best.size());
  for (std::size_t i = guesses.count - 1; i > at; --i) guesses.best[i] = guesses.best[i - 1];
  guesses.best[at] = guess;
}

}  // namespace

std::uint32_t term_count(std::uint32_t count) {
  static const std::array<std::uint8_t, counted_max + 1> table = make_term_counts();
  return table[std::min(count, counted_max)];
}

std::optional<std::size_t> Model::head(HeadKind kind) const {
  for (std::size_t i = 0; i < heads_.size(); ++i) {
    if (heads_[i].kind == kind) return i;
  }
  return std::nullopt;
}

std::span<const float> Model::Scores::of_head(std::size_t head) const {
  return {values_.data() + begins_[head], values_.data() + begins_[head + 1]};
}

void Model::score(const FeatureBag& bag, Scores& out) const {
  // By byte of a row. Those of the term weights are summed along and not looked at.
  std::array<std::int32_t, classes_max + head_kinds + lanes> sums;
  std::fill_n(sums.begin(), row_bytes_, 0);
  std::array<std::uint64_t, head_kinds> squares{};
  const auto features = bag.features();
  constexpr std::size_t ahead = 8;
  for (std::size_t i = 0; i < features.size(); ++i) {
    if (i + ahead < features.size()) {
      __builtin_prefetch(row(features[i + ahead].bucket(settings_.buckets_log2)));
    }
    const std::uint8_t* const weights = row(features[i].bucket(settings_.buckets_log2));
    const std::uint32_t count = term_count(features[i].count);
    for (std::size_t head = 0; head < heads_.size(); ++head) {
      const std::uint32_t weighed = count * weights[head];
      squares[head] += std::uint64_t{weighed} * weighed;
    }
    add_row(weights, row_bytes_, static_cast<std::int16_t>(count), sums.data());
  }
  out.begins_ = begins_;
  for (std::size_t head = 0; head < heads_.size(); ++head) {
    const double norm = squares[head] == 0 ? 1 : std::sqrt(static_cast<double>(squares[head]));
    for (std::size_t i = begins_[head]; i < begins_[head + 1]; ++i) {
      const ClassInfo& info = heads_[head].classes[i - begins_[head]];
      out.values_[i] =
          static_cast<float>(info.bias + double{info.gain} * sums[heads_.size() + i] / norm);
    }
  }
}

Guesses Model::guess(const Scores& scores, std::size_t head) const {
  const auto values = scores.of_head(head);
  const float slope = heads_[head].slope;
  Guesses guesses;
  if (values.size() == 1) {
    guesses.best[0] = {0, logistic(slope * values[0])};
    guesses.count = 1;
    return guesses;
  }
  const float highest = *std::max_element(values.begin(), values.end());
  float sum = 0;
  for (const float value : values) sum += std::exp(slope * (value - highest));
  for (std::size_t i = 0; i < values.size(); ++i) {
    keep_best(guesses,
              {static_cast<std::uint16_t>(i), std::exp(slope * (values[i] - highest)) / sum});
  }
  return guesses;
}

std::size_t Model::explain(const FeatureBag& bag, std::size_t head, std::size_t of_class,
                           std::span<Spoke> out) const {
  const std::size_t column = heads_.size() + begins_[head] + of_class;
  std::uint64_t squares = 0;
  std::size_t found = 0;
  for (const Feature& feature : bag.features()) {
    const std::uint8_t* const weights = row(feature.bucket(settings_.buckets_log2));
    const std::uint32_t weighed = term_count(feature.count) * weights[head];
    squares += std::uint64_t{weighed} * weighed;
    const auto weight = static_cast<float>(static_cast<std::int8_t>(weights[column]) *
                                           static_cast<std::int32_t>(term_count(feature.count)));
    if (weight <= 0 || (found == out.size() && (found == 0 || out[found - 1].weight >= weight))) {
      continue;
    }
    const auto word =
        std::lower_bound(words_.begin(), words_.end(), feature.hash,
                         [](const Word& entry, std::uint32_t hash) { return entry.hash < hash; });
    if (word == words_.end() || word->hash != feature.hash) continue;
    if (found < out.size()) ++found;
    std::size_t at = found - 1;
    for (; at > 0 && out[at - 1].weight < weight; --at) out[at] = out[at - 1];
    out[at] = {&*word, weight};
  }
  const double norm = squares == 0 ? 1 : std::sqrt(static_cast<double>(squares));
  const auto scale = static_cast<float>(heads_[head].classes[of_class].gain / norm);
  for (Spoke& spoke : out.first(found)) spoke.weight *= scale;
  return found;
}

}  // namespace hotline::classify

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "learn/texts.hpp"

namespace hotline::learn {

/// One text of a training set.
struct Sample {
  std::uint32_t text = 0;   ///< in `Texts`
  std::uint16_t label = 0;  ///< class; in a yes-or-no head 1 is yes
  bool own = true;          ///< of the city that the model is for
};

/// What a term weighs before anything is learned: telling^`telling` × rarity^`rarity`, where
/// telling is the largest logarithm of a class's odds ratio and rarity the logarithm of texts per
/// text that has the term. Terms that fewer than `texts_min` texts have weigh nothing.
struct TermWeighting {
  double telling = 1;
  double rarity = 0;
  std::uint32_t texts_min = 1;
};

struct HeadOptions {
  std::uint16_t classes = 2;  ///< 1: yes or no
  double c = 1;               ///< what an error costs against the size of the weights
  std::uint32_t seed = 1;
  std::uint32_t own_times = 1;  ///< how much more a text of the own city counts than another's
  TermWeighting weighting = {};
};

/// A linear decision over term counts, quantised as the model file holds it.
struct Head {
  std::uint16_t classes = 0;
  std::vector<std::uint8_t> term_weights;  ///< by bucket
  std::vector<std::int8_t> weights;        ///< by bucket, then class
  std::vector<float> gains;                ///< by class
  std::vector<float> biases;

  /// One a class, by the formula of MODEL_FORMAT.md.
  std::vector<float> scores(std::span<const Term> text) const;
};

/// Trains one against the rest by liblinear. Where some samples are another city's, every city has
/// weights of its own beside the shared ones, and the head is made for the own city of both (Daumé
/// 2007, "Frustratingly easy domain adaptation"). Classes without samples score far below the rest.
/// The same samples, options and seed give the same head. Not thread-safe: liblinear draws from
/// rand().
Head train_head(const Texts& texts, std::span<const Sample> samples, const HeadOptions& options);

}  // namespace hotline::learn

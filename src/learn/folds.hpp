#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "learn/head.hpp"

namespace hotline::learn {

/// A fold for every row, `0..folds-1`. Rows of one group share a fold, so that what is nearly a
/// copy of a row never helps to judge it; beyond that the folds are about equally large. The same
/// groups and seed give the same folds on every machine.
std::vector<std::uint8_t> grouped_folds(std::span<const std::uint32_t> groups, std::uint8_t folds,
                                        std::uint64_t seed);

/// Scores of every sample by a head that saw nothing of its fold. `folds` has one a sample; samples
/// of another city (`own` false) are in every training set and are not scored. `trained` is told
/// how many samples each head learned from.
std::vector<std::vector<float>> held_out_scores(
    const Texts& texts, std::span<const Sample> samples, std::span<const std::uint8_t> folds,
    const HeadOptions& options, const std::function<void(std::size_t)>& trained = {});

}  // namespace hotline::learn

#include "learn/folds.hpp"

#include <algorithm>
#include <map>

namespace hotline::learn {
namespace {

/// Splitmix64 of the group: an order that neither the standard library nor the rows' order decides.
std::uint64_t shuffled(std::uint64_t seed, std::uint32_t group) {
  std::uint64_t z = seed * 0x9E3779B97F4A7C15ULL + group + 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31U);
}

struct Group {
  std::uint32_t group = 0;
  std::size_t rows = 0;
  std::uint64_t order = 0;
};

}  // namespace

std::vector<std::uint8_t> grouped_folds(std::span<const std::uint32_t> groups, std::uint8_t folds,
                                        std::uint64_t seed) {
  std::map<std::uint32_t, std::size_t> sizes;
  for (const std::uint32_t group : groups) ++sizes[group];
  std::vector<Group> order;
  for (const auto& [group, rows] : sizes) order.push_back({group, rows, shuffled(seed, group)});
  // The large ones first: small ones level out what they leave.
  std::sort(order.begin(), order.end(), [](const Group& a, const Group& b) {
    return a.rows != b.rows ? a.rows > b.rows : a.order < b.order;
  });
  std::vector<std::size_t> filled(folds);
  std::map<std::uint32_t, std::uint8_t> fold_of;
  for (const Group& group : order) {
    const auto smallest = std::min_element(filled.begin(), filled.end());
    *smallest += group.rows;
    fold_of[group.group] = static_cast<std::uint8_t>(smallest - filled.begin());
  }
  std::vector<std::uint8_t> out;
  out.reserve(groups.size());
  for (const std::uint32_t group : groups) out.push_back(fold_of[group]);
  return out;
}

std::vector<std::vector<float>> held_out_scores(const Texts& texts, std::span<const Sample> samples,
                                                std::span<const std::uint8_t> folds,
                                                const HeadOptions& options,
                                                const std::function<void(std::size_t)>& trained) {
  std::vector<std::vector<float>> scores(samples.size());
  const int last = folds.empty() ? -1 : *std::max_element(folds.begin(), folds.end());
  for (int fold = 0; fold <= last; ++fold) {
    std::vector<Sample> seen;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (!samples[i].own || folds[i] != fold) seen.push_back(samples[i]);
    }
    const Head head = train_head(texts, seen, options);
    if (trained) trained(seen.size());
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (samples[i].own && folds[i] == fold) scores[i] = head.scores(texts[samples[i].text]);
    }
  }
  return scores;
}

}  // namespace hotline::learn

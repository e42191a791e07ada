#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "classify/features.hpp"

namespace hotline::learn {

/// One feature of a text as models weigh it.
struct Term {
  std::uint32_t bucket = 0;
  std::uint8_t count = 0;  ///< `classify::term_count`
};

/// Many texts, read once: their features, each text's sorted by bucket.
class Texts {
 public:
  explicit Texts(const classify::FeatureSettings& settings) : settings_(settings) {}

  void add(const classify::FeatureText& text);
  const classify::FeatureSettings& settings() const { return settings_; }
  std::size_t buckets() const { return std::size_t{1} << settings_.buckets_log2; }
  std::size_t size() const { return begins_.size() - 1; }
  std::span<const Term> operator[](std::size_t text) const {
    return {terms_.data() + begins_[text], terms_.data() + begins_[text + 1]};
  }

 private:
  classify::FeatureSettings settings_;
  std::vector<Term> terms_;
  std::vector<std::size_t> begins_{0};
};

}  // namespace hotline::learn

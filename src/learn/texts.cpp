#include "learn/texts.hpp"

#include <algorithm>

#include "classify/model.hpp"

namespace hotline::learn {

void Texts::add(const classify::FeatureText& text) {
  classify::FeatureBag bag;
  bag.read(text, settings_);
  for (const classify::Feature& feature : bag.features()) {
    terms_.push_back({feature.bucket(settings_.buckets_log2),
                      static_cast<std::uint8_t>(classify::term_count(feature.count))});
  }
  std::sort(terms_.begin() + static_cast<std::ptrdiff_t>(begins_.back()), terms_.end(),
            [](const Term& a, const Term& b) { return a.bucket < b.bucket; });
  begins_.push_back(terms_.size());
}

}  // namespace hotline::learn

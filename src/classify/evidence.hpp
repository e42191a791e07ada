#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "classify/findings.hpp"

// How phrases become a confidence. Every figure here is of the first, rule-only classifier.
//
// evidence of a phrase = weight × place × repeats
// - weight: its rule's, up to 10: 1 a hint, 2 ordinary, 3 strong, 5 decides alone
// - place: the best at which it stands: 2.5 title, 1 content, 0.3 after its first 1,500 characters
// - repeats: 1, 1.25, 1.5, 1.75, then no more
//
// E, evidence of a category = the sum over its phrases
//
// share of a category = E² ÷ Σ E². So the margin over the second counts, and a long tail of stray
// words does not.
//
// strength = 1 − exp(−E ÷ 1.8), of the best category: how much was said at all
//
// confidence = strength × (share + agreement) ÷ 2. Agreement is the share of all categories that
// would send the ticket the same way: to the same lead, or to the centre's own desk.
//
// So nothing found is 0, one hint in the content 0.43, one strong phrase there 0.81, in the title
// 0.98, and two categories equally strong 0.5 at most unless both go the same way.

namespace hotline::classify {

inline constexpr double title_place = 2.5;
inline constexpr double content_place = 1;
inline constexpr double late_place = 0.3;
inline constexpr std::uint32_t full_weight_characters = 1'500;
/// An emergency is told in the first breath; further on it is a story.
inline constexpr std::uint32_t opening_characters = 160;
/// With the lead not known nobody can be sent the ticket, however clear its matter.
inline constexpr double lead_unknown_confidence_max = 0.5;
/// A matter is sent to another channel by the machine only when it speaks this clearly.
inline constexpr double elsewhere_confidence_min = 0.75;

inline double place_factor(const Hit& hit) {
  if (hit.field == Field::title) return title_place;
  return hit.begin() < full_weight_characters ? content_place : late_place;
}

inline bool in_opening(const Hit& hit) {
  return hit.field == Field::title || hit.begin() < opening_characters;
}

inline double repeat_factor(std::size_t times) {
  constexpr double step = 0.25;
  constexpr std::size_t counted_max = 4;
  return 1 + step * static_cast<double>(std::min(times, counted_max) - 1);
}

inline double strength(double evidence) {
  constexpr double scale = 1.8;
  return 1 - std::exp(-evidence / scale);
}

}  // namespace hotline::classify

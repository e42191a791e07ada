#include "learn/near_duplicates.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <numeric>
#include <string_view>

#include "classify/text.hpp"

namespace hotline::learn {
namespace {

constexpr std::size_t shingle_characters = 5;
constexpr std::size_t bands = 16;
constexpr std::size_t hashes_in_band = 4;
constexpr std::size_t hashes = bands * hashes_in_band;
constexpr std::size_t alike_min = hashes * 6 / 10;

using Sketch = std::array<std::uint32_t, hashes>;

std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31U);
}

std::uint64_t hash_of(std::u32string_view shingle) {
  std::uint64_t hash = 0;
  for (const char32_t symbol : shingle) hash = mix(hash + symbol + 0x9E3779B97F4A7C15ULL);
  return hash;
}

/// A text shorter than a shingle is one shingle.
Sketch sketch_of(std::u32string_view folded) {
  Sketch sketch;
  sketch.fill(std::numeric_limits<std::uint32_t>::max());
  const std::size_t shingles =
      folded.size() < shingle_characters ? 1 : folded.size() - shingle_characters + 1;
  for (std::size_t i = 0; i < shingles; ++i) {
    const std::uint64_t shingle = hash_of(folded.substr(i, shingle_characters));
    for (std::size_t k = 0; k < hashes; ++k) {
      const auto hash = static_cast<std::uint32_t>(mix(shingle ^ mix(k + 1)) >> 32U);
      sketch[k] = std::min(sketch[k], hash);
    }
  }
  return sketch;
}

bool alike(const Sketch& one, const Sketch& other) {
  std::size_t equal = 0;
  for (std::size_t k = 0; k < hashes; ++k) equal += one[k] == other[k] ? 1 : 0;
  return equal >= alike_min;
}

/// Union of groups; the lowest text stands for its group.
class Union {
 public:
  explicit Union(std::size_t texts) : parent_(texts) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }
  std::size_t first_of(std::size_t text) {
    while (parent_[text] != text) text = parent_[text] = parent_[parent_[text]];
    return text;
  }
  void join(std::size_t one, std::size_t other) {
    one = first_of(one);
    other = first_of(other);
    parent_[std::max(one, other)] = std::min(one, other);
  }

 private:
  std::vector<std::size_t> parent_;
};

}  // namespace

std::vector<std::uint32_t> near_duplicate_groups(std::span<const std::string> texts) {
  /// Texts that a band keeps to compare the next one with: enough, and never all pairs.
  constexpr std::size_t kept_max = 8;
  std::map<std::pair<std::size_t, std::array<std::uint32_t, hashes_in_band>>,
           std::vector<std::size_t>>
      seen;
  std::vector<Sketch> sketches(texts.size());
  Union groups(texts.size());
  for (std::size_t text = 0; text < texts.size(); ++text) {
    const std::u32string folded = classify::normalise(texts[text]);
    if (folded.empty()) continue;
    sketches[text] = sketch_of(folded);
    for (std::size_t band = 0; band < bands; ++band) {
      std::array<std::uint32_t, hashes_in_band> part;
      std::copy_n(sketches[text].begin() + static_cast<std::ptrdiff_t>(band * hashes_in_band),
                  hashes_in_band, part.begin());
      std::vector<std::size_t>& kept = seen[{band, part}];
      for (const std::size_t earlier : kept) {
        if (alike(sketches[earlier], sketches[text])) groups.join(earlier, text);
      }
      if (kept.size() < kept_max) kept.push_back(text);
    }
  }
  std::vector<std::uint32_t> out(texts.size());
  std::uint32_t next = 0;
  for (std::size_t text = 0; text < texts.size(); ++text) {
    const std::size_t first = groups.first_of(text);
    out[text] = first == text ? next++ : out[first];
  }
  return out;
}

}  // namespace hotline::learn

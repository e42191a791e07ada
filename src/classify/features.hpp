#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace hotline::classify {

/// What a model reads of a ticket. Views live during the call.
struct FeatureText {
  std::string_view title;
  std::string_view content;
  std::string_view channel;  ///< as in the ticket; empty: says nothing
  std::string_view region;   ///< code; empty: says nothing
};

/// How text becomes features. Stored in the model file: the daemon reads as the trainer read.
struct FeatureSettings {
  std::uint8_t buckets_log2 = 17;            ///< 10..20
  std::uint8_t title_weight = 3;             ///< times that an n-gram of the title counts; 1..16
  std::uint16_t title_characters = 100;      ///< 1..200; what follows is not read
  std::uint16_t content_characters = 1'500;  ///< 1..1,500; what follows is not read
  bool operator==(const FeatureSettings&) const = default;
};

/// The way of reading; a model that was trained for another one is refused. Raise it with every
/// change of `FeatureBag` or of text.hpp's folding that gives other hashes.
inline constexpr std::uint32_t features_version = 2;

/// One n-gram of the text, or one word of its frame (channel, region).
struct Feature {
  std::uint32_t hash = 0;   ///< its top `buckets_log2` bits are the bucket
  std::uint32_t count = 0;  ///< how often the bucket was hit
  std::uint32_t bucket(std::uint8_t buckets_log2) const { return hash >> (32U - buckets_log2); }
};

/// Hash of an n-gram of title or content by its one or two symbols (`second` 0: one symbol), as
/// `FeatureBag` gives it.
std::uint32_t hash_of_ngram(char32_t first, char32_t second);

/// The features of one text: n-grams of one and two folded characters (runs of digits are one `0`,
/// also where they are masked), of title and content together and of the title apart, and the
/// frame. About 60 KiB that live on the stack during one call; nothing is allocated, and the time
/// is bounded whatever the text.
class FeatureBag {
 public:
  FeatureBag() {}  // NOLINT(modernize-use-equals-default): the arrays stay uninitialised

  /// Forgets what was read before. `settings` must be within their ranges.
  void read(const FeatureText& text, const FeatureSettings& settings);

  /// One a bucket, in the order of the text.
  std::span<const Feature> features() const { return {features_.data(), count_}; }

 private:
  void read_field(std::string_view text, std::size_t characters_max, bool title);
  void add_word(std::uint32_t kind, std::string_view word);
  void add(std::uint32_t hash, std::uint32_t times);

  // 1,501 + 1,500 of the content, 4 × 200 + 2 of the title, the frame.
  static constexpr std::size_t features_max = 3'840;
  static constexpr std::size_t slots = 8'192;

  std::uint32_t shift_ = 0;
  std::uint32_t title_weight_ = 1;
  std::size_t count_ = 0;
  std::array<std::uint16_t, slots> places_;  ///< index into `features_` plus one; 0: free
  std::array<Feature, features_max> features_;
};

}  // namespace hotline::classify

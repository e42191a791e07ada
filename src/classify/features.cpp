#include "classify/features.hpp"

#include "classify/text.hpp"

namespace hotline::classify {
namespace {

/// What keeps equal symbols in different places apart.
constexpr std::uint32_t of_text = 0;
constexpr std::uint32_t of_title = 1;
constexpr std::uint32_t of_channel = 2;
constexpr std::uint32_t of_region = 3;

std::uint32_t mix(std::uint64_t key) {
  key *= 0x9E3779B97F4A7C15ULL;
  key ^= key >> 32U;
  key *= 0xD6E8FEB86659FD93ULL;
  return static_cast<std::uint32_t>(key >> 32U);
}

std::uint32_t hash_of(std::uint32_t kind, char32_t first, char32_t second) {
  constexpr unsigned symbol_bits = 21;
  return mix((static_cast<std::uint64_t>(kind) << (2 * symbol_bits)) |
             (static_cast<std::uint64_t>(second) << symbol_bits) | first);
}

/// What stands in place of hidden digits and letters.
constexpr char32_t mask_letter = U'x';

bool is_digit(char32_t symbol) { return symbol >= U'0' && symbol <= U'9'; }

/// Symbols as the n-grams have them: breaks, numbers of any length and masks (138xxxx, xx) are one
/// symbol each.
class SymbolReader {
 public:
  explicit SymbolReader(std::string_view text) : rest_(text) {}

  /// `dropped` at the end.
  char32_t next() {
    while (!rest_.empty()) {
      char32_t symbol = fold(take_code_point(rest_));
      if (symbol == dropped) continue;
      if (is_digit(symbol)) symbol = U'0';
      const bool masks = symbol == mask_letter && (last_ == U'0' || last_ == mask_letter);
      if (masks) continue;
      const bool again = symbol == last_ && (symbol == U'0' || symbol == break_symbol);
      last_ = symbol;
      if (!again) return symbol;
    }
    return dropped;
  }

 private:
  std::string_view rest_;
  char32_t last_ = break_symbol;  // the text's edge is a break
};

}  // namespace

std::uint32_t hash_of_ngram(char32_t first, char32_t second) {
  return hash_of(of_text, first, second);
}

void FeatureBag::read(const FeatureText& text, const FeatureSettings& settings) {
  shift_ = 32U - settings.buckets_log2;
  title_weight_ = settings.title_weight;
  count_ = 0;
  places_.fill(0);
  read_field(text.title, settings.title_characters, true);
  read_field(text.content, settings.content_characters, false);
  add_word(of_channel, text.channel);
  add_word(of_region, text.region);
}

void FeatureBag::read_field(std::string_view text, std::size_t characters_max, bool title) {
  const std::uint32_t times = title ? title_weight_ : 1;
  SymbolReader reader(text);
  char32_t before = break_symbol;
  for (std::size_t read = 0; read < characters_max; ++read) {
    const char32_t symbol = reader.next();
    if (symbol == dropped) break;
    if (symbol != break_symbol) {
      add(hash_of(of_text, symbol, 0), times);
      if (title) add(hash_of(of_title, symbol, 0), 1);
    }
    add(hash_of(of_text, before, symbol), times);
    if (title) add(hash_of(of_title, before, symbol), 1);
    before = symbol;
  }
  if (before == break_symbol) return;
  add(hash_of(of_text, before, break_symbol), times);
  if (title) add(hash_of(of_title, before, break_symbol), 1);
}

void FeatureBag::add_word(std::uint32_t kind, std::string_view word) {
  if (word.empty()) return;
  std::uint64_t key = kind;
  for (const char byte : word) key = (key ^ static_cast<std::uint8_t>(byte)) * 0x100000001B3ULL;
  add(mix(key ^ (static_cast<std::uint64_t>(kind) << 42U)), 1);
}

void FeatureBag::add(std::uint32_t hash, std::uint32_t times) {
  const std::uint32_t bucket = hash >> shift_;
  for (std::size_t at = bucket % slots;; at = (at + 1) % slots) {
    if (places_[at] == 0) {
      features_[count_++] = {hash, times};
      places_[at] = static_cast<std::uint16_t>(count_);
      return;
    }
    Feature& known = features_[places_[at] - 1U];
    if (known.hash >> shift_ == bucket) {
      known.count += times;
      return;
    }
  }
}

}  // namespace hotline::classify

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace hotline::classify {

/// What a phrase was put into the catalogue for. In a layer the longest phrase at a place counts
/// and those inside it do not, so that 煤气泄漏报警器 is not 煤气泄漏; layers do not hide each
/// other.
enum class Layer : std::uint8_t {
  topic = 0,    ///< a rule of a category
  special = 1,  ///< emergencies, matters for other channels, and what guards against mistaking them
  type = 2,     ///< what the citizen wants: asks, complains, thanks
  region = 3,   ///< names and other names of places
  unless = 4,   ///< what switches a rule off; found wherever it stands, inside other phrases too
};
inline constexpr std::size_t layer_count = 5;
using LayerMask = std::uint8_t;
constexpr LayerMask mask(Layer layer) {
  return static_cast<LayerMask>(1U << static_cast<unsigned>(layer));
}

/// One phrase that ends at a state.
struct Emit {
  std::uint32_t phrase = 0;
  Layer layer = Layer::topic;
  std::uint8_t length = 0;  ///< symbols
};

struct Pattern {
  std::u32string
      symbols;  ///< as `normalise` gives them; 1 to `pattern_symbols_max`, no two patterns alike
  LayerMask layers = 0;
};
inline constexpr std::size_t pattern_symbols_max = 64;

/// Aho-Corasick over code points: finds every phrase of the catalogue in one pass. Transitions lie
/// in a double array, symbols are numbered densely, so a step is one or two loads from a table that
/// stays in the cache. Never changed once built; any number of threads may read.
class Automaton {
 public:
  using State = std::uint32_t;
  using Symbol = std::uint16_t;
  static constexpr State root = 0;
  static constexpr Symbol unknown = 0;           ///< occurs in no phrase
  static constexpr Symbol separator = 1;         ///< folded punctuation
  static constexpr Symbol passed_over = 0xFFFF;  ///< folded away

  /// The index of a pattern in `patterns` is its number in `Emit`. At most 65,000 different
  /// symbols; throws `std::length_error` beyond.
  explicit Automaton(const std::vector<Pattern>& patterns);

  /// The symbol of a code point as written; folding is part of the table.
  Symbol symbol(char32_t code_point) const {
    return code_point < basic_.size() ? basic_[code_point] : beyond_basic(code_point);
  }

  /// Not for `passed_over`: the caller leaves those out.
  State next(State state, Symbol symbol) const {
    if (symbol == unknown) return root;
    while (state != root) {
      const State target = cells_[state].base + symbol;
      if (cells_[target].check == state) return target;
      state = cells_[state].fail;
    }
    return first_[symbol];
  }

  /// What ends here: for each layer the longest phrase, for `Layer::unless` all.
  std::span<const Emit> emits(State state) const {
    const Cell& cell = cells_[state];
    return {emits_.data() + cell.emits_begin, cell.emits_count};
  }

  /// Cells of the double array, for those who watch its size.
  std::size_t cells() const { return cells_.size(); }

 private:
  struct Cell {
    std::uint32_t base = 0;
    std::uint32_t check = nobody;  ///< the state whose child this is
    State fail = root;
    std::uint32_t emits_begin : 24 = 0;
    std::uint32_t emits_count : 8 = 0;
  };
  static constexpr std::uint32_t nobody = 0xFFFFFFFF;

  class Builder;

  Symbol beyond_basic(char32_t code_point) const;

  std::vector<Symbol> basic_;                        ///< by code point, the basic plane
  std::vector<std::pair<char32_t, Symbol>> beyond_;  ///< sorted, the other planes
  std::vector<State> first_;  ///< by symbol, from the root: where most texts are most of the time
  std::vector<Cell> cells_;   ///< padded, so that base + symbol is always inside
  std::vector<Emit> emits_;
};

}  // namespace hotline::classify

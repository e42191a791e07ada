#include "classify/automaton.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <stdexcept>

#include "classify/text.hpp"

namespace hotline::classify {

/// Trie first, then breadth-first into the double array: a state's failure link is always to a
/// shallower one, which is finished by then.
class Automaton::Builder {
 public:
  Builder(Automaton& target, const std::vector<Pattern>& patterns) : target_(target) {
    number_symbols(patterns);
    grow_trie(patterns);
    place();
    link(patterns);
  }

 private:
  struct Node {
    std::map<Symbol, std::uint32_t> children;
    std::uint32_t pattern = nobody;
    State state = root;
  };

  void number_symbols(const std::vector<Pattern>& patterns) {
    std::map<char32_t, Symbol> numbers{{break_symbol, separator}};
    for (const Pattern& pattern : patterns) {
      for (const char32_t symbol : pattern.symbols) {
        numbers.try_emplace(symbol, static_cast<Symbol>(numbers.size() + 1));
        if (numbers.size() > 65'000) throw std::length_error("more than 65,000 different symbols");
      }
    }
    symbol_count_ = numbers.size() + 1;
    std::vector<Symbol> by_folded(0x10000, unknown);
    for (const auto& [folded, number] : numbers) {
      if (folded < by_folded.size()) by_folded[folded] = number;
    }
    by_folded[dropped] = passed_over;
    target_.basic_.resize(0x10000);
    for (char32_t code_point = 0; code_point < 0x10000; ++code_point) {
      target_.basic_[code_point] = by_folded[fold(code_point)];
    }
    std::copy(numbers.lower_bound(0x10000), numbers.end(), std::back_inserter(target_.beyond_));
  }

  void grow_trie(const std::vector<Pattern>& patterns) {
    nodes_.emplace_back();
    for (std::uint32_t number = 0; number < patterns.size(); ++number) {
      std::uint32_t at = 0;
      for (const char32_t code_point : patterns[number].symbols) {
        const auto fresh = static_cast<std::uint32_t>(nodes_.size());
        const auto [child, added] =
            nodes_[at].children.try_emplace(target_.symbol(code_point), fresh);
        at = child->second;
        if (added) nodes_.emplace_back();
      }
      nodes_[at].pattern = number;
    }
  }

  void place() {
    reach(1);
    occupy(root, root);
    order_.push_back(0);
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const std::uint32_t parent = order_[i];
      if (nodes_[parent].children.empty()) continue;
      const std::uint32_t base = free_base(nodes_[parent].children);
      target_.cells_[nodes_[parent].state].base = base;
      for (const auto& [symbol, child] : nodes_[parent].children) {
        nodes_[child].state = base + symbol;
        occupy(base + symbol, nodes_[parent].state);
        order_.push_back(child);
      }
    }
    target_.first_.resize(symbol_count_, root);
    for (const auto& [symbol, child] : nodes_[0].children) {
      target_.first_[symbol] = nodes_[child].state;
    }
  }

  /// The first base at which every child falls on a free cell.
  std::uint32_t free_base(const std::map<Symbol, std::uint32_t>& children) {
    const Symbol first = children.begin()->first;
    for (std::uint32_t at = free_from(first);; at = free_from(at + 1)) {
      const std::uint32_t base = at - first;
      reach(base);
      const bool fits = std::all_of(children.begin(), children.end(), [&](const auto& child) {
        return target_.cells_[base + child.first].check == nobody;
      });
      if (fits) return base;
    }
  }

  /// The first free cell at `at` or behind it. Shortens the way for the next who asks, so that
  /// dense stretches are not walked twice.
  std::uint32_t free_from(std::uint32_t at) {
    std::uint32_t found = at;
    while (found < skip_.size() && skip_[found] != found) found = skip_[found];
    while (at < skip_.size() && skip_[at] != found && at != found) {
      at = std::exchange(skip_[at], found);
    }
    return found;
  }

  void occupy(State cell, State parent) {
    target_.cells_[cell].check = parent;
    skip_[cell] = cell + 1;
  }

  /// Makes room for every symbol above `base`.
  void reach(std::uint32_t base) {
    const std::size_t needed = base + symbol_count_ + 1;
    if (target_.cells_.size() >= needed) return;
    const std::size_t before = skip_.size();
    skip_.resize(needed);
    std::iota(skip_.begin() + static_cast<std::ptrdiff_t>(before), skip_.end(),
              static_cast<std::uint32_t>(before));
    target_.cells_.resize(needed);
  }

  void link(const std::vector<Pattern>& patterns) {
    for (const std::uint32_t parent : order_) {
      for (const auto& [symbol, child] : nodes_[parent].children) {
        Cell& cell = target_.cells_[nodes_[child].state];
        const State above = nodes_[parent].state;
        cell.fail = above == root ? root : target_.next(target_.cells_[above].fail, symbol);
        collect(nodes_[child], cell, patterns);
      }
    }
  }

  void collect(const Node& node, Cell& cell, const std::vector<Pattern>& patterns) {
    const Cell& shorter = target_.cells_[cell.fail];
    cell.emits_begin = shorter.emits_begin;
    cell.emits_count = shorter.emits_count;
    if (node.pattern == nobody) return;
    const Pattern& own = patterns[node.pattern];
    std::vector<Emit> merged;
    for (std::size_t layer = 0; layer < layer_count; ++layer) {
      if ((own.layers & (1U << layer)) == 0) continue;
      merged.push_back(
          {node.pattern, static_cast<Layer>(layer), static_cast<std::uint8_t>(own.symbols.size())});
    }
    for (const Emit& emit : target_.emits(cell.fail)) {
      const bool hidden = emit.layer != Layer::unless && (own.layers & mask(emit.layer)) != 0;
      if (!hidden) merged.push_back(emit);
    }
    cell.emits_begin = static_cast<std::uint32_t>(target_.emits_.size()) & 0xFFFFFFU;
    cell.emits_count = static_cast<std::uint32_t>(merged.size()) & 0xFFU;
    target_.emits_.insert(target_.emits_.end(), merged.begin(), merged.end());
    if (target_.emits_.size() > 0xFFFFFF) throw std::length_error("too many phrases");
  }

  Automaton& target_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> order_;  ///< nodes, breadth first
  std::size_t symbol_count_ = 0;
  std::vector<std::uint32_t> skip_;  ///< a free cell itself, else one nearer to the next free one
};

Automaton::Automaton(const std::vector<Pattern>& patterns) { Builder(*this, patterns); }

Automaton::Symbol Automaton::beyond_basic(char32_t code_point) const {
  const auto found =
      std::lower_bound(beyond_.begin(), beyond_.end(), code_point,
                       [](const auto& entry, char32_t wanted) { return entry.first < wanted; });
  if (found != beyond_.end() && found->first == code_point) return found->second;
  return fold(code_point) == dropped ? passed_over : unknown;
}

}  // namespace hotline::classify

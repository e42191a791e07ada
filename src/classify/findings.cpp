#include "classify/findings.hpp"

#include "classify/text.hpp"

namespace hotline::classify {

void Findings::add(const Emit& emit, const Hit& hit) {
  switch (emit.layer) {
    case Layer::topic:
      return topic.add_longest(hit);
    case Layer::special:
      return special.add_longest(hit);
    case Layer::type:
      return type.add_longest(hit);
    case Layer::region:
      return region.add_longest(hit);
    case Layer::unless:
      return unless.add(hit);
  }
}

void scan(const Automaton& automaton, std::string_view text, Field field, LayerMask wanted,
          Findings& findings) {
  constexpr std::size_t bytes_max = characters_max * 4UL;
  text = text.substr(0, bytes_max);
  Automaton::State state = Automaton::root;
  Automaton::Symbol before = Automaton::unknown;
  std::uint32_t read = 0;
  std::uint32_t sentence = 0;
  while (!text.empty() && read < characters_max) {
    const char32_t code_point = take_code_point(text);
    const Automaton::Symbol symbol = automaton.symbol(code_point);
    if (symbol == Automaton::separator || symbol == Automaton::passed_over) {
      if (ends_sentence(code_point)) ++sentence;
      const bool repeated = symbol == before || symbol == Automaton::passed_over;
      if (repeated) continue;
    }
    before = symbol;
    ++read;
    state = automaton.next(state, symbol);
    for (const Emit& emit : automaton.emits(state)) {
      if ((wanted & mask(emit.layer)) == 0) continue;
      findings.add(emit, {emit.phrase, read, sentence, emit.length, field});
    }
  }
}

}  // namespace hotline::classify

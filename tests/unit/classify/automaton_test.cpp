#include "classify/automaton.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

#include "classify/findings.hpp"
#include "classify/text.hpp"

namespace hotline::classify {
namespace {

using Found = std::set<std::tuple<std::uint32_t, std::size_t>>;  // pattern, end

Found by_automaton(const Automaton& automaton, std::u32string_view text, Layer layer) {
  Found found;
  Automaton::State state = Automaton::root;
  for (std::size_t i = 0; i < text.size(); ++i) {
    state = automaton.next(state, automaton.symbol(text[i]));
    for (const Emit& emit : automaton.emits(state)) {
      if (emit.layer == layer) found.emplace(emit.phrase, i + 1);
    }
  }
  return found;
}

Found by_search(const std::vector<Pattern>& patterns, std::u32string_view text) {
  Found found;
  for (std::uint32_t number = 0; number < patterns.size(); ++number) {
    const std::u32string& symbols = patterns[number].symbols;
    for (std::size_t at = text.find(symbols); at != text.npos; at = text.find(symbols, at + 1)) {
      found.emplace(number, at + symbols.size());
    }
  }
  return found;
}

/// Of those that end at one place the longest.
Found longest(const std::vector<Pattern>& patterns, const Found& all) {
  Found kept;
  for (const auto& [pattern, end] : all) {
    const bool hidden =
        std::any_of(all.begin(), all.end(), [&, p = pattern, e = end](const auto& other) {
          return std::get<1>(other) == e &&
                 patterns[std::get<0>(other)].symbols.size() > patterns[p].symbols.size();
        });
    if (!hidden) kept.emplace(pattern, end);
  }
  return kept;
}

std::u32string random_text(std::mt19937& random, std::size_t size) {
  constexpr std::u32string_view alphabet = U"路灯不亮ab𠮷😀";
  std::u32string text;
  for (std::size_t i = 0; i < size; ++i) text += alphabet[random() % alphabet.size()];
  return text;
}

TEST(Automaton, finds_what_a_plain_search_finds) {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    std::set<std::u32string> distinct;
    for (int i = 0; i < 40; ++i) distinct.insert(random_text(random, 1 + random() % 5));
    std::vector<Pattern> patterns;
    for (const std::u32string& symbols : distinct) {
      patterns.push_back(
          {symbols, static_cast<LayerMask>(mask(Layer::topic) | mask(Layer::unless))});
    }
    const Automaton automaton(patterns);
    const std::u32string text = random_text(random, 300);
    const Found all = by_search(patterns, text);
    ASSERT_EQ(by_automaton(automaton, text, Layer::unless), all);
    ASSERT_EQ(by_automaton(automaton, text, Layer::topic), longest(patterns, all));
  }
}

TEST(Automaton, without_patterns_finds_nothing) {
  const Automaton automaton({});
  EXPECT_TRUE(by_automaton(automaton, U"路灯，abc", Layer::topic).empty());
}

TEST(Automaton, grows_with_its_patterns_and_not_with_their_product) {
  std::mt19937 random(7);
  std::set<std::u32string> distinct;
  std::size_t symbols = 0;
  while (distinct.size() < 5'000) {
    std::u32string text;
    for (std::size_t i = 0; i < 4; ++i) text += static_cast<char32_t>(0x4E00 + random() % 3'000);
    if (distinct.insert(text).second) symbols += text.size();
  }
  std::vector<Pattern> patterns;
  for (const std::u32string& each : distinct) patterns.push_back({each, mask(Layer::topic)});
  EXPECT_LT(Automaton(patterns).cells(), 2 * symbols + 10'000);
}

Findings scanned(const Automaton& automaton, std::string_view text) {
  Findings findings;
  scan(automaton, text, Field::content, 0xFF, findings);
  return findings;
}

TEST(Scan, longer_phrases_hide_those_inside_them) {
  std::vector<Pattern> patterns;
  for (const char32_t* text : {U"路灯", U"灯不", U"路灯不亮", U"不亮", U"亮灯"}) {
    patterns.push_back({text, mask(Layer::topic)});
  }
  const Automaton automaton(patterns);
  const Findings findings = scanned(automaton, "路 灯不亮灯,路灯");
  std::vector<std::uint32_t> found;
  for (const Hit& hit : findings.topic.view()) found.push_back(hit.phrase);
  EXPECT_EQ(found, (std::vector<std::uint32_t>{2, 4, 0}));
}

TEST(Scan, counts_characters_and_sentences) {
  const Automaton automaton({{U"路灯", mask(Layer::topic)}});
  const Findings findings = scanned(automaton, "你好。\n\n路灯，路 灯！！路灯");
  ASSERT_EQ(findings.topic.view().size(), 3U);
  const Hit first = findings.topic.view()[0];
  const Hit second = findings.topic.view()[1];
  const Hit third = findings.topic.view()[2];
  EXPECT_EQ(first.begin(), 3U);
  EXPECT_EQ(second.begin(), 6U);
  EXPECT_EQ(first.sentence, second.sentence);
  EXPECT_GT(third.sentence, second.sentence);
}

TEST(Scan, stops_at_its_bounds) {
  const Automaton automaton({{U"路灯", mask(Layer::topic)}});
  std::string text;
  for (std::uint32_t i = 0; i < characters_max / 2; ++i) text += "好的";
  EXPECT_TRUE(scanned(automaton, text + "路灯").topic.view().empty());
  std::string repeated;
  for (int i = 0; i < 10'000; ++i) repeated += "路灯";
  EXPECT_EQ(scanned(automaton, repeated).topic.view().size(), 768U);
}

}  // namespace
}  // namespace hotline::classify

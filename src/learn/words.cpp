#include "learn/words.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <string>

#include "classify/text.hpp"

namespace hotline::learn {
namespace {

bool tells(char32_t symbol) {
  return symbol != classify::break_symbol && !(symbol >= U'0' && symbol <= U'9');
}

void append_utf8(char32_t point, std::string& out) {
  const auto tail = [&](unsigned shift) {
    out.push_back(static_cast<char>(0x80U | ((point >> shift) & 0x3FU)));
  };
  if (point < 0x80) {
    out.push_back(static_cast<char>(point));
  } else if (point < 0x800) {
    out.push_back(static_cast<char>(0xC0U | (point >> 6U)));
    tail(0);
  } else if (point < 0x10000) {
    out.push_back(static_cast<char>(0xE0U | (point >> 12U)));
    tail(6);
    tail(0);
  } else {
    out.push_back(static_cast<char>(0xF0U | (point >> 18U)));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace

void WordCollector::add(std::string_view text, std::uint32_t group) {
  const std::u32string folded = classify::normalise(text);
  const auto count = [&](char32_t first, char32_t second) {
    const auto [entry, fresh] = seen_.try_emplace({first, second}, Seen{group, 1});
    if (fresh || entry->second.last_group == group) return;
    entry->second.last_group = group;
    ++entry->second.matters;
  };
  for (std::size_t i = 0; i < folded.size(); ++i) {
    if (!tells(folded[i])) continue;
    count(folded[i], 0);
    if (i + 1 < folded.size() && tells(folded[i + 1])) count(folded[i], folded[i + 1]);
  }
}

std::uint32_t WordCollector::matters_enough() const {
  std::vector<std::uint32_t> matters;
  for (const auto& entry : seen_) matters.push_back(entry.second.matters);
  if (matters.size() <= words_max) return matters_min;
  const auto last = matters.begin() + static_cast<std::ptrdiff_t>(words_max);
  std::nth_element(matters.begin(), last, matters.end(), std::greater<>());
  return std::max(matters_min, *last + 1);
}

std::vector<classify::Word> WordCollector::words() const {
  std::vector<classify::Word> out;
  std::set<std::uint32_t> known;
  const std::uint32_t enough = matters_enough();
  for (const auto& [symbols, seen] : seen_) {
    if (seen.matters < enough) continue;
    classify::Word word;
    word.hash = classify::hash_of_ngram(symbols.first, symbols.second);
    if (!known.insert(word.hash).second) continue;
    std::string text;
    append_utf8(symbols.first, text);
    if (symbols.second != 0) append_utf8(symbols.second, text);
    text.copy(word.text.data(), word.text.size());
    out.push_back(word);
  }
  return out;
}

}  // namespace hotline::learn

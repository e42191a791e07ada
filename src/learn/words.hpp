#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "classify/model.hpp"

namespace hotline::learn {

/// Gathers the n-grams by which a model may explain itself. Only those that many matters share are
/// kept: what few share may be a citizen's name or address, and must not leave the training rows.
class WordCollector {
 public:
  static constexpr std::uint32_t matters_min = 10;
  static constexpr std::size_t words_max = 65'536;

  /// `group`: of like texts; they count once. Groups come one after the other, equal ones together.
  void add(std::string_view text, std::uint32_t group);
  /// Of one or two characters, each hash once; at most `words_max`, those that most matters share.
  /// Numbers and breaks are left out.
  std::vector<classify::Word> words() const;

 private:
  struct Seen {
    std::uint32_t last_group = 0;
    std::uint32_t matters = 0;
  };
  std::uint32_t matters_enough() const;

  std::map<std::pair<char32_t, char32_t>, Seen> seen_;
};

}  // namespace hotline::learn

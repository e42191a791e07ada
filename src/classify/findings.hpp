#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "classify/automaton.hpp"
#include "classify/bounded_list.hpp"

namespace hotline::classify {

/// Characters of one field that are read at all; what comes after is not looked at.
inline constexpr std::uint32_t characters_max = 20'000;

enum class Field : std::uint8_t { address = 0, title = 1, content = 2 };

/// A phrase of the catalogue in the text.
struct Hit {
  std::uint32_t phrase;
  std::uint32_t
      end;  ///< characters of the field up to and with the phrase, white space not counted
  std::uint32_t sentence;  ///< which sentence of the field it ends in
  std::uint8_t length;     ///< symbols
  Field field;

  std::uint32_t begin() const { return end - length; }
};

/// The hits of one layer in reading order.
template <std::size_t capacity>
class HitList {
 public:
  /// Hits come by their ends; those that lie inside the new one give way to it.
  void add_longest(const Hit& hit) {
    while (!hits_.empty() && hits_.back().field == hit.field &&
           hits_.back().begin() >= hit.begin()) {
      hits_.drop_last();
    }
    hits_.add(hit);
  }
  void add(const Hit& hit) { hits_.add(hit); }

  std::span<const Hit> view() const { return hits_.view(); }
  std::span<Hit> view() { return hits_.view(); }

 private:
  BoundedList<Hit, capacity> hits_;
};

/// Everything that one pass over a ticket's texts found. About 20 KiB, lives on the stack of the
/// call.
struct Findings {
  HitList<768> topic;
  HitList<96> special;
  HitList<96> type;
  HitList<96> region;
  HitList<96> unless;

  void add(const Emit& emit, const Hit& hit);
};

/// Reads `text` once and adds what it finds in the layers of `wanted`.
void scan(const Automaton& automaton, std::string_view text, Field field, LayerMask wanted,
          Findings& findings);

}  // namespace hotline::classify

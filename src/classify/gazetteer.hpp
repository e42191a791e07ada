#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "classify/directory.hpp"
#include "classify/findings.hpp"
#include "classify/phrasebook.hpp"

namespace hotline::classify {

/// A place that was found, and by which words.
struct PlaceFound {
  const RegionInfo* region = nullptr;  ///< null: none
  const Phrase* phrase = nullptr;      ///< null when the code was given
};

/// Finds the place that a ticket is about: a community or township in the address, else in the
/// title, else in the content, else the district that one of them names; the most narrow and then
/// the first one. A name that several places bear counts only where a place around one of them
/// stands in the text too. A known `given` code stands above the words, they may only name a place
/// inside it.
PlaceFound find_place(std::string_view given, std::span<const Hit> hits, const Phrasebook& phrases,
                      const Directory& directory);

}  // namespace hotline::classify

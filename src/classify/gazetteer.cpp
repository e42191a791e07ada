#include "classify/gazetteer.hpp"

#include <algorithm>
#include <array>

namespace hotline::classify {
namespace {

constexpr std::size_t township_digits = 9;

class Search {
 public:
  Search(std::span<const Hit> hits, const Phrasebook& phrases, const Directory& directory)
      : hits_(hits), phrases_(phrases), directory_(directory) {}

  /// The narrowest place named in `field`, inside `given` when that is not empty.
  PlaceFound narrowest(Field field, std::string_view given) const {
    PlaceFound best;
    for (const Hit& hit : hits_) {
      if (hit.field != field) continue;
      const Phrase& phrase = phrases_.phrases()[hit.phrase];
      const RegionInfo* region = meant(phrase);
      if (region == nullptr || (!given.empty() && !directory_.is_within(region->code, given))) {
        continue;
      }
      const bool narrower =
          best.region == nullptr || region->code.size() > best.region->code.size();
      if (narrower) best = {region, &phrase};
    }
    return best;
  }

 private:
  /// Which of the places of that name, null when that cannot be told.
  const RegionInfo* meant(const Phrase& phrase) const {
    const std::vector<RegionInfo>& regions = directory_.regions();
    if (phrase.regions.size() == 1) return &regions[phrase.regions.front()];
    const RegionInfo* supported = nullptr;
    for (const std::uint32_t number : phrase.regions) {
      if (!surroundings_named(regions[number])) continue;
      if (supported != nullptr) return nullptr;
      supported = &regions[number];
    }
    return supported;
  }

  bool surroundings_named(const RegionInfo& place) const {
    return std::any_of(hits_.begin(), hits_.end(), [&](const Hit& hit) {
      const std::vector<std::uint32_t>& named = phrases_.phrases()[hit.phrase].regions;
      if (named.size() != 1) return false;
      const RegionInfo& other = directory_.regions()[named.front()];
      return other.code.size() >= township_digits && other.code != place.code &&
             directory_.is_within(place.code, other.code);
    });
  }

  std::span<const Hit> hits_;
  const Phrasebook& phrases_;
  const Directory& directory_;
};

}  // namespace

PlaceFound find_place(std::string_view given, std::span<const Hit> hits, const Phrasebook& phrases,
                      const Directory& directory) {
  const RegionInfo* posted = directory.region(given);
  if (posted == nullptr) given = {};
  const Search search(hits, phrases, directory);
  constexpr std::array<Field, 3> order{Field::address, Field::title, Field::content};
  PlaceFound wide{posted, nullptr};
  for (const Field field : order) {
    const PlaceFound found = search.narrowest(field, given);
    if (found.region == nullptr) continue;
    const bool inside = posted == nullptr || found.region->code != posted->code;
    if (inside && found.region->code.size() >= township_digits) return found;
    if (wide.region == nullptr) wide = found;
  }
  return wide;
}

}  // namespace hotline::classify

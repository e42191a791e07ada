#pragma once

#include "classify/directory.hpp"
#include "classify/learned.hpp"
#include "classify/phrasebook.hpp"
#include "hotline/catalogue.hpp"

namespace hotline::classify {

/// What the catalogue makes of one ticket on `day`, and `learned` (null: nothing) where the
/// catalogue's rules are silent. Pure; fills everything but the versions.
///
/// Who decides: the operator; then the rules, from `Learned::rules_confidence` on; then the model,
/// unless rules speak louder for another category or for a special matter. Emergencies and matters
/// for other channels are found by rules alone.
Classification judge(const ClassifyInput& input, Day day, const Phrasebook& phrases,
                     const Directory& directory, const Learned* learned);

}  // namespace hotline::classify

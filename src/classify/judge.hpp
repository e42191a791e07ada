#pragma once

#include "classify/directory.hpp"
#include "classify/phrasebook.hpp"
#include "hotline/catalogue.hpp"

namespace hotline::classify {

/// What the catalogue makes of one ticket on `day`. Pure; fills everything but the version.
Classification judge(const ClassifyInput& input, Day day, const Phrasebook& phrases,
                     const Directory& directory);

}  // namespace hotline::classify

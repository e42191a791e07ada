#pragma once

#include <optional>
#include <string>

#include "classify/findings.hpp"
#include "classify/phrasebook.hpp"
#include "domain/vocabulary.hpp"

namespace hotline::classify {

/// What a row of special.csv found. Null row: nothing.
struct SpecialFinding {
  const SpecialRow* row = nullptr;
  const Phrase* phrase = nullptr;
  double evidence = 0;
};

/// The heaviest emergency told in the opening of the text and not guarded: no guard phrase stands
/// near it in its sentence, no longer `ignore` or `guard` phrase holds it.
SpecialFinding find_emergency(const Findings& findings, const Phrasebook& phrases);

/// The heaviest matter for another channel, guarded in the same way.
SpecialFinding find_elsewhere(const Findings& findings, const Phrasebook& phrases);

/// What the citizen wants, by the words: the type with the most evidence, `help` when nothing
/// spoke.
SpecialFinding find_type(const Findings& findings, const Phrasebook& phrases);
TicketType type_of(const SpecialFinding& finding);

}  // namespace hotline::classify

#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "classify/bounded_list.hpp"
#include "classify/directory.hpp"
#include "classify/findings.hpp"
#include "classify/phrasebook.hpp"
#include "domain/vocabulary.hpp"

namespace hotline::classify {

/// How much the text speaks for one category.
struct Score {
  std::uint32_t category;  ///< index in `Directory::categories`
  const CategoryRow* row;  ///< in force on the ticket's day
  double evidence;
};

/// What one phrase added, and to what.
struct Contribution {
  std::uint32_t category;
  const std::string* rule;
  const std::string* words;
  double weight;
};

/// What the rules look at beside the text.
struct Circumstances {
  TicketType type;
  std::string_view channel;
  Day day;
};

/// The rules' evidence for every category that spoke, best first after `weigh`. On equal evidence
/// the lower code comes first, so that the same text gives the same answer everywhere.
class EvidenceTally {
 public:
  EvidenceTally(const Phrasebook& phrases, const Directory& directory)
      : phrases_(phrases), directory_(directory) {}

  /// Adds up the findings. Sorts their hits by phrase.
  void weigh(Findings& findings, const Circumstances& circumstances);

  std::span<const Score> scores() const { return scores_.view(); }
  std::span<const Contribution> contributions() const { return contributions_.view(); }

 private:
  void weigh_phrase(std::span<const Hit> hits, const Findings& findings,
                    const Circumstances& circumstances);
  bool applies(const Rule& rule, std::uint32_t number, const Findings& findings,
               const Circumstances& circumstances) const;
  void add(const Rule& rule, const Phrase& phrase, double evidence, Day day);

  const Phrasebook& phrases_;
  const Directory& directory_;
  BoundedList<Score, 96> scores_;
  BoundedList<Contribution, 256> contributions_;
};

}  // namespace hotline::classify

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/vocabulary.hpp"

namespace hotline {

/// One thing that weighed in a classification, so that a clerk sees why. Holds words of the
/// catalogue, or n-grams that many tickets share, never a ticket's own.
struct Reason {
  /// Id of the catalogue rule, or `operator`, `gazetteer`, `model.category`, `model.department`,
  /// `model.inquiry`.
  std::string rule;
  std::string words;  ///< the catalogue's phrase that was found, the model's n-gram
  double weight = 0;
  bool operator==(const Reason&) const = default;
};

struct Candidate {
  std::string category;    ///< catalogue code of a leaf; empty: only the department is proposed
  std::string department;  ///< department code that would lead
  double score = 0;        ///< its share in what rules and model say, 0..1; best first
  bool operator==(const Candidate&) const = default;
};

inline constexpr std::size_t candidates_max = 3;
inline constexpr std::size_t reasons_max = 16;

/// What the classifier makes of a ticket: a proposal. Whether it is acted on is the policy's
/// decision (`decide`).
struct Classification {
  TicketType type = TicketType::other;
  std::string category;              ///< empty: nothing in the catalogue spoke
  std::string region;                ///< region code found or given; empty when none
  std::optional<Handling> handling;  ///< what the catalogue lays down for the category
  std::string lead;                  ///< department code; empty when handled directly or not known
  std::vector<std::string> copy;     ///< departments to be informed, e.g. the district of a street
  std::string emergency;             ///< "110", "119" or "120": hand over at once; empty otherwise
  std::string
      channel_to_tell;  ///< the proper channel's name when the matter belongs elsewhere (告知渠道)
  double confidence = 0;  ///< 0..1 that category and lead are right
  /// From which confidence on the machine acts on it without a person. Absent: the model had no
  /// part in it, and the policy's `auto_dispatch_confidence` holds. Above 1: never.
  std::optional<double> automatic_from;
  std::vector<Candidate> candidates;  ///< at most `candidates_max`
  std::vector<Reason> reasons;        ///< at most `reasons_max`, heaviest first
  std::string catalogue_version;
  std::string model_version;  ///< of the model in force, whether it was asked or not; may be empty
  bool operator==(const Classification&) const = default;
};

}  // namespace hotline

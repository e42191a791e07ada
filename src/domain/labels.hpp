#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "domain/event.hpp"

namespace hotline {

/// What a person's decision says a ticket is: a label to learn from.
struct Label {
  std::string value;
  std::string by;  ///< name of the move
  Time at{};
  bool operator==(const Label&) const = default;
};

/// The latest labels that persons gave a ticket. The machine's own proposals are none: a model must
/// not learn from itself.
struct Labels {
  /// Given by a dispatch, an own answer or an amendment; also left as it was by who dispatched from
  /// triage, where the category is what one looks at first.
  std::optional<Label> category;
  /// The lead that a dispatch or the ruling on a return named, or that a denied return left in
  /// charge; taken back when a return of it is granted.
  std::optional<Label> department;
  std::optional<Label> type;  ///< by amendment

  /// When the latest was given; absent: there is none.
  std::optional<Time> at() const;
};

/// From the whole story of a ticket, in its order.
Labels labels_of(const std::vector<Change>& story);

}  // namespace hotline

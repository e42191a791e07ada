#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "domain/classification.hpp"
#include "domain/ticket.hpp"

namespace hotline {

/// What the classifier may read of a ticket. Views live during the call.
struct ClassifyInput {
  std::string_view title;
  std::string_view content;
  std::string_view address;
  std::string_view channel;
  std::string_view region;           ///< code as posted; empty: to be found in address and text
  std::optional<TicketType> type;    ///< the poster's word; above what the text says
  std::string_view category;         ///< operator's override, empty when none
  std::string_view department;       ///< operator's override, empty when none
  std::optional<Handling> handling;  ///< operator's override
  Time at{};  ///< engine time or the time of receipt: picks the catalogue rows in force
};

struct DepartmentInfo {
  std::string code;
  std::string name;
  std::string parent;  ///< empty at the top of the tree
};
struct CategoryInfo {
  std::string code;
  std::string name;
  std::string parent;      ///< empty at the top
  std::string department;  ///< the lead that the dispatch catalogue (派单目录) names; may be empty
};
struct RegionInfo {
  std::string code;  ///< GB/T 2260 county, 9 digits for a street or township, 12 for a community
  std::string name;
  std::string parent;
  std::string department;  ///< the township's or district's own unit; may be empty
};

/// The office's dispatch catalogue, department tree and regions, loaded as a whole and never
/// changed: a reload makes a new one. Thread-safe; no call allocates beyond its result or does I/O.
class Catalogue {
 public:
  virtual ~Catalogue() = default;

  /// Always answers; an empty category and confidence 0 when nothing spoke. Warnings for unknown
  /// codes are the caller's affair: an override that is unknown counts as absent.
  virtual Classification classify(const ClassifyInput& input) const = 0;

  virtual const std::string& version() const = 0;
  /// Of the learned model that decides where rules are silent; empty when there is none.
  virtual const std::string& model_version() const = 0;

  /// Null when the code is unknown.
  virtual const DepartmentInfo* department(std::string_view code) const = 0;
  virtual const CategoryInfo* category(std::string_view code) const = 0;
  virtual const RegionInfo* region(std::string_view code) const = 0;

  /// All of them, sorted by code.
  virtual const std::vector<DepartmentInfo>& departments() const = 0;
  virtual const std::vector<CategoryInfo>& categories() const = 0;
  virtual const std::vector<RegionInfo>& regions() const = 0;

  /// `code` and every department below it.
  virtual std::vector<std::string> subtree(std::string_view code) const = 0;
};

}  // namespace hotline

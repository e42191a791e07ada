#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/vocabulary.hpp"
#include "hotline/catalogue.hpp"

namespace hotline::classify {

/// In place of a department: the unit of the place that the ticket is about (属地).
inline constexpr std::string_view region_department = "@region";
/// In place of a category: the rule's phrases say nothing and only hide shorter ones inside them.
inline constexpr std::string_view no_category = "-";

/// A category in one effective period, both days included.
struct CategoryRow {
  CategoryInfo info;
  std::optional<Handling> handling;  ///< laid down for every type; absent: by type
  bool answerable = false;           ///< inquiries are answered by the centre itself
  Day from = Day::min();
  Day to = Day::max();
};

struct RuleRow {
  std::string id;
  std::string category;  ///< a leaf, or `no_category`
  std::vector<std::string> phrases;
  double weight = 0;                  ///< in (0, 10]
  std::vector<TicketType> types;      ///< empty: any
  std::vector<std::string> channels;  ///< empty: any
  std::vector<std::string> unless;    ///< any of these in title or content switches the rule off
};

struct RegionRow {
  RegionInfo info;
  std::vector<std::string> names;  ///< the name and its aliases
};

enum class SpecialKind : std::uint8_t {
  emergency,  ///< `to` is 110, 119 or 120
  elsewhere,  ///< `to` is the proper channel's name
  type,       ///< `to` is a ticket type's name
  guard,      ///< near an emergency or a matter for elsewhere: it is not one. `to` says which kind
  ignore,     ///< a longer phrase that holds a special one and is none
};

struct SpecialRow {
  std::string id;
  SpecialKind kind = SpecialKind::ignore;
  std::string to;
  std::vector<std::string> phrases;
  double weight = 0;
};

/// The catalogue's files, read and found consistent with each other.
struct CatalogueFiles {
  std::string version;
  std::vector<DepartmentInfo> departments;
  std::vector<CategoryRow> categories;
  std::vector<RuleRow> rules;
  std::vector<RegionRow> regions;
  std::vector<SpecialRow> special;
};

/// All or nothing: fails with `invalid` and every fault at once (a bounded number), each with file,
/// line and column.
Result<CatalogueFiles> read_catalogue_files(const std::filesystem::path& folder);

}  // namespace hotline::classify

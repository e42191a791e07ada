#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "classify/catalogue_files.hpp"

namespace hotline::classify {

/// Departments, categories and regions by code. Never changed once built.
class Directory {
 public:
  explicit Directory(const CatalogueFiles& files);

  const DepartmentInfo* department(std::string_view code) const;
  const CategoryInfo* category(std::string_view code) const;
  const RegionInfo* region(std::string_view code) const;

  const std::vector<DepartmentInfo>& departments() const { return departments_; }
  const std::vector<CategoryInfo>& categories() const { return categories_; }
  const std::vector<RegionInfo>& regions() const { return regions_; }

  /// `code` and every department below it; empty when it is unknown.
  std::vector<std::string> subtree(std::string_view code) const;

  /// The category's row in force on `day`, null when there is none. `index` is its place in
  /// `categories()`.
  const CategoryRow* in_force(std::size_t index, Day day) const;
  /// The row in force on `day`, else the latest one.
  const CategoryRow& in_force_or_latest(std::size_t index, Day day) const;
  std::optional<std::size_t> category_index(std::string_view code) const;

  /// True when `code` is `above` or lies inside it.
  bool is_within(std::string_view code, std::string_view above) const;
  /// The unit that is at home in `region` (属地): its own, or that of the nearest place around it.
  /// Empty when there is none.
  std::string_view local_department(std::string_view region) const;
  /// The next wider unit that is copied when `department` leads as a place's own unit (Beijing art.
  /// 12: the district of the street). Empty when there is none.
  std::string_view department_above(std::string_view department) const;

 private:
  std::vector<DepartmentInfo> departments_;
  std::vector<CategoryInfo> categories_;
  std::vector<RegionInfo> regions_;
  std::vector<std::vector<CategoryRow>> periods_;          ///< like categories_, each by `from`
  std::map<std::string, std::string, std::less<>> above_;  ///< a place's unit → the next wider one
};

}  // namespace hotline::classify

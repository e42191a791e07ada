#include "classify/directory.hpp"

#include <algorithm>

namespace hotline::classify {
namespace {

template <typename Info>
const Info* find(const std::vector<Info>& sorted, std::string_view code) {
  const auto found = std::lower_bound(
      sorted.begin(), sorted.end(), code,
      [](const Info& info, std::string_view wanted) { return info.code < wanted; });
  return found != sorted.end() && found->code == code ? &*found : nullptr;
}

template <typename Info>
void sort_by_code(std::vector<Info>& infos) {
  std::sort(infos.begin(), infos.end(),
            [](const Info& a, const Info& b) { return a.code < b.code; });
}

}  // namespace

Directory::Directory(const CatalogueFiles& files) : departments_(files.departments) {
  sort_by_code(departments_);
  for (const RegionRow& row : files.regions) regions_.push_back(row.info);
  sort_by_code(regions_);
  std::vector<CategoryRow> rows = files.categories;
  std::sort(rows.begin(), rows.end(), [](const CategoryRow& a, const CategoryRow& b) {
    return a.info.code != b.info.code ? a.info.code < b.info.code : a.from < b.from;
  });
  for (CategoryRow& row : rows) {
    if (categories_.empty() || categories_.back().code != row.info.code) {
      categories_.push_back(row.info);
      periods_.emplace_back();
    }
    categories_.back() = row.info;
    periods_.back().push_back(std::move(row));
  }
  for (const RegionInfo& region : regions_) {
    const std::string_view above = local_department(region.parent);
    const bool wider = !region.department.empty() && !above.empty() && above != region.department;
    if (wider) above_.emplace(region.department, above);
  }
}

const DepartmentInfo* Directory::department(std::string_view code) const {
  return find(departments_, code);
}
const CategoryInfo* Directory::category(std::string_view code) const {
  return find(categories_, code);
}
const RegionInfo* Directory::region(std::string_view code) const { return find(regions_, code); }

std::vector<std::string> Directory::subtree(std::string_view code) const {
  std::vector<std::string> found;
  if (department(code) == nullptr) return found;
  found.emplace_back(code);
  for (std::size_t next = 0; next < found.size(); ++next) {
    for (const DepartmentInfo& info : departments_) {
      if (info.parent == found[next]) found.push_back(info.code);
    }
  }
  return found;
}

const CategoryRow* Directory::in_force(std::size_t index, Day day) const {
  for (const CategoryRow& row : periods_[index]) {
    if (row.from <= day && day <= row.to) return &row;
  }
  return nullptr;
}

const CategoryRow& Directory::in_force_or_latest(std::size_t index, Day day) const {
  const CategoryRow* row = in_force(index, day);
  return row != nullptr ? *row : periods_[index].back();
}

std::optional<std::size_t> Directory::category_index(std::string_view code) const {
  const CategoryInfo* found = category(code);
  if (found == nullptr) return std::nullopt;
  return static_cast<std::size_t>(found - categories_.data());
}

bool Directory::is_within(std::string_view code, std::string_view above) const {
  for (const RegionInfo* at = region(code); at != nullptr; at = region(at->parent)) {
    if (at->code == above) return true;
  }
  return false;
}

std::string_view Directory::local_department(std::string_view region_code) const {
  for (const RegionInfo* at = region(region_code); at != nullptr; at = region(at->parent)) {
    if (!at->department.empty()) return at->department;
  }
  return {};
}

std::string_view Directory::department_above(std::string_view department) const {
  const auto found = above_.find(department);
  return found == above_.end() ? std::string_view{} : found->second;
}

}  // namespace hotline::classify

#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "domain/deadlines.hpp"

namespace hotline {

/// Reads `rules.csv` (办理时限规则) and `holidays.csv` (节假日安排) of `folder`. The whole is
/// checked before anything of it is used; it fails with `invalid` and every fault at once (the
/// first 50), each with file, line and column.
Result<std::shared_ptr<const Deadlines>> load_deadlines(const std::filesystem::path& folder,
                                                        const WorkingHours& hours);

/// What is allowed and looks like a mistake, one line each.
std::vector<std::string> deadline_warnings(const Deadlines& deadlines);

}  // namespace hotline

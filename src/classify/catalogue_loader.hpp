#pragma once

#include <filesystem>
#include <memory>

#include "base/result.hpp"
#include "base/time.hpp"
#include "hotline/catalogue.hpp"

namespace hotline {

/// Loads the dispatch catalogue (派单目录) from the CSV files of `folder`: departments, categories,
/// rules, regions, special, and a `version` file when there is one. The whole is checked before
/// anything of it is used; it fails with `invalid` and every fault at once (the first 50), each
/// with file, line and column.
///
/// Effective periods are days of `zone`. Of a category with several periods the one that holds
/// `ClassifyInput::at` decides; `Catalogue::categories` shows each code once, as its latest period
/// has it.
Result<std::shared_ptr<const Catalogue>> load_catalogue(const std::filesystem::path& folder,
                                                        UtcOffset zone = china_offset);

}  // namespace hotline

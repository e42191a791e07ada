#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "hotline/catalogue.hpp"

namespace hotline {

/// The model that decides where the catalogue's rules are silent.
struct ModelChoice {
  std::filesystem::path file{};  ///< empty: rules alone decide
  double precision = 0.97;       ///< share of its own decisions that must be right; 1: it proposes
  double rules_confidence = 0.75;  ///< from here on the rules decide and it is not asked
  /// Told, a sentence each, what an operator should know of a model that is taken all the same.
  std::function<void(std::string_view)> tell{};
};

/// Loads the dispatch catalogue (派单目录) from the CSV files of `folder`: departments, categories,
/// rules, regions, special, and a `version` file when there is one. The whole is checked before
/// anything of it is used; it fails with `invalid` and every fault at once (the first 50), each
/// with file, line and column. A model that does not fit is refused with the reason, and the
/// catalogue with it: the two were made for each other.
///
/// Effective periods are days of `zone`. Of a category with several periods the one that holds
/// `ClassifyInput::at` decides; `Catalogue::categories` shows each code once, as its latest period
/// has it.
Result<std::shared_ptr<const Catalogue>> load_catalogue(const std::filesystem::path& folder,
                                                        UtcOffset zone = china_offset,
                                                        const ModelChoice& model = {});

}  // namespace hotline

#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "base/time.hpp"
#include "engine/check.hpp"

namespace hotline {

/// Opens the store in `folder` read-only and checks it: a checkpoint, or the folder of a stopped
/// daemon, which holds its store in `store`. Fails with a text for the operator when there is none,
/// or when this build has no RocksDB.
Result<CheckReport> check_folder(const std::filesystem::path& folder, UtcOffset zone);

}  // namespace hotline

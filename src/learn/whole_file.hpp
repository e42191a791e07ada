#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.hpp"

namespace hotline::learn {

/// Writes a file so that whoever opens it, also after a power cut, finds the old bytes or all of
/// the new ones. Fails with `internal` and the reason; what was there is then as it was.
Result<void> write_whole(const std::filesystem::path& file, std::string_view bytes);

}  // namespace hotline::learn

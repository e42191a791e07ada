#pragma once

#include <string>

#include "base/result.hpp"

namespace hotline::client {

/// The whole of a file, of standard input for `-`. Fails with `invalid` when it cannot be read or
/// is larger than the 1 MiB that the daemon takes as a body.
Result<std::string> read_body(const std::string& file);

}  // namespace hotline::client

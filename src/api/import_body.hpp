#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/command.hpp"
#include "domain/policy.hpp"

namespace hotline::api {

/// One line of an import: completed, and without contradictions.
struct ImportBody {
  Import import;
  std::uint64_t hash = 0;  ///< canonical
};

/// Reads and validates; all faults at once, with JSON pointers into the line.
Result<ImportBody> read_import_line(std::string_view line, const Policy& policy, Time now);

}  // namespace hotline::api

#pragma once

#include <string>
#include <string_view>

namespace hotline::api {

/// A field of a CSV line (RFC 4180), quoted where it must be. A text that a spreadsheet would run
/// as a formula gets an apostrophe before it.
std::string csv_field(std::string_view text);

}  // namespace hotline::api

#pragma once

#include <string>

#include "config/config.hpp"
#include "http/server.hpp"

namespace hotline {

/// Sets up the process's log on standard error: one line an entry, text for people or JSON for
/// machines. Call once, first.
void start_logging(const Config::Log& config);

/// One finished request as an access line. No personal data: the route stands for the path.
void log_access(const http::AccessRecord& record);

/// `text` as the inside of a JSON string.
std::string json_escaped(std::string_view text);

}  // namespace hotline

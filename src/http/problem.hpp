#pragma once

#include "http/server.hpp"

namespace hotline::http {

/// A problem under a status that is not its code's own: 408 and 431 have no code of their own.
Response problem_as(unsigned status, const Error& error, const Request& request);

}  // namespace hotline::http

#pragma once

#include <string_view>

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>

#include "base/result.hpp"
#include "http/server.hpp"

namespace hotline::api {

/// The body as a JSON object, in `storage`. An empty body is an empty object. Fails with
/// `unsupported_media` when the Content-Type is another one, `malformed` with the byte where JSON
/// ends, `invalid` when it is no object.
Result<boost::json::value> parse_body(const http::Request& request,
                                      boost::json::storage_ptr storage = {});

/// Nesting that a body may have.
inline constexpr std::size_t body_depth_max = 16;

}  // namespace hotline::api

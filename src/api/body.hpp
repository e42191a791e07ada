#pragma once

#include <string_view>

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>

#include "api/json_reader.hpp"
#include "base/result.hpp"
#include "http/server.hpp"

namespace hotline::api {

/// The body as a JSON object, in `storage`. An empty body is an empty object, and `errors` will say
/// so before what is missing in it. A name that stands twice in one object is noted in `errors`.
/// Fails with `unsupported_media` when the Content-Type or its charset is another one, `malformed`
/// with the byte where UTF-8 or JSON ends, `invalid` when it is no object; what `errors` held
/// before is told with it.
Result<boost::json::value> parse_body(const http::Request& request, FieldErrors& errors,
                                      boost::json::storage_ptr storage = {});

/// The same of a text that is one of several in a body, such as a line.
Result<boost::json::value> parse_text(std::string_view text, FieldErrors& errors,
                                      boost::json::storage_ptr storage = {});

/// Fails with `unsupported_media` unless the Content-Type is absent or `media` in UTF-8.
Result<void> check_media(const http::Request& request, std::string_view media);

/// Nesting that a body may have.
inline constexpr std::size_t body_depth_max = 16;

}  // namespace hotline::api

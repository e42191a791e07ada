#pragma once

#include <string_view>

namespace hotline::api {

/// The OpenAPI 3.1 document, `openapi.json` as it was at the build.
std::string_view openapi_json();

}  // namespace hotline::api

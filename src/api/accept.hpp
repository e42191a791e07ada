#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>

namespace hotline::api {

/// The first of `offered` that an Accept header likes best (RFC 9110, 12.5.1): by its most specific
/// range, highest `q`. An empty header accepts all. Absent when it accepts none of them. The views
/// of the answer are those of `offered`.
std::optional<std::string_view> preferred(std::string_view accept,
                                          std::initializer_list<std::string_view> offered);

}  // namespace hotline::api

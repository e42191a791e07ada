#pragma once

#include <cstdint>
#include <string_view>

#include <boost/json/value.hpp>

namespace hotline::api {

/// A hash of what a body says: the order of members, white space and the spelling of numbers and
/// escapes do not change it. `operation` sets apart the same body sent to different calls. Stored
/// with idempotency keys, so it must not change.
std::uint64_t canonical_hash(std::string_view operation, const boost::json::value& body);

}  // namespace hotline::api

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "base/result.hpp"

/// Forgiving reads of what the daemon answered: absent, null and wrong types read as empty, so that
/// a newer daemon with more or other fields never breaks an older client. The views live as long as
/// the value.
namespace hotline::client {

namespace json = boost::json;

/// Null when `value` is no object or has no such member.
const json::value* member(const json::value& value, std::string_view key);
/// The member, or a null value.
const json::value& at(const json::value& value, std::string_view key);
std::string_view text(const json::value& value, std::string_view key);
std::int64_t number(const json::value& value, std::string_view key);
double real(const json::value& value, std::string_view key);
bool flag(const json::value& value, std::string_view key);
/// The elements of an array member; none when it is not one.
const json::array& list(const json::value& value, std::string_view key);

// A view into a temporary would dangle; an object turns into one silently.
const json::value* member(json::value&& value, std::string_view key) = delete;
const json::value& at(json::value&& value, std::string_view key) = delete;
std::string_view text(json::value&& value, std::string_view key) = delete;
const json::array& list(json::value&& value, std::string_view key) = delete;

/// Fails with `malformed` and the position's description.
Result<json::value> parse_json(std::string_view document);

}  // namespace hotline::client

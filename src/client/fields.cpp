#include "client/fields.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

namespace hotline::client {

const json::value* member(const json::value& value, std::string_view key) {
  const auto* object = value.if_object();
  return object == nullptr ? nullptr : object->if_contains(key);
}

const json::value& at(const json::value& value, std::string_view key) {
  static const json::value none;
  const auto* found = member(value, key);
  return found == nullptr ? none : *found;
}

std::string_view text(const json::value& value, std::string_view key) {
  const auto* found = at(value, key).if_string();
  return found == nullptr ? std::string_view{} : std::string_view{found->data(), found->size()};
}

std::int64_t number(const json::value& value, std::string_view key) {
  boost::system::error_code error;
  const auto result = at(value, key).to_number<std::int64_t>(error);
  return error ? 0 : result;
}

double real(const json::value& value, std::string_view key) {
  boost::system::error_code error;
  const auto result = at(value, key).to_number<double>(error);
  return error ? 0 : result;
}

bool flag(const json::value& value, std::string_view key) {
  const auto* found = at(value, key).if_bool();
  return found != nullptr && *found;
}

const json::array& list(const json::value& value, std::string_view key) {
  static const json::array none;
  const auto* found = at(value, key).if_array();
  return found == nullptr ? none : *found;
}

Result<json::value> parse_json(std::string_view document) {
  boost::system::error_code error;
  auto value = json::parse({document.data(), document.size()}, error);
  if (error) return fail(ErrorCode::malformed, fmt::format("not JSON: {}", error.message()));
  return value;
}

}  // namespace hotline::client

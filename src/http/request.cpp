#include <algorithm>

#include "http/server.hpp"

namespace hotline::http {

std::string_view Request::header(std::string_view name) const { return headers[name]; }

std::string_view Request::parameter(std::string_view name) const {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const auto& parameter) { return parameter.first == name; });
  return found == parameters.end() ? std::string_view{} : std::string_view{found->second};
}

const std::string* Request::query_value(std::string_view name) const {
  const auto found = std::find_if(query.begin(), query.end(),
                                  [&](const auto& entry) { return entry.first == name; });
  return found == query.end() ? nullptr : &found->second;
}

}  // namespace hotline::http

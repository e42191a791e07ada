#include "api/accept.hpp"

#include <algorithm>
#include <charconv>

namespace hotline::api {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string_view take_until(std::string_view& rest, char end) {
  const auto at = std::min(rest.find(end), rest.size());
  const std::string_view part = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return trimmed(part);
}

double quality_of(std::string_view parameters) {
  double quality = 1;
  while (!parameters.empty()) {
    const std::string_view parameter = take_until(parameters, ';');
    if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) continue;
    const auto [stop, error] =
        std::from_chars(parameter.data() + 2, parameter.data() + parameter.size(), quality);
    if (error != std::errc{}) quality = 0;
  }
  return quality;
}

/// How closely a media range names a type: 3 exactly, 2 by its first half, 1 as anything, 0 not.
int closeness(std::string_view range, std::string_view type) {
  if (range == type) return 3;
  if (range == "*/*") return 1;
  const bool half = range.ends_with("/*") && type.starts_with(range.substr(0, range.size() - 1));
  return half ? 2 : 0;
}

double quality_for(std::string_view accept, std::string_view type) {
  int closest = 0;
  double quality = 0;
  while (!accept.empty()) {
    std::string_view parameters = take_until(accept, ',');
    const std::string_view range = take_until(parameters, ';');
    const int close = closeness(range, type);
    if (close <= closest) continue;
    closest = close;
    quality = quality_of(parameters);
  }
  return quality;
}

}  // namespace

std::optional<std::string_view> preferred(std::string_view accept,
                                          std::initializer_list<std::string_view> offered) {
  if (trimmed(accept).empty()) return *offered.begin();
  std::optional<std::string_view> best;
  double best_quality = 0;
  for (const auto type : offered) {
    const double quality = quality_for(accept, type);
    if (quality <= best_quality) continue;
    best = type;
    best_quality = quality;
  }
  return best;
}

}  // namespace hotline::api

#include "http/router.hpp"

#include <algorithm>
#include <stdexcept>

namespace hotline::http {
namespace {

[[noreturn]] void refuse(const Route& route, const std::string& why) {
  throw std::invalid_argument("route " + route.name + " " + route.pattern + ": " + why);
}

std::vector<std::string_view> split(const Route& route) {
  std::string_view rest = route.pattern;
  if (!rest.starts_with('/')) refuse(route, "does not begin with '/'");
  std::vector<std::string_view> parts;
  if (rest == "/") return parts;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find('/'), rest.size());
    parts.push_back(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  if (parts.size() > Target::segments_max) refuse(route, "too many segments");
  return parts;
}

bool is_parameter(std::string_view part) { return part.starts_with('{') && part.ends_with('}'); }

/// Takes the `:verb` off the last part, where alone it may stand.
std::string_view take_suffix(const Route& route, std::vector<std::string_view>& parts) {
  std::string_view suffix;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t colon = parts[i].find(':');
    if (colon == std::string_view::npos) continue;
    if (i + 1 != parts.size()) refuse(route, "':' before the last segment");
    suffix = parts[i].substr(colon);
    if (suffix.size() == 1 || suffix.find(':', 1) != std::string_view::npos) {
      refuse(route, "malformed suffix");
    }
    parts[i] = parts[i].substr(0, colon);
  }
  return suffix;
}

}  // namespace

std::string VerbSet::allow() const {
  std::string text;
  const auto put = [&](Verb verb) {
    if (!text.empty()) text += ", ";
    text += boost::beast::http::to_string(verb);
  };
  for (unsigned i = 1; i < 64; ++i) {
    const auto verb = static_cast<Verb>(i);
    if (verb == Verb::head || verb == Verb::options || !has(verb)) continue;
    put(verb);
    if (verb == Verb::get) put(Verb::head);
  }
  if (has(Verb::head) && !has(Verb::get)) put(Verb::head);
  put(Verb::options);
  return text;
}

struct Router::Search {
  Verb method;
  std::span<const Segment> segments;
  std::array<std::string_view, parameters_max> values;
  Match found;
};

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)), names_(routes_.size()) {
  nodes_.emplace_back();
  for (std::size_t i = 0; i < routes_.size(); ++i) add(i);
}

void Router::add(std::size_t index) {
  const Route& route = routes_[index];
  if (!route.handler && !route.stream) refuse(route, "has no handler");
  auto parts = split(route);
  const std::string suffix{take_suffix(route, parts)};
  std::size_t node = 0;
  for (const std::string_view part : parts) node = descend(node, part, index);
  for (const Leaf& leaf : nodes_[node].leaves) {
    if (leaf.suffix == suffix && leaf.method == route.method) {
      refuse(route, "matches what " + routes_[leaf.route].name + " matches");
    }
  }
  nodes_[node].leaves.push_back({suffix, route.method, index});
  methods_.add(route.method);
}

std::size_t Router::descend(std::size_t node, std::string_view part, std::size_t index) {
  const Route& route = routes_[index];
  const std::size_t next = nodes_.size();
  if (is_parameter(part)) {
    if (part.size() == 2) refuse(route, "a parameter has no name");
    if (names_[index].size() == parameters_max) refuse(route, "too many parameters");
    names_[index].emplace_back(part.substr(1, part.size() - 2));
    if (nodes_[node].parameter != none) return nodes_[node].parameter;
    nodes_[node].parameter = next;
  } else {
    if (part.empty() || part.find_first_of("{}%") != std::string_view::npos) {
      refuse(route, "malformed segment");
    }
    for (const auto& [literal, child] : nodes_[node].literals) {
      if (literal == part) return child;
    }
    nodes_[node].literals.emplace_back(part, next);
  }
  nodes_.emplace_back();
  return next;
}

Router::Match Router::find(Verb method, std::span<const Segment> segments) const {
  Search search{method, segments, {}, {}};
  walk(search, 0, 0, 0);
  return search.found;
}

void Router::walk(Search& search, std::size_t at, std::size_t depth, std::size_t values) const {
  const Node& node = nodes_[at];
  if (depth == search.segments.size()) return take_leaves(search, node);
  const Segment& segment = search.segments[depth];
  const bool last = depth + 1 == search.segments.size();
  if (segment.name.empty() || (!segment.suffix.empty() && !last)) return;
  for (const auto& [literal, child] : node.literals) {
    if (literal != segment.name) continue;
    walk(search, child, depth + 1, values);
    break;
  }
  if (search.found.route != nullptr || node.parameter == none) return;
  search.values[values] = segment.name;
  walk(search, node.parameter, depth + 1, values + 1);
}

void Router::take_leaves(Search& search, const Node& node) const {
  const std::string_view suffix =
      search.segments.empty() ? std::string_view{} : search.segments.back().suffix;
  const Leaf* found = nullptr;
  for (const Leaf& leaf : node.leaves) {
    if (leaf.suffix != suffix) continue;
    search.found.methods.add(leaf.method);
    const bool as_head = search.method == Verb::head && leaf.method == Verb::get;
    if (leaf.method == search.method || (as_head && found == nullptr)) found = &leaf;
  }
  if (found == nullptr) return;
  search.found.index = found->route;
  search.found.route = &routes_[found->route];
  search.found.values = search.values;
}

}  // namespace hotline::http

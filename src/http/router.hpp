#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/server.hpp"
#include "http/target.hpp"

namespace hotline::http {

/// A set of methods, one bit each.
class VerbSet {
 public:
  void add(Verb verb) { bits_ |= bit(verb); }
  bool has(Verb verb) const { return (bits_ & bit(verb)) != 0; }
  bool empty() const { return bits_ == 0; }
  /// As the `Allow` header has it: HEAD where GET is, OPTIONS always.
  std::string allow() const;

 private:
  static std::uint64_t bit(Verb verb) { return std::uint64_t{1} << static_cast<unsigned>(verb); }
  std::uint64_t bits_ = 0;
};

/// The route table, compiled into a tree by path segment. Constant after construction, so any
/// thread may ask. A literal segment wins over a parameter. Parameters match one whole, non-empty
/// segment up to its suffix.
class Router {
 public:
  static constexpr std::size_t parameters_max = 4;

  struct Match {
    const Route* route = nullptr;  ///< null: none with this method
    std::size_t index = 0;         ///< of the route in the table
    VerbSet methods;               ///< what the path takes; empty: there is no such path
    std::array<std::string_view, parameters_max> values;
  };

  /// Throws std::invalid_argument when a pattern is malformed or two routes match the same
  /// requests.
  explicit Router(std::vector<Route> routes);

  /// HEAD finds the GET route where there is no HEAD route. The match's values live as long as the
  /// segments.
  Match find(Verb method, std::span<const Segment> segments) const;
  /// The `{name}` that stands for each of a match's values.
  const std::vector<std::string>& parameters(std::size_t index) const { return names_[index]; }
  const std::vector<Route>& routes() const { return routes_; }
  const VerbSet& methods() const { return methods_; }

 private:
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
  struct Leaf {
    std::string suffix;
    Verb method;
    std::size_t route;
  };
  struct Node {
    std::vector<std::pair<std::string, std::size_t>> literals;
    std::size_t parameter = none;
    std::vector<Leaf> leaves;
  };
  struct Search;

  void add(std::size_t route);
  std::size_t descend(std::size_t node, std::string_view part, std::size_t route);
  void walk(Search& search, std::size_t node, std::size_t depth, std::size_t values) const;
  void take_leaves(Search& search, const Node& node) const;

  std::vector<Route> routes_;
  std::vector<std::vector<std::string>> names_;
  std::vector<Node> nodes_;
  VerbSet methods_;
};

}  // namespace hotline::http

#include "http/router.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace hotline::http {
namespace {

asio::awaitable<Response> nothing(Request&) { co_return Response{}; }

std::vector<Route> table(const std::vector<std::pair<Verb, std::string>>& lines) {
  std::vector<Route> routes;
  for (const auto& [method, pattern] : lines) {
    routes.push_back({method, pattern, pattern, nothing});
  }
  return routes;
}

const Router& api() {
  static const Router router(table({
      {Verb::get, "/"},
      {Verb::post, "/v1/tickets"},
      {Verb::get, "/v1/tickets"},
      {Verb::post, "/v1/tickets:bulk"},
      {Verb::get, "/v1/tickets/{id}"},
      {Verb::get, "/v1/tickets/{id}/events"},
      {Verb::post, "/v1/tickets/{id}:sign"},
      {Verb::post, "/v1/tickets/{ticket}:answer"},
      {Verb::get, "/v1/tickets/latest"},
      {Verb::post, "/v1/queues/{queue}/leases"},
      {Verb::post, "/v1/leases/{receipt}:extend"},
      {Verb::put, "/a/{x}/c/{y}"},
      {Verb::put, "/a/b/{z}"},
  }));
  return router;
}

/// `pattern name=value ...`, or the Allow header in brackets when no route takes the method.
std::string find(Verb method, const std::string& path) {
  Target target;
  if (!target.parse(path)) return "malformed";
  const auto match = api().find(method, target.segments());
  if (match.route == nullptr) {
    return match.methods.empty() ? "" : "[" + match.methods.allow() + "]";
  }
  std::string text = match.route->name;
  const auto& names = api().parameters(match.index);
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += " " + names[i] + "=" + std::string(match.values[i]);
  }
  return text;
}

TEST(Router, FindsRoutes) {
  const struct {
    Verb method;
    std::string path;
    std::string found;
  } lines[] = {
      {Verb::get, "/", "/"},
      {Verb::post, "/v1/tickets", "/v1/tickets"},
      {Verb::post, "/v1/tickets?a=b", "/v1/tickets"},
      {Verb::post, "/v1/tickets:bulk", "/v1/tickets:bulk"},
      {Verb::get, "/v1/tickets/7", "/v1/tickets/{id} id=7"},
      {Verb::head, "/v1/tickets/7", "/v1/tickets/{id} id=7"},
      {Verb::get, "/v1/tickets/7/events", "/v1/tickets/{id}/events id=7"},
      {Verb::post, "/v1/tickets/7:sign", "/v1/tickets/{id}:sign id=7"},
      {Verb::post, "/v1/tickets/7:answer", "/v1/tickets/{ticket}:answer ticket=7"},
      {Verb::post, "/v1/queues/%E6%94%BF%2F1/leases", "/v1/queues/{queue}/leases queue=政/1"},
      {Verb::post, "/v1/leases/a%3Ab:extend", "/v1/leases/{receipt}:extend receipt=a:b"},
      {Verb::get, "/%76%31/tickets/7", "/v1/tickets/{id} id=7"},
      // A literal wins over a parameter, also where only the parameter's branch goes on.
      {Verb::get, "/v1/tickets/latest", "/v1/tickets/latest"},
      {Verb::get, "/v1/tickets/latest/events", "/v1/tickets/{id}/events id=latest"},
      {Verb::put, "/a/b/c", "/a/b/{z} z=c"},
      {Verb::put, "/a/b/c/d", "/a/{x}/c/{y} x=b y=d"},
      // No route with this method.
      {Verb::put, "/v1/tickets", "[GET, HEAD, POST, OPTIONS]"},
      {Verb::get, "/v1/tickets/7:sign", "[POST, OPTIONS]"},
      {Verb::post, "/v1/tickets/latest", "[GET, HEAD, OPTIONS]"},
      {Verb::unknown, "/v1/tickets:bulk", "[POST, OPTIONS]"},
      // No such path.
      {Verb::get, "//", ""},
      {Verb::get, "/v1", ""},
      {Verb::get, "/v1/tickets/", ""},
      {Verb::get, "/v1/tickets//events", ""},
      {Verb::get, "/v1/tickets/7:", ""},
      {Verb::get, "/v1/tickets/:sign", ""},
      {Verb::get, "/v1/tickets/7:sign/events", ""},
      {Verb::post, "/v1/tickets/7%3Asign", "[GET, HEAD, OPTIONS]"},
      {Verb::get, "/V1/tickets/7", ""},
      {Verb::get, "/v1/tickets/7/events/8", ""},
      {Verb::get, "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t", ""},
  };
  for (const auto& [method, path, found] : lines) EXPECT_EQ(find(method, path), found) << path;
}

TEST(Router, RefusesTablesThatAreAmbiguousOrMalformed) {
  const std::vector<std::vector<std::pair<Verb, std::string>>> tables = {
      {{Verb::get, "/a"}, {Verb::get, "/a"}},
      {{Verb::get, "/a/{x}"}, {Verb::get, "/a/{y}"}},
      {{Verb::get, "/a/{x}:s"}, {Verb::get, "/a/{y}:s"}},
      {{Verb::get, "a"}},
      {{Verb::get, ""}},
      {{Verb::get, "/a//b"}},
      {{Verb::get, "/a/"}},
      {{Verb::get, "/a/{}"}},
      {{Verb::get, "/a/{x"}},
      {{Verb::get, "/a/x{y}"}},
      {{Verb::get, "/a:b/c"}},
      {{Verb::get, "/a:"}},
      {{Verb::get, "/a:b:c"}},
      {{Verb::get, "/{a}/{b}/{c}/{d}/{e}"}},
  };
  for (const auto& lines : tables) {
    EXPECT_THROW(Router{table(lines)}, std::invalid_argument) << lines.back().second;
  }
  EXPECT_THROW(Router({Route{Verb::get, "/a", "a", nullptr}}), std::invalid_argument);
  EXPECT_NO_THROW(Router(table({{Verb::get, "/a/{x}"}, {Verb::post, "/a/{y}"}})));
}

}  // namespace
}  // namespace hotline::http

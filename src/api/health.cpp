#include "api/call.hpp"
#include "api/openapi.hpp"

// For machines that watch: no token but for the metrics.

namespace hotline::api {
namespace {

using http::Request;
using http::Response;

asio::awaitable<Response> livez(Request&) { co_return json_answer(R"({"status":"live"})"); }

asio::awaitable<Response> readyz(std::shared_ptr<Api> api, Request& request) {
  const auto ready = api->parts.ready();
  if (!ready) co_return http::problem(ready.error(), request);
  if (!api->parts.engine.writable()) {
    const Error error{ErrorCode::unavailable, "the store takes no writes; see the log", {}};
    co_return http::problem(error, request);
  }
  co_return json_answer(R"({"status":"ready"})");
}

asio::awaitable<Response> openapi(Request&) { co_return json_answer(std::string(openapi_json())); }

Answering metrics(Call call) {
  auto render = [&parts = call.api.parts]() -> Result<std::string> {
    return parts.render_metrics();
  };
  auto text = co_await call.api.reads.run<std::string>(std::move(render));
  if (!text) co_return tl::make_unexpected(std::move(text.error()));
  Response response = json_answer(std::move(*text));
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  co_return response;
}

}  // namespace

void add_health_routes(const std::shared_ptr<Api>& api, std::vector<http::Route>& routes) {
  using http::Verb;
  routes.push_back({Verb::get, "/livez", "livez", livez});
  routes.push_back(
      {Verb::get, "/readyz", "readyz", [api](Request& request) { return readyz(api, request); }});
  routes.push_back({Verb::get, "/openapi.json", "openapi", openapi});
  routes.push_back(
      guarded(api, Verb::get, "/metrics", "metrics", static_cast<Scopes>(Scope::metrics), metrics));
}

}  // namespace hotline::api

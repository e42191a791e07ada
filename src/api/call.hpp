#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include "api/api.hpp"
#include "api/json_reader.hpp"
#include "api/json_writer.hpp"
#include "api/read_await.hpp"
#include "api/views.hpp"
#include "base/ids.hpp"

namespace hotline::api {

/// All that the handlers share; lives as long as the routes.
struct Api {
  explicit Api(ApiParts given) : parts(std::move(given)), reads(parts.read_pool, parts.reads_max) {}
  UtcOffset zone() const { return parts.engine.policy()->zone; }

  ApiParts parts;
  ReadGate reads;
};

/// One request with who sent it. A handle: copied freely, valid until the answer is returned.
struct Call {
  Api& api;
  http::Request& request;
  const Principal& principal;

  Engine& engine() const { return api.parts.engine; }
  const TicketReader& reader() const { return api.parts.reader; }
  ViewContext view_context() const {
    const auto policy = engine().policy();
    return {api.parts.catalogue(), policy->zone, policy->auto_dispatch_confidence,
            policy->return_window, engine().now()};
  }
};

using Answering = asio::awaitable<Result<http::Response>>;
using Action = std::function<Answering(Call)>;

/// A line of the route table whose handler checks the token first. One of `scopes` is enough; 0:
/// any token.
http::Route guarded(const std::shared_ptr<Api>& api, http::Verb method, std::string pattern,
                    std::string name, Scopes scopes, Action action);

/// The same for a call that streams. What fails before the answer is begun is answered as a
/// problem.
using StreamAction = std::function<Answering(Call, http::Stream&)>;
http::Route guarded_stream(const std::shared_ptr<Api>& api, http::Verb method, std::string pattern,
                           std::string name, Scopes scopes, StreamAction action);

void add_ticket_routes(const std::shared_ptr<Api>& api, std::vector<http::Route>& routes);
void add_bulk_routes(const std::shared_ptr<Api>& api, std::vector<http::Route>& routes);
void add_export_routes(const std::shared_ptr<Api>& api, std::vector<http::Route>& routes);
void add_move_routes(const std::shared_ptr<Api>& api, std::vector<http::Route>& routes);
void add_queue_routes(const std::shared_ptr<Api>& api, std::vector<http::Route>& routes);
void add_report_routes(const std::shared_ptr<Api>& api, std::vector<http::Route>& routes);
void add_catalogue_routes(const std::shared_ptr<Api>& api, std::vector<http::Route>& routes);
void add_admin_routes(const std::shared_ptr<Api>& api, std::vector<http::Route>& routes);
void add_health_routes(const std::shared_ptr<Api>& api, std::vector<http::Route>& routes);

/// 200 with a JSON body.
http::Response json_answer(std::string body);

/// `invalid` for one parameter or header, named in `errors`.
tl::unexpected<Error> invalid_field(std::string_view pointer, std::string detail);

/// The person of `Hotline-Actor`, UTF-8 plain or percent-encoded, at most 100 characters; empty
/// when absent.
Result<std::string> person_of(const http::Request& request);
/// The same, refused when absent.
Result<std::string> required_person(const http::Request& request);

/// Principal and person, without departments.
Result<Actor> actor_of(const Call& call);

/// The version of `If-Match: "3"`; absent for `*` or without the header.
Result<std::optional<std::uint32_t>> if_match_of(const http::Request& request);

/// The key of `Idempotency-Key`; empty when absent.
Result<std::string> idempotency_key_of(const http::Request& request);

/// A path parameter as a ticket's number; `not_found` when it cannot be one.
Result<TicketId> ticket_id_of(const http::Request& request, std::string_view parameter = "id");

/// A number in the query.
Result<std::int64_t> query_integer(const http::Request& request, std::string_view name,
                                   std::int64_t least, std::int64_t most, std::int64_t absent);

/// Refuses query parameters that the call does not have.
Result<void> known_query(const http::Request& request, std::span<const std::string_view> known);
inline Result<void> known_query(const http::Request& request,
                                std::initializer_list<std::string_view> known) {
  return known_query(request, std::span(known.begin(), known.size()));
}

std::string etag(const Ticket& ticket);

}  // namespace hotline::api

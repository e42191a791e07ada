#include "api/api.hpp"

#include "api/call.hpp"

namespace hotline::api {

std::vector<http::Route> make_routes(ApiParts parts) {
  const auto api = std::make_shared<Api>(std::move(parts));
  std::vector<http::Route> routes;
  add_ticket_routes(api, routes);
  add_bulk_routes(api, routes);
  add_export_routes(api, routes);
  add_move_routes(api, routes);
  add_queue_routes(api, routes);
  add_report_routes(api, routes);
  add_catalogue_routes(api, routes);
  add_admin_routes(api, routes);
  add_health_routes(api, routes);
  return routes;
}

}  // namespace hotline::api

#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/thread_pool.hpp>

#include "api/auth.hpp"
#include "base/result.hpp"
#include "engine/engine.hpp"
#include "engine/reader.hpp"
#include "hotline/catalogue.hpp"
#include "hotline/metrics.hpp"
#include "http/server.hpp"

namespace hotline::api {

/// What the calls are made of. The references outlive the routes; the functions are thread-safe and
/// run on the read pool, except `catalogue` and `ready`, which run on the reactors and must be
/// cheap.
struct ApiParts {
  Engine& engine;
  const TicketReader& reader;
  const Authenticator& auth;
  Metrics& metrics;
  boost::asio::thread_pool& read_pool;
  std::size_t reads_max = 1'024;  ///< waiting or running on the pool; beyond: `overloaded`

  std::function<std::shared_ptr<const Catalogue>()> catalogue;  ///< the one in force; never null
  std::function<Result<void>()> ready;  ///< `unavailable` with the reason while not, for /readyz
  std::function<std::string()> render_metrics;  ///< the exposition text
  std::function<Result<std::string>()> reload;  ///< → the version of the catalogue now in force
  std::function<Result<std::string>(std::string_view name)> checkpoint;  ///< → where the copy is
  bool virtual_clock = false;  ///< else `clock:advance` does not exist
};

/// The route table of `/v1`, health, metrics and the OpenAPI document.
///
/// A request that waits for the engine or the pool is resumed on its connection's executor, so
/// these must outlive every pending reply: stop the engine (which answers all, waiters with an
/// empty list) and join the pool before the server is destroyed.
std::vector<http::Route> make_routes(ApiParts parts);

}  // namespace hotline::api

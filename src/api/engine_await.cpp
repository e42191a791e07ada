#include "api/engine_await.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace hotline::api {

asio::awaitable<Result<std::vector<Lease>>> lease(Engine& engine, LeaseRequest request,
                                                  std::chrono::seconds wait) {
  request.wait = wait > std::chrono::seconds::zero();
  const auto executor = co_await asio::this_coro::executor;
  const auto timer = std::make_shared<asio::steady_timer>(executor, wait);
  auto start = [&engine, request = std::move(request),
                timer](Engine::Reply<std::vector<Lease>> reply) mutable {
    const bool waits = request.wait;
    const Engine::WaitId id = engine.lease(std::move(request), std::move(reply));
    if (!waits) return;
    timer->async_wait([&engine, id](const boost::system::error_code& error) {
      if (!error) engine.cancel_wait(id);
    });
  };
  auto leases = co_await completion<std::vector<Lease>>(std::move(start));
  timer->cancel();
  co_return leases;
}

}  // namespace hotline::api

#include "api/engine_await.hpp"

#include <atomic>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace hotline::api {
namespace {

/// The answers of several commands, filled from the engine's threads.
struct Gathering {
  std::vector<Result<Applied>> results;
  std::atomic<std::size_t> missing;
  Engine::Reply<std::monostate> complete;
};

}  // namespace

asio::awaitable<std::vector<Result<Applied>>> submit_all(Engine& engine,
                                                         std::vector<Command> commands) {
  const std::size_t count = commands.size();
  auto gathering = std::make_shared<Gathering>();
  gathering->results.assign(count, Applied{});
  gathering->missing = count;
  if (count == 0) co_return std::vector<Result<Applied>>{};
  auto start = [&engine, gathering,
                commands = std::move(commands)](Engine::Reply<std::monostate> complete) mutable {
    gathering->complete = std::move(complete);
    for (std::size_t i = 0; i < commands.size(); ++i) {
      engine.submit(std::move(commands[i]), [gathering, i](Result<Applied> result) {
        gathering->results[i] = std::move(result);
        if (gathering->missing.fetch_sub(1) == 1) gathering->complete(std::monostate{});
      });
    }
  };
  co_await completion<std::monostate>(std::move(start));
  co_return std::move(gathering->results);
}

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

#pragma once

#include <chrono>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/result.hpp"
#include "engine/engine.hpp"

namespace hotline::api {

namespace asio = boost::asio;

/// Suspends until `start(complete)` has had `complete(result)` called, from any thread, once;
/// resumes on the coroutine's own executor, never inside `complete`. With an exception as its
/// second argument it is thrown there instead. Cancellation is ignored: what was asked of the
/// engine is answered.
template <typename T, typename Start>
asio::awaitable<Result<T>> completion(Start start) {
  auto initiate = [](auto handler, Start begin) {
    // Shared, because a std::function must be copyable; moved out before it is called, so that the
    // last owner, who may be on another thread, destroys an empty one.
    auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
    auto executor = asio::get_associated_executor(*waiting);
    // The exception too is moved all the way: its last owner frees it, and reads it before.
    begin([waiting, executor](Result<T> result, std::exception_ptr thrown = nullptr) {
      asio::post(executor,
                 [waiting, result = std::move(result), thrown = std::move(thrown)]() mutable {
                   auto resume = std::move(*waiting);
                   std::move(resume)(std::move(thrown), std::move(result));
                 });
    });
  };
  return asio::async_initiate<const asio::use_awaitable_t<>&, void(std::exception_ptr, Result<T>)>(
      std::move(initiate), asio::use_awaitable, std::move(start));
}

inline asio::awaitable<Result<Applied>> submit(Engine& engine, Command command) {
  return completion<Applied>(
      [&engine, command = std::move(command)](Engine::Reply<Applied> reply) mutable {
        engine.submit(std::move(command), std::move(reply));
      });
}

/// Submits all, and waits until every one is answered; in the order of `commands`.
asio::awaitable<std::vector<Result<Applied>>> submit_all(Engine& engine,
                                                         std::vector<Command> commands);

/// Waits at most `wait` for something to lease; zero: does not wait.
asio::awaitable<Result<std::vector<Lease>>> lease(Engine& engine, LeaseRequest request,
                                                  std::chrono::seconds wait);

}  // namespace hotline::api

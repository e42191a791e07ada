#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "api/engine_await.hpp"
#include "base/result.hpp"

namespace hotline::api {

/// The read pool with its bound. Thread-safe.
class ReadGate {
 public:
  ReadGate(asio::thread_pool& pool, std::size_t pending_max)
      : pool_(pool), pending_max_(pending_max) {}

  /// Runs `work`, a callable that returns Result<T>, on the pool and resumes on the coroutine's
  /// executor, where what it throws is thrown on: the server logs it with the request's id. Past
  /// the bound it does not run and the result is `overloaded`.
  template <typename T, typename Work>
  asio::awaitable<Result<T>> run(Work work) {
    return completion<T>([this, work = std::move(work)](auto complete) mutable {
      if (pending_.fetch_add(1, std::memory_order_relaxed) >= pending_max_) {
        pending_.fetch_sub(1, std::memory_order_relaxed);
        complete(fail(ErrorCode::overloaded, "too many reads are waiting; try again shortly"));
        return;
      }
      asio::post(pool_, [this, work = std::move(work), complete = std::move(complete)]() mutable {
        Result<T> result = fail(ErrorCode::internal, "the read broke");
        std::exception_ptr thrown;
        try {
          result = work();
        } catch (...) {
          thrown = std::current_exception();
        }
        pending_.fetch_sub(1, std::memory_order_relaxed);
        complete(std::move(result), std::move(thrown));
      });
    });
  }

 private:
  asio::thread_pool& pool_;
  const std::size_t pending_max_;
  std::atomic<std::size_t> pending_{0};
};

}  // namespace hotline::api

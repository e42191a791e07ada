#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include "http/server.hpp"
#include "unit/http/raw_client.hpp"

namespace hotline::http {

/// Holds a handler until the test opens it; the test can wait until the handler has come. The timer
/// lives in the handler's frame, because it must not outlive the server.
class Gate {
 public:
  asio::awaitable<void> pass() {
    auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, asio::steady_timer::time_point::max());
    timer_ = &timer;
    executor_ = executor;
    entered_.set_value();
    boost::system::error_code cancelled;
    auto token = asio::redirect_error(asio::use_awaitable, cancelled);
    co_await timer.async_wait(token);
  }
  void wait_entered() { entered_.get_future().wait(); }
  void open() {
    asio::post(executor_, [this] { timer_->cancel(); });
  }

 private:
  std::promise<void> entered_;
  asio::any_io_executor executor_;
  asio::steady_timer* timer_ = nullptr;
};

/// A server on a free port whose handlers note what reached them.
class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    options_.port = 0;
    options_.threads = 2;
    options_.calls_path = "/calls.json";
    options_.log = [this](std::string_view line) { note(log_, std::string(line)); };
    options_.access = [this](const AccessRecord& record) {
      note(access_, std::string(record.route) + " " + std::to_string(record.status));
    };
  }
  ~ServerTest() override {
    if (server_) server_->stop();
  }

  void start() {
    server_ = std::make_unique<Server>(options_, routes(), metrics_);
    const auto started = server_->start();
    ASSERT_TRUE(started) << started.error().detail;
  }
  RawClient connect() { return RawClient(server_->port()); }
  std::vector<std::string> handled() { return read(handled_); }
  std::vector<std::string> log() { return read(log_); }
  std::vector<std::string> access() { return read(access_); }

  ServerOptions options_;
  Metrics metrics_;
  Gate gate_;
  std::promise<bool> sent_;
  std::unique_ptr<Server> server_;

 private:
  using Simple = std::function<Response(Request&)>;

  Route route(Verb method, std::string pattern, std::string name, Simple answer) {
    return {method, std::move(pattern), std::move(name),
            [this, answer = std::move(answer)](Request& request) -> asio::awaitable<Response> {
              note(handled_, request.path + request.body);
              co_return answer(request);
            }};
  }
  asio::awaitable<Response> wait_at_gate(Request& request) {
    note(handled_, request.path);
    co_await gate_.pass();
    Response response;
    response.body = "\"opened\"";
    response.sent = [this](bool written) { sent_.set_value(written); };
    co_return response;
  }

  /// Answers every piece as it comes, in brackets; refuses a stream that is announced as unwelcome.
  asio::awaitable<Response> bracket(Request& request, Stream& stream) {
    if (!request.header("X-Unwelcome").empty()) {
      co_return problem(Error{ErrorCode::forbidden, "not welcome", {}}, request);
    }
    stream.begin(text(""));
    bool more = true;
    while (more) {
      auto piece = co_await stream.read();
      if (!piece) {
        note(handled_, piece.error().detail);
        throw std::runtime_error("the stream broke");
      }
      more = !piece->empty();
      std::string bracketed = more ? "[" + std::string(*piece) + "]" : "end";
      auto written = co_await stream.write(std::move(bracketed));
      more = more && written;
    }
    co_return Response{};
  }

  static Response text(std::string body) {
    Response response;
    response.content_type = "text/plain";
    response.body = std::move(body);
    return response;
  }

  std::vector<Route> routes() {
    const auto echo = [](Request& request) { return text(request.body); };
    const auto hello = [](Request&) { return text("hello"); };
    const auto big = [](Request&) { return text(std::string(8u << 20, 'x')); };
    const auto item = [](Request& request) {
      return text(std::string(request.parameter("id")) + "|" + request.id + "|" +
                  std::string(request.header("x-Word")));
    };
    const auto defect = [](Request&) -> Response { throw std::runtime_error("the handler broke"); };
    const auto injection = [](Request&) {
      Response response;
      response.headers.emplace_back("Location", "/a\r\nSet-Cookie: b");
      return response;
    };
    std::vector<Route> table;
    table.push_back(route(Verb::get, "/hello", "hello", hello));
    table.push_back(route(Verb::post, "/echo", "echo", echo));
    table.push_back(route(Verb::get, "/big", "big", big));
    table.push_back(route(Verb::get, "/items/{id}", "item", item));
    table.push_back(route(Verb::post, "/items/{id}:sign", "sign", item));
    table.push_back(route(Verb::get, "/defect", "defect", defect));
    table.push_back(route(Verb::get, "/injection", "injection", injection));
    table.push_back({Verb::post, "/stream", "stream", nullptr,
                     [this](Request& r, Stream& s) { return bracket(r, s); }});
    table.push_back({Verb::get, "/stream", "get-stream", nullptr,
                     [this](Request& r, Stream& s) { return bracket(r, s); }});
    table.push_back({Verb::get, "/gate", "gate", [this](Request& r) { return wait_at_gate(r); }});
    return table;
  }

  template <typename T>
  void note(std::vector<T>& list, T entry) {
    const std::lock_guard lock(mutex_);
    list.push_back(std::move(entry));
  }
  template <typename T>
  std::vector<T> read(const std::vector<T>& list) {
    const std::lock_guard lock(mutex_);
    return list;
  }

  std::mutex mutex_;
  std::vector<std::string> handled_;
  std::vector<std::string> log_;
  std::vector<std::string> access_;
};

}  // namespace hotline::http

#include "api/read_await.hpp"

#include <functional>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "http/server.hpp"
#include "unit/http/raw_client.hpp"

namespace hotline::api {
namespace {

/// A server whose one route reads on the pool.
class ReadPool : public testing::Test {
 protected:
  using Read = std::function<Result<std::string>()>;

  explicit ReadPool(std::size_t pending_max = 1) : reads_(pool_, pending_max) {
    http::ServerOptions options;
    options.port = 0;
    options.threads = 1;
    options.log = [this](std::string_view line) {
      const std::lock_guard lock(mutex_);
      log_.emplace_back(line);
    };
    std::vector<http::Route> routes{
        {http::Verb::get, "/read", "read", [this](http::Request& r) { return handle(r); }}};
    server_.emplace(std::move(options), std::move(routes), metrics_);
    EXPECT_TRUE(server_->start());
  }
  ~ReadPool() override {
    server_->stop();
    pool_.join();
  }

  std::string ask() {
    http::RawClient client(server_->port());
    return client.ask("GET /read HTTP/1.1\r\nHost: a\r\nRequest-Id: r-7\r\n\r\n").body();
  }
  std::vector<std::string> log() {
    const std::lock_guard lock(mutex_);
    return log_;
  }

  Read read_;

 private:
  asio::awaitable<http::Response> handle(http::Request& request) {
    const auto text = co_await reads_.run<std::string>(read_);
    if (!text) co_return http::problem(text.error(), request);
    http::Response response;
    response.body = *text;
    co_return response;
  }

  std::mutex mutex_;
  std::vector<std::string> log_;
  Metrics metrics_;
  asio::thread_pool pool_{1};
  ReadGate reads_;
  std::optional<http::Server> server_;
};

TEST_F(ReadPool, AnExceptionIsLoggedWithTheRequestsIdAndToldToNobody) {
  read_ = []() -> Result<std::string> { throw std::runtime_error("column of the store"); };
  for (int i = 0; i < 2; ++i) {
    const std::string body = ask();
    EXPECT_NE(body.find(R"("code":"internal")"), std::string::npos) << body;
    EXPECT_EQ(body.find("column of the store"), std::string::npos) << body;
  }
  const std::vector<std::string> expected(2, "request r-7 read: column of the store");
  EXPECT_EQ(log(), expected);
  read_ = [] { return Result<std::string>("well"); };
  EXPECT_EQ(ask(), "well") << "the place in the pool was given back";
}

}  // namespace
}  // namespace hotline::api

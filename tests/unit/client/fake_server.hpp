#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include "client/http_client.hpp"

namespace hotline::client {

struct FakeRequest {
  std::string method;
  std::string target;
  std::string body;
  std::string authorization;
  std::string actor;
  std::string idempotency_key;
  std::string accept = {};
};

struct FakeAnswer {
  unsigned status = 200;
  std::string body = "{}";
  std::vector<std::pair<std::string, std::string>> headers = {};
  bool hang_up = false;      ///< close without an answer
  bool close_after = false;  ///< answer as keep-alive, then close all the same
  std::size_t cut_off = 0;   ///< so many bytes of the body are announced, and do not come
};

/// An HTTP server on a free loopback port, a thread a connection, as simple as can be. The handler
/// is called by many threads.
class FakeServer {
 public:
  using Handler = std::function<FakeAnswer(const FakeRequest&)>;

  explicit FakeServer(Handler handler) : handler_(std::move(handler)) {
    using boost::asio::ip::tcp;
    acceptor_.open(tcp::v4());
    acceptor_.bind({boost::asio::ip::address_v4::loopback(), 0});
    acceptor_.listen();
    port_ = acceptor_.local_endpoint().port();
    accepting_ = std::jthread([this] { accept(); });
  }

  ~FakeServer() {
    stopping_ = true;
    wake_acceptor();
    accepting_.join();
    {
      const std::lock_guard lock(guard_);
      for (auto& connection : connections_) shut(*connection.socket);
    }
    connections_.clear();
  }

  Endpoint endpoint() const { return {"127.0.0.1", std::to_string(port_), ""}; }
  unsigned connections() const { return accepted_; }

 private:
  using Socket = boost::asio::ip::tcp::socket;
  struct Connection {
    std::shared_ptr<Socket> socket;
    std::jthread thread;
  };

  void accept() {
    while (!stopping_) {
      auto socket = std::make_shared<Socket>(io_);
      boost::system::error_code error;
      acceptor_.accept(*socket, error);
      if (error || stopping_) return;
      ++accepted_;
      const std::lock_guard lock(guard_);
      connections_.push_back({socket, std::jthread([this, socket] { serve(*socket); })});
    }
  }

  void serve(Socket& socket) {
    namespace http = boost::beast::http;
    boost::beast::flat_buffer buffer;
    while (true) {
      boost::system::error_code error;
      http::request<http::string_body> request;
      http::read(socket, buffer, request, error);
      if (error) return;
      const auto answer = handler_(view(request));
      if (answer.hang_up) return shut(socket);
      http::response<http::string_body> response{static_cast<http::status>(answer.status), 11};
      for (const auto& [name, value] : answer.headers) response.set(name, value);
      response.body() = answer.body;
      response.content_length(answer.body.size() + answer.cut_off);
      http::write(socket, response, error);
      if (error || answer.close_after || answer.cut_off != 0) return shut(socket);
    }
  }

  template <typename Request>
  static FakeRequest view(const Request& request) {
    const auto string = [](auto view) { return std::string(view.data(), view.size()); };
    return {string(request.method_string()),
            string(request.target()),
            request.body(),
            string(request["Authorization"]),
            string(request["Hotline-Actor"]),
            string(request["Idempotency-Key"]),
            string(request["Accept"])};
  }

  static void shut(Socket& socket) {
    boost::system::error_code ignored;
    socket.shutdown(Socket::shutdown_both, ignored);
  }

  void wake_acceptor() {
    boost::asio::io_context io;
    Socket socket(io);
    boost::system::error_code ignored;
    socket.connect({boost::asio::ip::address_v4::loopback(), port_}, ignored);
  }

  Handler handler_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_{io_};
  unsigned short port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<unsigned> accepted_{0};
  std::mutex guard_;
  std::list<Connection> connections_;
  std::jthread accepting_;
};

}  // namespace hotline::client

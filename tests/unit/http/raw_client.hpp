#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <gtest/gtest.h>

namespace hotline::http {

using Answer = boost::beast::http::response<boost::beast::http::string_body>;

/// A blocking connection that sends bytes as they are. A peer that says nothing is left to ctest's
/// time-out.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) {
    socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port});
  }

  void send(std::string_view bytes) {
    boost::system::error_code ignored;
    boost::asio::write(socket_, boost::asio::buffer(bytes.data(), bytes.size()), ignored);
  }

  /// False once the peer takes no more: it has closed, or its buffers stay full for two seconds.
  bool try_send(std::string_view bytes) {
    const timeval patience{2, 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    while (!bytes.empty()) {
      const auto sent = ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// Takes bytes from the connection up to and with `mark`.
  std::string read_until(std::string_view mark) {
    std::string taken;
    boost::system::error_code error;
    const auto bytes = boost::asio::read_until(socket_, boost::asio::dynamic_buffer(raw_),
                                               std::string(mark), error);
    if (error) ADD_FAILURE() << "never came: " << mark << ": " << error.message();
    taken = raw_.substr(0, bytes);
    raw_.erase(0, bytes);
    return taken;
  }

  /// The next answer. `head`: it answers a HEAD request, and has a length without a body.
  Answer read(bool head = false) {
    boost::beast::http::response_parser<boost::beast::http::string_body> parser;
    parser.skip(head);
    parser.body_limit(64u << 20);
    boost::system::error_code error;
    boost::beast::http::read(socket_, buffer_, parser, error);
    if (error) ADD_FAILURE() << "no answer: " << error.message();
    return parser.release();
  }

  Answer ask(std::string_view bytes) {
    send(bytes);
    return read();
  }

  /// Everything until the peer closes; fails when it does not.
  std::string read_to_end() {
    std::string all = std::exchange(raw_, {});
    all.append(static_cast<const char*>(buffer_.data().data()), buffer_.size());
    buffer_.clear();
    boost::system::error_code error;
    boost::asio::read(socket_, boost::asio::dynamic_buffer(all), error);
    if (error != boost::asio::error::eof) ADD_FAILURE() << "not closed: " << error.message();
    return all;
  }

  void close_sending() { socket_.shutdown(boost::asio::socket_base::shutdown_send); }
  void close() { socket_.close(); }

 private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_{io_};
  boost::beast::flat_buffer buffer_;
  std::string raw_;  ///< read by `read_until` and beyond its mark
};

inline std::string get(std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

inline std::string post(std::string_view target, std::string_view body) {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

}  // namespace hotline::http

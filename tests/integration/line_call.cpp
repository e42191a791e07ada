#include "line_call.hpp"

#include <algorithm>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <fmt/format.h>

namespace hotline::test {
namespace asio = boost::asio;
namespace http = boost::beast::http;

class LineCall::Connection {
 public:
  explicit Connection(std::uint16_t port) {
    socket.connect({asio::ip::make_address("127.0.0.1"), port});
  }

  bool write(std::string_view bytes) {
    boost::system::error_code error;
    asio::write(socket, asio::buffer(bytes), error);
    return !error;
  }

  asio::io_context io;
  asio::ip::tcp::socket socket{io};
};

LineCall::LineCall(std::uint16_t port, const std::string& target)
    : connection_(std::make_unique<Connection>(port)) {
  connection_->write("POST " + target +
                     " HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\n"
                     "Transfer-Encoding: chunked\r\n\r\n");
}

LineCall::~LineCall() = default;

void LineCall::send(std::string_view body) {
  constexpr std::size_t chunk_bytes = 10'000;
  while (!body.empty()) {
    const std::string_view chunk = body.substr(0, chunk_bytes);
    body.remove_prefix(chunk.size());
    if (!connection_->write(fmt::format("{:x}\r\n{}\r\n", chunk.size(), chunk))) return;
  }
  connection_->write("0\r\n\r\n");
}

void LineCall::read_lines(const std::function<void(const json::value&)>& take) {
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(boost::none);
  boost::system::error_code error;
  std::string& text = parser.get().body();
  while (!error && !parser.is_done()) {
    http::read_some(connection_->socket, buffer, parser, error);
    for (auto end = text.find('\n'); end != text.npos; end = text.find('\n')) {
      const json::value line = json::parse(text.substr(0, end));
      text.erase(0, end + 1);
      take(line);
    }
  }
}

}  // namespace hotline::test

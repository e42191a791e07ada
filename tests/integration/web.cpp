#include "web.hpp"

#include <algorithm>
#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include "child.hpp"

namespace hotline::test {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Request = http::request<http::string_body>;
using ErrorCode = boost::system::error_code;

std::string lower(std::string_view name) {
  std::string out(name);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

}  // namespace

class Web::Connection {
 public:
  explicit Connection(std::uint16_t port) {
    stream_.socket().connect({asio::ip::make_address("127.0.0.1"), port});
  }

  Reply ask(Request& request) {
    http::response_parser<http::string_body> parser;
    parser.body_limit(std::uint64_t{256} << 20U);
    ErrorCode failed;
    stream_.expires_after(patience);
    // A daemon may refuse a request before it has read the whole, so a failed write is no end yet.
    http::async_write(stream_, request, [&](ErrorCode, std::size_t) {
      http::async_read(stream_, buffer_, parser,
                       [&](ErrorCode error, std::size_t) { failed = error; });
    });
    context_.restart();
    context_.run();
    if (failed) throw std::runtime_error("no answer: " + failed.message());
    return reply_of(parser.release());
  }

  bool usable() const { return usable_; }

 private:
  Reply reply_of(http::response<http::string_body> response) {
    usable_ = response.keep_alive();
    Reply reply;
    reply.status = response.result_int();
    for (const auto& field : response) reply.headers[lower(field.name_string())] = field.value();
    reply.body = std::move(response.body());
    return reply;
  }

  asio::io_context context_{1};
  boost::beast::tcp_stream stream_{context_};
  boost::beast::flat_buffer buffer_;
  bool usable_ = true;
};

json::value Reply::json() const {
  ErrorCode failed;
  auto parsed = json::parse(body, failed);
  if (failed) throw std::runtime_error("no JSON: " + body);
  return parsed;
}

std::string Reply::header(std::string_view name) const {
  const auto found = headers.find(lower(name));
  return found == headers.end() ? std::string() : found->second;
}

json::value at(const json::value& document, std::string_view pointer) {
  ErrorCode failed;
  const auto* found = document.find_pointer({pointer.data(), pointer.size()}, failed);
  if (found != nullptr) return *found;
  throw std::runtime_error("no " + std::string(pointer) + " in " + json::serialize(document));
}

std::string text(const json::value& document, std::string_view pointer) {
  const auto value = at(document, pointer);
  if (value.is_string()) return value.get_string().c_str();
  return json::serialize(value);
}

std::int64_t number(const json::value& document, std::string_view pointer) {
  return at(document, pointer).to_number<std::int64_t>();
}

json::array list(const json::value& document, std::string_view pointer) {
  return at(document, pointer).as_array();
}

bool has(const json::value& document, std::string_view pointer) {
  ErrorCode failed;
  return document.find_pointer({pointer.data(), pointer.size()}, failed) != nullptr;
}

Web::Web(std::uint16_t port, Headers always) : port_(port), always_(std::move(always)) {}
Web::~Web() = default;
Web::Web(Web&&) noexcept = default;

Reply Web::ask(const std::string& method, const std::string& target, const std::string& body,
               const Headers& headers) {
  Request request;
  request.method_string(method);
  request.target(target);
  request.version(11);
  request.set(http::field::host, "127.0.0.1");
  if (!body.empty()) request.set(http::field::content_type, "application/json");
  for (const auto& [name, value] : always_) request.set(name, value);
  for (const auto& [name, value] : headers) request.set(name, value);
  request.body() = body;
  request.prepare_payload();
  if (!connection_ || !connection_->usable()) connection_ = std::make_unique<Connection>(port_);
  try {
    return connection_->ask(request);
  } catch (...) {
    connection_.reset();
    throw;
  }
}

Reply Web::get(const std::string& target, const Headers& headers) {
  return ask("GET", target, {}, headers);
}

Reply Web::post(const std::string& target, const json::object& body, const Headers& headers) {
  return ask("POST", target, json::serialize(body), headers);
}

}  // namespace hotline::test

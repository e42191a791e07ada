#include "client/http_client.hpp"

#include <algorithm>
#include <charconv>
#include <random>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <fmt/format.h>

#include "client/fields.hpp"

namespace hotline::client {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

constexpr std::size_t answer_bytes_max = 64u << 20;
constexpr std::size_t read_bytes = 64u << 10;
constexpr milliseconds connect_timeout{5'000};

std::string authority_of(const Endpoint& endpoint) {
  const bool v6 = endpoint.host.find(':') != std::string::npos;
  return v6 ? fmt::format("[{}]:{}", endpoint.host, endpoint.port)
            : fmt::format("{}:{}", endpoint.host, endpoint.port);
}

std::string url_of(const Endpoint& endpoint) {
  return fmt::format("http://{}{}", authority_of(endpoint), endpoint.base_path);
}

http::request<http::string_body> build(const Call& call, const Endpoint& endpoint,
                                       const Access& access) {
  http::request<http::string_body> request{http::string_to_verb(call.method),
                                           endpoint.base_path + call.target, 11};
  request.set(http::field::host, authority_of(endpoint));
  request.set(http::field::user_agent, "hotlinectl");
  if (!access.token.empty()) request.set(http::field::authorization, "Bearer " + access.token);
  if (!access.actor.empty()) request.set("Hotline-Actor", access.actor);
  if (!call.accept.empty()) request.set(http::field::accept, call.accept);
  if (!call.idempotency_key.empty()) request.set("Idempotency-Key", call.idempotency_key);
  if (!call.body.empty()) request.set(http::field::content_type, call.content_type);
  request.body() = call.body;
  request.prepare_payload();
  return request;
}

std::optional<milliseconds> seconds_header(std::string_view text) {
  unsigned seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return std::chrono::seconds{std::min(seconds, 3600U)};
}

std::string string_of(boost::core::string_view text) { return {text.data(), text.size()}; }

Answer read_answer(http::response<http::string_body> response) {
  Answer answer;
  answer.status = response.result_int();
  answer.content_type = string_of(response[http::field::content_type]);
  answer.replayed = response["Idempotency-Replayed"] == "true";
  answer.retry_after = seconds_header(string_of(response[http::field::retry_after]));
  answer.body = std::move(response.body());
  return answer;
}

/// Where this program takes from what the daemon misses.
std::string_view what_to_do(unsigned status) {
  if (status == 401) return "\n  the token is read from HOTLINE_TOKEN, or from --token-file FILE";
  return {};
}

bool asks_to_wait(unsigned status) { return status == 503 || status == 429; }

}  // namespace

std::optional<milliseconds> next_delay(const RetryPolicy& policy, unsigned failures,
                                       milliseconds away, std::optional<milliseconds> retry_after) {
  const unsigned doublings = std::min(failures - 1, 20U);
  const auto backoff = std::min(policy.first_delay * (1 << doublings), policy.delay_max);
  const auto delay = std::max(backoff, retry_after.value_or(milliseconds{0}));
  if (away + delay > policy.patience) return std::nullopt;
  return delay;
}

Pacing real_pacing() {
  return {[] { return std::chrono::steady_clock::now(); },
          [](milliseconds delay) { std::this_thread::sleep_for(delay); }};
}

Result<Endpoint> parse_base_url(std::string_view url) {
  const auto parsed = boost::urls::parse_uri({url.data(), url.size()});
  const auto refuse = [&] {
    return fail(ErrorCode::invalid,
                fmt::format("'{}' is not a base URL such as http://127.0.0.1:12345", url));
  };
  if (!parsed || parsed->scheme_id() != boost::urls::scheme::http || parsed->has_query() ||
      parsed->has_userinfo() || parsed->host().empty()) {
    return refuse();
  }
  std::string path = string_of(parsed->encoded_path());
  while (!path.empty() && path.back() == '/') path.pop_back();
  return Endpoint{parsed->host_address(), parsed->has_port() ? string_of(parsed->port()) : "80",
                  std::move(path)};
}

class HttpClient::Impl {
 public:
  Impl(Endpoint endpoint, Access access, RetryPolicy retry, Pacing pacing)
      : endpoint_(std::move(endpoint)),
        access_(std::move(access)),
        retry_(retry),
        pacing_(std::move(pacing)) {
    // Beast reads as much as its buffer holds, at first 512 bytes.
    buffer_.reserve(read_bytes);
  }

  Result<Answer> send(const Call& call) {
    const auto request = build(call, endpoint_, access_);
    std::optional<std::chrono::steady_clock::time_point> away_since;
    for (unsigned failures = 1;; ++failures) {
      auto answer = once(request, call);
      if (!call.retry || piece_taken_ || (answer && !asks_to_wait(answer->status))) return answer;
      const auto now = pacing_.now();
      if (!away_since) away_since = now;
      const auto away = std::chrono::duration_cast<milliseconds>(now - *away_since);
      const auto delay =
          next_delay(retry_, failures, away, answer ? answer->retry_after : std::nullopt);
      if (!delay) return answer;
      pacing_.pause(*delay);
    }
  }

 private:
  using HttpRequest = http::request<http::string_body>;
  using Parser = http::response_parser<http::string_body>;

  /// A kept connection may have been closed while it was idle: that is no failure, a fresh one is
  /// tried at once.
  Result<Answer> once(const HttpRequest& request, const Call& call) {
    const bool kept = stream_ != nullptr;
    auto answer = exchange(request, call);
    if (!answer && kept && !timed_out_ && !piece_taken_) answer = exchange(request, call);
    return answer;
  }

  Result<Answer> exchange(const HttpRequest& request, const Call& call) {
    timed_out_ = piece_taken_ = false;
    if (stream_ == nullptr) {
      auto connected = connect();
      if (!connected) return tl::make_unexpected(connected.error());
    }
    stream_->expires_after(call.timeout);
    const auto error =
        complete([&](auto done) { http::async_write(*stream_, request, std::move(done)); });
    if (error) return broken("send to", error);
    Parser parser;
    parser.body_limit(call.sink ? boost::none : boost::optional<std::uint64_t>(answer_bytes_max));
    if (auto received = receive(parser, call); !received) {
      drop();
      return tl::make_unexpected(std::move(received.error()));
    }
    const bool keep = parser.get().keep_alive();
    auto answer = read_answer(parser.release());
    if (!keep) drop();
    return answer;
  }

  /// The whole answer; what the sink takes does not stay in it.
  Result<void> receive(Parser& parser, const Call& call) {
    while (!parser.is_done()) {
      stream_->expires_after(call.timeout);
      const auto error = complete(
          [&](auto done) { http::async_read_some(*stream_, buffer_, parser, std::move(done)); });
      if (error) return broken("hear from", error);
      auto& body = parser.get().body();
      const bool sinks = call.sink && parser.get().result_int() / 100 == 2;
      if (!sinks && body.size() > answer_bytes_max) {
        return broken("hear from", http::error::body_limit);
      }
      if (!sinks || body.empty()) continue;
      piece_taken_ = true;
      if (auto taken = call.sink(body); !taken) return taken;
      body.clear();
    }
    return {};
  }

  Result<void> connect() {
    asio::ip::tcp::resolver resolver(io_);
    error_code error;
    const auto addresses = resolver.resolve(endpoint_.host, endpoint_.port, error);
    if (error) return tl::make_unexpected(broken("find", error).value());
    stream_ = std::make_unique<beast::tcp_stream>(io_);
    stream_->expires_after(connect_timeout);
    error = complete([&](auto done) { stream_->async_connect(addresses, std::move(done)); });
    if (error) return tl::make_unexpected(broken("connect to", error).value());
    stream_->socket().set_option(asio::ip::tcp::no_delay(true), error);
    return {};
  }

  /// Runs one asynchronous operation to its end on the calling thread; its time-out is that of the
  /// stream.
  template <typename Start>
  error_code complete(Start start) {
    error_code outcome;
    start([&outcome](error_code error, auto&&...) { outcome = error; });
    io_.restart();
    io_.run();
    return outcome;
  }

  tl::unexpected<Error> broken(std::string_view doing, error_code error) {
    timed_out_ = error == beast::error::timeout;
    drop();
    return fail(ErrorCode::unavailable,
                fmt::format("cannot {} {}: {}; is the daemon running there? another is named with "
                            "--url or HOTLINE_URL",
                            doing, url_of(endpoint_), error.message()));
  }

  void drop() {
    stream_.reset();
    buffer_.clear();
  }

  const Endpoint endpoint_;
  const Access access_;
  const RetryPolicy retry_;
  const Pacing pacing_;
  asio::io_context io_{1};
  std::unique_ptr<beast::tcp_stream> stream_;
  beast::flat_buffer buffer_;
  bool timed_out_ = false;
  bool piece_taken_ = false;
};

HttpClient::HttpClient(Endpoint endpoint, Access access, RetryPolicy retry, Pacing pacing)
    : impl_(std::make_unique<Impl>(std::move(endpoint), std::move(access), retry,
                                   std::move(pacing))) {}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

Result<Answer> HttpClient::send(const Call& call) { return impl_->send(call); }

std::string explain(const Answer& answer) {
  const auto parsed = parse_json(answer.body);
  if (!parsed || text(*parsed, "code").empty()) {
    return fmt::format("the daemon answered {} {}", answer.status,
                       string_of(http::obsolete_reason(static_cast<http::status>(answer.status))));
  }
  std::string message =
      fmt::format("{} {}: {}", answer.status, text(*parsed, "code"), text(*parsed, "detail"));
  for (const auto& error : list(*parsed, "errors")) {
    const auto line = fmt::format("{}: {}", text(error, "pointer"), text(error, "detail"));
    // A single fault is the problem's own detail already.
    if (line != text(*parsed, "detail")) message += "\n  " + line;
  }
  message += what_to_do(answer.status);
  return message;
}

std::string random_name() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}", device(), device());
}

std::string percent_encoded(std::string_view text) {
  return boost::urls::encode({text.data(), text.size()}, boost::urls::unreserved_chars);
}

Result<std::string> body_of(Result<Answer> answer) {
  if (!answer) return tl::make_unexpected(std::move(answer.error()));
  const auto code = answer->status == 503 ? ErrorCode::unavailable : ErrorCode::wrong_state;
  if (!answer->ok()) return fail(code, explain(*answer));
  return std::move(answer->body);
}

}  // namespace hotline::client

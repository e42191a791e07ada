#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/verb.hpp>

#include "base/result.hpp"
#include "hotline/metrics.hpp"

namespace hotline::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Verb = beast::http::verb;

/// One request, whole and within bounds; without its body where the route streams. Lives until its
/// handler has returned and its answer is written.
struct Request {
  Verb method{};
  std::string path;  ///< percent-decoded, UTF-8, begins with '/'
  std::vector<std::pair<std::string, std::string>> query;  ///< percent-decoded, in order
  std::vector<std::pair<std::string, std::string>>
      parameters;  ///< what the route's `{name}` matched
  beast::http::fields headers;
  std::string body;
  std::string id;      ///< of this request, in logs and answers (`Request-Id`)
  std::string remote;  ///< peer's address
  std::chrono::steady_clock::time_point arrived;
  /// True once the peer has closed its side: an answer would reach nobody. Cheap; asks the kernel.
  std::function<bool()> peer_gone;

  std::string_view header(std::string_view name) const;
  std::string_view parameter(std::string_view name) const;
  /// Null when the query has no such name; the first one when it has several.
  const std::string* query_value(std::string_view name) const;
};

struct Response {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  /// Called once, after the answer was written or could not be. For what must be undone when nobody
  /// got it.
  std::function<void(bool written)> sent;
};

/// RFC 9457 `application/problem+json` with the error's code, detail, field errors and the
/// request's id.
Response problem(const Error& error, const Request& request);
/// The HTTP status of a code.
unsigned status_of(ErrorCode code);

using Handler = std::function<asio::awaitable<Response>(Request&)>;

/// The two ways of a streamed call: the body as it arrives, the answer as it grows. What is not
/// read is not taken from the peer, so a slow handler slows the sender. Used by the handler alone.
class Stream {
 public:
  /// The next piece of the body, at most some 64 KiB; empty at its end. Valid until the next
  /// `read`. Fails with `malformed` on bad framing, with `unavailable` when the rest is late or the
  /// peer is gone.
  virtual asio::awaitable<Result<std::string_view>> read() = 0;

  /// Status, type and headers of the answer; before the first `write`. From here on the handler's
  /// returned response counts for nothing but its status in the log.
  virtual void begin(Response head) = 0;
  /// Sends a piece of the answer. False when nobody receives it any more, or only the head was
  /// asked for.
  virtual asio::awaitable<bool> write(std::string piece) = 0;

 protected:
  ~Stream() = default;
};

/// An answer that was begun and whose handler throws is cut off, so that the peer does not take it
/// for whole.
using StreamHandler = std::function<asio::awaitable<Response>(Request&, Stream&)>;

/// One line of the route table. `pattern` has literal segments and `{name}`; a last segment may
/// carry a verb: `/v1/tickets/{id}:sign`.
struct Route {
  Verb method{};
  std::string pattern;
  std::string name;  ///< operationId in the OpenAPI document, label in metrics
  Handler handler;
  StreamHandler stream = {};  ///< instead of `handler`; the body has no bound then
};

/// One finished request, for the access log. The views live during the call. Holds no personal
/// data: the route's name stands for the path, and the query is left out.
struct AccessRecord {
  std::string_view request_id;
  Verb method{};           ///< unknown when the request never became one
  std::string_view route;  ///< empty when none matched
  unsigned status = 0;
  std::size_t bytes = 0;  ///< of the answer's body
  std::chrono::microseconds duration{};
  std::string_view remote;
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 12345;  ///< 0: any free one, see `Server::port`
  unsigned threads = 0;        ///< 0: one a core
  std::size_t header_bytes_max = 16u << 10;
  std::size_t body_bytes_max = 1u << 20;
  std::size_t connections_max = 20'000;
  std::chrono::milliseconds header_timeout{
      10'000};  ///< from the first byte of a request to the end of its header
  std::chrono::milliseconds body_timeout{30'000};
  std::chrono::milliseconds idle_timeout{75'000};  ///< between requests
  std::chrono::milliseconds write_timeout{30'000};
  std::chrono::milliseconds stop_timeout{10'000};  ///< for requests in flight when stopping
  std::string calls_path;  ///< where the calls are listed, told with a 404 or 405; empty: nowhere
  /// Both are called on the server's threads and must be thread-safe and quick. `log` gets defects:
  /// request id, route name and the exception's text.
  std::function<void(std::string_view)> log;
  std::function<void(const AccessRecord&)> access;
};

/// One io_context and one SO_REUSEPORT listener a thread; a connection lives and dies on its
/// thread, so its handlers need no locks. Pipelined requests are answered in order, one at a time.
/// What Beast accepts and the standard does not is refused by `guard.hpp`. Outlives whatever its
/// handlers wait for: a handler still suspended after `stop` may be resumed or dropped until the
/// destructor runs.
class Server {
 public:
  /// Adds one `RouteMetrics` a route, and one named `unmatched`. Throws std::invalid_argument when
  /// a pattern is malformed or two routes match the same requests.
  Server(ServerOptions options, std::vector<Route> routes, Metrics& metrics);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds and starts the threads. Fails with `unavailable` when the address cannot be bound.
  Result<void> start();
  /// Refuses new connections, lets requests in flight end within `stop_timeout`, closes, joins.
  /// Long polls are to be ended by their owner first.
  void stop();
  std::uint16_t port() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hotline::http

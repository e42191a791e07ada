#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace hotline::client {

using std::chrono::milliseconds;

/// Where the daemon listens.
struct Endpoint {
  std::string host;
  std::string port;
  std::string
      base_path;  ///< put before every target; empty, or begins with '/' and does not end with one
};
/// `http://host[:port][/path]`. Fails with `invalid` on anything else.
Result<Endpoint> parse_base_url(std::string_view url);

/// Who asks.
struct Access {
  std::string token;  ///< bearer token; empty: none is sent
  std::string actor;  ///< `Hotline-Actor`, the person before the software; empty: none is sent
};

/// How long to go on when the daemon is away or busy.
struct RetryPolicy {
  milliseconds patience{2'000};   ///< from the first failure of a call to giving it up
  milliseconds first_delay{100};  ///< doubled after each failure
  milliseconds delay_max{2'000};  ///< of the back-off; a Retry-After may ask for more
};

/// How long to wait before trying again, `failures` (1, 2, ...) after `away` without an answer;
/// absent: give up. Pure.
std::optional<milliseconds> next_delay(const RetryPolicy& policy, unsigned failures,
                                       milliseconds away, std::optional<milliseconds> retry_after);

/// Time, so that tests need not wait. `now` is steady.
struct Pacing {
  std::function<std::chrono::steady_clock::time_point()> now;
  std::function<void(milliseconds)> pause;
};
Pacing real_pacing();

struct Call {
  std::string method = "GET";
  std::string target = {};  ///< path and query, percent-encoded
  std::string body = {};
  std::string content_type = "application/json";
  std::string accept = {};
  std::string idempotency_key = {};
  milliseconds timeout{30'000};  ///< of one piece of the answer; long polls add their wait
  bool retry = true;             ///< false: one try, and a 503 is an answer like any other
  /// Takes the body of a 2xx piece by piece, however long it is; `Answer::body` is empty then. Its
  /// error ends the call. Once it took a piece, the call is not repeated.
  std::function<Result<void>(std::string_view piece)> sink = {};
};

struct Answer {
  unsigned status = 0;
  std::string content_type;
  std::string body;
  bool replayed = false;  ///< `Idempotency-Replayed: true`
  std::optional<milliseconds> retry_after;

  bool ok() const { return status >= 200 && status < 300; }
};

/// A kept-alive HTTP/1.1 connection that comes back after failures. A call that fails on the way is
/// repeated, also after its body was sent, so callers make changes repeatable: `source_id`,
/// `Idempotency-Key`, or a lease that expires. One thread at a time; as many objects as wanted.
class HttpClient {
 public:
  HttpClient(Endpoint endpoint, Access access, RetryPolicy retry, Pacing pacing = real_pacing());
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;

  /// Any answer of the daemon is a value, whatever its status; 429 and 503 only after the patience
  /// is used up. Fails with `unavailable` when no answer came.
  Result<Answer> send(const Call& call);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// `409 wrong_state: detail`, then a line for each faulty field, and for a missing token where it
/// is read from. Reads problem+json; other bodies give the status alone.
std::string explain(const Answer& answer);

/// 16 random hexadecimal digits, for idempotency keys that nobody else chooses.
std::string random_name();

/// For a path segment or a query value.
std::string percent_encoded(std::string_view text);

/// The body of a 2xx; any other status becomes an error, `unavailable` for 503 and else
/// `wrong_state`, with `explain` as its detail.
Result<std::string> body_of(Result<Answer> answer);

}  // namespace hotline::client

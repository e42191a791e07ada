#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "http/guard.hpp"
#include "http/server.hpp"
#include "http/target.hpp"
#include "http/worker.hpp"

namespace hotline::http {

/// One connection: reads a request, has it handled, writes the answer, again and again. Lives on
/// its worker's thread, owned by its own coroutine. Strings and buffers are kept from request to
/// request.
class Session final : public SessionHook, public Stream {
 public:
  Session(Worker::Socket socket, Worker& worker);
  virtual ~Session();  // of `Stream`, whose own is nobody's to call
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  asio::awaitable<void> run();

  /// Ends what is being waited for when its time is over.
  void expire(Worker::SteadyTime now);
  /// Closes the connection unless a request is under way; one that is ends with `Connection:
  /// close`.
  void begin_stop();
  /// Ends all reading and writing now. A handler that waits for something else is left alone.
  void abort();

  asio::awaitable<Result<std::string_view>> read() override;
  void begin(Response head) override;
  asio::awaitable<bool> write(std::string piece) override;

 private:
  enum class Phase { idle, header, body, handling, writing, draining };
  enum class Received { whole, refused, closed };

  asio::awaitable<Received> receive();
  asio::awaitable<Received> receive_header();
  asio::awaitable<Received> receive_body();
  asio::awaitable<bool> read_more(std::size_t bytes);
  asio::awaitable<bool> write_answer();
  asio::awaitable<bool> end_stream();
  asio::awaitable<bool> send();
  asio::awaitable<bool> write_rest(std::size_t written);
  asio::awaitable<void> handle();
  asio::awaitable<void> drain();

  Received end_of_read();
  Received take_header(std::size_t bytes);
  void route_request();
  bool streams() const { return match_.route != nullptr && match_.route->stream; }
  bool body_overruns() const;
  bool parse_body();
  bool send_continue();
  void finish_request();
  Received refuse(unsigned status, ErrorCode code, std::string detail);
  Received refuse_header();
  Received refuse_parse(const boost::system::error_code& error);
  void answer_unrouted();
  void answer_defect(std::string_view what);
  void compose();
  std::size_t pending_bytes() const;
  std::size_t try_write();
  void report(bool written);
  void forget_request();
  void enter(Phase phase, std::chrono::milliseconds timeout);

  using Parser = beast::http::request_parser<beast::http::string_body>;

  Worker& worker_;
  Shared& shared_;
  Worker::Socket socket_;
  const std::string remote_;
  Phase phase_ = Phase::idle;
  Worker::SteadyTime deadline_ = Worker::SteadyTime::max();
  bool expired_ = false;  ///< the deadline of the present phase has passed
  bool aborted_ = false;
  bool keep_alive_ = true;
  bool http_1_0_ = false;
  boost::system::error_code error_;  ///< of the last read or write
  beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::size_t header_fields_ = 0;
  Target target_;
  Router::Match match_;
  Request request_;
  Response response_;
  std::string head_;
  // Of a streamed answer.
  bool begun_ = false;        ///< the handler called `begin`
  bool cut_off_ = false;      ///< it will never be whole
  std::size_t streamed_ = 0;  ///< bytes of its pieces
};

}  // namespace hotline::http

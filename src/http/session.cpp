#include "http/session.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <poll.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "http/answer.hpp"
#include "http/problem.hpp"
#include "http/text.hpp"

namespace hotline::http {
namespace {

using beast::http::field;
using boost::system::error_code;

constexpr std::size_t header_chunk_bytes = 8u << 10;
constexpr std::size_t body_chunk_bytes = 64u << 10;
/// An idle connection keeps no larger buffer than this.
constexpr std::size_t idle_buffer_bytes = 16u << 10;
/// How long what a peer still sends is read and thrown away, so that the last answer is not lost to
/// a reset.
constexpr std::chrono::milliseconds drain_timeout{1'000};

std::string_view bytes_of(const beast::flat_buffer& buffer) {
  return {static_cast<const char*>(buffer.data().data()), buffer.size()};
}

bool closed_by_peer(int socket) {
  pollfd state{socket, POLLRDHUP, 0};
  return ::poll(&state, 1, 0) > 0;
}

std::string address_of(const Worker::Socket& socket) {
  error_code error;
  const auto peer = socket.remote_endpoint(error);
  return error ? std::string{} : peer.address().to_string();
}

std::size_t field_count(const beast::http::fields& fields) {
  return static_cast<std::size_t>(std::distance(fields.begin(), fields.end()));
}

}  // namespace

Session::Session(Worker::Socket socket, Worker& worker)
    : worker_(worker),
      shared_(worker.shared()),
      socket_(std::move(socket)),
      remote_(address_of(socket_)),
      buffer_(shared_.options.header_bytes_max + body_chunk_bytes) {
  error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  shared_.metrics.connections.add(1);
  worker_.session_begins(*this);
}

Session::~Session() {
  unlink();
  shared_.connections.fetch_sub(1);
  shared_.metrics.connections.add(-1);
  worker_.session_ended();
}

asio::awaitable<void> Session::run() {
  bool more = true;
  while (more) {
    auto received = co_await receive();
    if (received == Received::closed) co_return;
    if (received == Received::whole) {
      co_await handle();
    }
    auto open = co_await write_answer();
    more = open;
  }
  co_await drain();
}

void Session::enter(Phase phase, std::chrono::milliseconds timeout) {
  phase_ = phase;
  expired_ = false;
  // One tick more, because the worker's clock may be one behind.
  deadline_ = worker_.now() + timeout + worker_.tick();
}

void Session::expire(Worker::SteadyTime now) {
  if (now < deadline_) return;
  deadline_ = Worker::SteadyTime::max();
  expired_ = true;
  error_code ignored;
  socket_.cancel(ignored);
}

void Session::begin_stop() {
  if (phase_ == Phase::idle) expire(Worker::SteadyTime::max());
}

void Session::abort() {
  aborted_ = true;
  expire(Worker::SteadyTime::max());
}

asio::awaitable<bool> Session::read_more(std::size_t bytes) {
  error_.clear();
  auto space = buffer_.prepare(bytes);
  auto token = asio::redirect_error(asio::use_awaitable, error_);
  auto count = co_await socket_.async_read_some(space, token);
  buffer_.commit(count);
  co_return !error_ && !expired_;
}

Session::Received Session::end_of_read() {
  const bool late = expired_ && !aborted_ && phase_ != Phase::idle;
  if (!late) return Received::closed;
  return refuse(408, ErrorCode::malformed, "the request did not arrive in time");
}

asio::awaitable<Session::Received> Session::receive() {
  auto header = co_await receive_header();
  if (header != Received::whole) co_return header;
  if (parser_->is_done() || streams()) {
    finish_request();
    co_return Received::whole;
  }
  co_return co_await receive_body();
}

asio::awaitable<Session::Received> Session::receive_header() {
  HeaderScan scan(shared_.options.header_bytes_max);
  enter(Phase::idle, shared_.options.idle_timeout);
  if (buffer_.size() == 0 && worker_.stopping()) co_return Received::closed;
  while (true) {
    if (buffer_.size() > 0) {
      if (phase_ == Phase::idle) enter(Phase::header, shared_.options.header_timeout);
      const auto state = scan.feed(bytes_of(buffer_));
      if (state == HeaderScan::State::whole) co_return take_header(scan.size());
      if (state == HeaderScan::State::too_large) {
        co_return refuse_header();
      }
      if (state == HeaderScan::State::malformed) {
        co_return refuse(400, ErrorCode::malformed, "malformed line in the header");
      }
    }
    auto arrived = co_await read_more(header_chunk_bytes);
    if (!arrived) co_return end_of_read();
  }
}

Session::Received Session::take_header(std::size_t bytes) {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(shared_.options.header_bytes_max));
  parser_->body_limit(boost::none);  // until the route is known
  error_code error;
  parser_->put(asio::const_buffer(buffer_.data().data(), bytes), error);
  buffer_.consume(bytes);
  if (error) return refuse_parse(error);
  const auto& header = parser_->get();
  const std::string_view id = header["Request-Id"];
  if (valid_request_id(id)) request_.id = id;
  if (auto sound = check_framing(header); !sound) {
    return refuse(400, ErrorCode::malformed, std::move(sound.error().detail));
  }
  if (auto parsed = target_.parse(header.target()); !parsed) {
    return refuse(400, ErrorCode::malformed, std::move(parsed.error().detail));
  }
  route_request();
  if (body_overruns()) return refuse_parse(beast::http::error::body_limit);
  if (!streams()) parser_->body_limit(shared_.options.body_bytes_max);
  if (!parser_->is_done() && !send_continue()) return Received::closed;
  return Received::whole;
}

bool Session::body_overruns() const {
  const auto length = parser_->content_length();
  return !streams() && length && *length > shared_.options.body_bytes_max;
}

void Session::route_request() {
  const auto& header = parser_->get();
  http_1_0_ = header.version() == 10;
  keep_alive_ = parser_->keep_alive();
  header_fields_ = parser_->chunked() ? field_count(header) : 0;
  request_.method = header.method();
  request_.path = std::move(target_.path);
  request_.query = std::move(target_.query);
  match_ = target_.routable() ? shared_.router.find(request_.method, target_.segments())
                              : Router::Match{};
  if (target_.asterisk()) match_.methods = shared_.router.methods();
  if (match_.route == nullptr) return;
  const auto& names = shared_.router.parameters(match_.index);
  for (std::size_t i = 0; i < names.size(); ++i) {
    request_.parameters.emplace_back(names[i], match_.values[i]);
  }
}

bool Session::send_continue() {
  static constexpr std::string_view answer = "HTTP/1.1 100 Continue\r\n\r\n";
  const bool asked = iequals(parser_->get()[field::expect], "100-continue");
  if (!asked || http_1_0_ || buffer_.size() > 0) return true;
  error_code error;
  return socket_.write_some(asio::buffer(answer), error) == answer.size();
}

asio::awaitable<Session::Received> Session::receive_body() {
  enter(Phase::body, shared_.options.body_timeout);
  parser_->eager(true);
  while (true) {
    if (buffer_.size() > 0 && !parse_body()) co_return refuse_parse(error_);
    if (parser_->is_done()) break;
    if (buffer_.size() > shared_.options.header_bytes_max) {
      co_return refuse(400, ErrorCode::malformed, "chunk header or trailer beyond its bound");
    }
    auto arrived = co_await read_more(body_chunk_bytes);
    if (!arrived) co_return end_of_read();
  }
  // Beast puts trailer fields among those of the header, where they would pass for what the guard
  // has seen.
  if (parser_->chunked() && field_count(parser_->get()) != header_fields_) {
    co_return refuse(400, ErrorCode::malformed, "trailer fields are not accepted");
  }
  finish_request();
  co_return Received::whole;
}

bool Session::parse_body() {
  const std::size_t used = parser_->put(buffer_.data(), error_);
  buffer_.consume(used);
  if (error_ == beast::http::error::need_more) error_.clear();
  return !error_;
}

void Session::finish_request() {
  auto& message = parser_->get();
  request_.headers = std::move(static_cast<beast::http::fields&>(message));
  header_fields_ = 0;
  request_.body = std::move(message.body());
  if (request_.id.empty()) request_.id = worker_.next_request_id();
  request_.remote = remote_;
  request_.arrived = std::chrono::steady_clock::now();
  request_.peer_gone = [socket = socket_.native_handle()] { return closed_by_peer(socket); };
}

Session::Received Session::refuse_parse(const error_code& error) {
  if (error == beast::http::error::body_limit) {
    return refuse(413, ErrorCode::too_large,
                  fmt::format("the body is larger than {} bytes, the bound of http.body_kb_max",
                              shared_.options.body_bytes_max));
  }
  if (error == beast::http::error::header_limit) {
    return refuse_header();
  }
  return refuse(400, ErrorCode::malformed, error.message());
}

Session::Received Session::refuse_header() {
  return refuse(431, ErrorCode::too_large,
                fmt::format("the header is larger than {} bytes, the bound of http.header_kb_max",
                            shared_.options.header_bytes_max));
}

Session::Received Session::refuse(unsigned status, ErrorCode code, std::string detail) {
  shared_.metrics.requests_malformed.add();
  keep_alive_ = false;
  match_ = {};
  request_.method = Verb::unknown;
  request_.path.clear();
  request_.arrived = std::chrono::steady_clock::now();
  if (request_.id.empty()) request_.id = worker_.next_request_id();
  response_ = problem_as(status, Error{code, std::move(detail)}, request_);
  return Received::refused;
}

asio::awaitable<void> Session::handle() {
  phase_ = Phase::handling;
  deadline_ = Worker::SteadyTime::max();
  if (match_.route == nullptr) {
    answer_unrouted();
    co_return;
  }
  std::string defect = "malformed answer";
  try {
    if (streams()) {
      auto answer = co_await match_.route->stream(request_, *this);
      if (!begun_) response_ = std::move(answer);
    } else {
      auto answer = co_await match_.route->handler(request_);
      response_ = std::move(answer);
    }
    if (well_formed(response_)) co_return;
  } catch (const std::exception& error) {
    defect = error.what();
  } catch (...) {
    defect = "unknown exception";
  }
  answer_defect(defect);
}

void Session::answer_unrouted() {
  const std::string& calls = shared_.options.calls_path;
  const std::string list = calls.empty() ? "" : fmt::format("; {} lists the calls", calls);
  if (match_.methods.empty()) {
    response_ = problem(
        {ErrorCode::not_found, fmt::format("there is no {}{}", request_.path, list), {}}, request_);
    return;
  }
  if (request_.method == Verb::options) {
    response_.status = 204;
  } else {
    const auto detail = fmt::format("{} takes {}{}", request_.path, match_.methods.allow(), list);
    response_ = problem({ErrorCode::method_not_allowed, detail, {}}, request_);
  }
  response_.headers.emplace_back("Allow", match_.methods.allow());
}

void Session::answer_defect(std::string_view what) {
  std::string line = "request ";
  line.append(request_.id).append(" ").append(match_.route->name).append(": ").append(what);
  shared_.log(line);
  cut_off_ = begun_;
  if (begun_) return;
  // Nobody gets the answer that the hook belongs to.
  if (response_.sent) response_.sent(false);
  response_ = problem(Error{ErrorCode::internal, "the log has the request id"}, request_);
}

// --- streams ------------------------------------------------------------------------------------

asio::awaitable<Result<std::string_view>> Session::read() {
  std::string& piece = parser_->get().body();
  piece.clear();
  enter(Phase::body, shared_.options.body_timeout);
  parser_->eager(true);
  while (piece.empty() && !parser_->is_done()) {
    if (buffer_.size() > 0 && !parse_body()) {
      co_return fail(ErrorCode::malformed, "the body: " + error_.message());
    }
    if (!piece.empty() || parser_->is_done()) break;
    if (buffer_.size() > shared_.options.header_bytes_max) {
      co_return fail(ErrorCode::malformed, "chunk header or trailer beyond its bound");
    }
    auto arrived = co_await read_more(body_chunk_bytes);
    if (!arrived) {
      co_return fail(ErrorCode::unavailable, "the rest of the body did not arrive in time");
    }
  }
  if (field_count(parser_->get()) != header_fields_) {
    co_return fail(ErrorCode::malformed, "trailer fields are not accepted");
  }
  phase_ = Phase::handling;
  deadline_ = Worker::SteadyTime::max();
  co_return std::string_view(piece);
}

void Session::begin(Response head) {
  begun_ = true;
  response_ = std::move(head);
  head_.clear();
  keep_alive_ = keep_alive_ && !http_1_0_ && !worker_.stopping();
  append_head(head_, response_, {worker_.date(), request_.id, keep_alive_, http_1_0_, true});
}

asio::awaitable<bool> Session::write(std::string piece) {
  if (cut_off_ || request_.method == Verb::head) co_return false;
  if (piece.empty()) co_return true;
  streamed_ += piece.size();
  if (!http_1_0_) fmt::format_to(std::back_inserter(head_), "{:x}\r\n", piece.size());
  response_.body = std::move(piece);
  if (!http_1_0_) response_.body += "\r\n";
  auto whole = co_await send();
  head_.clear();
  cut_off_ = !whole;
  phase_ = Phase::handling;
  deadline_ = Worker::SteadyTime::max();
  co_return whole;
}

asio::awaitable<bool> Session::end_stream() {
  response_.body.clear();
  if (!http_1_0_ && request_.method != Verb::head) head_ += "0\r\n\r\n";
  if (!cut_off_) {
    auto whole = co_await send();
    cut_off_ = !whole;
  }
  const bool again = !cut_off_ && keep_alive_ && parser_->is_done() && !worker_.stopping();
  report(!cut_off_);
  co_return again;
}

asio::awaitable<bool> Session::send() {
  enter(Phase::writing, shared_.options.write_timeout);
  error_.clear();
  const std::size_t written = try_write();
  bool whole = written == pending_bytes();
  if (!whole && !error_) {
    auto finished = co_await write_rest(written);
    whole = finished;
  }
  co_return whole;
}

// --- answers ------------------------------------------------------------------------------------

asio::awaitable<bool> Session::write_answer() {
  if (begun_) {
    co_return co_await end_stream();
  }
  enter(Phase::writing, shared_.options.write_timeout);
  keep_alive_ = keep_alive_ && !worker_.stopping() && !aborted_;
  // The rest of a body that a stream's handler left would pass for the next request.
  if (streams() && !parser_->is_done()) keep_alive_ = false;
  if (response_.sent && closed_by_peer(socket_.native_handle())) {
    error_ = asio::error::connection_reset;
    report(false);
    co_return false;
  }
  compose();
  auto whole = co_await send();
  report(whole);
  co_return whole&& keep_alive_;
}

void Session::compose() {
  head_.clear();
  append_head(head_, response_, {worker_.date(), request_.id, keep_alive_, http_1_0_});
  if (request_.method == Verb::head) response_.body.clear();
}

std::size_t Session::pending_bytes() const { return head_.size() + response_.body.size(); }

std::size_t Session::try_write() {
  const std::array<asio::const_buffer, 2> parts{asio::buffer(head_), asio::buffer(response_.body)};
  const std::size_t written = socket_.write_some(parts, error_);
  if (error_ == asio::error::would_block || error_ == asio::error::try_again) error_.clear();
  return error_ ? 0 : written;
}

asio::awaitable<bool> Session::write_rest(std::size_t written) {
  while (written < pending_bytes() && !error_ && !expired_) {
    const std::size_t in_head = std::min(written, head_.size());
    std::array<asio::const_buffer, 2> parts{asio::buffer(head_) + in_head,
                                            asio::buffer(response_.body) + (written - in_head)};
    auto token = asio::redirect_error(asio::use_awaitable, error_);
    auto count = co_await socket_.async_write_some(parts, token);
    written += count;
  }
  co_return written == pending_bytes();
}

void Session::report(bool written) {
  if (response_.sent) response_.sent(written);
  const auto took = std::chrono::steady_clock::now() - request_.arrived;
  auto& figures = match_.route == nullptr ? *shared_.route_metrics.back()
                                          : *shared_.route_metrics[match_.index];
  figures.by_class[response_.status / 100].add();
  figures.seconds.observe(std::chrono::duration<double>(took).count());
  if (shared_.options.access) {
    const std::string_view route =
        match_.route == nullptr ? std::string_view{} : std::string_view{match_.route->name};
    shared_.options.access({request_.id, request_.method, route, response_.status,
                            begun_ ? streamed_ : response_.body.size(),
                            std::chrono::duration_cast<std::chrono::microseconds>(took), remote_});
  }
  forget_request();
}

void Session::forget_request() {
  parser_.reset();
  request_.path.clear();
  request_.query.clear();
  request_.parameters.clear();
  request_.headers.clear();
  request_.body = {};
  request_.id.clear();
  response_ = {};
  match_ = {};
  begun_ = false;
  cut_off_ = false;
  streamed_ = 0;
  if (buffer_.size() == 0 && buffer_.capacity() > idle_buffer_bytes) buffer_.shrink_to_fit();
}

asio::awaitable<void> Session::drain() {
  if (error_ || aborted_) co_return;
  error_code ignored;
  socket_.shutdown(asio::socket_base::shutdown_send, ignored);
  enter(Phase::draining, drain_timeout);
  bool open = true;
  while (open) {
    buffer_.clear();
    auto arrived = co_await read_more(body_chunk_bytes);
    open = arrived;
  }
}

}  // namespace hotline::http

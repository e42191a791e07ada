#include "http/worker.hpp"

#include <algorithm>
#include <ctime>
#include <pthread.h>
#include <random>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include "http/session.hpp"

namespace hotline::http {
namespace {

using std::chrono::milliseconds;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr milliseconds accept_pause{50};

/// Fine enough for the shortest time-out, and no finer.
milliseconds tick_for(const ServerOptions& options) {
  const milliseconds shortest =
      std::min({options.header_timeout, options.body_timeout, options.idle_timeout,
                options.write_timeout, options.stop_timeout});
  return std::clamp(shortest / 4, milliseconds{5}, milliseconds{500});
}

std::string random_prefix() {
  static constexpr char alphabet[] = "0123456789abcdefghijklmnopqrstuv";
  std::random_device random;
  std::uniform_int_distribution<std::size_t> letter(0, 31);
  std::string prefix;
  for (int i = 0; i < 7; ++i) prefix += alphabet[letter(random)];
  return prefix + '-';
}

asio::awaitable<void> run_session(std::shared_ptr<Session> session) { co_await session->run(); }

}  // namespace

Shared::Shared(ServerOptions given, std::vector<Route> routes, Metrics& counters)
    : options(std::move(given)), router(std::move(routes)), metrics(counters) {
  const auto add = [&](std::string route) {
    auto figures = std::make_unique<RouteMetrics>();
    figures->route = std::move(route);
    route_metrics.push_back(figures.get());
    metrics.routes.push_back(std::move(figures));
  };
  for (const Route& route : router.routes()) add(route.name);
  add("unmatched");
}

Worker::Worker(Shared& shared, unsigned index)
    : shared_(shared),
      index_(index),
      id_prefix_(random_prefix()),
      tick_(tick_for(shared.options)),
      acceptor_(io_.get_executor()),
      ticker_(io_.get_executor()),
      accept_pause_(io_.get_executor()) {}

Worker::~Worker() = default;

Result<std::uint16_t> Worker::listen(const asio::ip::tcp::endpoint& endpoint) {
  boost::system::error_code error;
  const auto failed = [&](const char* step) {
    return fail(ErrorCode::unavailable, std::string(step) + ": " + error.message());
  };
  acceptor_.open(endpoint.protocol(), error);
  if (error) return failed("socket");
  acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  if (error) return failed("SO_REUSEADDR");
  acceptor_.set_option(ReusePort(true), error);
  if (error) return failed("SO_REUSEPORT");
  acceptor_.bind(endpoint, error);
  if (error) return failed("bind");
  acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) return failed("listen");
  return acceptor_.local_endpoint().port();
}

void Worker::start() {
  update_clock();
  accept();
  arm_tick();
  thread_ = std::thread([this] { run(); });
}

void Worker::run() {
  pthread_setname_np(pthread_self(), ("http-" + std::to_string(index_)).c_str());
  io_.run();
  finished_ = true;
}

void Worker::stop() {
  asio::post(io_, [this] { begin_stop(); });
}

void Worker::join() {
  if (thread_.joinable()) thread_.join();
}

void Worker::accept() {
  acceptor_.async_accept([this](const boost::system::error_code& error, Socket socket) {
    on_accept(error, std::move(socket));
  });
}

void Worker::on_accept(const boost::system::error_code& error, Socket socket) {
  if (stopping_) return;
  if (error) {
    // Out of descriptors, most likely: the connection stays in the backlog until some have closed.
    accept_pause_.expires_after(accept_pause);
    accept_pause_.async_wait([this](const boost::system::error_code& cancelled) {
      if (!cancelled && !stopping_) accept();
    });
    return;
  }
  shared_.metrics.connections_accepted.add();
  if (shared_.connections.fetch_add(1) >= shared_.options.connections_max) {
    refuse(socket);
  } else {
    auto work = run_session(std::make_shared<Session>(std::move(socket), *this));
    asio::co_spawn(io_, std::move(work), asio::detached);
  }
  accept();
}

void Worker::refuse(Socket& socket) {
  static constexpr std::string_view answer =
      "HTTP/1.1 503 Service Unavailable\r\nServer: hotlined\r\nRetry-After: 1\r\n"
      "Connection: close\r\nContent-Length: 0\r\n\r\n";
  shared_.connections.fetch_sub(1);
  shared_.metrics.connections_refused.add();
  boost::system::error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(answer), ignored);
  socket.shutdown(asio::socket_base::shutdown_send, ignored);
}

void Worker::session_begins(Session& session) { sessions_.push_back(session); }

void Worker::session_ended() {
  if (stopping_ && !finished_ && sessions_.empty()) io_.stop();
}

std::string Worker::next_request_id() {
  static constexpr char digits[] = "0123456789abcdef";
  std::string id = id_prefix_;
  std::uint64_t number = ++requests_;
  do {
    id += digits[number & 15];
    number >>= 4;
  } while (number != 0);
  return id;
}

void Worker::arm_tick() {
  ticker_.expires_after(tick_);
  ticker_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) on_tick();
  });
}

void Worker::on_tick() {
  update_clock();
  sweep();
  if (stopping_) end_late_ones();
  arm_tick();
}

void Worker::update_clock() {
  now_ = std::chrono::steady_clock::now();
  const std::time_t second = std::time(nullptr);
  if (second == date_second_) return;
  date_second_ = second;
  std::tm utc{};
  gmtime_r(&second, &utc);
  char text[40];
  date_.assign(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc));
}

void Worker::sweep() {
  for (Session& session : sessions_) session.expire(now_);
}

void Worker::begin_stop() {
  if (stopping_) return;
  stopping_ = true;
  update_clock();
  stop_deadline_ = now_ + shared_.options.stop_timeout;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  accept_pause_.cancel();
  for (Session& session : sessions_) session.begin_stop();
  session_ended();
}

void Worker::end_late_ones() {
  if (now_ < stop_deadline_) return;
  // The tick after the abort finds those whose handlers still wait for something; they are left
  // suspended.
  if (aborted_) return io_.stop();
  aborted_ = true;
  for (Session& session : sessions_) session.abort();
}

}  // namespace hotline::http

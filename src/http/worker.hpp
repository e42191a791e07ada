#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list.hpp>

#include "http/router.hpp"
#include "http/server.hpp"

namespace hotline::http {

/// What the workers share. Constant after construction, except the count.
struct Shared {
  Shared(ServerOptions options, std::vector<Route> routes, Metrics& metrics);

  const ServerOptions options;
  const Router router;
  Metrics& metrics;
  std::vector<RouteMetrics*>
      route_metrics;  ///< by index in the route table; the last one counts what no route took
  std::atomic<std::size_t> connections{0};

  void log(std::string_view line) const {
    if (options.log) options.log(line);
  }
};

class Session;
using SessionHook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// One thread with its io_context, its listener and its connections. Everything but `start`, `stop`
/// and `join` runs on that thread.
class Worker {
 public:
  using Executor = asio::io_context::executor_type;
  using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
  using SteadyTime = std::chrono::steady_clock::time_point;

  Worker(Shared& shared, unsigned index);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Binds and listens. Port 0 takes a free one.
  Result<std::uint16_t> listen(const asio::ip::tcp::endpoint& endpoint);
  void start();
  /// Asks the thread to end once its requests are answered or `stop_timeout` has passed.
  void stop();
  void join();

  Shared& shared() { return shared_; }
  /// Time of the last tick, at most one `tick()` old: deadlines need no clock call.
  SteadyTime now() const { return now_; }
  SteadyTime::duration tick() const { return tick_; }
  std::string_view date() const { return date_; }
  bool stopping() const { return stopping_; }
  std::string next_request_id();
  void session_begins(Session& session);
  void session_ended();

 private:
  void run();
  void accept();
  void on_accept(const boost::system::error_code& error, Socket socket);
  void refuse(Socket& socket);
  void arm_tick();
  void on_tick();
  void sweep();
  void begin_stop();
  void end_late_ones();
  void update_clock();

  Shared& shared_;
  const unsigned index_;
  const std::string id_prefix_;
  std::uint64_t requests_ = 0;
  SteadyTime::duration tick_;
  SteadyTime now_{};
  std::time_t date_second_ = 0;
  std::string date_;
  bool stopping_ = false;
  bool aborted_ = false;
  bool finished_ = false;  ///< the thread runs io_ no more
  SteadyTime stop_deadline_{};
  // Before io_: the coroutines that io_ destroys unlink their sessions.
  boost::intrusive::list<Session, boost::intrusive::base_hook<SessionHook>,
                         boost::intrusive::constant_time_size<false>>
      sessions_;
  asio::io_context io_{1};
  asio::basic_socket_acceptor<asio::ip::tcp, Executor> acceptor_;
  asio::basic_waitable_timer<std::chrono::steady_clock,
                             asio::wait_traits<std::chrono::steady_clock>, Executor>
      ticker_;
  asio::basic_waitable_timer<std::chrono::steady_clock,
                             asio::wait_traits<std::chrono::steady_clock>, Executor>
      accept_pause_;
  std::thread thread_;
};

}  // namespace hotline::http

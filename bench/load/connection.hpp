#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "bench/load/latencies.hpp"
#include "bench/load/script.hpp"

namespace bench {

/// What a thread has seen. Units that end before `measure_from` warm up and are not counted.
struct Figures {
  Latencies latencies;
  std::uint64_t answers = 0;  ///< units whose every answer was a 2xx
  std::uint64_t refused = 0;  ///< units that ended with another status
  std::uint64_t broken = 0;   ///< connections that ended before their time
  std::string first_refusal;  ///< the whole answer
};

/// When units of work begin, and when a run counts and ends; shared by all its connections.
struct Run {
  using Clock = std::chrono::steady_clock;

  Clock::time_point begin;
  Clock::time_point measure_from;
  Clock::time_point end;
  std::uint64_t units_max = 0;  ///< 0: only `end` bounds the run
  /// Open loop: unit i is due at `begin` + i · `interval`, whether or not earlier ones were
  /// answered. Zero is the closed loop: a unit is due when its connection is free.
  Clock::duration interval{};
  std::atomic<std::uint64_t> units{0};
};

/// Takes the next unit, sends its requests and waits for each whole answer, and so on. The latency
/// of a unit runs from the moment it was due: in an open loop, what a slow server holds up is
/// counted for every unit behind it, sent or not (no coordinated omission). Lives until its
/// io_context has run dry.
class Connection {
 public:
  using Executor = boost::asio::io_context::executor_type;
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
  using Timer =
      boost::asio::basic_waitable_timer<Run::Clock, boost::asio::wait_traits<Run::Clock>, Executor>;

  Connection(boost::asio::io_context& io, Run& run, Figures& figures,
             std::unique_ptr<Script> script);

  /// Throws boost::system::system_error when nobody listens.
  void start(const boost::asio::ip::tcp::endpoint& endpoint);

 private:
  void begin_unit();
  void end_unit(bool refused);
  void send(std::string_view request);
  void send_rest();
  void read_more();
  void take_answer(std::size_t head_size, std::size_t size);
  void broke();

  Run& run_;
  Figures& figures_;
  std::unique_ptr<Script> script_;
  Socket socket_;
  Timer timer_;
  Run::Clock::time_point due_;
  std::string_view unsent_;
  std::string received_;
  std::size_t filled_ = 0;
};

}  // namespace bench

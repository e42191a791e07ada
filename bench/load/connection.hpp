#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "load/latencies.hpp"
#include "load/tickets.hpp"

namespace bench {

/// What a thread has seen. Answers that come before `measure_from` warm up and are not counted.
struct Figures {
  Latencies latencies;
  std::uint64_t answers = 0;
  std::uint64_t refused = 0;  ///< status other than 2xx
  std::uint64_t broken = 0;   ///< connections that ended before their time
  std::string first_refusal;  ///< the whole answer
};

/// When a run begins to count and when it ends; shared by all its connections.
struct Run {
  std::chrono::steady_clock::time_point measure_from;
  std::chrono::steady_clock::time_point end;
  std::uint64_t requests_max = 0;  ///< 0: only `end` bounds the run
  std::atomic<std::uint64_t> requests{0};
  std::uint64_t first_serial = 0;
};

/// A closed loop: sends one request, waits for the whole answer, sends the next. Lives until its
/// io_context has run dry.
class Connection {
 public:
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp,
                                                  boost::asio::io_context::executor_type>;

  Connection(boost::asio::io_context& io, Run& run, Figures& figures,
             const std::vector<PreparedRequest>& requests);

  /// Throws boost::system::system_error when nobody listens.
  void start(const boost::asio::ip::tcp::endpoint& endpoint);

 private:
  void send_next();
  void send_rest();
  void read_more();
  void take_answer();
  /// Length of the whole answer at the front of `received_`, or 0 while it is unknown.
  std::size_t answer_size() const;
  void broke();

  Run& run_;
  Figures& figures_;
  const std::vector<PreparedRequest>& requests_;
  Socket socket_;
  PreparedRequest request_;
  std::size_t written_ = 0;
  std::string received_;
  std::size_t filled_ = 0;
  std::chrono::steady_clock::time_point sent_;
};

}  // namespace bench

#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "bench/load/connection.hpp"
#include "bench/load/tickets.hpp"

namespace bench {

/// One bulk request: sends lines as fast as they are taken and reads their results meanwhile, until
/// the run ends; then the rest of the results. A unit is a line; its latency runs from the moment
/// it was given to the socket, so it is mostly the wait behind other lines. Lives until its
/// io_context has run dry.
class BulkConnection {
 public:
  /// `lines` outlive the connection.
  BulkConnection(boost::asio::io_context& io, Run& run, Figures& figures,
                 const std::vector<PreparedRequest>& lines);

  /// Throws boost::system::system_error when nobody listens.
  void start(const boost::asio::ip::tcp::endpoint& endpoint);

 private:
  /// A chunk of lines, or the one that ends the body.
  std::string next_chunk();
  void send(std::string bytes);
  void read_more();
  void take_results();
  void take_result(std::string_view line);
  void broke();

  Run& run_;
  Figures& figures_;
  const std::vector<PreparedRequest>& lines_;
  Connection::Socket socket_;
  std::string unsent_;
  bool ended_ = false;                          ///< the last chunk is under way
  std::deque<Run::Clock::time_point> waiting_;  ///< for results: when each line was sent
  boost::beast::flat_buffer buffer_;
  boost::beast::http::response_parser<boost::beast::http::string_body> parser_;
  bool whole_ = false;  ///< the last line has come
  bool broken_ = false;
};

}  // namespace bench

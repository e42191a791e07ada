#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "base/result.hpp"
#include "http/server.hpp"

namespace hotline::api {

/// One line of a streamed body.
struct Line {
  std::size_t number = 0;  ///< from 1, blank lines counted
  std::string text;        ///< without its end; empty when too long
  bool too_long = false;   ///< beyond `line_bytes_max`, and left out
};
inline constexpr std::size_t line_bytes_max = std::size_t{1} << 20;

/// Cuts a streamed body into lines, by \n or \r\n. Blank lines are left out. Keeps one line at most
/// besides what one read of the stream gave.
class LineReader {
 public:
  explicit LineReader(http::Stream& stream) : stream_(stream) {}

  /// The lines that are there, at least one and at most `max`; none at the end of the body. Fails
  /// as `Stream::read` does.
  http::asio::awaitable<Result<std::vector<Line>>> read(std::size_t max);

  /// Lines so far.
  std::size_t count() const { return number_; }

 private:
  std::vector<Line> take(std::size_t max);
  void keep_rest();
  void end_line(std::string_view text, std::vector<Line>& out);

  http::Stream& stream_;
  std::string buffer_;
  std::size_t used_ = 0;  ///< of buffer_
  std::size_t number_ = 0;
  bool overlong_ = false;  ///< the line at hand is beyond its bound and being passed over
  bool ended_ = false;
};

}  // namespace hotline::api

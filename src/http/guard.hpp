#pragma once

#include <cstddef>
#include <string_view>

#include <boost/beast/http/message.hpp>

#include "base/result.hpp"

namespace hotline::http {

using RequestHeader = boost::beast::http::request_header<boost::beast::http::fields>;

/// Finds the end of a header in the bytes received so far, and refuses forms of lines that parsers
/// read differently: bare LF, bare CR, folded lines. Looks at each byte once, however the bytes
/// arrive.
class HeaderScan {
 public:
  enum class State { more, whole, too_large, malformed };

  explicit HeaderScan(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// `received` begins with the request line and only grows from call to call.
  State feed(std::string_view received);
  /// Length of the header with its closing empty line; valid in state `whole`.
  std::size_t size() const { return position_; }

 private:
  State end_line(std::string_view line);

  std::size_t bytes_max_;
  std::size_t position_ = 0;  ///< start of the first line not yet checked
  std::size_t searched_ = 0;  ///< no line end before it
};

/// Beast accepts framing that it should refuse (Transfer-Encoding other than `chunked`, or in
/// HTTP/1.0; missing or several Host; raw characters in the target). This refuses all of it:
/// `malformed`, and the connection must be closed, because where the next request begins is in
/// doubt.
Result<void> check_framing(const RequestHeader& header);

/// Origin form (`/path?query`), absolute form with http or https, or `*`; the characters of RFC
/// 3986 and nothing else. Whether percent-encodings are whole is left to `Target`.
bool valid_target(std::string_view target);

}  // namespace hotline::http

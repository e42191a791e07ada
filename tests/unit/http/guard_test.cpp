#include "http/guard.hpp"

#include <string>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <gtest/gtest.h>

#include "unit/http/attacks.hpp"

namespace hotline::http {
namespace {

using State = HeaderScan::State;

State scan(std::string_view bytes, std::size_t step, std::size_t bytes_max = 4096) {
  HeaderScan scan(bytes_max);
  State state = State::more;
  for (std::size_t end = step; state == State::more; end += step) {
    state = scan.feed(bytes.substr(0, end));
    if (end >= bytes.size()) break;
  }
  return state;
}

/// What the session does with a header: the scan, Beast, the guard.
bool accepted(const std::string& request) {
  HeaderScan scan(4096);
  if (scan.feed(request) != State::whole) return false;
  boost::beast::http::request_parser<boost::beast::http::string_body> parser;
  boost::system::error_code error;
  parser.put(boost::asio::buffer(request.data(), scan.size()), error);
  return !error && check_framing(parser.get()).has_value();
}

/// In memory of exactly its size, so that AddressSanitizer sees a read beyond it.
TEST(ValidTarget, ReadsNothingBeyondItsEnd) {
  for (const std::string_view target : {"httpS://", "HTTP://", "httP://"}) {
    const std::vector<char> exact(target.begin(), target.end());
    EXPECT_FALSE(valid_target({exact.data(), exact.size()})) << target;
  }
}

TEST(HeaderScan, JudgesTheSameHoweverTheBytesArrive) {
  const struct {
    std::string_view bytes;
    State state;
  } table[] = {
      {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", State::whole},
      {"GET / HTTP/1.1\r\n\r\n", State::whole},
      {"GET / HTTP/1.1\r\nHost: a\r\n", State::more},
      {"GET / HTTP/1.1\r\nHost: a\r", State::more},
      {"\r\nGET / HTTP/1.1\r\n\r\n", State::malformed},
      {"GET / HTTP/1.1\n", State::malformed},
      {"GET / HTTP/1.1\r\nHost: a\n\r\n", State::malformed},
      {"GET / HTTP/1.1\r\nHost: a\r\n\n", State::malformed},
      {"GET / HTTP/1.1\r\nA: b\rc\r\n\r\n", State::malformed},
      {"GET / HTTP/1.1\r\nA: b\r\r\n\r\n", State::malformed},
      {"GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", State::malformed},
      {"GET / HTTP/1.1\r\nA: b\r\n\tc\r\n\r\n", State::malformed},
      {"GET / HTTP/1.1\r\n Host: a\r\n\r\n", State::malformed},
  };
  for (const auto& [bytes, state] : table) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{7}, bytes.size()}) {
      EXPECT_EQ(scan(bytes, step), state) << bytes << " in steps of " << step;
    }
  }
}

TEST(HeaderScan, EndsBehindTheEmptyLine) {
  const std::string header = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  HeaderScan scan(4096);
  EXPECT_EQ(scan.feed(header + "body\n"), State::whole);
  EXPECT_EQ(scan.size(), header.size());
}

TEST(HeaderScan, HoldsItsBound) {
  const std::string header = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  for (const std::size_t step : {std::size_t{1}, header.size()}) {
    EXPECT_EQ(scan(header, step, header.size()), State::whole);
    EXPECT_EQ(scan(header, step, header.size() - 1), State::too_large);
    EXPECT_EQ(scan(std::string(50, 'a'), 1, 50), State::too_large);
  }
}

TEST(Guard, RefusesEveryAttackInTheHeader) {
  for (const Attack& attack : attacks()) {
    if (attack.in_body) continue;
    EXPECT_FALSE(accepted(attack.request)) << attack.name;
  }
}

TEST(Guard, LetsSoundRequestsPass) {
  for (const char* request : {
           "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
           "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
           "GET /v1/tickets/1:sign?a=b&c=%E4%B8%AD+d HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
           "GET http://host:80/path HTTP/1.1\r\nHost: host\r\n\r\n",
           "GET HTTPS://host HTTP/1.1\r\nHost: host\r\n\r\n",
           "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
           "POST / HTTP/1.1\r\nHost:\r\nContent-Length: 3\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding:  CHUNKED \r\n\r\n",
       }) {
    EXPECT_TRUE(accepted(request)) << request;
  }
}

TEST(Guard, JudgesTargetsByTheStandard) {
  for (const std::string_view good : {"/", "/a?b", "/?", "//", "*", "http://a", "http://a?b"}) {
    EXPECT_TRUE(valid_target(good)) << good;
  }
  for (const std::string_view bad :
       {"", "a", "a:80", "http:/a", "http://", "http:///a", "ftp://a/", "/#", "/\"", "/<", "/\\",
        "/{", "/|", "/^", "/`", "http://u@h/", "http://a#b", "**"}) {
    EXPECT_FALSE(valid_target(bad)) << bad;
  }
  for (int byte = 0; byte < 256; ++byte) {
    const auto c = static_cast<char>(byte);
    if (byte > 0x20 && byte < 0x7f) continue;
    EXPECT_FALSE(valid_target(std::string("/a") + c)) << byte;
  }
}

}  // namespace
}  // namespace hotline::http

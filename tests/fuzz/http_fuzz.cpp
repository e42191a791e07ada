// The header guard and the target parser: what stands between the bytes of a stranger and the
// routes.

#include <cstdint>
#include <string_view>
#include <utf8.h>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "fuzz/must.hpp"
#include "http/guard.hpp"
#include "http/target.hpp"

namespace hotline::fuzz {
namespace {

using http::HeaderScan;
using State = HeaderScan::State;

constexpr std::size_t header_bytes_max = 1024;

struct Scanned {
  State state = State::more;
  std::size_t size = 0;
  bool operator==(const Scanned&) const = default;
};

Scanned scan(std::string_view bytes, std::size_t step) {
  HeaderScan scanner(header_bytes_max);
  State state = State::more;
  for (std::size_t end = step; state == State::more; end += step) {
    state = scanner.feed(bytes.substr(0, end));
    if (end >= bytes.size()) break;
  }
  return {state, state == State::whole ? scanner.size() : 0};
}

bool is_text(std::string_view text) {
  return utf8::is_valid(text.begin(), text.end()) && text.find('\0') == std::string_view::npos;
}

void check_target(std::string_view raw) {
  http::Target target;
  if (!target.parse(raw)) return;
  must(target.path == "*" || target.path.starts_with('/'), "a path begins with a slash");
  must(is_text(target.path), "a path is text");
  for (const auto& segment : target.segments()) {
    must(is_text(segment.name) && is_text(segment.suffix), "a segment is text");
  }
  for (const auto& [name, value] : target.query) {
    must(is_text(name) && is_text(value), "a query is text");
  }
}

void check_header(std::string_view bytes) {
  const Scanned whole = scan(bytes, std::max<std::size_t>(bytes.size(), 1));
  for (const std::size_t step : {1U, 7U}) {
    must(scan(bytes, step) == whole, "bytes are judged the same however they arrive");
  }
  if (whole.state != State::whole) return;
  boost::beast::http::request_parser<boost::beast::http::string_body> parser;
  boost::system::error_code error;
  parser.put(boost::asio::buffer(bytes.data(), whole.size), error);
  if (error || !http::check_framing(parser.get())) return;
  const auto target = parser.get().target();
  must(http::valid_target(target), "the guard lets no odd target pass");
  check_target(target);
}

}  // namespace
}  // namespace hotline::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  hotline::fuzz::check_header(bytes);
  if (hotline::http::valid_target(bytes)) hotline::fuzz::check_target(bytes);
  return 0;
}

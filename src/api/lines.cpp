#include "api/lines.hpp"

namespace hotline::api {

http::asio::awaitable<Result<std::vector<Line>>> LineReader::read(std::size_t max) {
  while (true) {
    auto lines = take(max);
    if (!lines.empty() || ended_) co_return lines;
    keep_rest();
    auto piece = co_await stream_.read();
    if (!piece) co_return tl::make_unexpected(std::move(piece.error()));
    ended_ = piece->empty();
    buffer_ += ended_ ? "\n" : *piece;
  }
}

std::vector<Line> LineReader::take(std::size_t max) {
  std::vector<Line> out;
  const std::string_view all = buffer_;
  while (out.size() < max) {
    const auto end = all.find('\n', used_);
    if (end == std::string_view::npos) break;
    end_line(all.substr(used_, end - used_), out);
    used_ = end + 1;
  }
  return out;
}

void LineReader::end_line(std::string_view text, std::vector<Line>& out) {
  ++number_;
  if (text.ends_with('\r')) text.remove_suffix(1);
  const bool too_long = overlong_ || text.size() > line_bytes_max;
  overlong_ = false;
  if (too_long) {
    out.push_back({number_, {}, true});
  } else if (text.find_first_not_of(" \t") != std::string_view::npos) {
    out.push_back({number_, std::string(text), false});
  } else if (ended_ && text.empty()) {
    --number_;  // what follows the last line's end is no line
  }
}

/// The beginning of a line whose end has not come.
void LineReader::keep_rest() {
  buffer_.erase(0, used_);
  used_ = 0;
  overlong_ = overlong_ || buffer_.size() > line_bytes_max;
  if (overlong_) buffer_.clear();
}

}  // namespace hotline::api

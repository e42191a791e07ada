#include "bench/load/bulk.hpp"

#include <array>
#include <charconv>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>

namespace bench {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t lines_a_chunk = 64;
constexpr std::size_t read_bytes = 64u << 10;
constexpr std::string_view head =
    "POST /v1/tickets:bulk HTTP/1.1\r\nHost: 127.0.0.1\r\nHotline-Actor: bench\r\n"
    "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string chunk_of(const std::string& text) {
  std::array<char, 16> size{};
  const auto end = std::to_chars(size.data(), size.data() + size.size(), text.size(), 16).ptr;
  return std::string(size.data(), end) + "\r\n" + text + "\r\n";
}

}  // namespace

BulkConnection::BulkConnection(boost::asio::io_context& io, Run& run, Figures& figures,
                               const std::vector<PreparedRequest>& lines)
    : run_(run), figures_(figures), lines_(lines), socket_(io.get_executor()) {
  buffer_.reserve(read_bytes);
  parser_.body_limit(boost::none);
}

void BulkConnection::start(const boost::asio::ip::tcp::endpoint& endpoint) {
  socket_.connect(endpoint);
  socket_.set_option(boost::asio::ip::tcp::no_delay(true));
  send(std::string(head));
  read_more();
}

std::string BulkConnection::next_chunk() {
  const auto now = Run::Clock::now();
  std::string text;
  for (std::size_t i = 0; i < lines_a_chunk && now < run_.end; ++i) {
    const std::uint64_t number = run_.units.fetch_add(1, std::memory_order_relaxed);
    if (run_.units_max != 0 && number >= run_.units_max) break;
    PreparedRequest line = lines_[number % lines_.size()];
    set_serial(line, number);
    text += line.bytes;
    waiting_.push_back(now);
  }
  ended_ = text.empty();
  return chunk_of(text);
}

void BulkConnection::send(std::string bytes) {
  unsent_ = std::move(bytes);
  boost::asio::async_write(socket_, boost::asio::buffer(unsent_),
                           [this](const error_code& error, std::size_t) {
                             if (error) return broke();
                             if (!ended_) send(next_chunk());
                           });
}

void BulkConnection::read_more() {
  http::async_read_some(socket_, buffer_, parser_, [this](const error_code& error, std::size_t) {
    if (error) return broke();
    take_results();
    if (!parser_.is_done()) return read_more();
    if (!whole_) broke();
  });
}

void BulkConnection::take_results() {
  std::string& body = parser_.get().body();
  std::size_t begin = 0;
  for (auto end = body.find('\n'); end != body.npos; end = body.find('\n', begin)) {
    take_result(std::string_view(body).substr(begin, end - begin));
    begin = end + 1;
  }
  body.erase(0, begin);
}

void BulkConnection::take_result(std::string_view line) {
  whole_ = line.find("\"done\":true") != line.npos;
  if (whole_ || waiting_.empty()) return;
  const auto sent = waiting_.front();
  waiting_.pop_front();
  const auto now = Run::Clock::now();
  if (now < run_.measure_from) return;
  if (line.find("\"problem\":") == line.npos) {
    ++figures_.answers;
    figures_.latencies.add(now - sent);
  } else if (figures_.refused++ == 0) {
    figures_.first_refusal = line;
  }
}

/// Of a lost connection both ways may tell.
void BulkConnection::broke() {
  if (!std::exchange(broken_, true)) ++figures_.broken;
  ended_ = true;
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace bench

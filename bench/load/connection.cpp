#include "load/connection.hpp"

#include <charconv>

#include <boost/asio/buffer.hpp>

namespace bench {
namespace {

using boost::system::error_code;

constexpr std::size_t read_bytes = 16u << 10;

/// Servers here write the field with a capital C and L; this is no general parser.
std::size_t content_length(std::string_view head) {
  constexpr std::string_view name = "\r\nContent-Length: ";
  const std::size_t at = head.find(name);
  std::size_t length = 0;
  if (at == std::string_view::npos) return 0;
  std::from_chars(head.data() + at + name.size(), head.data() + head.size(), length);
  return length;
}

unsigned status_of(std::string_view head) {
  unsigned status = 0;
  if (head.size() > 12) std::from_chars(head.data() + 9, head.data() + 12, status);
  return status;
}

}  // namespace

Connection::Connection(boost::asio::io_context& io, Run& run, Figures& figures,
                       const std::vector<PreparedRequest>& requests)
    : run_(run),
      figures_(figures),
      requests_(requests),
      socket_(io.get_executor()),
      received_(read_bytes, '\0') {}

void Connection::start(const boost::asio::ip::tcp::endpoint& endpoint) {
  socket_.connect(endpoint);
  socket_.set_option(boost::asio::ip::tcp::no_delay(true));
  socket_.non_blocking(true);
  send_next();
}

void Connection::send_next() {
  const std::uint64_t number = run_.requests.fetch_add(1, std::memory_order_relaxed);
  sent_ = std::chrono::steady_clock::now();
  const bool spent = run_.requests_max != 0 && number >= run_.requests_max;
  if (spent || sent_ >= run_.end) return;
  request_ = requests_[number % requests_.size()];
  set_serial(request_, run_.first_serial + number);
  error_code error;
  written_ = socket_.write_some(boost::asio::buffer(request_.bytes), error);
  if (error && error != boost::asio::error::would_block) return broke();
  if (written_ < request_.bytes.size()) return send_rest();
  read_more();
}

void Connection::send_rest() {
  socket_.async_write_some(boost::asio::buffer(request_.bytes) + written_,
                           [this](const error_code& error, std::size_t count) {
                             if (error) return broke();
                             written_ += count;
                             if (written_ < request_.bytes.size()) return send_rest();
                             read_more();
                           });
}

void Connection::read_more() {
  if (received_.size() - filled_ < read_bytes) received_.resize(received_.size() + read_bytes);
  const auto space = boost::asio::buffer(received_) + filled_;
  socket_.async_read_some(space, [this](const error_code& error, std::size_t count) {
    if (error) return broke();
    filled_ += count;
    const std::size_t size = answer_size();
    if (size == 0 || filled_ < size) return read_more();
    take_answer();
    filled_ = 0;
    send_next();
  });
}

std::size_t Connection::answer_size() const {
  const std::string_view seen(received_.data(), filled_);
  const std::size_t end = seen.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  return end + 4 + content_length(seen.substr(0, end + 2));
}

void Connection::take_answer() {
  const auto now = std::chrono::steady_clock::now();
  if (now < run_.measure_from) return;
  const unsigned status = status_of({received_.data(), filled_});
  if (status < 200 || status > 299) {
    if (figures_.refused++ == 0) figures_.first_refusal.assign(received_, 0, filled_);
    return;
  }
  ++figures_.answers;
  figures_.latencies.add(now - sent_);
}

void Connection::broke() { ++figures_.broken; }

}  // namespace bench

#include "bench/load/connection.hpp"

#include <charconv>
#include <utility>

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
                       std::unique_ptr<Script> script)
    : run_(run),
      figures_(figures),
      script_(std::move(script)),
      socket_(io.get_executor()),
      timer_(io.get_executor()),
      received_(read_bytes, '\0') {}

void Connection::start(const boost::asio::ip::tcp::endpoint& endpoint) {
  socket_.connect(endpoint);
  socket_.set_option(boost::asio::ip::tcp::no_delay(true));
  socket_.non_blocking(true);
  begin_unit();
}

void Connection::begin_unit() {
  const std::uint64_t number = run_.units.fetch_add(1, std::memory_order_relaxed);
  const auto now = Run::Clock::now();
  const bool open_loop = run_.interval.count() != 0;
  due_ = open_loop ? run_.begin + run_.interval * static_cast<std::int64_t>(number) : now;
  const bool spent = run_.units_max != 0 && number >= run_.units_max;
  if (spent || due_ >= run_.end) return;
  if (due_ <= now) return send(script_->begin(number));
  timer_.expires_at(due_);
  timer_.async_wait([this, number](const error_code&) { send(script_->begin(number)); });
}

void Connection::send(std::string_view request) {
  error_code error;
  const std::size_t written = socket_.write_some(boost::asio::buffer(request), error);
  if (error && error != boost::asio::error::would_block) return broke();
  unsent_ = request.substr(written);
  if (!unsent_.empty()) return send_rest();
  read_more();
}

void Connection::send_rest() {
  socket_.async_write_some(boost::asio::buffer(unsent_),
                           [this](const error_code& error, std::size_t count) {
                             if (error) return broke();
                             unsent_.remove_prefix(count);
                             if (!unsent_.empty()) return send_rest();
                             read_more();
                           });
}

void Connection::read_more() {
  if (received_.size() - filled_ < read_bytes) received_.resize(received_.size() + read_bytes);
  const auto space = boost::asio::buffer(received_) + filled_;
  socket_.async_read_some(space, [this](const error_code& error, std::size_t count) {
    if (error) return broke();
    filled_ += count;
    const std::string_view seen(received_.data(), filled_);
    const std::size_t end = seen.find("\r\n\r\n");
    if (end == std::string_view::npos) return read_more();
    const std::size_t size = end + 4 + content_length(seen.substr(0, end + 2));
    if (filled_ < size) return read_more();
    take_answer(end + 4, size);
  });
}

void Connection::take_answer(std::size_t head_size, std::size_t size) {
  const std::string_view answer(received_.data(), size);
  const unsigned status = status_of(answer);
  if (status < 200 || status > 299) return end_unit(true);
  const std::string_view request = script_->next(answer.substr(head_size));
  if (request.empty()) return end_unit(false);
  filled_ = 0;
  send(request);
}

void Connection::end_unit(bool refused) {
  const auto now = Run::Clock::now();
  if (now >= run_.measure_from && refused) {
    if (figures_.refused++ == 0) figures_.first_refusal.assign(received_, 0, filled_);
  } else if (now >= run_.measure_from) {
    ++figures_.answers;
    figures_.latencies.add(now - due_);
  }
  filled_ = 0;
  begin_unit();
}

void Connection::broke() { ++figures_.broken; }

}  // namespace bench

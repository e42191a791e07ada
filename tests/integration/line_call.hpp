#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "web.hpp"

namespace hotline::test {

/// A streamed call on a connection of its own: one thread sends the body, another reads the answer
/// meanwhile.
class LineCall {
 public:
  LineCall(std::uint16_t port, const std::string& target);
  ~LineCall();

  /// Sends the whole body and its end; returns early when the peer takes no more.
  void send(std::string_view body);
  /// Hands every line of the answer to `take`, until the answer ends or breaks off.
  void read_lines(const std::function<void(const json::value&)>& take);

 private:
  class Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace hotline::test

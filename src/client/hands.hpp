#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "client/fields.hpp"
#include "client/terminal.hpp"

namespace hotline::client {

/// One connection of somebody with a name, whose every post is safe to repeat. One thread at a
/// time.
class Hand {
 public:
  Hand(const Daemon& daemon, std::string name);
  /// What the daemon answered; any refusal is an error that names the target.
  Result<json::value> post(const std::string& target, const json::object& body);

 private:
  HttpClient client_;
  const std::string key_;
  std::uint64_t calls_ = 0;
};

/// Connections that share work out among them.
class Hands {
 public:
  using Job = std::function<Result<void>(Hand&)>;

  /// Those named `name-01` and so on.
  Hands(const Daemon& daemon, const std::string& name, unsigned count);
  /// Does all of them, several at once, and returns when none is under way. After a first failure,
  /// which is the result, nothing more is begun.
  Result<void> run(const std::vector<Job>& jobs);

 private:
  std::vector<Hand> hands_;
};

}  // namespace hotline::client

#pragma once

#include <chrono>
#include <csignal>
#include <optional>

#include "client/layout.hpp"

/// The person at the terminal: how much is seen, and when enough was seen.
namespace hotline::client {

/// What standard output shows; absent when it is no terminal.
std::optional<Screen> screen_of_output();

/// While it lives, Ctrl-C and SIGTERM end a pause and not the program. Made before any thread.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  /// False when the person ended it.
  bool pause(std::chrono::milliseconds length) const;

 private:
  sigset_t ending_{};
  sigset_t before_{};
};

}  // namespace hotline::client

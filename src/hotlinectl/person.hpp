#pragma once

#include <chrono>
#include <csignal>
#include <optional>

#include "client/layout.hpp"

/// The person at the terminal: how much is seen, and when enough was seen.
namespace hotline::client {

/// What standard output shows; absent when it is no terminal.
std::optional<Screen> screen_of_output();

/// From when it was made, Ctrl-C and SIGTERM end a pause and not the program; also afterwards,
/// for the program ends by itself then, and a second signal (timeout(1) sends two) must not make
/// a failure of it. Made before any thread.
class Interruption {
 public:
  Interruption();

  /// False when the person ended it.
  bool pause(std::chrono::milliseconds length) const;

 private:
  sigset_t ending_{};
};

}  // namespace hotline::client

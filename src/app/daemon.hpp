#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "config/config.hpp"

namespace hotline {

/// The whole daemon: makes the parts, joins them, starts and stops them in order. `start` and
/// `stop` belong to one thread; the rest is thread-safe.
///
/// Start: store → catalogue → tokens → engine (recovers) → HTTP. Stop: engine (writes what was
/// admitted, answers all) → HTTP → reads → store.
class Daemon {
 public:
  struct Options {
    /// Engine time begins here, stands still, and moves by `POST /v1/admin/clock:advance`. Loopback
    /// only.
    std::optional<Time> virtual_clock;
  };

  Daemon(Config config, Options options);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  /// Fails with a text for the operator that says what to do.
  Result<void> start();
  void stop();

  /// Reads the files of the catalogue, the model and the deadline rules anew and swaps them in
  /// together when the whole is right; else the old ones stay. Requests go on meanwhile. Answers
  /// the catalogue's version.
  Result<std::string> reload();

  /// Answers whether the engine still works through its queue, by waiting for it to answer; false
  /// after `patience`.
  bool alive(Duration patience);

  std::uint16_t port() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hotline

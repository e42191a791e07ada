#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/time.hpp"
#include "client/terminal.hpp"

namespace hotline::client {

/// When the records of a replay are posted.
enum class Pace {
  asap,           ///< one after the other
  file,           ///< with the distances of their own times
  virtual_clock,  ///< one after the other, the daemon's virtual clock at each one's time
};

/// Holds a record back until its turn. `wait_for` is called for one record at a time, the rest from
/// any thread.
class Turn {
 public:
  virtual ~Turn() = default;
  /// Returns when a record of this time may be posted, or when `stop` was called.
  virtual Result<void> wait_for(Time received_at) = 0;
  /// After `wait_for`: what became of the record.
  virtual void posted(Time /*received_at*/, bool /*created*/) {}
  virtual void stop() {}
};

/// `speed`: seconds of the file in one second, for `Pace::file`. Null for `Pace::asap`.
std::unique_ptr<Turn> make_turn(Pace pace, double speed, const Daemon& daemon);

/// A record waits as long as it lies behind the first one that was new to the daemon; those before
/// that one, which it had already, do not wait, so that a replay that was interrupted goes on where
/// it was. Records without order in time go at once.
class FileTurn : public Turn {
 public:
  using Steady = std::chrono::steady_clock;
  explicit FileTurn(double speed) : speed_(speed) {}

  Result<void> wait_for(Time received_at) override;
  void posted(Time received_at, bool created) override;
  void stop() override;

  /// Pure: when a record is due if the first one was posted at `begun`.
  static Steady::time_point due(Steady::time_point begun, Time first, Time received_at,
                                double speed);

 private:
  const double speed_;
  std::mutex guard_;  ///< of all below
  std::condition_variable news_;
  std::optional<std::pair<Steady::time_point, Time>> begun_;
  bool asking_ = false;  ///< a record is under way and will tell whether it is new
  bool stopped_ = false;
};

}  // namespace hotline::client

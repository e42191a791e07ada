#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace hotline::client {

using Steady = std::chrono::steady_clock;

/// How far a long task is. `total` 0: not known.
struct Reach {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  std::chrono::milliseconds elapsed{};

  /// Since the beginning; 0 while nothing has passed.
  double per_second() const;
  /// 0..1; 0 while the total is not known.
  double share() const;
  /// Time left at the mean rate so far; absent while nothing is done or the total is not known.
  std::optional<std::chrono::seconds> left() const;
};

/// `12s`, `3m05s`, `2h07m`.
std::string short_duration(std::chrono::seconds duration);

/// `replay [#####-----]  50%  500/1000  120/s  eta 4s  detail`; without bar, share and eta when the
/// total is not known.
std::string progress_line(std::string_view label, const Reach& reach, std::string_view detail);

/// One line that is drawn over on a terminal; elsewhere a line every few seconds, so that a log
/// stays short. One thread.
class Progress {
 public:
  Progress(std::ostream& out, bool terminal, std::string label, std::uint64_t total,
           Steady::time_point begun);

  /// Draws when enough time has passed since the last time.
  void show(std::uint64_t done, std::string_view detail, Steady::time_point now);
  /// Draws the last state and ends the line.
  void finish(std::uint64_t done, std::string_view detail, Steady::time_point now);

 private:
  void draw(std::uint64_t done, std::string_view detail, Steady::time_point now);

  std::ostream& out_;
  bool terminal_;
  std::string label_;
  std::uint64_t total_;
  Steady::time_point begun_;
  Steady::time_point drawn_;
};

}  // namespace hotline::client

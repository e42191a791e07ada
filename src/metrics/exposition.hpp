#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "hotline/metrics.hpp"
#include "hotline/store.hpp"

namespace hotline {

/// What one queue looks like at the moment of a scrape.
struct QueueGauges {
  std::string queue;
  std::uint64_t depth = 0;
  std::uint64_t leased = 0;
  std::uint64_t dead_letters = 0;
  std::uint64_t overdue = 0;
  double oldest_age_s = 0;  ///< of the entry that waits longest; 0 when the queue is empty
  std::uint64_t waiters = 0;
};

/// The figures of the tickets that were received today, in the configured zone, as the report
/// counts them.
struct TodayGauges {
  std::uint64_t received = 0;
  std::uint64_t accepted = 0;
  std::uint64_t direct = 0;
  std::uint64_t transferred = 0;
  std::uint64_t finished = 0;
  std::uint64_t called_back = 0;
  std::uint64_t rated = 0;
  std::uint64_t satisfied = 0;
};

/// Everything that is read when Prometheus asks, beside the counters that run all the time. What
/// could not be read is absent, and so are its series.
struct Readings {
  std::optional<std::vector<QueueGauges>> queues;
  std::optional<Store::Stats> store;
  std::optional<TodayGauges> today;
  bool writable = true;  ///< `Engine::writable`
};

struct RatingLabel {
  std::string level;  ///< `none` for those that would not say; dashboard and alerts count on it
  bool satisfied = false;  ///< by the configured policy, so that a dashboard need not know it
};

struct ExpositionOptions {
  std::string version;
  Time started_at{};  ///< of this process
  std::vector<std::string>
      moves;  ///< names by index of the `Move` variant; indexes beyond it are not shown
  std::vector<RatingLabel> ratings;  ///< by index of `Metrics::ratings`
  std::size_t queues_max = 100;  ///< with series of their own; the others are summed under `other`
};

inline constexpr std::string_view exposition_content_type =
    "text/plain; version=0.0.4; charset=utf-8";

/// Turns the counters into the text that Prometheus scrapes. Thread-safe. A call takes milliseconds
/// and reads /proc: not for a reactor thread. `metrics` outlives it.
class Exposition {
 public:
  Exposition(const Metrics& metrics, ExpositionOptions options)
      : metrics_(metrics), options_(std::move(options)) {}

  std::string render(const Readings& readings) const;

 private:
  const Metrics& metrics_;
  const ExpositionOptions options_;
};

}  // namespace hotline

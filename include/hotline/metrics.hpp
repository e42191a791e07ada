#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hotline {

/// Index of the calling thread among a few slots; threads beyond that share, which costs contention
/// and no correctness.
inline constexpr std::size_t metric_slots = 8;
inline std::size_t metric_slot() {
  static std::atomic<std::size_t> next{0};
  thread_local const std::size_t slot = next.fetch_add(1, std::memory_order_relaxed) % metric_slots;
  return slot;
}

/// Counts up. `add` is a relaxed add to the thread's own cache line: fit for the hottest path.
class Counter {
 public:
  void add(std::uint64_t amount = 1) {
    slots_[metric_slot()].value.fetch_add(amount, std::memory_order_relaxed);
  }
  std::uint64_t value() const {
    std::uint64_t sum = 0;
    for (const auto& slot : slots_) sum += slot.value.load(std::memory_order_relaxed);
    return sum;
  }

 private:
  struct alignas(64) Slot {
    std::atomic<std::uint64_t> value{0};
  };
  std::array<Slot, metric_slots> slots_;
};

class Gauge {
 public:
  void set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
  void add(std::int64_t amount) { value_.fetch_add(amount, std::memory_order_relaxed); }
  std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

/// Counts observations in buckets that double: bounds are `first`, 2·`first`, 4·`first`, ... and
/// above.
class Histogram {
 public:
  static constexpr std::size_t buckets = 20;

  explicit Histogram(double first) : first_(first) {}

  void observe(double value) {
    std::size_t bucket = 0;
    for (double bound = first_; bucket < buckets && value > bound; bound *= 2) ++bucket;
    counts_[bucket].add();
    // Kept in millionths of the unit, so that the sum stays an integer that threads can add to.
    sum_millionths_.add(static_cast<std::uint64_t>(value * 1e6));
  }
  double bound(std::size_t bucket) const { return first_ * static_cast<double>(1ULL << bucket); }
  /// Observations in bucket 0..buckets; the last one is above every bound.
  std::uint64_t count(std::size_t bucket) const { return counts_[bucket].value(); }
  double sum() const { return static_cast<double>(sum_millionths_.value()) * 1e-6; }

 private:
  double first_;
  std::array<Counter, buckets + 1> counts_;
  Counter sum_millionths_;
};

/// At most so many kinds of moves have counters of their own.
inline constexpr std::size_t moves_max = 64;

/// Figures of one route, labelled with its name.
struct RouteMetrics {
  std::string route;                ///< constant after construction
  std::array<Counter, 6> by_class;  ///< answers by the first digit of the status, 1..5; 0 unused
  Histogram seconds{0.00005};  ///< from the request being read to the answer being written; waiting
                               ///< in long polls included
};

/// Everything the daemon counts. One object, made at start; each member is incremented anywhere, by
/// any thread, and read by `metrics` when Prometheus scrapes.
struct Metrics {
  // HTTP
  std::vector<std::unique_ptr<RouteMetrics>>
      routes;  ///< filled before the server starts, then constant
  Gauge connections;
  Counter connections_accepted;
  Counter connections_refused;  ///< past the bound
  Counter requests_malformed;   ///< refused by the framing guard or the parser, before any route

  // Engine
  std::array<Counter, moves_max> moves;     ///< applied, by index of the `Move` variant
  std::array<Counter, moves_max> refusals;  ///< refused by the rules, by the same index
  Counter repeats;                          ///< answered from idempotency
  Counter overloads;                        ///< refused because a bound was reached
  Counter commits;
  Counter commit_failures;
  Counter committed_bytes;
  Histogram commit_seconds{0.00005};
  Histogram batch_items{1};
  Gauge command_queue_bytes;
  Gauge command_queue_items;
  Counter leases_granted;
  Counter leases_expired;
  Counter leases_ended;  ///< released, failed or consumed
  Counter dead_letters;
  Counter deadlines_passed;
  Counter deadlines_provisional;   ///< laid down in a year whose holidays are not published yet
  Gauge calendar_published_until;  ///< end of the last published year, Unix seconds; 0: none
  Gauge waiters;

  // Tickets, as the field counts them
  Counter tickets_received;
  std::array<Counter, 3> tickets_by_handling;  ///< at intake: 0 undecided, 1 direct, 2 transferred
  std::array<Counter, 6> ratings;              ///< by level 1..5; 0: reached, would not say
  std::array<Counter, 11> notices_posted;      ///< by `NoticeKind`; the gaps are unused
  std::array<Counter, 3> notices_ended;        ///< by `NoticeOutcome`; 0 unused
  std::array<Counter, 2> model_decisions;      ///< at intake: 0 left to a person, 1 dispatched
  std::array<Counter, 4> model_agreement;      ///< by `Agreement`
  Histogram classify_seconds{0.000002};
  Histogram engine_seconds{0.00005};  ///< a command's way from submission to its durable answer
};

}  // namespace hotline

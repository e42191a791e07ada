#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace bench {

/// Latencies in logarithmic buckets, 32 to each doubling: a percentile is right within 3 %,
/// whatever its size. One thread adds; merge when all have ended.
class Latencies {
 public:
  void add(std::chrono::nanoseconds latency);
  void merge(const Latencies& other);
  std::uint64_t count() const { return count_; }
  /// The upper bound of the bucket that holds the quantile `q` in [0, 1].
  std::chrono::nanoseconds quantile(double q) const;
  std::chrono::nanoseconds largest() const { return largest_; }

 private:
  static constexpr unsigned sub_bits = 5;
  static constexpr std::size_t buckets = (64 - sub_bits) << sub_bits;
  static std::size_t bucket_of(std::uint64_t value);
  static std::uint64_t upper_bound_of(std::size_t bucket);

  std::array<std::uint64_t, buckets> counts_{};
  std::uint64_t count_ = 0;
  std::chrono::nanoseconds largest_{0};
};

}  // namespace bench

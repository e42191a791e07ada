#include "bench/load/latencies.hpp"

#include <algorithm>

namespace bench {

void Latencies::add(std::chrono::nanoseconds latency) {
  const double ms = std::chrono::duration<double, std::milli>(latency).count();
  counts_(ms);
  largest_ms_ = std::max(largest_ms_, ms);
}

void Latencies::merge(const Latencies& other) {
  counts_ += other.counts_;
  largest_ms_ = std::max(largest_ms_, other.largest_ms_);
}

double Latencies::quantile_ms(double q) const {
  double count = 0;
  for (const auto bucket : counts_) count += static_cast<double>(bucket);
  double seen = 0;
  // From the bucket for what is shorter than all others to the one for what is longer.
  for (int i = -1; i <= static_cast<int>(buckets); ++i) {
    seen += static_cast<double>(counts_.at(i));
    if (seen > q * count) return std::min(counts_.axis().value(i + 1), largest_ms_);
  }
  return largest_ms_;
}

}  // namespace bench

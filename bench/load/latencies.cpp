#include "load/latencies.hpp"

#include <algorithm>

namespace bench {

std::size_t Latencies::bucket_of(std::uint64_t value) {
  if (value < (1u << sub_bits)) return value;
  const auto shift = static_cast<unsigned>(std::bit_width(value)) - sub_bits - 1;
  return ((shift + 1) << sub_bits) + ((value >> shift) - (1u << sub_bits));
}

std::uint64_t Latencies::upper_bound_of(std::size_t bucket) {
  const std::size_t row = bucket >> sub_bits;
  const std::uint64_t column = bucket & ((1u << sub_bits) - 1);
  if (row == 0) return column;
  return ((column + (1u << sub_bits) + 1) << (row - 1)) - 1;
}

void Latencies::add(std::chrono::nanoseconds latency) {
  ++counts_[bucket_of(static_cast<std::uint64_t>(std::max<std::int64_t>(0, latency.count())))];
  ++count_;
  largest_ = std::max(largest_, latency);
}

void Latencies::merge(const Latencies& other) {
  for (std::size_t i = 0; i < buckets; ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  largest_ = std::max(largest_, other.largest_);
}

std::chrono::nanoseconds Latencies::quantile(double q) const {
  const auto rank = static_cast<std::uint64_t>(q * static_cast<double>(count_));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets; ++i) {
    seen += counts_[i];
    if (seen > rank || seen == count_) {
      const std::chrono::nanoseconds bound{static_cast<std::int64_t>(upper_bound_of(i))};
      return std::min(bound, largest_);
    }
  }
  return largest_;
}

}  // namespace bench

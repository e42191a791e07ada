#pragma once

#include <chrono>
#include <cstdint>
#include <tuple>

#include <boost/histogram/axis/regular.hpp>
#include <boost/histogram/histogram.hpp>
#include <boost/histogram/storage_adaptor.hpp>

namespace bench {

/// Latencies in buckets that are each 1 % wider than the one before, from 1 µs to 100 s. One thread
/// adds; merge when all have ended.
class Latencies {
 public:
  void add(std::chrono::nanoseconds latency);
  void merge(const Latencies& other);
  /// The upper bound of the bucket that holds the quantile `q` in [0, 1], in ms; 0 without any.
  double quantile_ms(double q) const;
  double largest_ms() const { return largest_ms_; }

 private:
  using Axis = boost::histogram::axis::regular<double, boost::histogram::axis::transform::log>;
  using Counts =
      boost::histogram::histogram<std::tuple<Axis>, boost::histogram::dense_storage<std::uint64_t>>;
  static constexpr unsigned buckets = 1852;

  Counts counts_{std::make_tuple(Axis(buckets, 1e-3, 1e5))};
  double largest_ms_ = 0;
};

}  // namespace bench

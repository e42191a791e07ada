#include "metrics/families.hpp"

#include <limits>

namespace hotline {

Families& Families::begin(std::string name, std::string help, prometheus::MetricType type) {
  families_.push_back({std::move(name), std::move(help), type, {}});
  return *this;
}

Families& Families::value(double value, MetricLabels labels) {
  prometheus::ClientMetric sample;
  sample.label = std::move(labels);
  if (families_.back().type == prometheus::MetricType::Counter) {
    sample.counter.value = value;
  } else {
    sample.gauge.value = value;
  }
  families_.back().metric.push_back(std::move(sample));
  return *this;
}

Families& Families::value(const Histogram& histogram, MetricLabels labels) {
  prometheus::ClientMetric sample;
  sample.label = std::move(labels);
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket <= Histogram::buckets; ++bucket) {
    seen += histogram.count(bucket);
    const double bound = bucket == Histogram::buckets ? std::numeric_limits<double>::infinity()
                                                      : histogram.bound(bucket);
    sample.histogram.bucket.push_back({seen, bound});
  }
  // Summed from what was just read, so that count and +Inf agree while other threads count on.
  sample.histogram.sample_count = seen;
  sample.histogram.sample_sum = histogram.sum();
  families_.back().metric.push_back(std::move(sample));
  return *this;
}

}  // namespace hotline

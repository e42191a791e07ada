#pragma once

#include <string>
#include <utility>
#include <vector>

#include <prometheus/metric_family.h>

#include "hotline/metrics.hpp"

namespace hotline {

using MetricLabels = std::vector<prometheus::ClientMetric::Label>;

/// Collects families in the order in which they are begun; samples go to the latest one.
class Families {
 public:
  Families& counter(std::string name, std::string help) {
    return begin(std::move(name), std::move(help), prometheus::MetricType::Counter);
  }
  Families& gauge(std::string name, std::string help) {
    return begin(std::move(name), std::move(help), prometheus::MetricType::Gauge);
  }
  Families& histogram(std::string name, std::string help) {
    return begin(std::move(name), std::move(help), prometheus::MetricType::Histogram);
  }

  /// A sample of the counter or gauge that was begun last.
  Families& value(double value, MetricLabels labels = {});
  /// A sample of the histogram that was begun last.
  Families& value(const Histogram& histogram, MetricLabels labels = {});

  const std::vector<prometheus::MetricFamily>& all() const { return families_; }

 private:
  Families& begin(std::string name, std::string help, prometheus::MetricType type);

  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace hotline

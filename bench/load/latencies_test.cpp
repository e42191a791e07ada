#include "bench/load/latencies.hpp"

#include <gtest/gtest.h>

namespace bench {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr double bucket_width = 0.011;

TEST(Latencies, EmptyIsZero) {
  EXPECT_EQ(Latencies().quantile_ms(0.5), 0);
  EXPECT_EQ(Latencies().largest_ms(), 0);
}

TEST(Latencies, QuantilesAreRightWithinABucket) {
  Latencies latencies;
  for (int ms = 1; ms <= 1000; ++ms) latencies.add(milliseconds{ms});
  for (const double q : {0.01, 0.5, 0.9, 0.99, 0.999}) {
    const double exact = 1000 * q;
    EXPECT_GE(latencies.quantile_ms(q), exact) << q;
    EXPECT_LE(latencies.quantile_ms(q), (exact + 1) * (1 + bucket_width)) << q;
  }
  EXPECT_EQ(latencies.quantile_ms(1), 1000);
  EXPECT_EQ(latencies.largest_ms(), 1000);
}

TEST(Latencies, WhatLiesOutsideTheBucketsCounts) {
  Latencies latencies;
  latencies.add(nanoseconds{1});
  latencies.add(milliseconds{5});
  latencies.add(seconds{500});
  EXPECT_NEAR(latencies.quantile_ms(0), 0.001, 1e-6);
  EXPECT_NEAR(latencies.quantile_ms(0.5), 5, 5 * bucket_width);
  EXPECT_EQ(latencies.quantile_ms(0.9), 500'000);
}

TEST(Latencies, MergedIsAsIfOneHadSeenAll) {
  Latencies all;
  Latencies even;
  Latencies odd;
  for (int i = 1; i <= 5000; ++i) {
    all.add(microseconds{i});
    (i % 2 == 0 ? even : odd).add(microseconds{i});
  }
  even.merge(odd);
  for (const double q : {0.0, 0.25, 0.5, 0.99}) {
    EXPECT_EQ(even.quantile_ms(q), all.quantile_ms(q)) << q;
  }
  EXPECT_EQ(even.largest_ms(), all.largest_ms());
}

}  // namespace
}  // namespace bench

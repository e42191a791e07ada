#pragma once

#include "metrics/exposition.hpp"

namespace hotline {

/// A daemon that has done a little of everything.
inline void fill_sample(Metrics& metrics) {
  metrics.routes.push_back(std::make_unique<RouteMetrics>());
  metrics.routes.back()->route = "create_ticket";
  metrics.routes.back()->by_class[2].add(3);
  metrics.routes.back()->by_class[4].add();
  metrics.routes.back()->seconds.observe(0.002);
  metrics.moves[0].add(5);
  metrics.refusals[2].add(2);
  metrics.commits.add(4);
  metrics.committed_bytes.add(1000);
  metrics.tickets_received.add(5);
  metrics.tickets_by_handling[2].add(3);
  metrics.ratings[0].add();
  metrics.ratings[2].add(7);
  metrics.notices_posted[1].add(4);
  metrics.notices_ended[2].add();
  metrics.model_decisions[1].add(6);
  metrics.model_agreement[3].add(2);
}

inline ExpositionOptions sample_options() {
  return {.version = "1.2.3",
          .started_at = Time{std::chrono::milliseconds{1'622'505'600'500}},
          .moves = {"intake", "dispatch", "sign"},
          .ratings = {{"none", false},
                      {"very_satisfied", true},
                      {"satisfied", true},
                      {"basically_satisfied", true},
                      {"dissatisfied", false},
                      {"very_dissatisfied", false}},
          .queues_max = 100};
}

/// The half-year of Jieshou, 2021, as if it had been one day.
inline Readings sample_readings() {
  Readings readings;
  readings.queues = {{"triage", 4, 1, 0, 1, 90.5, 0}, {"callback", 2, 0, 0, 0, 10, 3}};
  readings.store = Store::Stats{1 << 20, 1 << 16, false};
  readings.today = TodayGauges{13'700, 13'611, 7021, 6590, 13'000, 1200, 1000, 964};
  return readings;
}

}  // namespace hotline

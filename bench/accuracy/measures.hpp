#pragma once

#include <cstdint>
#include <filesystem>

namespace hotline::bench {

/// How the measures train; each prints its lines of the table.
struct Options {
  std::filesystem::path tickets;
  double c = 2;
  double city_c = 2;
  std::uint32_t own_times = 4;  ///< a second city's row against one of the first
  unsigned repeats = 10;        ///< of the second city's folds
};

/// Categories of the first city: accuracy, coverage at a precision, calibration.
void measure_routing(const Options& options);
/// The second city with the first's rows added, against plainly pooling both.
void measure_second_city(const Options& options);
void measure_departments(const Options& options);
void measure_inquiries(const Options& options);
/// Time of one decision of a model with every head, and its bytes.
void measure_cost(const Options& options);

}  // namespace hotline::bench

#pragma once

#include <string>
#include <vector>

#include "learn/figures.hpp"
#include "learn/training_set.hpp"

namespace hotline::learn {

/// One trained head and how it fares.
struct HeadReport {
  const HeadPlan& plan;
  const TrainedHead& trained;
  HeadFigures figures;
};

/// What a training came to, for the people who will rely on the model.
struct Report {
  const TrainingSet& set;
  std::size_t model_bytes = 0;
  std::vector<HeadReport> heads;
  std::vector<std::string> notes;  ///< such as heads that could not be trained, and why
};

/// In Chinese, for a terminal.
std::string text_report(const Report& report);
/// The same with confusion tables and plots, as one HTML page that needs nothing else: no script,
/// no file, no net.
std::string html_report(const Report& report);

}  // namespace hotline::learn

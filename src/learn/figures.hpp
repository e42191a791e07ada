#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "learn/trainer.hpp"

namespace hotline::learn {

/// How a class fared among held-out rows.
struct ClassFigures {
  std::size_t rows = 0;     ///< with this label
  std::size_t decided = 0;  ///< for it
  std::size_t right = 0;

  double precision() const;  ///< 0 where nothing was decided for it
  double recall() const;
  double f1() const;
};

/// Decisions of like confidence.
struct ReliabilityBin {
  double confidence = 0;  ///< mean of what was claimed
  double precision = 0;   ///< share of right ones
  std::size_t decisions = 0;
};

/// What comes of deciding only from some confidence on.
struct CurvePoint {
  double coverage = 0;
  double precision = 0;
};

/// A threshold and what one that was chosen the same way did to rows that it was not chosen by.
struct ThresholdFigures {
  classify::PrecisionThreshold threshold;
  std::size_t covered = 0;
  std::size_t right = 0;
};

/// Everything here comes from rows that the head which scored them did not see; slopes and
/// thresholds that judge a fold come from the other folds. Only C was chosen on all of them.
struct HeadFigures {
  std::size_t rows = 0;
  double accuracy = 0;
  double macro_f1 = 0;  ///< over classes with rows
  double top3 = 0;      ///< share of rows whose label is among the three best
  double calibration_error = 0;
  std::optional<double> auc;                          ///< of yes or no only
  std::vector<ClassFigures> classes;                  ///< of yes or no: no, then yes
  std::vector<std::vector<std::uint32_t>> confusion;  ///< by label, then decision
  std::vector<ReliabilityBin> bins;                   ///< equally many decisions in each
  std::vector<CurvePoint> curve;                      ///< ascending coverage
  std::vector<ThresholdFigures> thresholds;           ///< as the head has them
};

HeadFigures figures_of(const TrainedHead& trained);

}  // namespace hotline::learn

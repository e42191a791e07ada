#pragma once

#include <string>

#include "learn/figures.hpp"

namespace hotline::learn {

/// Claimed confidence against the share of right decisions, as an SVG element: a calibrated head
/// lies on the diagonal.
std::string reliability_plot(const HeadFigures& figures);

/// The precision of what is decided against the share that is decided, as an SVG element; lines
/// across are the targets of the head's thresholds.
std::string coverage_plot(const HeadFigures& figures);

}  // namespace hotline::learn

#include "learn/plots.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace hotline::learn {
namespace {

/// A square of 300 by 300 in which both axes are shares; room for labels around it.
class Plot {
 public:
  /// `least`: where both axes begin, in tenths below 1.
  Plot(std::string_view title, std::string_view across, std::string_view up, double least_x,
       double least_y)
      : least_x_(least_x), least_y_(least_y) {
    out_ = fmt::format(
        "<svg viewBox=\"0 0 380 370\" width=\"380\" height=\"370\" role=\"img\" "
        "aria-label=\"{0}\"><title>{0}</title>\n"
        "<text x=\"200\" y=\"16\" class=\"title\">{0}</text>\n"
        "<text x=\"200\" y=\"362\" class=\"axis\">{1}</text>\n"
        "<text x=\"14\" y=\"175\" class=\"axis\" transform=\"rotate(-90 14 175)\">{2}</text>\n",
        title, across, up);
    for (int tick = 0; tick <= 5; ++tick) draw_tick(tick / 5.0);
  }

  double x(double share) const { return left + side * (share - least_x_) / (1 - least_x_); }
  double y(double share) const { return top + side * (1 - (share - least_y_) / (1 - least_y_)); }

  void line(double x1, double y1, double x2, double y2, std::string_view kind) {
    out_ += fmt::format(
        "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" class=\"{}\"/>\n", x(x1),
        y(y1), x(x2), y(y2), kind);
  }
  void dot(double at_x, double at_y, std::string_view told) {
    out_ += fmt::format(
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" class=\"dot\"><title>{}</title></circle>\n",
        x(at_x), y(at_y), told);
  }
  void path(const std::vector<CurvePoint>& points) {
    out_ += "<polyline class=\"curve\" points=\"";
    for (const CurvePoint& point : points) {
      out_ +=
          fmt::format("{:.1f},{:.1f} ", x(point.coverage), y(std::max(point.precision, least_y_)));
    }
    out_ += "\"/>\n";
  }
  void label(double at_x, double at_y, std::string_view text) {
    out_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"label\">{}</text>\n", x(at_x),
                        y(at_y) - 4, text);
  }

  std::string take() { return out_ + "</svg>\n"; }

 private:
  static constexpr double left = 50;
  static constexpr double top = 26;
  static constexpr double side = 300;

  void draw_tick(double part) {
    const double across = least_x_ + part * (1 - least_x_);
    const double up = least_y_ + part * (1 - least_y_);
    line(across, least_y_, across, 1, "grid");
    line(least_x_, up, 1, up, "grid");
    out_ += fmt::format("<text x=\"{:.1f}\" y=\"342\" class=\"tick\">{:.0f}%</text>\n", x(across),
                        100 * across);
    out_ += fmt::format("<text x=\"44\" y=\"{:.1f}\" class=\"tick side\">{:.0f}%</text>\n",
                        y(up) + 4, 100 * up);
  }

  std::string out_;
  double least_x_;
  double least_y_;
};

double tenth_below(double share) {
  return std::clamp(std::floor(share * 10 - 1e-9) / 10, 0.0, 0.9);
}

}  // namespace

std::string reliability_plot(const HeadFigures& figures) {
  double least = 0.9;
  for (const auto& bin : figures.bins) {
    least = std::min({least, tenth_below(bin.confidence), tenth_below(bin.precision)});
  }
  Plot plot("置信度是否可信(可靠性图)", "声称的置信度", "实际正确率", least, least);
  plot.line(least, least, 1, 1, "ideal");
  for (const auto& bin : figures.bins) {
    plot.dot(bin.confidence, bin.precision,
             fmt::format("{} 件:声称 {:.1f}%,实际 {:.1f}%", bin.decisions, 100 * bin.confidence,
                         100 * bin.precision));
  }
  return plot.take();
}

std::string coverage_plot(const HeadFigures& figures) {
  double least = 0.9;
  // The first few decisions say little, and one error among them would squeeze the rest.
  constexpr double from = 0.05;
  std::vector<CurvePoint> shown;
  for (const CurvePoint& point : figures.curve) {
    if (point.coverage < from) continue;
    shown.push_back(point);
    least = std::min(least, tenth_below(point.precision));
  }
  Plot plot("自动判定的覆盖率与精确率", "覆盖率(自动判定的比例)", "精确率", 0, least);
  for (const auto& each : figures.thresholds) {
    const double target = double{each.threshold.precision};
    if (target <= least) continue;
    plot.line(0, target, 1, target, "target");
    plot.label(0.01, target, fmt::format("目标 {:.1f}%", 100 * target));
  }
  plot.path(shown);
  return plot.take();
}

}  // namespace hotline::learn

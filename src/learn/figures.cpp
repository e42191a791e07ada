#include "learn/figures.hpp"

#include <algorithm>
#include <numeric>

namespace hotline::learn {
namespace {

constexpr std::size_t bins_count = 10;
constexpr std::size_t curve_points = 200;

double share(std::size_t part, std::size_t of) {
  return of == 0 ? 0 : static_cast<double>(part) / static_cast<double>(of);
}

std::size_t decision_of(const HeldOut& row) {
  if (row.scores.size() == 1) return row.scores[0] > 0 ? 1 : 0;
  return static_cast<std::size_t>(std::max_element(row.scores.begin(), row.scores.end()) -
                                  row.scores.begin());
}

bool among_best(const HeldOut& row, std::size_t best) {
  if (row.scores.size() == 1) return true;
  const float own = row.scores[row.label];
  const auto above = std::count_if(row.scores.begin(), row.scores.end(),
                                   [own](float score) { return score > own; });
  return static_cast<std::size_t>(above) < best;
}

void count_decisions(const std::vector<HeldOut>& rows, HeadFigures& out) {
  std::size_t right = 0;
  std::size_t near = 0;
  for (const HeldOut& row : rows) {
    const std::size_t decided = decision_of(row);
    ++out.classes[row.label].rows;
    ++out.classes[decided].decided;
    ++out.confusion[row.label][decided];
    near += among_best(row, 3) ? 1 : 0;
    if (decided != row.label) continue;
    ++out.classes[decided].right;
    ++right;
  }
  out.accuracy = share(right, rows.size());
  out.top3 = share(near, rows.size());
  double sum = 0;
  std::size_t seen = 0;
  for (const ClassFigures& each : out.classes) {
    if (each.rows == 0) continue;
    sum += each.f1();
    ++seen;
  }
  out.macro_f1 = seen == 0 ? 0 : sum / static_cast<double>(seen);
}

/// Chance that a yes scores above a no (area under the ROC curve), by ranks.
double auc_of(const std::vector<HeldOut>& rows) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto score = [&](std::size_t i) { return rows[i].scores[0]; };
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return score(a) < score(b); });
  double ranks = 0;
  std::size_t yes = 0;
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    while (end < order.size() && score(order[end]) == score(order[begin])) ++end;
    const double rank = static_cast<double>(begin + end + 1) / 2;
    for (; begin < end; ++begin) {
      if (rows[order[begin]].label != 1) continue;
      ranks += rank;
      ++yes;
    }
  }
  const std::size_t no = rows.size() - yes;
  const auto least = static_cast<double>(yes * (yes + 1)) / 2;
  return yes == 0 || no == 0 ? 0.5 : (ranks - least) / static_cast<double>(yes * no);
}

void judge_fold(const TrainedHead& trained, std::uint8_t fold, HeadFigures& out,
                std::vector<Outcome>& all) {
  std::vector<HeldOut> judged;
  std::vector<HeldOut> others;
  for (const HeldOut& row : trained.held_out) {
    (row.fold == fold ? judged : others).push_back(row);
  }
  const float slope = fit_slope(others);
  const auto known = outcomes(others, slope);
  const auto decisions = outcomes(judged, slope);
  for (ThresholdFigures& each : out.thresholds) {
    const float from = choose_threshold(known, double{each.threshold.precision}).confidence;
    for (const Outcome& decision : decisions) {
      // Single precision, as the daemon compares.
      if (static_cast<float>(decision.confidence) < from) continue;
      ++each.covered;
      each.right += decision.right ? 1 : 0;
    }
  }
  all.insert(all.end(), decisions.begin(), decisions.end());
}

void draw(std::vector<Outcome> decisions, HeadFigures& out) {
  // Among equals the wrong ones first, so that no order flatters.
  std::sort(decisions.begin(), decisions.end(), [](const Outcome& a, const Outcome& b) {
    return a.confidence != b.confidence ? a.confidence > b.confidence : a.right < b.right;
  });
  const std::size_t count = decisions.size();
  std::size_t right = 0;
  std::size_t next = 1;
  for (std::size_t i = 0; i < count; ++i) {
    right += decisions[i].right ? 1 : 0;
    if ((i + 1) * curve_points < next * count) continue;
    out.curve.push_back({share(i + 1, count), share(right, i + 1)});
    ++next;
  }
  for (std::size_t bin = bins_count; bin-- > 0;) {
    ReliabilityBin each;
    for (std::size_t i = bin * count / bins_count; i < (bin + 1) * count / bins_count; ++i) {
      each.confidence += decisions[i].confidence;
      each.precision += decisions[i].right ? 1 : 0;
      ++each.decisions;
    }
    if (each.decisions == 0) continue;
    each.confidence /= static_cast<double>(each.decisions);
    each.precision /= static_cast<double>(each.decisions);
    out.bins.push_back(each);
  }
}

}  // namespace

double ClassFigures::precision() const { return share(right, decided); }
double ClassFigures::recall() const { return share(right, rows); }
double ClassFigures::f1() const { return share(2 * right, rows + decided); }

HeadFigures figures_of(const TrainedHead& trained) {
  HeadFigures out;
  out.rows = trained.held_out.size();
  const std::size_t classes = std::max<std::size_t>(trained.info.classes.size(), 2);
  out.classes.resize(classes);
  out.confusion.assign(classes, std::vector<std::uint32_t>(classes));
  for (const auto& threshold : trained.info.thresholds) out.thresholds.push_back({threshold, 0, 0});
  count_decisions(trained.held_out, out);
  if (trained.info.classes.size() == 1) out.auc = auc_of(trained.held_out);
  std::uint8_t last = 0;
  for (const HeldOut& row : trained.held_out) last = std::max(last, row.fold);
  std::vector<Outcome> decisions;
  for (unsigned fold = 0; fold <= last; ++fold) {
    judge_fold(trained, static_cast<std::uint8_t>(fold), out, decisions);
  }
  out.calibration_error = calibration_error(decisions, bins_count);
  draw(std::move(decisions), out);
  return out;
}

}  // namespace hotline::learn

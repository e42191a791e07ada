#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/periods.hpp"
#include "domain/figures.hpp"
#include "domain/policy.hpp"
#include "hotline/catalogue.hpp"

namespace hotline::api {

/// A share with what it was made of; published together.
struct Rate {
  std::string_view name;
  std::int64_t numerator = 0;
  std::int64_t denominator = 0;
};

/// Half up, in whole numbers: 7021/13611 → `51.6` or, with two decimals, `51.58`. Absent when the
/// denominator is 0. Counts are not negative and below 10^14; `decimals` is 0..2.
std::optional<std::string> percent(std::int64_t numerator, std::int64_t denominator, int decimals);
/// 环比: what `percent` says of `now` less what it says of `before`, in points: `+1.2`, `-0.3`,
/// `0.0`. Absent where either has no percentage.
std::optional<std::string> change_points(const Rate& now, const Rate& before, int decimals);

/// What a report says of one group of tickets. Accepted = direct + transferred + undecided; opening
/// + received = finished + declined + closing.
struct Figures {
  std::string value;  ///< of the dimension; empty for the total
  std::string name;   ///< for people; empty when nobody knows the value
  Totals totals{};
  std::int64_t opening =
      0;  ///< 结转: received before the period, neither finished nor declined then

  std::int64_t operator[](Figure figure) const { return totals[figure]; }
  std::int64_t accepted() const { return totals[Figure::received] - totals[Figure::rejected]; }
  std::int64_t undecided() const {
    return accepted() - totals[Figure::direct] - totals[Figure::transferred];
  }
  /// What was open when the period ended: the opening of the next.
  std::int64_t closing() const {
    return opening + totals[Figure::received] - totals[Figure::finished] - totals[Figure::declined];
  }
  std::int64_t ratings(Satisfaction level) const { return totals[figure_of(level)]; }
  /// In the order of the document; `policy` says which levels satisfy.
  std::vector<Rate> rates(const Policy& policy) const;
};

/// One period of a report.
struct Section {
  Period period;
  Figures total;
  std::vector<Figures> groups;
};

struct Report {
  Section whole;
  std::string_view group_by;           ///< empty when not grouped
  std::string_view by;                 ///< empty when not cut into rows
  std::vector<Section> periods;        ///< the rows, each as of its own end
  std::optional<Section> before = {};  ///< the period before, with which `whole` is compared
};

std::string report_json(const Report& report, const Policy& policy);
/// A header line, the total (its value empty), the groups; then the same of each row. Rows have two
/// columns more in front of every line, their first and their last day.
std::string report_csv(const Report& report, const Policy& policy);
/// The sentence of the half-year report, then one a group; then the same of each row.
std::string report_text(const Report& report, const Policy& policy);

/// The name of a dimension's value; empty when it is unknown.
std::string group_name(Dimension dimension, std::string_view value, const Catalogue& catalogue);

}  // namespace hotline::api

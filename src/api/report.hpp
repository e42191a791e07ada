#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "domain/entries.hpp"
#include "domain/policy.hpp"
#include "hotline/catalogue.hpp"

namespace hotline::api {

/// A share with what it was made of; published together.
struct Rate {
  std::string_view name;
  std::int64_t numerator = 0;
  std::int64_t denominator = 0;
};

/// One decimal, half up, in whole numbers: 7021/13611 → `51.6`. Absent when the denominator is 0.
/// Counts are not negative and below 10^15.
std::optional<std::string> percent(std::int64_t numerator, std::int64_t denominator);

/// What a report says of one group of tickets. Accepted = direct + transferred + undecided.
struct Figures {
  std::string value;  ///< of the dimension; empty for the total
  std::string name;   ///< for people; empty when nobody knows the value
  CounterRow row{};

  std::int64_t operator[](Figure figure) const { return row[static_cast<std::size_t>(figure)]; }
  std::int64_t accepted() const { return (*this)[Figure::received] - (*this)[Figure::rejected]; }
  std::int64_t undecided() const {
    return accepted() - (*this)[Figure::direct] - (*this)[Figure::transferred];
  }
  std::int64_t ratings(Satisfaction level) const;
  /// In the order of the document; `policy` says which levels satisfy.
  std::vector<Rate> rates(const Policy& policy) const;
};

struct Report {
  Day from{};
  Day to{};                   ///< exclusive
  std::string_view group_by;  ///< empty when not grouped
  Figures total;
  std::vector<Figures> groups;
};

std::string report_json(const Report& report, const Policy& policy);
/// A header line, the total (its value empty), the groups.
std::string report_csv(const Report& report, const Policy& policy);
/// The sentence of the half-year report, then one a group.
std::string report_text(const Report& report, const Policy& policy);

/// `2021年上半年`, `2021年6月1日` or `2021年1月1日至2021年3月31日`; `to` is exclusive.
std::string period_words(Day from, Day to);

/// The name of a dimension's value; empty when it is unknown.
std::string group_name(Dimension dimension, std::string_view value, const Catalogue& catalogue);

}  // namespace hotline::api

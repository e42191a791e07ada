#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace hotline::api {

/// The rows that a report over a period may be cut into. Calendar ones: a week begins on Monday, a
/// quarter in January, April, July or October.
enum class Step { day, week, month, quarter, half_year, year };
inline constexpr std::array<std::pair<std::string_view, Step>, 6> steps{
    {{"day", Step::day},
     {"week", Step::week},
     {"month", Step::month},
     {"quarter", Step::quarter},
     {"half_year", Step::half_year},
     {"year", Step::year}}};

/// [from, to).
struct Period {
  Day from{};
  Day to{};
  bool operator==(const Period&) const = default;
};

/// The first day after `day` on which a new row begins.
Day next_begin(Step step, Day day);

/// `whole` cut at the calendar's edges: the first and the last may be shorter than a step.
std::vector<Period> cut_into(Step step, Period whole);

/// The period that `period` is compared with (环比): for whole months as many whole months before
/// it, else as many days.
Period period_before(Period period);

/// `2021年上半年`, `2021年第一季度`, `2021年6月`, `2021年6月1日` or `2021年1月1日至2021年3月30日`.
std::string period_words(Period period);

}  // namespace hotline::api

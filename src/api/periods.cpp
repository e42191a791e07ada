#include "api/periods.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace hotline::api {
namespace {

/// The first day after `day` of a stretch of so many months, counted from January.
Day next_months(Day day, unsigned months) {
  const std::chrono::year_month_day date{day};
  const unsigned begun = (static_cast<unsigned>(date.month()) - 1) / months * months;
  const auto first = date.year() / std::chrono::month{begun + 1};
  return Day{(first + std::chrono::months{months}) / std::chrono::day{1}};
}

std::string day_words(Day day) {
  const std::chrono::year_month_day date{day};
  return fmt::format("{}年{}月{}日", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

/// The name of so many whole months from `month` on; empty when they have none.
std::string months_words(unsigned month, std::int64_t count) {
  static constexpr std::array<std::string_view, 4> quarters{"第一季度", "第二季度", "第三季度",
                                                            "第四季度"};
  if (count == 1) return fmt::format("{}月", month);
  if (count == 3 && month % 3 == 1) return std::string(quarters[month / 3]);
  if (count == 6 && month % 6 == 1) return month == 1 ? "上半年" : "下半年";
  return {};
}

/// How many whole months a period has; 0 when it does not begin and end with one.
std::int64_t whole_months(Period period) {
  const std::chrono::year_month_day first{period.from};
  const std::chrono::year_month_day end{period.to};
  const bool whole = first.day() == std::chrono::day{1} && end.day() == std::chrono::day{1};
  return whole ? (end.year() / end.month() - first.year() / first.month()).count() : 0;
}

}  // namespace

Day next_begin(Step step, Day day) {
  switch (step) {
    case Step::day:
      return day + std::chrono::days{1};
    case Step::week:
      return day + std::chrono::days{8} -
             std::chrono::days{std::chrono::weekday{day}.iso_encoding()};
    case Step::month:
      return next_months(day, 1);
    case Step::quarter:
      return next_months(day, 3);
    case Step::half_year:
      return next_months(day, 6);
    case Step::year:
      return next_months(day, 12);
  }
  return day + std::chrono::days{1};
}

std::vector<Period> cut_into(Step step, Period whole) {
  std::vector<Period> out;
  for (Day from = whole.from; from < whole.to;) {
    const Day to = std::min(next_begin(step, from), whole.to);
    out.push_back({from, to});
    from = to;
  }
  return out;
}

Period period_before(Period period) {
  const auto months = whole_months(period);
  if (months == 0) return {period.from - (period.to - period.from), period.from};
  const std::chrono::year_month_day first{period.from};
  const auto begin = first.year() / first.month() - std::chrono::months{months};
  return {Day{begin / std::chrono::day{1}}, period.from};
}

std::string period_words(Period period) {
  const std::chrono::year_month_day first{period.from};
  const auto months = whole_months(period);
  const auto month = static_cast<unsigned>(first.month());
  const auto year = static_cast<int>(first.year());
  if (months == 12 && month == 1) return fmt::format("{}年", year);
  if (const auto words = months_words(month, months); !words.empty()) {
    return fmt::format("{}年{}", year, words);
  }
  const Day last = period.to - std::chrono::days{1};
  if (period.from == last) return day_words(last);
  return fmt::format("{}至{}", day_words(period.from), day_words(last));
}

}  // namespace hotline::api

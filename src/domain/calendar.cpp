#include "domain/calendar.hpp"

#include <algorithm>

namespace hotline {
namespace {

using std::chrono::days;
using std::chrono::year;

// The tables hold these years: 84,006 days, 0.6 MB. Beyond them every day counts as working, so
// that every question has an answer.
constexpr year first_year{1970};
constexpr year end_year{2200};
constexpr Day table_begin{std::chrono::local_days{first_year / 1 / 1}};
constexpr Day table_end{std::chrono::local_days{end_year / 1 / 1}};
constexpr std::int64_t table_days = (table_end - table_begin).count();

bool is_weekend(Day day) {
  const std::chrono::weekday weekday{day};
  return weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
}

year year_of(Day day) { return std::chrono::year_month_day{day}.year(); }

int years_from_first(year value) { return static_cast<int>(value) - static_cast<int>(first_year); }

Time end_of(Day day, UtcOffset zone) {
  return start_of_day(day + days{1}, zone) - std::chrono::seconds{1};
}

}  // namespace

Calendar::Calendar(std::span<const CalendarDay> given, const WorkingHours& hours)
    : hours_(hours),
      exceptions_(given.begin(), given.end()),
      published_(static_cast<std::size_t>(years_from_first(end_year))) {
  std::ranges::sort(exceptions_);
  std::vector<bool> working(static_cast<std::size_t>(table_days));
  for (std::size_t at = 0; at < working.size(); ++at) {
    working[at] = !is_weekend(table_begin + days{at});
  }
  for (const CalendarDay& one : given) {
    if (one.day < table_begin || one.day >= table_end) continue;
    working[static_cast<std::size_t>(index(one.day))] = !one.off;
    const std::chrono::year_month_day date{one.day};
    const bool national_day = date == date.year() / std::chrono::October / 1;
    if (one.off && national_day) {
      published_[static_cast<std::size_t>(years_from_first(date.year()))] = true;
    }
  }
  rank_.reserve(working.size());
  for (std::size_t at = 0; at < working.size(); ++at) {
    if (working[at]) working_.push_back(static_cast<std::int32_t>(at));
    rank_.push_back(static_cast<std::int32_t>(working_.size()));
  }
}

std::int64_t Calendar::index(Day day) const { return (day - table_begin).count(); }

std::int64_t Calendar::rank(Day day) const {
  const std::int64_t at = index(day);
  if (at < 0) return at + 1;
  if (at >= table_days) return rank_.back() + (at - table_days) + 1;
  return rank_[static_cast<std::size_t>(at)];
}

Day Calendar::at_rank(std::int64_t rank) const {
  const auto known = static_cast<std::int64_t>(working_.size());
  if (rank < 1) return table_begin + days{rank - 1};
  if (rank > known) return table_end + days{rank - known - 1};
  return table_begin + days{working_[static_cast<std::size_t>(rank - 1)]};
}

bool Calendar::is_working(Day day) const { return rank(day) > rank(day - days{1}); }

bool Calendar::is_published(Day day) const {
  if (day < table_begin || day >= table_end) return false;
  return published_[static_cast<std::size_t>(years_from_first(year_of(day)))];
}

std::optional<Day> Calendar::published_until() const {
  const auto last = std::find(published_.rbegin(), published_.rend(), true);
  if (last == published_.rend()) return std::nullopt;
  const auto years = published_.rend() - last;  // up to and including the last one
  const year next{static_cast<int>(first_year) + static_cast<int>(years)};
  return Day{next / 1 / 1} - days{1};
}

std::int64_t Calendar::working_days_between(Day from, Day to) const {
  return rank(to) - rank(from);
}

Day Calendar::add_working_days(Day day, std::int64_t count) const {
  if (count == 0) return day;
  if (count > 0) return at_rank(rank(day) + count);
  return at_rank(rank(day - days{1}) + count + 1);
}

Duration Calendar::worked_of_day(Duration time) const {
  const auto part = [time](Duration from, Duration to) {
    return std::max(Duration{0}, std::min(time, to) - from);
  };
  return part(hours_.morning_from, hours_.morning_to) +
         part(hours_.afternoon_from, hours_.afternoon_to);
}

Duration Calendar::working_time_between(Time from, Time to, UtcOffset zone) const {
  if (to <= from) return Duration{0};
  const Day first = local_day(from, zone);
  const Day last = local_day(to, zone);
  const Duration whole = worked_of_day(days{1});
  // Full days in [first, last), without what of the first has passed and with what of the last has.
  Duration sum = whole * working_days_between(first - days{1}, last - days{1});
  if (is_working(first)) sum -= worked_of_day(time_of_day(from, zone));
  if (is_working(last)) sum += worked_of_day(time_of_day(to, zone));
  return sum;
}

Time Calendar::add_working_time(Time from, Duration amount, UtcOffset zone) const {
  const Duration whole = worked_of_day(days{1});
  Day day = local_day(from, zone);
  if (amount <= Duration{0} || whole <= Duration{0}) return from;
  // Counted from the first day's opening; what ends with a day's last hour ends on that day.
  Duration left = amount;
  if (is_working(day)) left += worked_of_day(time_of_day(from, zone));
  const std::int64_t full = (left - Duration{1}) / whole;
  left -= whole * full;
  const std::int64_t further = is_working(day) ? full : full + 1;
  day = add_working_days(day, further);
  const Duration morning = hours_.morning_to - hours_.morning_from;
  const Duration of_day =
      left <= morning ? hours_.morning_from + left : hours_.afternoon_from + (left - morning);
  return start_of_day(day, zone) + of_day;
}

Time Calendar::opening(Day day, UtcOffset zone) const {
  return start_of_day(day, zone) + hours_.morning_from;
}

Time Calendar::due(Time from, TimeSpan limit, UtcOffset zone) const {
  switch (limit.unit) {
    case TimeUnit::minutes:
      return from + std::chrono::minutes{limit.amount};
    case TimeUnit::hours:
      return from + std::chrono::hours{limit.amount};
    case TimeUnit::working_hours:
      return add_working_time(from, std::chrono::hours{limit.amount}, zone);
    case TimeUnit::days:
      return end_of(local_day(from, zone) + days{limit.amount}, zone);
    case TimeUnit::working_days:
      return end_of(add_working_days(local_day(from, zone), limit.amount), zone);
  }
  return from;
}

Time Calendar::before(Time due, TimeSpan span, UtcOffset zone) const {
  switch (span.unit) {
    case TimeUnit::minutes:
      return due - std::chrono::minutes{span.amount};
    case TimeUnit::hours:
    case TimeUnit::working_hours:
      return due - std::chrono::hours{span.amount};
    case TimeUnit::days:
      return opening(local_day(due, zone) - days{span.amount}, zone);
    case TimeUnit::working_days:
      return opening(add_working_days(local_day(due, zone), -std::int64_t{span.amount}), zone);
  }
  return due;
}

Time Calendar::after(Time due, TimeSpan span, UtcOffset zone) const {
  if (span.unit == TimeUnit::days) return opening(local_day(due, zone) + days{span.amount}, zone);
  if (span.unit == TimeUnit::working_days) {
    return opening(add_working_days(local_day(due, zone), span.amount), zone);
  }
  return this->due(due, span, zone);
}

Time Calendar::shifted(Time due, Time from, Time to, TimeUnit unit, UtcOffset zone) const {
  if (to <= from) return due;
  const Day first = local_day(from, zone);
  const Day last = local_day(to, zone);
  switch (unit) {
    case TimeUnit::minutes:
    case TimeUnit::hours:
      return due + (to - from);
    case TimeUnit::working_hours:
      return add_working_time(due, working_time_between(from, to, zone), zone);
    case TimeUnit::days:
      return due + (last - first);
    case TimeUnit::working_days: {
      const std::int64_t stood = working_days_between(first, last);
      if (stood == 0) return due;
      return end_of(add_working_days(local_day(due, zone), stood), zone);
    }
  }
  return due;
}

}  // namespace hotline

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/time.hpp"

namespace hotline {

/// In what a time limit is counted. Hours run from the moment itself, days from the day after.
enum class TimeUnit : std::uint8_t {
  minutes,        ///< 分钟
  hours,          ///< 小时
  working_hours,  ///< 工作小时: only the working hours of working days pass
  days,           ///< 自然日
  working_days,   ///< 工作日
};

/// A time limit as a rule states it, e.g. five working days.
struct TimeSpan {
  std::uint32_t amount = 0;
  TimeUnit unit = TimeUnit::hours;
  auto operator<=>(const TimeSpan&) const = default;
};

/// One day on which the yearly notice departs from the week: a public holiday (放假), or a day at
/// the weekend that is worked to make up for one (调休上班).
struct CalendarDay {
  Day day{};
  bool off = true;
  auto operator<=>(const CalendarDay&) const = default;
};

/// The office's hours, twice a day, as times of day; the second pair is empty where there is no
/// pause. Eight hours by default (国务院关于职工工作时间的规定, 国务院令第174号, art. 3).
struct WorkingHours {
  Duration morning_from = std::chrono::hours{9};
  Duration morning_to = std::chrono::hours{12};
  Duration afternoon_from = std::chrono::hours{13};
  Duration afternoon_to = std::chrono::hours{18};
  bool operator==(const WorkingHours&) const = default;
};

/// The working calendar (工作日历). A year is *published* once its notice is in the table
/// (国务院办公厅 关于…年部分节假日安排的通知): it then holds the year's National Day, 1 October.
/// Only such years are law; in all others Monday to Friday count as working days, provisionally.
///
/// Made once, never changed, thread-safe; every question is answered from tables, without a loop
/// over days and without allocation. All days and times of day are those of the zone.
class Calendar {
 public:
  /// No published year: the plain week.
  Calendar() : Calendar({}, {}) {}
  Calendar(std::span<const CalendarDay> days, const WorkingHours& hours);

  bool is_working(Day day) const;
  bool is_published(Day day) const;
  /// The last day of the last published year; absent when none is.
  std::optional<Day> published_until() const;
  const WorkingHours& hours() const { return hours_; }
  /// What it was made of, by day.
  const std::vector<CalendarDay>& exceptions() const { return exceptions_; }

  /// Working days in (from, to]; negative when `to` lies before `from`.
  std::int64_t working_days_between(Day from, Day to) const;
  /// The `count`-th working day after `day` when positive, before it when negative; `day` itself
  /// for 0.
  Day add_working_days(Day day, std::int64_t count) const;

  /// Working time in [from, to); zero when `to` is not later.
  Duration working_time_between(Time from, Time to, UtcOffset zone) const;
  /// The first moment by which `amount` of working time has passed since `from`.
  Time add_working_time(Time from, Duration amount, UtcOffset zone) const;

  /// When a limit that began at `from` ends. In hours: that much later. In days: the last second
  /// (23:59:59) of the last day, counted from the day after `from`.
  Time due(Time from, TimeSpan limit, UtcOffset zone) const;
  /// When to remind that much before `due`. In days: when the office opens on that day.
  Time before(Time due, TimeSpan span, UtcOffset zone) const;
  /// When to follow up that much after `due`. In days: when the office opens on that day.
  Time after(Time due, TimeSpan span, UtcOffset zone) const;

  /// `due` moved on by the time in which its clock stood, from `from` to `to`. In days: by the days
  /// that ended in between.
  Time shifted(Time due, Time from, Time to, TimeUnit unit, UtcOffset zone) const;

 private:
  std::int64_t index(Day day) const;
  /// Working days up to and including `day`, counted from the table's beginning.
  std::int64_t rank(Day day) const;
  Day at_rank(std::int64_t rank) const;
  Duration worked_of_day(Duration time_of_day) const;
  Time opening(Day day, UtcOffset zone) const;

  WorkingHours hours_;
  std::vector<CalendarDay> exceptions_;
  std::vector<std::int32_t> rank_;     ///< by day since the table's beginning, the day included
  std::vector<std::int32_t> working_;  ///< the working days themselves
  std::vector<bool> published_;        ///< by year since the table's beginning
};

}  // namespace hotline

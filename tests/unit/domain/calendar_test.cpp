#include "domain/calendar.hpp"

#include <gtest/gtest.h>

#include "support/notices.hpp"

namespace hotline {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

Day day(std::string_view text) { return *parse_day(text); }
Time at(std::string_view text) { return *parse_rfc3339(std::string(text) + "+08:00"); }
std::string show(Time time) { return format_rfc3339(time, china_offset).substr(0, 19); }

class CalendarTest : public testing::Test {
 protected:
  const Calendar calendar{test::notices_of_2023_and_2026(), {}};
};

struct Case {
  const char* source;
  const char* from;
  TimeSpan limit;
  const char* due;
};

// Counted by finger along the notice's sentences: the day of dispatch does not count, the limit
// ends with the last day.
TEST_F(CalendarTest, LimitsInDaysEndWithTheirLastDay) {
  const auto wd = [](std::uint32_t amount) { return TimeSpan{amount, TimeUnit::working_days}; };
  const auto d = [](std::uint32_t amount) { return TimeSpan{amount, TimeUnit::days}; };
  const std::vector<Case> table{
      {"plain week: Wed; Thu, Fri, Mon", "2026-03-04T10:00:00", wd(3), "2026-03-09T23:59:59"},
      {"2026 元旦: 1-3 off, Sun 4 worked", "2025-12-31T23:59:00", wd(2), "2026-01-05T23:59:59"},
      {"2026 春节: Sat 14 worked, 15-23 off, then 24 to 27", "2026-02-13T09:00:00", wd(5),
       "2026-02-27T23:59:59"},
      {"2026 春节: the sixth is Sat 28, worked", "2026-02-13T09:00:00", wd(6),
       "2026-02-28T23:59:59"},
      {"dispatched in the holiday: the first is Tue 24", "2026-02-17T09:00:00", wd(1),
       "2026-02-24T23:59:59"},
      {"2026 清明: Mon 6 off", "2026-04-03T09:00:00", wd(1), "2026-04-07T23:59:59"},
      {"market supervision 7 wd over 劳动节: 30; 6, 7, 8, Sat 9, 11, 12", "2026-04-29T15:00:00",
       wd(7), "2026-05-12T23:59:59"},
      {"2026 端午: Fri 19 off", "2026-06-18T09:00:00", wd(1), "2026-06-22T23:59:59"},
      {"2026 中秋: Sun 20 worked, 21-24, 25-27 off, 28, 29", "2026-09-18T09:00:00", wd(7),
       "2026-09-29T23:59:59"},
      {"2026 国庆: 8, 9, Sat 10 worked", "2026-09-30T09:00:00", wd(3), "2026-10-10T23:59:59"},
      {"2023 春节: Sat 28 and Sun 29 worked, Mon 30", "2023-01-20T09:00:00", wd(3),
       "2023-01-30T23:59:59"},
      {"2023 劳动节: 4, 5, Sat 6 worked, 8, 9", "2023-04-28T09:00:00", wd(5),
       "2023-05-09T23:59:59"},
      {"2023 端午: Sun 25 worked", "2023-06-21T09:00:00", wd(1), "2023-06-25T23:59:59"},
      {"2023 中秋国庆: Sat 7, Sun 8", "2023-09-28T09:00:00", wd(2), "2023-10-08T23:59:59"},
      {"into 2027, not published: Fri 1 January counts provisionally", "2026-12-31T09:00:00", wd(2),
       "2027-01-04T23:59:59"},
      {"natural days run through holidays", "2026-02-13T09:00:00", d(7), "2026-02-20T23:59:59"},
      {"dispatched at a day's last second", "2026-03-04T23:59:59", d(1), "2026-03-05T23:59:59"},
      {"dispatched at a day's first", "2026-03-05T00:00:00", d(1), "2026-03-06T23:59:59"},
  };
  for (const Case& one : table) {
    EXPECT_EQ(show(calendar.due(at(one.from), one.limit, china_offset)), one.due) << one.source;
  }
}

TEST_F(CalendarTest, LimitsInHoursRunFromTheMomentItself) {
  const std::vector<Case> table{
      {"minutes", "2026-02-14T23:50:00", {30, TimeUnit::minutes}, "2026-02-15T00:20:00"},
      {"hours run at night and in holidays",
       "2026-02-15T10:00:00",
       {24, TimeUnit::hours},
       "2026-02-16T10:00:00"},
      {"within a morning, to its last minute",
       "2026-03-04T10:00:00",
       {2, TimeUnit::working_hours},
       "2026-03-04T12:00:00"},
      {"over the noon pause",
       "2026-03-04T11:30:00",
       {1, TimeUnit::working_hours},
       "2026-03-04T13:30:00"},
      {"begun in the pause",
       "2026-03-04T12:30:00",
       {1, TimeUnit::working_hours},
       "2026-03-04T14:00:00"},
      {"begun before the office opens",
       "2026-03-04T06:00:00",
       {8, TimeUnit::working_hours},
       "2026-03-04T18:00:00"},
      {"begun when it closes",
       "2026-03-04T18:00:00",
       {1, TimeUnit::working_hours},
       "2026-03-05T10:00:00"},
      {"over a worked Saturday",
       "2026-02-13T17:00:00",
       {2, TimeUnit::working_hours},
       "2026-02-14T10:00:00"},
      {"over the holiday",
       "2026-02-14T17:00:00",
       {2, TimeUnit::working_hours},
       "2026-02-24T10:00:00"},
      {"begun on a free day: two whole days",
       "2026-02-20T03:00:00",
       {16, TimeUnit::working_hours},
       "2026-02-25T18:00:00"},
  };
  for (const Case& one : table) {
    EXPECT_EQ(show(calendar.due(at(one.from), one.limit, china_offset)), one.due) << one.source;
  }
}

TEST_F(CalendarTest, RemindsAndFollowsUpWhenTheOfficeOpens) {
  const Time due = at("2026-02-24T23:59:59");
  const auto before = [&](TimeSpan span) { return show(calendar.before(due, span, china_offset)); };
  const auto after = [&](TimeSpan span) { return show(calendar.after(due, span, china_offset)); };
  EXPECT_EQ(before({24, TimeUnit::hours}), "2026-02-23T23:59:59");
  EXPECT_EQ(before({1, TimeUnit::days}), "2026-02-23T09:00:00");
  EXPECT_EQ(before({1, TimeUnit::working_days}), "2026-02-14T09:00:00") << "a worked Saturday";
  EXPECT_EQ(after({1, TimeUnit::days}), "2026-02-25T09:00:00");
  EXPECT_EQ(after({5, TimeUnit::working_days}), "2026-03-02T09:00:00") << "Sat 28 is worked";
  EXPECT_EQ(after({2, TimeUnit::hours}), "2026-02-25T01:59:59");
}

TEST_F(CalendarTest, AStandingClockMovesItsDeadlineByWhatItStood) {
  const Time due = at("2026-02-27T23:59:59");
  const auto shifted = [&](const char* from, const char* to, TimeUnit unit) {
    return show(calendar.shifted(due, at(from), at(to), unit, china_offset));
  };
  const char* friday = "2026-02-13T10:00:00";
  const char* tuesday = "2026-02-24T12:00:00";
  EXPECT_EQ(shifted(friday, tuesday, TimeUnit::working_days), "2026-03-02T23:59:59")
      << "Sat 14 and Tue 24 did not count: Sat 28, Mon 2";
  EXPECT_EQ(shifted(friday, tuesday, TimeUnit::days), "2026-03-10T23:59:59");
  EXPECT_EQ(shifted(friday, tuesday, TimeUnit::hours), "2026-03-11T01:59:59");
  EXPECT_EQ(shifted(friday, friday, TimeUnit::working_days), "2026-02-27T23:59:59");
  EXPECT_EQ(shifted("2026-02-15T10:00:00", "2026-02-22T10:00:00", TimeUnit::working_days),
            "2026-02-27T23:59:59")
      << "no working day went by";
  EXPECT_EQ(
      show(calendar.shifted(at("2026-03-04T17:00:00"), at("2026-03-03T17:00:00"),
                            at("2026-03-04T10:00:00"), TimeUnit::working_hours, china_offset)),
      "2026-03-05T10:00:00")
      << "one hour of Tuesday and one of Wednesday";
}

TEST_F(CalendarTest, AYearIsPublishedWithItsNationalDay) {
  EXPECT_TRUE(calendar.is_published(day("2023-01-01")));
  EXPECT_TRUE(calendar.is_published(day("2026-12-31")));
  EXPECT_FALSE(calendar.is_published(day("2022-12-31")))
      << "only the next year's 元旦 reaches back";
  EXPECT_FALSE(calendar.is_published(day("2024-06-01")));
  EXPECT_FALSE(calendar.is_published(day("2027-01-01")));
  EXPECT_EQ(calendar.published_until(), day("2026-12-31"));
  EXPECT_FALSE(Calendar{}.published_until());
}

TEST_F(CalendarTest, AgreesWithWalkingDayByDayAndMinuteByMinute) {
  const auto given = test::notices_of_2023_and_2026();
  const auto walked = [&](Day one) {
    for (const auto& told : given) {
      if (told.day == one) return !told.off;
    }
    const std::chrono::weekday weekday{one};
    return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
  };
  for (Day one = day("2025-12-01"); one < day("2027-02-01"); one += days{1}) {
    ASSERT_EQ(calendar.is_working(one), walked(one)) << format_day(one);
    Day next = one;
    for (int count = 1; count <= 15; ++count) {
      do next += days{1};
      while (!walked(next));
      ASSERT_EQ(calendar.add_working_days(one, count), next) << format_day(one) << ' ' << count;
      ASSERT_EQ(calendar.working_days_between(one, next), count);
      if (!walked(one)) continue;
      ASSERT_EQ(calendar.add_working_days(next, -count), one);
    }
  }
  const auto open = [&](Time time) {
    const Duration of_day = time_of_day(time, china_offset);
    return walked(local_day(time, china_offset)) && of_day >= hours{9} && of_day < hours{18} &&
           !(of_day >= hours{12} && of_day < hours{13});
  };
  const Time start = at("2026-02-13T07:13:00");
  Duration passed{0};
  for (Time time = start; time < start + days{14}; time += minutes{1}) {
    ASSERT_EQ(calendar.working_time_between(start, time, china_offset), passed) << show(time);
    if (!open(time)) continue;
    passed += minutes{1};
    ASSERT_EQ(calendar.add_working_time(start, passed, china_offset), time + minutes{1});
  }
}

TEST_F(CalendarTest, AnswersBeyondItsTables) {
  EXPECT_EQ(calendar.add_working_days(day("2199-12-30"), 10), day("2200-01-09"));
  EXPECT_EQ(calendar.working_days_between(day("2300-01-01"), day("2300-01-11")), 10);
  EXPECT_FALSE(calendar.is_published(Day::max() - days{1}));
}

}  // namespace
}  // namespace hotline

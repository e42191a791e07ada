#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "domain/calendar.hpp"

namespace hotline::test {

/// Days off from the first to the last, as a notice words them (放假).
struct Off {
  std::string_view from;
  std::string_view to;
};

inline std::vector<CalendarDay> notice(std::initializer_list<Off> off,
                                       std::initializer_list<std::string_view> worked) {
  std::vector<CalendarDay> days;
  for (const Off& period : off) {
    for (Day day = *parse_day(period.from); day <= *parse_day(period.to);
         day += std::chrono::days{1}) {
      days.push_back({day, true});
    }
  }
  for (const auto day : worked) days.push_back({*parse_day(day), false});
  return days;
}

/// 国务院办公厅关于2023年部分节假日安排的通知, of 2022-12-08, and 关于2026年…, of 2025-11-04: their
/// sentences, taken down by hand.
inline std::vector<CalendarDay> notices_of_2023_and_2026() {
  auto days = notice({{"2022-12-31", "2023-01-02"},
                      {"2023-01-21", "2023-01-27"},
                      {"2023-04-05", "2023-04-05"},
                      {"2023-04-29", "2023-05-03"},
                      {"2023-06-22", "2023-06-24"},
                      {"2023-09-29", "2023-10-06"}},
                     {"2023-01-28", "2023-01-29", "2023-04-23", "2023-05-06", "2023-06-25",
                      "2023-10-07", "2023-10-08"});
  const auto later =
      notice({{"2026-01-01", "2026-01-03"},
              {"2026-02-15", "2026-02-23"},
              {"2026-04-04", "2026-04-06"},
              {"2026-05-01", "2026-05-05"},
              {"2026-06-19", "2026-06-21"},
              {"2026-09-25", "2026-09-27"},
              {"2026-10-01", "2026-10-07"}},
             {"2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"});
  days.insert(days.end(), later.begin(), later.end());
  return days;
}

}  // namespace hotline::test

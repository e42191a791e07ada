#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace hotline {

/// A point in time, UTC, in milliseconds: the precision that is stored and shown.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;
using Duration = std::chrono::milliseconds;
/// A calendar day in the configured zone.
using Day = std::chrono::local_days;

/// The configured zone, as its distance from UTC. China has had one zone and no daylight saving
/// since 1991, so an offset says all, and the rules stay free of a time-zone database that differs
/// between machines.
using UtcOffset = std::chrono::minutes;
inline constexpr UtcOffset china_offset = std::chrono::hours{8};

/// Reads an RFC 3339 time. A zone is required: `2021-06-01T08:00:00+08:00` or `...Z`; fractions
/// beyond milliseconds are cut. Years 1970 to 9999. Fails with `invalid`.
Result<Time> parse_rfc3339(std::string_view text);

/// `2021-06-01T08:00:00.000+08:00`; milliseconds are left out when zero.
std::string format_rfc3339(Time time, UtcOffset offset);

/// The day that `time` falls on in the zone.
Day local_day(Time time, UtcOffset offset);
/// The first moment of `day` in the zone.
Time start_of_day(Day day, UtcOffset offset);
/// Time since the day's first moment, in [0 h, 24 h).
Duration time_of_day(Time time, UtcOffset offset);

/// `2021-06-01`. Fails with `invalid` on anything else and on days that do not exist.
Result<Day> parse_day(std::string_view text);
std::string format_day(Day day);

/// Where the time comes from: passed in, so that tests and the demo live through a half-year in
/// seconds. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

}  // namespace hotline

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "client/decisions.hpp"

/// What a rehearsal plays: a period's tickets and what their citizens and departments will do. Pure
/// functions of scenario, seed and a ticket's number, so that any two runs meet the same people.
namespace hotline::client {

inline constexpr Day rehearsal_day =
    std::chrono::local_days{std::chrono::year{2021} / std::chrono::January / 1};

/// One department gets so many times its usual tickets on the second day.
inline constexpr std::uint32_t storm_times = 16;
/// Of each 1,000 citizens whom a department served so many stay dissatisfied, whatever is redone.
inline constexpr std::uint32_t bitter_per_mille = 36;

/// Its numbers are those of a whole city; see `scaled`.
struct Scenario {
  std::string_view name;
  std::string_view title;
  int days = 1;                   ///< in which tickets come, from `rehearsal_day` on
  std::uint32_t direct = 0;       ///< answered by the centre on the spot
  std::uint32_t transferred = 0;  ///< handled by a department
  std::size_t departments = 0;    ///< that get tickets, of the catalogue's first ones; 0: all
  std::chrono::hours step{1};     ///< people look at their queues so often
  std::uint32_t at_once = 0;      ///< what a department signs then
  bool storm = false;             ///< upon the first department
};

/// `half-year` has the figures of Jieshou's first half of 2021; its tickets come until the end of
/// May, so that every call-back falls into the period and its report. `city-day` is a day of
/// Beijing, `calm` and `storm` the 76 tickets a day of a water bureau and its sixteenfold (DOMAIN:
/// Shanghai).
inline constexpr std::array<Scenario, 4> scenarios{
    {{"half-year", "a city's half-year", 151, 7'021, 6'590, 0, std::chrono::hours{8}, 80, false},
     {"city-day", "a capital's day", 1, 35'000, 35'000, 0, std::chrono::hours{1}, 60, false},
     {"calm", "a week of 20 departments", 7, 0, 10'640, 20, std::chrono::hours{1}, 10, false},
     {"storm", "the same week, a storm in it", 7, 0, 10'640, 20, std::chrono::hours{1}, 10, true}}};

/// The same with `share` (0..1] of the tickets, handled by departments as much smaller.
Scenario scaled(Scenario scenario, double share);

/// One ticket to come. Numbers 0.. are the transferred ones, then the direct ones, then those that
/// only the storm brings; so a storm changes nothing for all others.
struct Arrival {
  std::uint32_t number = 0;
  Time received_at{};
  bool direct = false;
  std::size_t department = 0;  ///< index; of a transferred one
  bool unclear = false;        ///< the centre's desk has to find the department
};

/// `departments`: how many the catalogue has, not 0.
Arrival arrival(std::uint32_t number, const Scenario& scenario, std::uint64_t seed,
                std::size_t departments, UtcOffset zone);

/// Every ticket of the period by its time.
std::vector<Arrival> arrivals(const Scenario& scenario, std::uint64_t seed, std::size_t departments,
                              UtcOffset zone);

/// The intake body; `department` is the code of `Arrival::department`.
std::string arrival_body(const Arrival& arrival, const Scenario& scenario,
                         const std::string& department, UtcOffset zone);

/// The number in what `arrival_body` gave as `source_id`; 0 for others.
std::uint32_t number_of(std::string_view source_id);

/// How long a department works on a ticket from signing: hours to days, less when it is redone.
Duration handling_time(std::uint32_t number, std::int64_t round, std::uint64_t seed);

/// One attempt of a call-back agent. Every citizen is reached in the end and rates.
SimMove call_back(std::uint32_t number, std::int64_t round, std::int64_t attempts,
                  std::uint64_t seed);

/// Departments work in these hours.
bool office_hour(Time time, UtcOffset zone);

}  // namespace hotline::client

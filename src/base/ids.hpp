#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace hotline {

/// A ticket's number (工单编号): 16 decimal digits that can be read over the telephone, `YYMMDD` of
/// the engine's day, two digits of the shard, eight of the day's serial. Kept as the number they
/// spell, so ids sort by age.
struct TicketId {
  std::uint64_t value = 0;
  auto operator<=>(const TicketId&) const = default;
};

inline constexpr std::uint32_t serials_per_day = 100'000'000;
inline constexpr std::uint32_t shard_max = 99;

/// `serial` is below `serials_per_day`, `shard` at most `shard_max`, the year of `day` 2000 to
/// 2099.
TicketId make_ticket_id(Day day, std::uint32_t shard, std::uint32_t serial);
/// Fails with `invalid` unless `text` is exactly 16 digits.
Result<TicketId> parse_ticket_id(std::string_view text);
std::string to_string(TicketId id);

/// The first id of a day and shard, so that a scan can begin there.
inline TicketId first_ticket_id(Day day, std::uint32_t shard) {
  return make_ticket_id(day, shard, 0);
}
/// True when both ids bear the same day and shard.
inline bool same_series(TicketId a, TicketId b) {
  return a.value / serials_per_day == b.value / serials_per_day;
}
inline std::uint32_t serial_of(TicketId id) {
  return static_cast<std::uint32_t>(id.value % serials_per_day);
}

}  // namespace hotline

template <>
struct std::hash<hotline::TicketId> {
  std::size_t operator()(hotline::TicketId id) const noexcept {
    return static_cast<std::size_t>(id.value * 0x9E3779B97F4A7C15ULL);
  }
};

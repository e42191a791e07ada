#include "base/ids.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace hotline {

TicketId make_ticket_id(Day day, std::uint32_t shard, std::uint32_t serial) {
  const std::chrono::year_month_day date{day};
  const auto year = static_cast<std::uint64_t>(static_cast<int>(date.year()) % 100);
  const std::uint64_t spelled_day =
      (year * 100 + static_cast<unsigned>(date.month())) * 100 + static_cast<unsigned>(date.day());
  return TicketId{(spelled_day * (shard_max + 1) + shard) * serials_per_day + serial};
}

Result<TicketId> parse_ticket_id(std::string_view text) {
  const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (text.size() != 16 || !digits) {
    return fail(ErrorCode::invalid, "not a ticket id: it has 16 digits, like 2106010000000001");
  }
  TicketId id;
  std::from_chars(text.data(), text.data() + text.size(), id.value);
  return id;
}

std::string to_string(TicketId id) { return fmt::format("{:016}", id.value); }

}  // namespace hotline

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// One prepared POST, or a line of one, with the place of its serial number: digits that are
/// overwritten before each sending, so that no two tickets bear the same `source_id`.
struct PreparedRequest {
  static constexpr std::size_t serial_digits = 12;

  std::string bytes;
  std::size_t serial_at = std::string::npos;  ///< npos: sent as it is
};

/// What the generated tickets have in common.
struct TicketsPlan {
  std::uint64_t seed = 1;  ///< the same one makes the same tickets
  std::string source = "bench";
  std::string department;  ///< where all of them go; empty: where their texts lead them
};

/// `count` intake bodies, 300 to 400 Chinese characters of content each.
std::vector<std::string> generate_bodies(std::size_t count, const TicketsPlan& plan);

/// The POST request of `body` to `path`, by a person with a name; finds the serial number that
/// `generate_bodies` leaves.
PreparedRequest prepare_request(std::string_view path, std::string_view body);

/// `body` as a line of a bulk request, the same way.
PreparedRequest prepare_line(std::string_view body);

void set_serial(PreparedRequest& request, std::uint64_t serial);

}  // namespace bench

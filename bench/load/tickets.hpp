#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// One prepared POST, with the place of its serial number: digits that are overwritten before each
/// sending, so that no two tickets bear the same `source_id`.
struct PreparedRequest {
  static constexpr std::size_t serial_digits = 12;

  std::string bytes;
  std::size_t serial_at = std::string::npos;  ///< npos: sent as it is
};

/// `count` intake bodies, 300 to 400 Chinese characters of content each, made from `seed` alone.
/// `source` is written into each.
std::vector<std::string> generate_bodies(std::size_t count, std::uint64_t seed,
                                         std::string_view source);

/// The POST request of `body` to `path`; finds the serial number that `generate_bodies` leaves.
PreparedRequest prepare_request(std::string_view path, std::string_view body);

void set_serial(PreparedRequest& request, std::uint64_t serial);

}  // namespace bench

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "records/keys.hpp"

namespace hotline {

/// What a receipt spells: `2106010000000001-2-9f3a...`, the ticket, the assignment, and a number
/// that cannot be guessed.
struct Receipt {
  LeaseKey entry;
  std::uint64_t nonce = 0;
};
std::string to_string(const Receipt& receipt);
std::optional<Receipt> parse_receipt(std::string_view text);

}  // namespace hotline

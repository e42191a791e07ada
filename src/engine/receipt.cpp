#include "engine/receipt.hpp"

#include <charconv>

#include <fmt/format.h>

namespace hotline {
namespace {

template <typename Number>
std::optional<Number> read_number(std::string_view text, int base) {
  Number value{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc{} || stop != text.data() + text.size())
    return std::nullopt;
  return value;
}

}  // namespace

std::string to_string(const Receipt& receipt) {
  return fmt::format("{}-{}-{:016x}", to_string(receipt.entry.ticket), receipt.entry.seq,
                     receipt.nonce);
}

std::optional<Receipt> parse_receipt(std::string_view text) {
  const auto first = text.find('-');
  const auto last = text.rfind('-');
  if (first == std::string_view::npos || last == first) return std::nullopt;
  const auto ticket = parse_ticket_id(text.substr(0, first));
  const auto seq = read_number<std::uint16_t>(text.substr(first + 1, last - first - 1), 10);
  const auto nonce = read_number<std::uint64_t>(text.substr(last + 1), 16);
  if (!ticket || !seq || !nonce) return std::nullopt;
  return Receipt{{*ticket, *seq}, *nonce};
}

}  // namespace hotline

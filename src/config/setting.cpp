#include "config/setting.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cmath>

#include <fmt/format.h>

namespace hotline {
namespace {

constexpr std::size_t path_bytes_max = 4096;

std::string number_text(double value) {
  return value == std::floor(value) ? fmt::format("{:.0f}", value) : fmt::format("{}", value);
}

std::string with_unit(std::string_view number, const Setting& setting) {
  return setting.unit.empty() ? std::string(number) : fmt::format("{} {}", number, setting.unit);
}

std::string_view kind_name(SettingKind kind) {
  switch (kind) {
    case SettingKind::whole:
      return "an integer";
    case SettingKind::real:
      return "a number";
    case SettingKind::flag:
      return "true or false";
    case SettingKind::choice:
      return "a text in quotes";
    case SettingKind::path:
      return "a path in quotes";
    case SettingKind::address:
      return "an IP address in quotes";
    case SettingKind::offset:
      return "a distance from UTC in quotes, like \"+08:00\"";
    case SettingKind::clock:
      return "a time of day in quotes, like \"09:00\"";
  }
  return {};
}

bool is_address(const std::string& text) {
  unsigned char bytes[16];
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

bool is_choice(const Setting& setting, std::string_view word) {
  std::string_view rest = setting.choices;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    if (rest.substr(0, end) == word) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

bool is_allowed_text(const Setting& setting, const std::string& text) {
  const bool may_be_empty = setting.min == 0;
  switch (setting.kind) {
    case SettingKind::choice:
      return is_choice(setting, text);
    case SettingKind::path:
      return text.empty() ? may_be_empty
                          : text.size() <= path_bytes_max && text.find('\0') == std::string::npos;
    case SettingKind::address:
      return text.empty() ? may_be_empty : is_address(text);
    case SettingKind::offset:
      return parse_offset(text).has_value();
    case SettingKind::clock:
      return parse_clock(text).has_value();
    default:
      return false;
  }
}

bool is_kind(const Setting& setting, const SettingValue& value) {
  switch (setting.kind) {
    case SettingKind::whole:
      return std::holds_alternative<std::int64_t>(value);
    case SettingKind::real:
      return std::holds_alternative<double>(value);
    case SettingKind::flag:
      return std::holds_alternative<bool>(value);
    default:
      return std::holds_alternative<std::string>(value);
  }
}

bool is_allowed(const Setting& setting, const SettingValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    return static_cast<double>(*whole) >= setting.min && static_cast<double>(*whole) <= setting.max;
  }
  // Written so that a NaN fails too.
  if (const auto* real = std::get_if<double>(&value)) {
    return *real >= setting.min && *real <= setting.max;
  }
  if (const auto* text = std::get_if<std::string>(&value)) return is_allowed_text(setting, *text);
  return true;
}

/// `HH:MM` as minutes, hours up to `hours_max`.
std::optional<std::chrono::minutes> parse_hours_minutes(std::string_view text, int hours_max) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  if (!digit(0) || !digit(1) || !digit(3) || !digit(4)) return std::nullopt;
  const int hours = (text[0] - '0') * 10 + (text[1] - '0');
  const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
  if (minutes > 59 || hours * 60 + minutes > hours_max * 60) return std::nullopt;
  return std::chrono::minutes{hours * 60 + minutes};
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

std::string_view section_of(const Setting& setting) {
  return setting.key.substr(0, setting.key.rfind('.'));
}

std::string_view name_of(const Setting& setting) {
  return setting.key.substr(setting.key.rfind('.') + 1);
}

std::string allowed(const Setting& setting) {
  switch (setting.kind) {
    case SettingKind::whole:
    case SettingKind::real:
      return with_unit(fmt::format("{} to {}", number_text(setting.min), number_text(setting.max)),
                       setting);
    case SettingKind::flag:
      return "true or false";
    case SettingKind::choice: {
      std::string words(setting.choices);
      for (std::size_t at = 0; (at = words.find(' ', at)) != std::string::npos; at += 2) {
        words.replace(at, 1, ", ");
      }
      return "one of: " + words;
    }
    case SettingKind::path:
      return setting.min == 0 ? "a path, or empty" : "a path";
    case SettingKind::address:
      return setting.min == 0 ? "an IP address, or empty" : "an IP address";
    case SettingKind::offset:
      return "-14:00 to +14:00";
    case SettingKind::clock:
      return "00:00 to 24:00";
  }
  return {};
}

std::string toml_text(const SettingValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *whole);
  if (const auto* real = std::get_if<double>(&value)) return fmt::format("{}", *real);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  return in_quotes(std::get<std::string>(value));
}

std::string fault_of(const Setting& setting, const SettingValue& value) {
  if (!is_kind(setting, value)) {
    return fmt::format("{} must be {}, not {}", setting.key, kind_name(setting.kind),
                       toml_text(value));
  }
  if (is_allowed(setting, value)) return {};
  return fmt::format("{} = {} is not allowed: {}", setting.key, toml_text(value), allowed(setting));
}

std::optional<std::chrono::minutes> parse_offset(std::string_view text) {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const auto distance = parse_hours_minutes(text.substr(1), 14);
  if (!distance) return std::nullopt;
  return text[0] == '-' ? -*distance : *distance;
}

std::optional<std::chrono::minutes> parse_clock(std::string_view text) {
  return parse_hours_minutes(text, 24);
}

bool is_loopback(std::string_view address) {
  const std::string text(address);
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  if (inet_pton(AF_INET6, text.c_str(), &v6) != 1) return false;
  if (IN6_IS_ADDR_V4MAPPED(&v6)) return v6.s6_addr[12] == 127;
  return IN6_IS_ADDR_LOOPBACK(&v6);
}

}  // namespace hotline

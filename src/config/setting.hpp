#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "config/config.hpp"

namespace hotline {

/// A value as the file has it, checked against its row of the table.
using SettingValue = std::variant<std::int64_t, double, bool, std::string>;

enum class SettingKind : std::uint8_t {
  whole,    ///< integer in [min, max]
  real,     ///< number in [min, max]
  flag,     ///< true or false
  choice,   ///< one of `choices`
  path,     ///< file or folder, at most 4,096 bytes; empty only when `min` is 0
  address,  ///< IP address; empty only when `min` is 0
  offset,   ///< distance from UTC, +08:00
  clock,    ///< time of day, 09:00; 24:00 is the day's end
};

/// When a change of the file takes effect. The settings themselves stand until the next start.
enum class TakesEffect : std::uint8_t {
  restart,
  reload,  ///< the files that the key names are read again by `systemctl reload`; another name
           ///< needs a restart
};

/// One row of the configuration table.
struct Setting {
  std::string_view key;  ///< dotted, as in the file
  SettingKind kind;
  SettingValue fallback;
  double min;
  double max;
  std::string_view unit;     ///< of `min`, `max` and the value; empty when it has none
  std::string_view choices;  ///< of a choice, separated by spaces
  TakesEffect takes_effect;
  std::string_view help;  ///< for an operator at 3 a.m.
  void (*store)(Config&, const SettingValue&);
};

/// The table, in the order of the file.
std::span<const Setting> settings();

/// Text above a section of the file; empty when the keys say it all.
std::string_view section_help(std::string_view section);

/// The part of a key before its last dot, and the part behind it.
std::string_view section_of(const Setting& setting);
std::string_view name_of(const Setting& setting);

/// `0 to 65535`, `one of: none, tokens`, ... for messages and comments; empty when any value will
/// do.
std::string allowed(const Setting& setting);
/// The value as it is written in TOML.
std::string toml_text(const SettingValue& value);

/// Empty when `value` may stand in this row, else what is wrong with it.
std::string fault_of(const Setting& setting, const SettingValue& value);

/// +08:00 and 09:00 as minutes; absent when `text` has another form or is out of range.
std::optional<std::chrono::minutes> parse_offset(std::string_view text);
std::optional<std::chrono::minutes> parse_clock(std::string_view text);

}  // namespace hotline

#include <algorithm>
#include <fstream>
#include <map>
#include <numeric>
#include <sstream>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "config/config.hpp"
#include "config/setting.hpp"

namespace hotline {
namespace {

constexpr std::uintmax_t file_bytes_max = 1u << 20;

/// A value and where it was read, for messages.
struct Found {
  SettingValue value;
  std::string where;
};

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t swap = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({row[j] + 1, row[j + 1] + 1, swap}));
    }
  }
  return row.back();
}

const Setting* find_setting(std::string_view key) {
  const auto all = settings();
  const auto at = std::ranges::find(all, key, &Setting::key);
  return at == all.end() ? nullptr : &*at;
}

bool is_section(std::string_view key) {
  const std::string prefix = std::string(key) + '.';
  return std::ranges::any_of(
      settings(), [&](const Setting& setting) { return setting.key.starts_with(prefix); });
}

/// Sections and keys that exist, nearest first by spelling; empty when nothing is near enough to be
/// meant.
std::string nearest(std::string_view key, bool section) {
  std::size_t best_distance = std::max<std::size_t>(2, key.size() / 3) + 1;
  std::string_view best;
  for (const Setting& setting : settings()) {
    const std::string_view candidate = section ? section_of(setting) : setting.key;
    // A key put into the wrong section is meant by its name alone.
    const bool same_name = !section && name_of(setting) == key.substr(key.rfind('.') + 1);
    const std::size_t distance = same_name ? 1 : edit_distance(key, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return std::string(best);
}

std::string unknown(std::string_view key, bool section) {
  const std::string meant = nearest(key, section);
  const std::string_view what = section ? "section" : "key";
  return meant.empty() ? fmt::format("unknown {} {}", what, key)
                       : fmt::format("unknown {} {}; did you mean {}?", what, key, meant);
}

std::optional<SettingValue> scalar(const toml::node& node, SettingKind kind) {
  if (const auto* whole = node.as_integer()) {
    if (kind == SettingKind::real) return static_cast<double>(whole->get());
    return whole->get();
  }
  if (const auto* real = node.as_floating_point()) return real->get();
  if (const auto* flag = node.as_boolean()) return flag->get();
  if (const auto* text = node.as_string()) return text->get();
  return std::nullopt;
}

class Loader {
 public:
  Loader() {
    for (const Setting& setting : settings()) found_[setting.key] = {setting.fallback, "default"};
  }

  void read_file(const std::filesystem::path& file) {
    const std::optional<std::string> text = contents(file);
    if (!text) return;
    try {
      const toml::table root = toml::parse(*text, file.string());
      read_table(root, "", file.string());
    } catch (const toml::parse_error& error) {
      fault("", where(file.string(), error.source()), std::string(error.description()));
    }
  }

  void read_override(std::string_view argument) {
    const std::string place = fmt::format("override {}", argument);
    const std::size_t equals = argument.find('=');
    const bool one_line = argument.find_first_of("\r\n") == std::string_view::npos;
    if (equals == std::string_view::npos || !one_line) {
      return fault("", place, "is not of the form key=value");
    }
    const std::string_view key = argument.substr(0, equals);
    const Setting* setting = find_setting(key);
    if (!setting) return fault(key, place, unknown(key, false));
    const bool is_text = std::holds_alternative<std::string>(setting->fallback);
    const std::string_view text = argument.substr(equals + 1);
    if (is_text && !text.starts_with('"')) {
      return take(*setting, SettingValue{std::string(text)}, place);
    }
    read_override_value(*setting, text, place);
  }

  Result<Config> finish() {
    Config config;
    if (errors_.empty()) {
      for (const Setting& setting : settings()) setting.store(config, found_[setting.key].value);
      cross_check(config);
    }
    if (errors_.empty()) return config;
    Error error{ErrorCode::invalid, "", std::move(errors_)};
    for (const FieldError& each : error.errors) {
      error.detail += (error.detail.empty() ? "" : "\n") + each.detail;
    }
    return tl::make_unexpected(std::move(error));
  }

 private:
  using Items =
      std::map<std::pair<toml::source_index, toml::source_index>, toml::table::const_iterator>;

  /// The library sorts by name; an operator mends a file from top to bottom.
  static Items in_file_order(const toml::table& table) {
    Items items;
    for (auto item = table.begin(); item != table.end(); ++item) {
      const toml::source_position begin = item->first.source().begin;
      items.emplace(std::pair{begin.line, begin.column}, item);
    }
    return items;
  }

  static std::string where(std::string_view file, const toml::source_region& region) {
    return fmt::format("{}:{}:{}", file, region.begin.line, region.begin.column);
  }

  void fault(std::string_view key, std::string_view place, std::string_view what) {
    errors_.push_back({std::string(key), fmt::format("{}: {}", place, what)});
  }

  std::optional<std::string> contents(const std::filesystem::path& file) {
    std::error_code code;
    const std::uintmax_t size = std::filesystem::file_size(file, code);
    if (code) {
      fault("", file.string(), "cannot be read: " + code.message());
      return std::nullopt;
    }
    if (size > file_bytes_max) {
      fault("", file.string(), fmt::format("is larger than {} bytes", file_bytes_max));
      return std::nullopt;
    }
    std::ifstream in(file, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    if (!in) {
      fault("", file.string(), "cannot be read");
      return std::nullopt;
    }
    return out.str();
  }

  void read_table(const toml::table& table, const std::string& prefix, std::string_view file) {
    for (const auto& [position, item] : in_file_order(table)) {
      const auto& [name, node] = *item;
      const std::string key = prefix + std::string(name.str());
      const std::string place = where(file, name.source());
      const toml::table* section = node.as_table();
      const Setting* setting = find_setting(key);
      if (section && is_section(key)) {
        read_table(*section, key + '.', file);
      } else if (!setting) {
        fault(key, place, unknown(key, section != nullptr));
      } else {
        read_node(*setting, node, where(file, node.source()));
      }
    }
  }

  void read_node(const Setting& setting, const toml::node& node, const std::string& place) {
    if (auto value = scalar(node, setting.kind)) return take(setting, std::move(*value), place);
    fault(setting.key, place,
          fmt::format("{} takes one value ({}), not a list, table or date", setting.key,
                      allowed(setting)));
  }

  void read_override_value(const Setting& setting, std::string_view text,
                           const std::string& place) {
    try {
      const toml::table parsed = toml::parse(fmt::format("value = {}", text));
      read_node(setting, *parsed.get("value"), place);
    } catch (const toml::parse_error&) {
      fault(setting.key, place, fmt::format("cannot be read; allowed: {}", allowed(setting)));
    }
  }

  void take(const Setting& setting, SettingValue value, const std::string& place) {
    std::string what = fault_of(setting, value);
    if (!what.empty()) return fault(setting.key, place, what);
    found_[setting.key] = {std::move(value), place};
  }

  void require(bool holds, std::string_view key, std::string_view what) {
    if (!holds) fault(key, found_[key].where, what);
  }

  static void advise(Config& config, bool holds, std::string what) {
    if (!holds) config.warnings.push_back(std::move(what));
  }

  void cross_check(Config& config) {
    require(
        config.auth.mode == AuthMode::tokens || is_loopback(config.http.address), "http.address",
        fmt::format("auth.mode is \"none\", so http.address must be a loopback address, not {}: "
                    "everybody who reaches it could read every ticket",
                    config.http.address));
    require(config.auth.mode == AuthMode::none || !config.auth.tokens_file.empty(),
            "auth.tokens_file", "auth.mode is \"tokens\", so auth.tokens_file must name a file");
    require(config.policy.callback.hours_from < config.policy.callback.hours_to,
            "policy.callback.hours_to",
            "policy.callback.hours_to must be later than policy.callback.hours_from");
    require(config.engine.queue_bytes_max >= config.http.body_bytes_max, "engine.queue_mb_max",
            "engine.queue_mb_max must hold a body of http.body_kb_max");
    require(config.engine.batch_items_max <= config.engine.queue_items_max,
            "engine.batch_items_max",
            "engine.batch_items_max must not exceed engine.queue_items_max");
    require(config.metrics.address.empty() || config.metrics.port == 0 ||
                config.metrics.port != config.http.port,
            "metrics.port", "metrics.port must not be the same as http.port");
    const WorkingHours& hours = config.working_hours;
    require(hours.morning_from < hours.morning_to, "deadlines.morning_to",
            "deadlines.morning_to must be later than deadlines.morning_from");
    require(hours.morning_to <= hours.afternoon_from, "deadlines.afternoon_from",
            "deadlines.afternoon_from must not be earlier than deadlines.morning_to");
    require(hours.afternoon_from <= hours.afternoon_to, "deadlines.afternoon_to",
            "deadlines.afternoon_to must not be earlier than deadlines.afternoon_from");
    advise(config, config.storage.engine == StorageEngine::rocksdb,
           "storage.engine is \"memory\": every ticket is lost when the daemon stops");
  }

  std::map<std::string_view, Found> found_;
  std::vector<FieldError> errors_;
};

}  // namespace

Result<Config> load_config(const std::optional<std::filesystem::path>& file,
                           std::span<const std::string> overrides) {
  Loader loader;
  if (file) loader.read_file(*file);
  for (const std::string& argument : overrides) loader.read_override(argument);
  return loader.finish();
}

}  // namespace hotline

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/policy.hpp"

namespace hotline {

enum class StorageEngine : std::uint8_t { rocksdb, memory };
enum class AuthMode : std::uint8_t { none, tokens };
enum class LogLevel : std::uint8_t { trace, debug, info, warn, error };
enum class LogFormat : std::uint8_t { text, json };

/// Everything that an operator can set, validated as a whole, in base units (bytes, milliseconds).
/// Never changed after it is loaded, so it may be read by any thread. What each key means stands in
/// `settings.cpp`, and from there in conf/hotlined.toml.
struct Config {
  struct Http {
    std::string address;  ///< an IPv4 or IPv6 address, never a name
    std::uint16_t port = 0;
    unsigned threads = 0;  ///< 0: one a core
    std::size_t header_bytes_max = 0;
    std::size_t body_bytes_max = 0;
    std::size_t connections_max = 0;
    Duration header_timeout{};
    Duration body_timeout{};
    Duration idle_timeout{};
    Duration write_timeout{};
    Duration stop_timeout{};
  };

  struct Storage {
    StorageEngine engine = StorageEngine::rocksdb;
    std::filesystem::path path;
    std::size_t cache_bytes = 0;
    std::size_t write_buffer_bytes = 0;
  };

  struct Engine {
    std::uint32_t shard = 0;
    std::size_t batch_items_max = 0;
    std::size_t queue_items_max = 0;
    std::size_t queue_bytes_max = 0;
    std::size_t waiters_max = 0;
    std::uint32_t leases_per_queue_max = 0;
    std::uint32_t deliveries_max = 0;
    Duration idempotency_kept{};
  };

  struct Auth {
    AuthMode mode = AuthMode::tokens;
    std::filesystem::path tokens_file;
  };

  struct Log {
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::text;
    bool access = false;  ///< one line a request
  };

  struct Metrics {
    std::string address;  ///< empty: `/metrics` is served on `http.address` alone
    std::uint16_t port = 0;
    std::size_t queues_max = 0;  ///< queues with series of their own; the others are summed
  };

  struct Learned {
    std::filesystem::path model;  ///< empty: rules alone decide
    double precision = 0;         ///< of the model's own dispatches; 1: it only proposes
  };

  Http http;
  Storage storage;
  Engine engine;
  Policy policy;  ///< with the shipped deadline rules; `deadlines_path` has those in force
  std::filesystem::path catalogue_path;
  Learned learned;
  std::filesystem::path deadlines_path;  ///< of `load_deadlines`
  WorkingHours working_hours;
  Auth auth;
  Log log;
  Metrics metrics;

  /// What is allowed and looks like a mistake, one line each, to be logged at start.
  std::vector<std::string> warnings;
};

/// Reads the defaults, over them `file`, over it `overrides`, each `key=value` with the dotted key
/// of the file, e.g. `http.port=8080`. Texts need no quotes in an override. Fails with `invalid`;
/// `errors` then lists every fault at once (`pointer` is the key, `detail` begins with
/// file:line:column), and `detail` is all of them, one a line, ready to be printed.
Result<Config> load_config(const std::optional<std::filesystem::path>& file,
                           std::span<const std::string> overrides = {});

/// The text of conf/hotlined.toml: every key with its default and what an operator must know about
/// it.
std::string default_config_text();

/// True for 127.0.0.0/8 and ::1, also mapped into IPv6.
bool is_loopback(std::string_view address);

}  // namespace hotline

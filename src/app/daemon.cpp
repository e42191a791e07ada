#include "app/daemon.hpp"

#include <atomic>
#include <fstream>
#include <future>
#include <iterator>
#include <mutex>
#include <random>
#include <set>
#include <utility>

#include <boost/asio/thread_pool.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "api/api.hpp"
#include "app/logging.hpp"
#include "app/readings.hpp"
#include "classify/catalogue_loader.hpp"
#include "config/deadline_files.hpp"
#include "engine/engine.hpp"
#include "engine/reader.hpp"
#include "http/server.hpp"
#include "storage/memory_store.hpp"
#include "storage/rocks_store.hpp"

namespace hotline {
namespace {

constexpr std::size_t read_threads = 2;

class SystemClock final : public Clock {
 public:
  Time now() const override {
    return std::chrono::floor<Duration>(std::chrono::system_clock::now());
  }
};

class StandingClock final : public Clock {
 public:
  explicit StandingClock(Time at) : at_(at) {}
  Time now() const override { return at_; }

 private:
  const Time at_;
};

std::unique_ptr<Clock> make_clock(const Daemon::Options& options) {
  if (options.virtual_clock) return std::make_unique<StandingClock>(*options.virtual_clock);
  return std::make_unique<SystemClock>();
}

Result<std::unique_ptr<Store>> open_store(const Config::Storage& config) {
  if (config.engine == StorageEngine::memory) return std::make_unique<MemoryStore>();
#ifdef HOTLINE_WITH_ROCKSDB
  RocksOptions options;
  options.path = config.path / "store";
  options.cache_bytes = config.cache_bytes;
  options.write_buffer_bytes = config.write_buffer_bytes;
  return open_rocks_store(options);
#else
  return fail(ErrorCode::invalid, "this build has no RocksDB: set storage.engine to memory");
#endif
}

Result<api::Authenticator> make_authenticator(const Config::Auth& config) {
  if (config.mode == AuthMode::none) return api::Authenticator::none();
  std::ifstream file(config.tokens_file);
  if (!file) {
    return fail(ErrorCode::invalid,
                fmt::format("cannot read the token file {}", config.tokens_file.string()));
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return api::Authenticator::from_json(text, config.tokens_file.string());
}

EngineOptions engine_options(const Config::Engine& config) {
  EngineOptions options;
  options.shard = config.shard;
  options.batch_items_max = config.batch_items_max;
  options.queue_items_max = config.queue_items_max;
  options.queue_bytes_max = config.queue_bytes_max;
  options.waiters_max = config.waiters_max;
  options.leases_per_queue_max = config.leases_per_queue_max;
  options.deliveries_max = config.deliveries_max;
  options.idempotency_kept = config.idempotency_kept;
  return options;
}

http::ServerOptions server_options(const Config& config) {
  http::ServerOptions options;
  options.address = config.http.address;
  options.port = config.http.port;
  options.threads = config.http.threads;
  options.header_bytes_max = config.http.header_bytes_max;
  options.body_bytes_max = config.http.body_bytes_max;
  options.connections_max = config.http.connections_max;
  options.header_timeout = config.http.header_timeout;
  options.body_timeout = config.http.body_timeout;
  options.idle_timeout = config.http.idle_timeout;
  options.write_timeout = config.http.write_timeout;
  options.stop_timeout = config.http.stop_timeout;
  options.calls_path = "/openapi.json";
  options.log = [](std::string_view line) { spdlog::error("{}", line); };
  if (config.log.access) options.access = log_access;
  return options;
}

std::uint64_t random_seed() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32U) | device();
}

std::string model_words(const Catalogue& catalogue) {
  const std::string& version = catalogue.model_version();
  return version.empty() ? "no model" : fmt::format("model {}", version);
}

/// A name that stays inside the folder of copies.
bool is_plain_name(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  };
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, plain);
}

}  // namespace

class Daemon::Impl {
 public:
  Impl(Config config, Options options)
      : config_(std::move(config)),
        clock_(make_clock(options)),
        virtual_clock_(options.virtual_clock.has_value()),
        started_at_(SystemClock().now()) {}

  ~Impl() { stop(); }

  Result<void> start() {
    // What can be refused comes first: a failed start leaves no store behind.
    if (auto loaded = load(); !loaded) return tl::make_unexpected(loaded.error());
    auto authenticator = make_authenticator(config_.auth);
    if (!authenticator) return tl::make_unexpected(authenticator.error());
    authenticator_.emplace(std::move(*authenticator));
    auto store = open_store(config_.storage);
    if (!store) return tl::make_unexpected(store.error());
    store_ = std::move(*store);
    Policy policy = config_.policy;
    policy.deadlines = deadlines_;
    engine_.emplace(*store_, *clock_, std::move(policy), engine_options(config_.engine), metrics_,
                    random_seed());
    if (auto started = engine_->start(); !started) return started;
    reader_.emplace(*store_);
    recall_unknown();
    exposition_.emplace(
        metrics_, exposition_options(config_.policy, started_at_, config_.metrics.queues_max));
    if (auto started = start_server(); !started) return started;
    if (auto started = start_metrics_server(); !started) return started;
    ready_.store(true);
    spdlog::info("listening on {}:{}, catalogue {}, {}", config_.http.address, server_->port(),
                 catalogue()->version(), model_words(*catalogue()));
    return {};
  }

  void stop() {
    if (!ready_.exchange(false) && !engine_) return;
    if (engine_) engine_->stop();
    if (server_) server_->stop();
    if (metrics_server_) metrics_server_->stop();
    read_pool_.join();
    // In the order that references allow: what answers requests before what they refer to.
    metrics_server_.reset();
    server_.reset();
    engine_.reset();
    store_.reset();
  }

  Result<std::string> reload() {
    auto version = load();
    if (!version) return version;
    recall_unknown();
    engine_->change_deadlines(deadlines(), [](const Result<bool>& changed) {
      if (changed && *changed) {
        spdlog::info("the deadline rules or the calendar changed: open deadlines are counted anew");
      }
    });
    return version;
  }

  bool alive(Duration patience) {
    auto promise = std::make_shared<std::promise<void>>();
    auto answered = promise->get_future();
    engine_->probe([promise](const auto&) { promise->set_value(); });
    return answered.wait_for(patience) == std::future_status::ready;
  }

  std::uint16_t port() const { return server_->port(); }

 private:
  /// The catalogue and the deadline rules: both in force when both are right, else neither.
  Result<std::string> load() {
    const ModelChoice model{config_.learned.model, config_.learned.precision,
                            config_.policy.auto_dispatch_confidence,
                            [](std::string_view note) { spdlog::warn("{}", note); }};
    auto catalogue = load_catalogue(config_.catalogue_path, config_.policy.zone, model);
    if (!catalogue) return refused(config_.catalogue_path, std::move(catalogue.error()));
    auto deadlines = load_deadlines(config_.deadlines_path, config_.working_hours);
    if (!deadlines) return refused(config_.deadlines_path, std::move(deadlines.error()));
    look_over(**deadlines, **catalogue);
    const std::lock_guard lock(files_mutex_);
    catalogue_ = std::move(*catalogue);
    deadlines_ = std::move(*deadlines);
    return catalogue_->version();
  }

  static tl::unexpected<Error> refused(const std::filesystem::path& folder, Error error) {
    error.detail = fmt::format("{}: {}", folder.string(), error.detail);
    return tl::make_unexpected(std::move(error));
  }

  /// Tells operators what is not wrong and still needs them.
  void look_over(const Deadlines& deadlines, const Catalogue& catalogue) {
    for (const auto& warning : deadline_warnings(deadlines)) spdlog::warn("{}", warning);
    for (const DeadlineRule& rule : deadlines.rules()) {
      const std::string& category = rule.scope.category;
      if (category.empty() || category.ends_with('*') || catalogue.category(category)) continue;
      spdlog::warn("rules.csv: a deadline rule is for category {}, which the catalogue has not",
                   category);
    }
    const auto until = deadlines.calendar().published_until();
    const auto end =
        until ? start_of_day(*until + std::chrono::days{1}, config_.policy.zone) : Time{};
    metrics_.calendar_published_until.set(
        std::chrono::duration_cast<std::chrono::seconds>(end.time_since_epoch()).count());
    if (end > clock_->now()) return;
    spdlog::warn(
        "holidays.csv: the holidays of this year are not in it; deadlines in working days "
        "are provisional until they are added and hotlined is reloaded");
  }

  /// Nothing may wait in the queue of a department that nobody polls any more.
  void recall_unknown() {
    std::set<std::string, std::less<>> known;
    for (const auto& department : catalogue()->departments()) known.insert(department.code);
    engine_->recall_unknown(std::move(known), [](const Result<std::size_t>& found) {
      if (found && *found > 0) {
        spdlog::warn("{} departments left the catalogue: what they had goes back to triage",
                     *found);
      }
    });
  }

  Result<void> start_server() {
    server_.emplace(server_options(config_), api::make_routes(parts(*authenticator_)), metrics_);
    return server_->start();
  }

  /// The separate bind serves health and metrics without a token: who can reach it is the network's
  /// affair.
  Result<void> start_metrics_server() {
    if (config_.metrics.address.empty()) return {};
    auto routes = api::make_routes(parts(open_authenticator_));
    std::erase_if(routes, [](const http::Route& route) {
      return route.pattern != "/metrics" && route.pattern != "/livez" && route.pattern != "/readyz";
    });
    auto options = server_options(config_);
    options.address = config_.metrics.address;
    options.port = config_.metrics.port;
    options.threads = 1;
    options.calls_path.clear();
    metrics_server_.emplace(std::move(options), std::move(routes), own_metrics_);
    return metrics_server_->start();
  }

  api::ApiParts parts(const api::Authenticator& authenticator) {
    return {
        .engine = *engine_,
        .reader = *reader_,
        .auth = authenticator,
        .metrics = metrics_,
        .read_pool = read_pool_,
        .catalogue = [this] { return catalogue(); },
        .ready = [this]() -> Result<void> {
          if (ready_.load()) return {};
          return fail(ErrorCode::unavailable, "the daemon is starting or stopping");
        },
        .render_metrics =
            [this] { return exposition_->render(take_readings(*engine_, *reader_, *store_)); },
        .reload = [this] { return reload(); },
        .checkpoint = [this](std::string_view name) { return checkpoint(name); },
        .virtual_clock = virtual_clock_,
    };
  }

  std::shared_ptr<const Catalogue> catalogue() const {
    const std::lock_guard lock(files_mutex_);
    return catalogue_;
  }

  std::shared_ptr<const Deadlines> deadlines() const {
    const std::lock_guard lock(files_mutex_);
    return deadlines_;
  }

  Result<std::string> checkpoint(std::string_view name) {
    if (!is_plain_name(name)) {
      return fail(ErrorCode::invalid, "a checkpoint's name has 1 to 64 letters, digits, - and _");
    }
    const auto folder = config_.storage.path / "checkpoints";
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    // A copy holds personal data, as the store does.
    if (!failed) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
    if (failed) {
      return fail(ErrorCode::unavailable,
                  fmt::format("cannot make {}: {}", folder.string(), failed.message()));
    }
    const auto path = std::filesystem::absolute(folder / name);
    if (auto made = store_->checkpoint(path); !made) return tl::make_unexpected(made.error());
    return path.string();
  }

  const Config config_;
  const std::unique_ptr<Clock> clock_;
  const bool virtual_clock_;
  const Time started_at_;
  Metrics metrics_;
  Metrics own_metrics_;  ///< of the second server, whose routes must not be counted with the first
                         ///< one's
  const api::Authenticator open_authenticator_ = api::Authenticator::none();

  mutable std::mutex files_mutex_;
  std::shared_ptr<const Catalogue> catalogue_;  ///< protected by files_mutex_, as the next one
  std::shared_ptr<const Deadlines> deadlines_;

  std::unique_ptr<Store> store_;
  std::optional<api::Authenticator> authenticator_;
  std::optional<Engine> engine_;
  std::optional<TicketReader> reader_;
  std::optional<Exposition> exposition_;
  boost::asio::thread_pool read_pool_{read_threads};
  std::optional<http::Server> server_;
  std::optional<http::Server> metrics_server_;
  std::atomic<bool> ready_{false};
};

Daemon::Daemon(Config config, Options options)
    : impl_(std::make_unique<Impl>(std::move(config), options)) {}
Daemon::~Daemon() = default;

Result<void> Daemon::start() { return impl_->start(); }
void Daemon::stop() { impl_->stop(); }
Result<std::string> Daemon::reload() { return impl_->reload(); }
bool Daemon::alive(Duration patience) { return impl_->alive(patience); }
std::uint16_t Daemon::port() const { return impl_->port(); }

}  // namespace hotline

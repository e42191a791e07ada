#include "app/readings.hpp"

#include <algorithm>
#include <future>
#include <memory>

#include "app/version.hpp"

namespace hotline {
namespace {

constexpr std::chrono::seconds patience{1};

std::optional<std::vector<QueueGauges>> read_queues(Engine& engine) {
  // Shared with the reply, which may come after this gave up.
  auto promise = std::make_shared<std::promise<Result<std::vector<QueueStats>>>>();
  auto answer = promise->get_future();
  engine.queue_stats(std::nullopt, [promise](auto stats) { promise->set_value(std::move(stats)); });
  if (answer.wait_for(patience) != std::future_status::ready) return std::nullopt;
  const auto stats = answer.get();
  if (!stats) return std::nullopt;
  const Time now = engine.now();
  std::vector<QueueGauges> out;
  out.reserve(stats->size());
  for (const QueueStats& one : *stats) {
    const Duration age = one.oldest ? std::max(Duration{0}, now - *one.oldest) : Duration{0};
    out.push_back({one.queue, one.depth, one.leased, one.dead_letters, one.overdue,
                   std::chrono::duration<double>(age).count(), one.waiters});
  }
  return out;
}

std::optional<TodayGauges> read_today(const Engine& engine, const TicketReader& reader) {
  const Day today = local_day(engine.now(), engine.policy()->zone);
  const auto rows = reader.counters(today, today + std::chrono::days{1}, Dimension::all);
  if (!rows) return std::nullopt;
  if (rows->empty()) return TodayGauges{};
  const Totals& totals = rows->begin()->second;
  const auto figure = [&totals](Figure which) { return static_cast<std::uint64_t>(totals[which]); };
  const auto policy = engine.policy();
  TodayGauges out;
  out.received = figure(Figure::received);
  out.accepted = out.received - figure(Figure::rejected);
  out.direct = figure(Figure::direct);
  out.transferred = figure(Figure::transferred);
  out.finished = figure(Figure::finished);
  out.called_back = figure(Figure::called_back);
  for (const auto& level : satisfaction_terms) {
    const Figure which = figure_of(level.value);
    out.rated += figure(which);
    if (policy->satisfies(level.value)) out.satisfied += figure(which);
  }
  return out;
}

}  // namespace

Readings take_readings(Engine& engine, const TicketReader& reader, const Store& store) {
  Readings readings;
  readings.queues = read_queues(engine);
  readings.store = store.stats();
  readings.today = read_today(engine, reader);
  readings.writable = engine.writable();
  return readings;
}

ExpositionOptions exposition_options(const Policy& policy, Time started_at,
                                     std::size_t queues_max) {
  ExpositionOptions options;
  options.version = daemon_version;
  options.started_at = started_at;
  options.queues_max = queues_max;
  for (const auto move : move_names()) options.moves.emplace_back(move);
  options.ratings.push_back({"none", false});
  for (const auto& level : satisfaction_terms) {
    options.ratings.push_back({std::string(level.name), policy.satisfies(level.value)});
  }
  return options;
}

}  // namespace hotline

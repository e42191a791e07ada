#include "metrics/exposition.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include <prometheus/text_serializer.h>

#include "metrics/families.hpp"
#include "metrics/process.hpp"

namespace hotline {
namespace {

constexpr std::string_view other_queue = "other";

double number(const Counter& counter) { return static_cast<double>(counter.value()); }
double number(const Gauge& gauge) { return static_cast<double>(gauge.value()); }
double number(std::uint64_t value) { return static_cast<double>(value); }

void add_process(Families& out, const ExpositionOptions& options) {
  const ProcessFigures process = read_process_figures();
  out.gauge("hotline_build_info", "Always 1; the labels say what runs.")
      .value(1, {{"version", options.version}, {"compiler", __VERSION__}});
  out.gauge("process_start_time_seconds", "Start of the process, in seconds since 1970.")
      .value(std::chrono::duration<double>(options.started_at.time_since_epoch()).count());
  out.counter("process_cpu_seconds_total", "CPU time spent, user and system.")
      .value(process.cpu_seconds);
  out.gauge("process_resident_memory_bytes", "Memory in use.")
      .value(number(process.resident_bytes));
  out.gauge("process_virtual_memory_bytes", "Address space in use.")
      .value(number(process.virtual_bytes));
  out.gauge("process_open_fds", "Open file descriptors.").value(number(process.open_fds));
  out.gauge("process_max_fds", "Bound of open file descriptors.").value(number(process.max_fds));
}

void add_http(Families& out, const Metrics& metrics) {
  out.counter("hotline_http_requests_total", "Answered requests, by route and class of status.");
  for (const auto& route : metrics.routes) {
    // No final answer is 1xx.
    for (std::size_t digit = 2; digit < route->by_class.size(); ++digit) {
      out.value(number(route->by_class[digit]),
                {{"route", route->route}, {"status", std::to_string(digit) + "xx"}});
    }
  }
  out.histogram("hotline_http_request_duration_seconds",
                "From the request being read to the answer being written, by route; long polls "
                "include their wait.");
  for (const auto& route : metrics.routes) out.value(route->seconds, {{"route", route->route}});

  out.gauge("hotline_http_connections", "Open connections.").value(number(metrics.connections));
  out.counter("hotline_http_connections_accepted_total", "Connections accepted.")
      .value(number(metrics.connections_accepted));
  out.counter("hotline_http_connections_refused_total",
              "Connections closed at the door, past the bound.")
      .value(number(metrics.connections_refused));
  out.counter("hotline_http_requests_malformed_total",
              "Requests refused before any route: not HTTP as the standard has it.")
      .value(number(metrics.requests_malformed));
}

void add_moves(Families& out, const Metrics& metrics, const std::vector<std::string>& names) {
  const std::size_t shown = std::min(names.size(), metrics.moves.size());
  out.counter("hotline_moves_total", "Moves of tickets that were applied, by move.");
  for (std::size_t i = 0; i < shown; ++i) out.value(number(metrics.moves[i]), {{"move", names[i]}});
  out.counter("hotline_moves_refused_total", "Moves that the rules refused, by move.");
  for (std::size_t i = 0; i < shown; ++i) {
    out.value(number(metrics.refusals[i]), {{"move", names[i]}});
  }
}

void add_engine(Families& out, const Metrics& metrics, bool writable) {
  out.gauge("hotline_engine_writable", "1 while commands are taken, 0 while commits fail.")
      .value(writable ? 1 : 0);
  out.counter("hotline_commands_repeated_total",
              "Commands answered from an earlier time (idempotency).")
      .value(number(metrics.repeats));
  out.counter("hotline_commands_overloaded_total", "Commands refused because a bound was reached.")
      .value(number(metrics.overloads));
  out.histogram("hotline_command_duration_seconds",
                "From a command's submission to its durable answer.")
      .value(metrics.engine_seconds);
  out.gauge("hotline_command_queue_commands", "Commands that wait for the writer.")
      .value(number(metrics.command_queue_items));
  out.gauge("hotline_command_queue_bytes", "Their size.")
      .value(number(metrics.command_queue_bytes));
  out.counter("hotline_commits_total", "Batches made durable.").value(number(metrics.commits));
  out.counter("hotline_commit_failures_total",
              "Batches that could not be made durable; nobody was told they were.")
      .value(number(metrics.commit_failures));
  out.counter("hotline_committed_bytes_total", "Keys and values made durable.")
      .value(number(metrics.committed_bytes));
  out.histogram("hotline_commit_duration_seconds", "Writing and syncing one batch.")
      .value(metrics.commit_seconds);
  out.histogram("hotline_commit_batch_commands", "Commands that shared one sync.")
      .value(metrics.batch_items);
}

void add_leases(Families& out, const Metrics& metrics) {
  out.counter("hotline_leases_granted_total", "Leases given out.")
      .value(number(metrics.leases_granted));
  out.counter("hotline_leases_expired_total", "Leases that ran out before anything was done.")
      .value(number(metrics.leases_expired));
  out.counter("hotline_leases_ended_total", "Leases released, failed or consumed by a move.")
      .value(number(metrics.leases_ended));
  out.counter("hotline_dead_letters_total",
              "Entries flagged dead letters after too many deliveries.")
      .value(number(metrics.dead_letters));
  out.gauge("hotline_waiters", "Requests that wait at empty queues.")
      .value(number(metrics.waiters));
}

void add_notices(Families& out, const Metrics& metrics) {
  constexpr std::array kinds{"", "reminder", "overdue", "received", "answered", "",
                             "", "",         "",        "",         "extended"};
  constexpr std::array outcomes{"", "sent", "unreachable"};
  static_assert(kinds.size() == std::tuple_size_v<decltype(metrics.notices_posted)>);
  static_assert(outcomes.size() == std::tuple_size_v<decltype(metrics.notices_ended)>);
  out.counter("hotline_notices_posted_total", "Notices for gateways to send, by what they say.");
  for (std::size_t i = 1; i < kinds.size(); ++i) {
    const std::string_view kind = kinds[i];
    if (!kind.empty()) out.value(number(metrics.notices_posted[i]), {{"kind", kinds[i]}});
  }
  out.counter("hotline_notices_ended_total", "Notices by what came of them.");
  for (std::size_t i = 1; i < outcomes.size(); ++i) {
    out.value(number(metrics.notices_ended[i]), {{"outcome", outcomes[i]}});
  }
}

void add_model(Families& out, const Metrics& metrics) {
  constexpr std::array decisions{"left_to_person", "dispatched"};
  constexpr std::array outcomes{"confirmed", "stood", "category_changed", "department_changed"};
  static_assert(decisions.size() == std::tuple_size_v<decltype(metrics.model_decisions)>);
  static_assert(outcomes.size() == std::tuple_size_v<decltype(metrics.model_agreement)>);
  out.counter("hotline_model_decisions_total",
              "Tickets on which rules were silent and the learned model was heard, by what came of "
              "it at intake.");
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    out.value(number(metrics.model_decisions[i]), {{"outcome", decisions[i]}});
  }
  out.counter("hotline_model_agreement_total",
              "What the office made of the model's proposals: confirmed by who dispatched, stood "
              "until the answer, or changed.");
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    out.value(number(metrics.model_agreement[i]), {{"outcome", outcomes[i]}});
  }
}

void add_tickets(Families& out, const Metrics& metrics, const std::vector<RatingLabel>& ratings) {
  constexpr std::array handlings{"undecided", "direct", "transferred"};
  static_assert(handlings.size() == std::tuple_size_v<decltype(metrics.tickets_by_handling)>);
  out.counter("hotline_tickets_received_total", "Tickets received.")
      .value(number(metrics.tickets_received));
  out.counter("hotline_tickets_taken_in_total",
              "Tickets received, by how they stood when they had been taken in.");
  for (std::size_t i = 0; i < handlings.size(); ++i) {
    out.value(number(metrics.tickets_by_handling[i]), {{"handling", handlings[i]}});
  }
  out.counter("hotline_deadlines_passed_total",
              "Deadlines that passed before the move they wait for.")
      .value(number(metrics.deadlines_passed));
  out.counter("hotline_deadlines_provisional_total",
              "Deadlines laid down in a year whose holidays are not published yet.")
      .value(number(metrics.deadlines_provisional));
  out.gauge("hotline_calendar_published_until_timestamp_seconds",
            "End of the last year whose holidays are in the calendar; 0: none.")
      .value(number(metrics.calendar_published_until));
  out.counter("hotline_ratings_total", "Citizens reached by a call-back, by their rating.");
  const std::size_t shown = std::min(ratings.size(), metrics.ratings.size());
  for (std::size_t i = 0; i < shown; ++i) {
    out.value(number(metrics.ratings[i]), {{"level", ratings[i].level},
                                           {"satisfied", ratings[i].satisfied ? "true" : "false"}});
  }
  out.histogram("hotline_classify_duration_seconds", "Classifying one ticket.")
      .value(metrics.classify_seconds);
}

void add_today(Families& out, const TodayGauges& today) {
  const std::uint64_t decided = today.direct + today.transferred;
  const std::pair<const char*, std::uint64_t> figures[] = {
      {"received", today.received},
      {"accepted", today.accepted},
      {"direct", today.direct},
      {"transferred", today.transferred},
      {"undecided", today.accepted - std::min(decided, today.accepted)},
      {"finished", today.finished},
      {"called_back", today.called_back},
      {"rated", today.rated},
      {"satisfied", today.satisfied},
  };
  out.gauge("hotline_today_tickets",
            "Tickets received today, by figure, counted as the report counts them.");
  for (const auto& [figure, value] : figures) out.value(number(value), {{"figure", figure}});
}

void merge(QueueGauges& sum, const QueueGauges& queue) {
  sum.depth += queue.depth;
  sum.leased += queue.leased;
  sum.dead_letters += queue.dead_letters;
  sum.overdue += queue.overdue;
  sum.oldest_age_s = std::max(sum.oldest_age_s, queue.oldest_age_s);
  sum.waiters += queue.waiters;
}

/// At most `max` queues and then the sum of all others. A queue that is itself named `other` is
/// always in the sum: two series of one name would make Prometheus refuse the whole page.
std::vector<QueueGauges> bounded(std::vector<QueueGauges> queues, std::size_t max) {
  std::ranges::sort(queues, [](const QueueGauges& a, const QueueGauges& b) {
    return a.depth != b.depth ? a.depth > b.depth : a.queue < b.queue;
  });
  QueueGauges other{.queue = std::string(other_queue)};
  std::vector<QueueGauges> shown;
  bool has_other = false;
  for (QueueGauges& queue : queues) {
    if (shown.size() < max && queue.queue != other_queue) {
      shown.push_back(std::move(queue));
    } else {
      merge(other, queue);
      has_other = true;
    }
  }
  if (has_other) shown.push_back(std::move(other));
  return shown;
}

void add_queues(Families& out, const std::vector<QueueGauges>& queues) {
  const auto each = [&](const char* name, const char* help, auto figure) {
    out.gauge(name, help);
    for (const QueueGauges& queue : queues) {
      out.value(static_cast<double>(queue.*figure), {{"queue", queue.queue}});
    }
  };
  each("hotline_queue_depth", "Tickets in the queue, leased ones and dead letters included.",
       &QueueGauges::depth);
  each("hotline_queue_leased", "Tickets of the queue that somebody holds.", &QueueGauges::leased);
  each("hotline_queue_dead_letters", "Tickets of the queue that a person must look at.",
       &QueueGauges::dead_letters);
  each("hotline_queue_overdue", "Tickets of the queue that are past their deadline.",
       &QueueGauges::overdue);
  each("hotline_queue_oldest_age_seconds", "How long the oldest ticket has been in the queue.",
       &QueueGauges::oldest_age_s);
  each("hotline_queue_waiters", "Requests that wait at the queue.", &QueueGauges::waiters);
}

void add_store(Families& out, const Store::Stats& store) {
  out.gauge("hotline_store_disk_bytes", "Size of the store on disk.")
      .value(number(store.disk_bytes));
  out.gauge("hotline_store_memory_bytes", "Memory of the store: caches and write buffers.")
      .value(number(store.memory_bytes));
  out.gauge("hotline_store_writes_stalled",
            "1 while the store slows or refuses writes to catch up.")
      .value(store.writes_stalled ? 1 : 0);
}

}  // namespace

std::string Exposition::render(const Readings& readings) const {
  Families out;
  add_process(out, options_);
  add_http(out, metrics_);
  add_moves(out, metrics_, options_.moves);
  add_engine(out, metrics_, readings.writable);
  add_leases(out, metrics_);
  add_tickets(out, metrics_, options_.ratings);
  add_notices(out, metrics_);
  add_model(out, metrics_);
  if (readings.today) add_today(out, *readings.today);
  if (readings.queues) add_queues(out, bounded(*readings.queues, options_.queues_max));
  if (readings.store) add_store(out, *readings.store);
  std::ostringstream text;
  prometheus::TextSerializer{}.Serialize(text, out.all());
  return std::move(text).str();
}

}  // namespace hotline

#include <chrono>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "api/body.hpp"
#include "api/call.hpp"
#include "api/import_body.hpp"
#include "api/intake_body.hpp"
#include "api/lines.hpp"

// POST /v1/tickets:bulk and :import: many tickets in one request, a result a line, while the body
// still comes.

namespace hotline::api {
namespace {

constexpr std::string_view lines_media = "application/x-ndjson";
/// What is decided together: enough to share a sync, few enough to hold up no other connection.
constexpr std::size_t lines_together_max = 64;
/// A full inbox slows a bulk down; only after so long is a line refused.
constexpr std::chrono::milliseconds pause_when_full{100};
constexpr int pauses_max = 100;
/// Each line's own key is this one, a slash and its number.
constexpr std::size_t bulk_key_bytes_max = 100;

/// One line's way: read, decided, told.
struct Task {
  Line line;
  Result<Applied> result = Applied{};
  bool decided = false;  ///< `result` stands, whatever it is
};

struct Sums {
  std::size_t created = 0;
  std::size_t repeated = 0;
  std::size_t refused = 0;
};

/// What makes a command of a line: its move, and the hash of its body.
using ReadLine = Result<Command> (*)(const Call& call, std::string_view line);

Result<Command> read_intake_command(const Call& call, std::string_view line) {
  const Time now = call.engine().now();
  auto body = read_intake_line(line, now);
  if (!body) return tl::make_unexpected(std::move(body.error()));
  const auto catalogue = call.api.parts.catalogue();
  classify(*body, *catalogue, now, call.api.parts.metrics);
  Command command;
  command.move = std::move(body->intake);
  command.idempotency = Idempotency{{}, body->hash};
  return command;
}

Result<Command> read_import_command(const Call& call, std::string_view line) {
  auto body = read_import_line(line, *call.engine().policy(), call.engine().now());
  if (!body) return tl::make_unexpected(std::move(body.error()));
  Command command;
  command.move = std::move(body->import);
  command.idempotency = Idempotency{{}, body->hash};
  return command;
}

/// What all lines of one request share.
struct Job {
  const Call& call;
  ReadLine read;
  Actor actor;
  std::string key;  ///< Idempotency-Key of the whole; empty when none
};

Result<Command> command_of(const Job& job, const Line& line) {
  if (line.too_long) {
    return fail(ErrorCode::too_large,
                fmt::format("the line is longer than {} bytes", line_bytes_max));
  }
  auto command = job.read(job.call, line.text);
  if (!command) return command;
  command->actor = job.actor;
  if (!job.key.empty()) command->idempotency->key = fmt::format("{}/{}", job.key, line.number);
  return command;
}

/// Submits what is not decided yet, and waits for all of it.
asio::awaitable<bool> decide_once(const Job& job, std::vector<Task>& tasks) {
  std::vector<Command> commands;
  std::vector<Task*> submitted;
  for (Task& task : tasks) {
    if (task.decided) continue;
    auto command = command_of(job, task.line);
    task.decided = true;
    if (command) {
      commands.push_back(std::move(*command));
      submitted.push_back(&task);
    } else {
      task.result = tl::make_unexpected(std::move(command.error()));
    }
  }
  auto results = co_await submit_all(job.call.engine(), std::move(commands));
  bool all = true;
  for (std::size_t i = 0; i < submitted.size(); ++i) {
    Task& task = *submitted[i];
    task.result = std::move(results[i]);
    const bool full = !task.result && task.result.error().code == ErrorCode::overloaded;
    task.decided = !full;
    all = all && !full;
  }
  co_return all;
}

asio::awaitable<void> decide(const Job& job, std::vector<Task>& tasks) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor);
  for (int pauses = 0; pauses <= pauses_max; ++pauses) {
    auto all = co_await decide_once(job, tasks);
    if (all) co_return;
    timer.expires_after(pause_when_full);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

void write_taken(JsonWriter& out, const Applied& applied) {
  const Ticket& ticket = applied.ticket;
  out.field("status", applied.repeated ? 200 : 201).field("id", to_string(ticket.id));
  if (!ticket.source_id.empty()) out.field("source_id", ticket.source_id);
  out.field("ticket_status", name(ticket.status)).key("handling");
  if (ticket.handling) {
    out.value(name(*ticket.handling));
  } else {
    out.null();
  }
  const Assignment* lead = ticket.lead();
  out.key("lead");
  if (lead != nullptr) {
    out.value(lead->department);
  } else {
    out.null();
  }
  out.key("warnings");
  write_warnings(out, ticket.warnings);
}

void write_refused(JsonWriter& out, const Error& error, const http::Request& request) {
  const http::Response told = http::problem(error, request);
  out.field("status", told.status).key("problem").raw(told.body);
}

void write_result(JsonWriter& out, Task& task, const http::Request& request, Sums& sums) {
  out.begin_object().field("line", task.line.number);
  if (!task.result) {
    ++sums.refused;
    write_refused(out, task.result.error(), request);
  } else {
    ++(task.result->repeated ? sums.repeated : sums.created);
    if (task.result->differs) task.result->ticket.warnings.push_back(repeat_differs());
    write_taken(out, *task.result);
  }
  out.end_object();
}

std::string results_of(std::vector<Task>& tasks, const http::Request& request, Sums& sums) {
  std::string text;
  for (Task& task : tasks) {
    JsonWriter out;
    write_result(out, task, request, sums);
    text += out.take();
    text += '\n';
  }
  return text;
}

std::string last_line(const Sums& sums, std::size_t lines) {
  JsonWriter out;
  out.begin_object().field("done", true).field("lines", lines).field("created", sums.created);
  out.field("repeated", sums.repeated).field("refused", sums.refused).end_object();
  return out.take() + '\n';
}

/// In place of the last line, when the body broke off: what came before it is decided and told.
std::string broken_off(const Error& error, const http::Request& request, std::size_t lines) {
  JsonWriter out;
  out.begin_object().field("done", false).field("lines", lines);
  write_refused(out, error, request);
  out.end_object();
  return out.take() + '\n';
}

Result<Job> job_of(const Call& call, ReadLine read) {
  FieldErrors errors;
  Job job{call, read, {}, {}};
  take(actor_of(call), job.actor, errors);
  take(idempotency_key_of(call.request), job.key, errors);
  if (job.key.size() > bulk_key_bytes_max) {
    errors.add("Idempotency-Key", "must be at most 100 characters here; lines add their number");
  }
  if (auto media = check_media(call.request, lines_media); !media) {
    return tl::make_unexpected(std::move(media.error()));
  }
  if (!errors.empty()) return tl::make_unexpected(errors.take());
  return job;
}

Answering take_lines(Call call, http::Stream& stream, ReadLine read) {
  const auto job = job_of(call, read);
  if (!job) co_return tl::make_unexpected(job.error());
  http::Response head;
  head.content_type = lines_media;
  stream.begin(std::move(head));
  LineReader reader(stream);
  Sums sums;
  while (true) {
    auto lines = co_await reader.read(lines_together_max);
    const bool over = !lines || lines->empty();
    std::string told;
    if (!lines) told = broken_off(lines.error(), call.request, reader.count());
    if (lines && over) told = last_line(sums, reader.count());
    if (!over) {
      std::vector<Task> tasks;
      for (Line& line : *lines) tasks.push_back({std::move(line), Applied{}, false});
      co_await decide(*job, tasks);
      told = results_of(tasks, call.request, sums);
    }
    auto received = co_await stream.write(std::move(told));
    if (over || !received) break;
  }
  co_return http::Response{};
}

Answering create_tickets(Call call, http::Stream& stream) {
  return take_lines(call, stream, read_intake_command);
}
Answering import_tickets(Call call, http::Stream& stream) {
  return take_lines(call, stream, read_import_command);
}

}  // namespace

void add_bulk_routes(const std::shared_ptr<Api>& api, std::vector<http::Route>& routes) {
  routes.push_back(guarded_stream(api, http::Verb::post, "/v1/tickets:bulk", "createTickets",
                                  static_cast<Scopes>(Scope::intake), create_tickets));
  routes.push_back(guarded_stream(api, http::Verb::post, "/v1/tickets:import", "importTickets",
                                  static_cast<Scopes>(Scope::admin), import_tickets));
}

}  // namespace hotline::api

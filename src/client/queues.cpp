#include <algorithm>

#include <fmt/format.h>

#include "client/commands.hpp"
#include "client/fields.hpp"
#include "client/layout.hpp"

namespace hotline::client {
namespace {

constexpr milliseconds look_timeout{5'000};  ///< a person's Ctrl-C waits for it at most

std::string queue_table(const json::value& answer) {
  using enum Align;
  Table table({{"队列"},
               {"名称"},
               {"在队", right},
               {"已租出", right},
               {"死信", right},
               {"超期", right},
               {"最久等待", right},
               {"等候者", right}});
  for (const auto& queue : list(answer, "queues")) {
    const auto waited = number(queue, "oldest_age_s");
    table.row({std::string(text(queue, "queue")), std::string(text(queue, "name")),
               std::to_string(number(queue, "depth")), std::to_string(number(queue, "leased")),
               std::to_string(number(queue, "dead_letters")),
               std::to_string(number(queue, "overdue")), waited > 0 ? span_words(waited) : "",
               std::to_string(number(queue, "waiters"))});
  }
  return table.empty() ? "all queues are empty\n" : table.str();
}

/// What one look shows: the table, or the daemon's answer for programs.
Result<std::string> look(HttpClient& client, const Call& call, bool as_json) {
  auto body = body_of(client.send(call));
  if (!body) return body;
  if (as_json) return *body + "\n";
  return parse_json(*body).map(queue_table);
}

std::string heading(UtcOffset zone) {
  const auto now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
  auto time = format_rfc3339(now, zone).substr(0, 19);
  time[10] = ' ';
  return time + "\n";
}

}  // namespace

Exit queues_command(const Daemon& daemon, const Terminal& terminal) {
  HttpClient client = daemon.client();
  const auto shown = look(client, {.target = "/v1/queues"}, terminal.json);
  if (!shown) return complain(terminal, shown.error());
  terminal.out << *shown;
  return Exit::ok;
}

Exit watch_queues_command(const Daemon& daemon, const WatchOptions& options,
                          const Terminal& terminal) {
  HttpClient client = daemon.client();
  Call call{.target = "/v1/queues"};
  call.timeout = look_timeout;
  call.retry = false;
  std::size_t painted_lines = 0;
  for (bool first = true;; first = false) {
    auto shown = look(client, call, terminal.json);
    if (!shown && first) return complain(terminal, shown.error());
    const auto screen = terminal.json ? std::nullopt : options.screen();
    if (!shown && !screen) complain(terminal, shown.error());
    auto words = shown ? *shown : screen ? shown.error().detail + "\n" : "";
    if (!terminal.json && !words.empty()) words.insert(0, heading(options.zone));
    terminal.out << (screen ? repaint(words, *screen, painted_lines) : words) << std::flush;
    if (!options.pause(options.interval)) return Exit::ok;
  }
}

}  // namespace hotline::client

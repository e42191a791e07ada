#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "client/commands.hpp"
#include "client/fields.hpp"
#include "client/layout.hpp"

namespace hotline::client {
namespace {

std::string age(std::int64_t seconds) {
  if (seconds < 60) return fmt::format("{}秒", seconds);
  if (seconds < 3600) return fmt::format("{}分", seconds / 60);
  if (seconds < 86'400) return fmt::format("{}时{:02}分", seconds / 3600, seconds / 60 % 60);
  return fmt::format("{}天{}时", seconds / 86'400, seconds / 3600 % 24);
}

struct Totals {
  std::int64_t depth = 0;
  std::int64_t leased = 0;
  std::int64_t dead_letters = 0;
  std::int64_t overdue = 0;
  std::size_t queues = 0;
};

Totals add_up(const json::value& queues) {
  Totals totals;
  for (const auto& queue : list(queues, "queues")) {
    totals.depth += number(queue, "depth");
    totals.leased += number(queue, "leased");
    totals.dead_letters += number(queue, "dead_letters");
    totals.overdue += number(queue, "overdue");
    ++totals.queues;
  }
  return totals;
}

/// Health calls are asked once: a 503 is what the caller wants to know.
Result<Answer> once(HttpClient& client, const char* target) {
  Call call{.target = target};
  call.retry = false;
  return client.send(call);
}

void print_queues(const json::value& answer, const Terminal& terminal) {
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
               std::to_string(number(queue, "overdue")), waited > 0 ? age(waited) : "",
               std::to_string(number(queue, "waiters"))});
  }
  terminal.out << (table.empty() ? "all queues are empty\n" : table.str());
}

}  // namespace

Exit complain(const Terminal& terminal, const Error& error) {
  terminal.err << "hotlinectl: " << error.detail << '\n';
  return error.code == ErrorCode::unavailable ? Exit::unreachable : Exit::failed;
}

Exit status_command(const Daemon& daemon, const Terminal& terminal) {
  HttpClient client = daemon.client();
  const auto alive = client.send(Call{.target = "/livez"});
  if (!alive) return complain(terminal, alive.error());
  const auto ready = once(client, "/readyz");
  if (!ready) return complain(terminal, ready.error());
  const auto queues = body_of(once(client, "/v1/queues")).and_then(parse_json);
  const auto catalogue = body_of(once(client, "/v1/catalogue")).and_then(parse_json);
  const Totals totals = queues ? add_up(*queues) : Totals{};
  const auto version = catalogue ? std::string(text(*catalogue, "version")) : std::string{};
  if (terminal.json) {
    json::object all{{"live", alive->ok()}, {"ready", ready->ok()}, {"catalogue_version", version}};
    if (queues) {
      all["queues"] = {{"queues", totals.queues},
                       {"depth", totals.depth},
                       {"leased", totals.leased},
                       {"dead_letters", totals.dead_letters},
                       {"overdue", totals.overdue}};
    }
    terminal.out << json::serialize(all) << '\n';
  } else {
    terminal.out << fmt::format("live       {}\n", alive->ok() ? "yes" : explain(*alive));
    terminal.out << fmt::format("ready      {}\n", ready->ok() ? "yes" : explain(*ready));
    terminal.out << fmt::format("catalogue  {}\n", catalogue ? version : catalogue.error().detail);
    terminal.out
        << (queues ? fmt::format(
                         "queues     {} with {} entries, {} leased, {} dead letters, {} overdue\n",
                         totals.queues, totals.depth, totals.leased, totals.dead_letters,
                         totals.overdue)
                   : fmt::format("queues     {}\n", queues.error().detail));
  }
  return alive->ok() && ready->ok() && queues && catalogue ? Exit::ok : Exit::failed;
}

Exit queues_command(const Daemon& daemon, const Terminal& terminal) {
  HttpClient client = daemon.client();
  const auto body = body_of(client.send(Call{.target = "/v1/queues"}));
  if (!body) return complain(terminal, body.error());
  const auto answer = parse_json(*body);
  if (!answer) return complain(terminal, answer.error());
  if (terminal.json) {
    terminal.out << *body << '\n';
  } else {
    print_queues(*answer, terminal);
  }
  return Exit::ok;
}

}  // namespace hotline::client

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "client/commands.hpp"
#include "client/fields.hpp"

namespace hotline::client {
namespace {

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

}  // namespace

Exit status_command(const Daemon& daemon, const Terminal& terminal) {
  HttpClient client = daemon.client();
  const auto alive = client.send(Call{.target = "/livez"});
  if (!alive) return complain(terminal, alive.error());
  const auto ready = once(client, "/readyz");
  if (!ready) return complain(terminal, ready.error());
  const auto queues = body_of(once(client, "/v1/queues")).and_then(parse_json);
  const auto catalogue = body_of(once(client, "/v1/catalogue")).and_then(parse_json);
  const auto model = catalogue ? std::string(text(*catalogue, "model_version")) : std::string{};
  const Totals totals = queues ? add_up(*queues) : Totals{};
  const auto version = catalogue ? std::string(text(*catalogue, "version")) : std::string{};
  if (terminal.json) {
    json::object all{{"live", alive->ok()},
                     {"ready", ready->ok()},
                     {"catalogue_version", version},
                     {"model_version", model}};
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

}  // namespace hotline::client

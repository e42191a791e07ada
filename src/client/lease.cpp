#include <algorithm>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "client/commands.hpp"
#include "client/fields.hpp"
#include "client/layout.hpp"
#include "domain/vocabulary.hpp"

namespace hotline::client {
namespace {

constexpr std::size_t title_columns = 30;

/// `03-02 12:00` of an RFC 3339 time.
std::string short_time(std::string_view time) {
  if (time.size() < 16) return std::string(time);
  return fmt::format("{} {}", time.substr(5, 5), time.substr(11, 5));
}

/// What is over first; times of one zone compare as text.
std::string nearest_deadline(const json::value& ticket) {
  std::string_view nearest;
  const auto& deadlines = at(ticket, "deadlines");
  if (!deadlines.is_object()) return {};
  for (const auto& [name, time] : deadlines.get_object()) {
    const auto candidate = text(deadlines, name);
    if (nearest.empty() || candidate < nearest) nearest = candidate;
  }
  return short_time(nearest);
}

std::string title_of(const json::value& ticket) {
  const auto& personal = at(ticket, "personal");
  const auto title = text(personal, "title");
  return cut(title.empty() ? text(personal, "content") : title, title_columns);
}

std::string_view first_move(std::string_view queue) {
  if (queue == "triage") return "dispatch";
  if (queue == "direct") return "answer";
  if (queue == "returns") return "rule";
  if (queue == "extensions") return "rule-extension";
  if (queue == "notice") return "notified";
  return queue == "callback" ? "callback" : "sign";
}

void print_leases(const json::array& leases, const Terminal& terminal) {
  Table table({{"工单"},
               {"紧急程度"},
               {"标题"},
               {"最近时限"},
               {"投递", Align::right},
               {"租约至"},
               {"凭证"}});
  for (const auto& lease : leases) {
    const auto& ticket = at(lease, "ticket");
    const auto urgency = parse<Urgency>(text(ticket, "urgency"));
    table.row({std::string(text(ticket, "id")), urgency ? std::string(chinese(*urgency)) : "",
               title_of(ticket), nearest_deadline(ticket),
               std::to_string(number(lease, "delivery")), short_time(text(lease, "leased_until")),
               std::string(text(lease, "receipt"))});
  }
  terminal.out << table.str();
}

void print_next(const json::value& lease, std::string_view queue, const Terminal& terminal) {
  const auto id = text(at(lease, "ticket"), "id");
  terminal.out << fmt::format(
      "\nread it:  hotlinectl ticket {} --personal\nmove it:  hotlinectl move {} {} --receipt {} "
      "--actor 姓名\n",
      id, id, first_move(queue), text(lease, "receipt"));
}

/// Without blame: nobody failed at it.
Result<void> release(HttpClient& client, const json::array& leases) {
  for (const auto& lease : leases) {
    Call call{.method = "POST", .body = "{}"};
    call.target = fmt::format("/v1/leases/{}:release", percent_encoded(text(lease, "receipt")));
    const auto released = body_of(client.send(call));
    if (!released) return tl::make_unexpected(released.error());
  }
  return {};
}

Call lease_call(const LeaseOptions& options) {
  Call call{.method = "POST"};
  call.target = fmt::format("/v1/queues/{}/leases", percent_encoded(options.queue));
  call.body = json::serialize(
      json::object{{"max", options.max}, {"wait_s", options.wait_s}, {"lease_s", options.lease_s}});
  call.timeout += std::chrono::seconds{options.wait_s};
  return call;
}

}  // namespace

Exit lease_command(const Daemon& daemon, const LeaseOptions& options, const Terminal& terminal) {
  HttpClient client = daemon.client();
  const auto document = body_of(client.send(lease_call(options)));
  if (!document) return complain(terminal, document.error());
  const auto answer = parse_json(*document);
  if (!answer) return complain(terminal, answer.error());
  const auto& leases = list(*answer, "leases");
  if (terminal.json) {
    terminal.out << *document << '\n';
  } else if (leases.empty()) {
    terminal.out << fmt::format("nothing waits in {}\n", options.queue);
  } else {
    print_leases(leases, terminal);
  }
  if (options.release) {
    const auto released = release(client, leases);
    if (!released) return complain(terminal, released.error());
  } else if (!terminal.json && !leases.empty()) {
    print_next(leases.front(), options.queue, terminal);
  }
  return Exit::ok;
}

}  // namespace hotline::client

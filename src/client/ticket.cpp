#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "base/ids.hpp"
#include "client/commands.hpp"
#include "client/fields.hpp"
#include "client/time_line.hpp"

namespace hotline::client {
namespace {

Result<json::value> get(HttpClient& client, std::string target) {
  return body_of(client.send(Call{.target = std::move(target)})).and_then(parse_json);
}

}  // namespace

Exit ticket_command(const Daemon& daemon, const TicketOptions& options, const Terminal& terminal) {
  if (const auto id = parse_ticket_id(options.id); !id) {
    return refuse(terminal, fmt::format("'{}': {}", options.id, id.error().detail));
  }
  if (options.unmask && daemon.access.actor.empty()) {
    return refuse(terminal, "--unmask is recorded with who asks: --actor 姓名, or HOTLINE_ACTOR");
  }
  HttpClient client = daemon.client();
  const auto target = "/v1/tickets/" + options.id;
  const auto ticket = get(client, target + (options.unmask ? "?unmask=true" : ""));
  if (!ticket) return complain(terminal, ticket.error());
  const auto story = get(client, target + "/events");
  if (!story) return complain(terminal, story.error());
  const bool personal = options.personal || options.unmask;
  if (terminal.json) {
    json::object shown = ticket->as_object();
    if (!personal) shown.erase("personal");
    terminal.out << json::serialize(
                        json::object{{"ticket", shown}, {"events", at(*story, "events")}})
                 << '\n';
    return Exit::ok;
  }
  const auto tasks = task_table(*ticket, *story);
  terminal.out << ticket_head(*ticket);
  if (personal) terminal.out << personal_lines(at(*ticket, "personal"));
  if (!tasks.empty()) terminal.out << '\n' << tasks;
  terminal.out << '\n' << story_table(*ticket, *story);
  return Exit::ok;
}

}  // namespace hotline::client

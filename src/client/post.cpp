#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "client/commands.hpp"
#include "client/fields.hpp"
#include "client/input.hpp"
#include "domain/vocabulary.hpp"

namespace hotline::client {
namespace {

template <typename Enum>
std::string both(const json::value& ticket, std::string_view key) {
  const auto word = text(ticket, key);
  const auto value = parse<Enum>(word);
  return value ? fmt::format("{} ({})", chinese(*value), word) : "-";
}

void print_posted(const json::value& ticket, bool repeated, const Terminal& terminal) {
  terminal.out << fmt::format("{} {}  {}  办理方式 {}\n", repeated ? "repeated" : "created",
                              text(ticket, "id"), both<Status>(ticket, "status"),
                              both<Handling>(ticket, "handling"));
  for (const auto& task : list(ticket, "assignments")) {
    const auto name = text(task, "department_name");
    terminal.out << fmt::format("  {} {}\n",
                                chinese(parse<Role>(text(task, "role")).value_or(Role::lead)),
                                name.empty() ? text(task, "department") : name);
  }
  for (const auto& warning : list(ticket, "warnings")) {
    terminal.err << fmt::format("warning {} {}: {}\n", text(warning, "code"),
                                text(warning, "pointer"), text(warning, "detail"));
  }
}

}  // namespace

std::string intake_body(const std::vector<std::pair<std::string, std::string>>& fields) {
  json::object body;
  json::object caller;
  for (const auto& [name, value] : fields) {
    if (value.empty()) continue;
    if (name == "confidential") {
      caller[name] = value == "true";
    } else if (name == "name" || name == "phone") {
      caller[name] = value;
    } else {
      body[name] = value;
    }
  }
  if (!caller.empty()) body["caller"] = std::move(caller);
  return json::serialize(body);
}

Exit post_command(const Daemon& daemon, const PostOptions& options, const Terminal& terminal) {
  auto body = options.file.empty() ? Result<std::string>(intake_body(options.fields))
                                   : read_body(options.file);
  if (!body) return refuse(terminal, body.error().detail);
  HttpClient client = daemon.client();
  const auto answer =
      client.send(Call{.method = "POST", .target = "/v1/tickets", .body = std::move(*body)});
  const auto document = body_of(answer);
  if (!document) return complain(terminal, document.error());
  if (terminal.json) {
    terminal.out << *document << '\n';
    return Exit::ok;
  }
  const auto ticket = parse_json(*document);
  if (!ticket) return complain(terminal, ticket.error());
  print_posted(*ticket, answer->status == 200 || answer->replayed, terminal);
  return Exit::ok;
}

}  // namespace hotline::client

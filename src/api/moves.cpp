#include <algorithm>

#include <fmt/format.h>

#include "api/body.hpp"
#include "api/call.hpp"
#include "api/canonical.hpp"
#include "api/move_bodies.hpp"
#include "api/visibility.hpp"
#include "domain/rules.hpp"

// What people do with a ticket: POST /v1/tickets/{id}:<move>.

namespace hotline::api {
namespace {

/// The move itself and the lease that it consumes; the hash of both. `errors` has the faults of the
/// headers.
Result<std::uint64_t> read_body(const Call& call, const MoveCall& kind, Command& command,
                                FieldErrors errors) {
  const auto parsed = parse_body(call.request, errors);
  if (!parsed) return tl::make_unexpected(parsed.error());
  const auto catalogue = call.api.parts.catalogue();
  ObjectReader body(parsed->get_object(), errors);
  command.move = kind.read(body, *catalogue);
  command.receipt = text_of(body, "receipt", {.bytes_max = 64});
  body.finish();
  if (!errors.empty()) return tl::make_unexpected(errors.take());
  return canonical_hash(fmt::format("{} {}", kind.move, to_string(command.ticket)), *parsed);
}

Result<Command> move_command(const Call& call, const MoveCall& kind) {
  const auto id = ticket_id_of(call.request);
  if (!id) return tl::make_unexpected(id.error());
  FieldErrors errors;
  Command command;
  std::string key;
  command.ticket = *id;
  command.actor.principal = call.principal.name;
  command.actor.supervises = call.principal.has(Scope::supervisor);
  take(kind.by_software ? person_of(call.request) : required_person(call.request),
       command.actor.person, errors);
  take(idempotency_key_of(call.request), key, errors);
  take(if_match_of(call.request), command.if_match, errors);
  const auto hash = read_body(call, kind, command, std::move(errors));
  if (!hash) return tl::make_unexpected(hash.error());
  if (!key.empty()) command.idempotency = Idempotency{std::move(key), *hash};
  return command;
}

Result<Ticket> read_ticket(const TicketReader& reader, TicketId id) {
  auto ticket = reader.ticket(id);
  if (!ticket) return tl::make_unexpected(std::move(ticket.error()));
  if (!*ticket) return no_such_ticket();
  return std::move(**ticket);
}

/// The department that the body names; empty when it names none.
std::string department_named(const Move& move) {
  return std::visit(
      [](const auto& one) -> std::string {
        if constexpr (requires { one.department; }) return one.department;
        return {};
      },
      move);
}

/// Whom the actor may act for in this ticket. The centre's own answer is the desk's affair, a
/// department's task that of the department; assignments are never taken away, so what is seen here
/// still holds when the engine decides.
Result<DepartmentSet> departments_for(const Call& call, Command& command, const Ticket& ticket) {
  const bool centre_answers =
      std::holds_alternative<Answer>(command.move) && ticket.status == Status::direct;
  if (centre_answers && call.principal.has(Scope::desk)) {
    // Every department's set comes with this: it must not outlive the status that it was given for.
    if (!command.if_match) command.if_match = ticket.version;
    return DepartmentSet();
  }
  const auto catalogue = call.api.parts.catalogue();
  DepartmentSet own = call.principal.expand(*catalogue);
  if (!call.principal.sees_all() && !concerns(ticket, own)) return no_such_ticket();
  if (!call.principal.has(Scope::department)) {
    return fail(ErrorCode::forbidden,
                "the desk answers only what the centre handles itself; this is its department's");
  }
  const std::string named = department_named(command.move);
  if (!named.empty() && own && !own->contains(named)) {
    return invalid_field("/department", "is not one of this token's departments");
  }
  return own;
}

http::Response move_answer(const Call& call, const Applied& applied) {
  http::Response response = json_answer(ticket_json(applied.ticket, call.view_context()));
  response.headers.emplace_back("ETag", etag(applied.ticket));
  if (applied.repeated) response.headers.emplace_back("Idempotency-Replayed", "true");
  return response;
}

/// The department for which a move was made; empty for those of the centre.
std::string_view department_of(const Change& change, const Ticket& ticket) {
  const auto assigned = [&](std::uint16_t seq) -> std::string_view {
    const Assignment* assignment = ticket.assignment(seq);
    return assignment == nullptr ? std::string_view() : assignment->department;
  };
  for (const auto& event : change.events) {
    if (const auto* e = std::get_if<Signed>(&event)) return assigned(e->seq);
    if (const auto* e = std::get_if<Contacted>(&event)) return assigned(e->seq);
    if (const auto* e = std::get_if<Answered>(&event)) return assigned(e->seq);
    if (const auto* e = std::get_if<Paused>(&event)) return assigned(e->seq);
    if (const auto* e = std::get_if<Resumed>(&event)) return assigned(e->seq);
    if (const auto* e = std::get_if<ExtensionRequested>(&event)) return assigned(e->seq);
    if (const auto* e = std::get_if<Dispatched>(&event)) return e->assignment.department;
  }
  return {};
}

std::string sentence_of(const Change& change, const Ticket& ticket, UtcOffset zone) {
  const std::string_view department = department_of(change, ticket);
  std::string out = fmt::format("{} at {} by {}", change.move, format_rfc3339(change.at, zone),
                                change.person.empty() ? change.principal : change.person);
  if (!change.person.empty()) out += fmt::format(" with token {}", change.principal);
  if (!department.empty()) out += fmt::format(", department {}", department);
  return out;
}

/// Who brought the ticket where it is: the last time that this very move was made, and the last
/// move of all. Only moves of people; a clock that ran out is told by the status.
std::string history_of(const std::vector<Change>& story, std::string_view move, UtcOffset zone) {
  const Ticket ticket = replay(story);
  const Change* same = nullptr;
  const Change* last = nullptr;
  for (const auto& change : story) {
    if (change.move == name(Move(Tick{})) || change.move == name(Move(Recompute{}))) continue;
    last = &change;
    if (change.move == move) same = &change;
  }
  std::string out;
  if (same != nullptr) out += "; done before: " + sentence_of(*same, ticket, zone);
  if (last != same) out += "; last move: " + sentence_of(*last, ticket, zone);
  return out;
}

/// A refusal for the ticket's state, with who made it so and when; without, when that cannot be
/// read.
asio::awaitable<Error> with_history(Call call, TicketId id, std::string_view move, Error refused) {
  auto read = [&reader = call.reader(), id] { return reader.story(id); };
  const auto story = co_await call.api.reads.run<std::vector<Change>>(std::move(read));
  if (story) refused.detail += history_of(*story, move, call.api.zone());
  co_return refused;
}

Answering run(Call call, Command command) {
  const TicketId id = command.ticket;
  const std::string_view move = name(command.move);
  const auto applied = co_await submit(call.engine(), std::move(command));
  if (applied) co_return move_answer(call, *applied);
  const Error& refused = applied.error();
  if (refused.code != ErrorCode::wrong_state) co_return tl::make_unexpected(refused);
  auto told = co_await with_history(call, id, move, refused);
  co_return tl::make_unexpected(std::move(told));
}

/// Any ticket for the centre's people, its own assignments for a department.
Answering make_move(Call call, const MoveCall& kind) {
  auto command = move_command(call, kind);
  if (!command) co_return tl::make_unexpected(std::move(command.error()));
  if (kind.of_department && !call.principal.every_department) {
    auto read = [&reader = call.reader(), id = command->ticket] { return read_ticket(reader, id); };
    const auto ticket = co_await call.api.reads.run<Ticket>(std::move(read));
    if (!ticket) co_return tl::make_unexpected(ticket.error());
    auto departments = departments_for(call, *command, *ticket);
    if (!departments) co_return tl::make_unexpected(std::move(departments.error()));
    command->actor.departments = std::move(*departments);
  }
  co_return co_await run(call, std::move(*command));
}

}  // namespace

void add_move_routes(const std::shared_ptr<Api>& api, std::vector<http::Route>& routes) {
  for (const auto moves : {centre_moves(), department_moves(), citizen_moves(), notice_moves()}) {
    for (const MoveCall& kind : moves) {
      const auto action = [&kind](Call call) { return make_move(call, kind); };
      routes.push_back(guarded(api, http::Verb::post,
                               fmt::format("/v1/tickets/{{id}}:{}", kind.move),
                               std::string(kind.operation), kind.scopes, action));
    }
  }
}

}  // namespace hotline::api

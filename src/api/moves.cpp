#include <algorithm>

#include <fmt/format.h>

#include "api/body.hpp"
#include "api/call.hpp"
#include "api/canonical.hpp"
#include "api/intake_body.hpp"
#include "api/visibility.hpp"
#include "domain/rules.hpp"

// What people do with a ticket: POST /v1/tickets/{id}:<move>.

namespace hotline::api {
namespace {

constexpr TextRule code_rule{.bytes_max = code_bytes_max};
constexpr TextRule words_rule{.characters_max = 5'000, .lines = true};
constexpr std::size_t others_max = 32;  ///< assisting or informed departments of one dispatch

/// Reads one move's own fields.
using ReadMove = Move (*)(ObjectReader&, const Catalogue&);

std::string text_of(ObjectReader& body, std::string_view field, const TextRule& rule) {
  return std::string(body.text(field, rule).value_or(std::string_view()));
}
std::string required_text_of(ObjectReader& body, std::string_view field, const TextRule& rule) {
  return std::string(body.required_text(field, rule).value_or(std::string_view()));
}

/// Unlike at intake, a person is there to correct an unknown code, so it is refused.
void expect_department(ObjectReader& body, std::string_view field, std::string_view code,
                       const Catalogue& catalogue) {
  if (code.empty() || catalogue.department(code) != nullptr) return;
  body.refuse(field, fmt::format("no department \"{}\"; see /v1/departments", code));
}

void expect_category(ObjectReader& body, std::string_view code, const Catalogue& catalogue) {
  if (code.empty() || catalogue.category(code) != nullptr) return;
  body.refuse("category",
              fmt::format("no category \"{}\" in catalogue {}", code, catalogue.version()));
}

Move read_dispatch(ObjectReader& body, const Catalogue& catalogue) {
  Dispatch move;
  move.department = required_text_of(body, "department", code_rule);
  move.assist = body.texts("assist", others_max, code_rule);
  move.copy = body.texts("copy", others_max, code_rule);
  move.category = text_of(body, "category", code_rule);
  move.note = text_of(body, "note", words_rule);
  expect_department(body, "department", move.department, catalogue);
  for (const auto& code : move.assist) expect_department(body, "assist", code, catalogue);
  for (const auto& code : move.copy) expect_department(body, "copy", code, catalogue);
  expect_category(body, move.category, catalogue);
  return move;
}

Move read_direct(ObjectReader& body, const Catalogue& catalogue) {
  TakeDirect move;
  move.category = text_of(body, "category", code_rule);
  move.note = text_of(body, "note", words_rule);
  expect_category(body, move.category, catalogue);
  return move;
}

Move read_sign(ObjectReader& body, const Catalogue&) {
  return Sign{text_of(body, "department", code_rule)};
}

Move read_contact(ObjectReader& body, const Catalogue&) {
  Contact move;
  move.department = text_of(body, "department", code_rule);
  move.note = text_of(body, "note", words_rule);
  return move;
}

Move read_answer(ObjectReader& body, const Catalogue&) {
  Answer move;
  move.department = text_of(body, "department", code_rule);
  move.text = required_text_of(body, "text", words_rule);
  return move;
}

Move read_redirect(ObjectReader& body, const Catalogue&) {
  Redirect move;
  move.channel = required_text_of(body, "channel", {.characters_max = 100});
  move.note = text_of(body, "note", words_rule);
  return move;
}

Move read_reject(ObjectReader& body, const Catalogue&) {
  return Reject{required_text_of(body, "reason", words_rule)};
}

Move read_acknowledge(ObjectReader& body, const Catalogue&) {
  return Acknowledge{required_text_of(body, "reference", {.characters_max = 100})};
}

void expect_region(ObjectReader& body, std::string_view code, const Catalogue& catalogue) {
  if (code.empty() || catalogue.region(code) != nullptr) return;
  body.refuse("region", fmt::format("no region \"{}\" in catalogue {}", code, catalogue.version()));
}

Move read_amend(ObjectReader& body, const Catalogue& catalogue) {
  Amend move;
  move.type = body.term<TicketType>("type");
  move.urgency = body.term<Urgency>("urgency");
  move.confidential = body.boolean("confidential");
  move.category = text_of(body, "category", code_rule);
  move.region = text_of(body, "region", code_rule);
  read_amended_words(body, move);
  expect_category(body, move.category, catalogue);
  expect_region(body, move.region, catalogue);
  return move;
}

Move read_supplement(ObjectReader& body, const Catalogue&) {
  return Supplement{required_text_of(body, "text", words_rule)};
}

Move read_withdraw(ObjectReader& body, const Catalogue&) {
  return Withdraw{required_text_of(body, "reason", words_rule)};
}

Move read_callback(ObjectReader& body, const Catalogue&) {
  CallbackAttempt move;
  body.require("outcome");
  const auto outcome = body.term<CallbackOutcome>("outcome");
  const bool reached = outcome == CallbackOutcome::reached;
  if (reached) {
    body.require("contacted");
    body.require("resolved");
  }
  for (const auto field : {"contacted", "resolved", "satisfaction"}) {
    if (outcome && !reached && body.has(field)) body.refuse(field, "only when outcome is reached");
  }
  move.outcome = outcome.value_or(CallbackOutcome::no_answer);
  move.contacted = body.boolean("contacted").value_or(false);
  move.resolved = body.term<Resolved>("resolved").value_or(Resolved::no);
  move.satisfaction = body.term<Satisfaction>("satisfaction");
  move.words = text_of(body, "words", words_rule);
  return move;
}

/// The move itself and the lease that it consumes; the hash of both. `errors` has the faults of the
/// headers.
Result<std::uint64_t> read_body(const Call& call, std::string_view operation, ReadMove read_move,
                                Command& command, FieldErrors errors) {
  const auto parsed = parse_body(call.request, errors);
  if (!parsed) return tl::make_unexpected(parsed.error());
  const auto catalogue = call.api.parts.catalogue();
  ObjectReader body(parsed->get_object(), errors);
  command.move = read_move(body, *catalogue);
  command.receipt = text_of(body, "receipt", {.bytes_max = 64});
  body.finish();
  if (!errors.empty()) return tl::make_unexpected(errors.take());
  return canonical_hash(fmt::format("{} {}", operation, to_string(command.ticket)), *parsed);
}

Result<Command> move_command(const Call& call, std::string_view operation, ReadMove read_move) {
  const auto id = ticket_id_of(call.request);
  if (!id) return tl::make_unexpected(id.error());
  FieldErrors errors;
  Command command;
  std::string key;
  command.ticket = *id;
  command.actor.principal = call.principal.name;
  take(required_person(call.request), command.actor.person, errors);
  take(idempotency_key_of(call.request), key, errors);
  take(if_match_of(call.request), command.if_match, errors);
  const auto hash = read_body(call, operation, read_move, command, std::move(errors));
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
  const auto* answer = std::get_if<Answer>(&command.move);
  const auto* sign = std::get_if<Sign>(&command.move);
  const auto* contact = std::get_if<Contact>(&command.move);
  const std::string& named = answer != nullptr ? answer->department
                             : sign != nullptr ? sign->department
                                               : contact->department;
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
    if (change.move == name(Move(Tick{}))) continue;
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

/// A move of the centre's people: any ticket.
Answering centre_move(Call call, std::string_view operation, ReadMove read_move) {
  auto command = move_command(call, operation, read_move);
  if (!command) co_return tl::make_unexpected(std::move(command.error()));
  co_return co_await run(call, std::move(*command));
}

/// A department's move on its own assignment.
Answering department_move(Call call, std::string_view operation, ReadMove read_move) {
  auto command = move_command(call, operation, read_move);
  if (!command) co_return tl::make_unexpected(std::move(command.error()));
  if (!call.principal.every_department) {
    auto read = [&reader = call.reader(), id = command->ticket] { return read_ticket(reader, id); };
    const auto ticket = co_await call.api.reads.run<Ticket>(std::move(read));
    if (!ticket) co_return tl::make_unexpected(ticket.error());
    auto departments = departments_for(call, *command, *ticket);
    if (!departments) co_return tl::make_unexpected(std::move(departments.error()));
    command->actor.departments = std::move(*departments);
  }
  co_return co_await run(call, std::move(*command));
}

Answering dispatch(Call call) { return centre_move(call, "dispatch", read_dispatch); }
Answering direct(Call call) { return centre_move(call, "direct", read_direct); }
Answering redirect(Call call) { return centre_move(call, "redirect", read_redirect); }
Answering reject(Call call) { return centre_move(call, "reject", read_reject); }
Answering acknowledge(Call call) { return centre_move(call, "acknowledge", read_acknowledge); }
Answering callback(Call call) { return centre_move(call, "callback", read_callback); }
Answering amend(Call call) { return centre_move(call, "amend", read_amend); }
Answering supplement(Call call) { return centre_move(call, "supplement", read_supplement); }
Answering withdraw(Call call) { return centre_move(call, "withdraw", read_withdraw); }
Answering sign(Call call) { return department_move(call, "sign", read_sign); }
Answering contact(Call call) { return department_move(call, "contact", read_contact); }
Answering answer(Call call) { return department_move(call, "answer", read_answer); }

}  // namespace

void add_move_routes(const std::shared_ptr<Api>& api, std::vector<http::Route>& routes) {
  const auto add = [&](std::string_view move, std::string name, Scopes scopes, Action action) {
    routes.push_back(guarded(api, http::Verb::post, fmt::format("/v1/tickets/{{id}}:{}", move),
                             std::move(name), scopes, action));
  };
  const auto desk = static_cast<Scopes>(Scope::desk);
  const auto department = static_cast<Scopes>(Scope::department);
  add("dispatch", "dispatchTicket", desk, dispatch);
  add("direct", "takeTicketDirect", desk, direct);
  add("sign", "signTicket", department, sign);
  add("contact", "contactCitizen", department, contact);
  add("answer", "answerTicket", Scope::department | Scope::desk, answer);
  add("redirect", "redirectTicket", desk, redirect);
  add("reject", "rejectTicket", desk, reject);
  add("acknowledge", "acknowledgeHandover", desk, acknowledge);
  add("callback", "recordCallback", static_cast<Scopes>(Scope::callback), callback);
  add("amend", "amendTicket", Scope::desk | Scope::supervisor, amend);
  add("supplement", "supplementTicket", Scope::intake | Scope::desk | Scope::callback, supplement);
  add("withdraw", "withdrawTicket", Scope::intake | Scope::desk, withdraw);
}

}  // namespace hotline::api

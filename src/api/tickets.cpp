#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "api/body.hpp"
#include "api/call.hpp"
#include "api/intake_body.hpp"
#include "api/ticket_query.hpp"
#include "api/unmasking.hpp"
#include "api/visibility.hpp"
#include "domain/rules.hpp"

// 受理 and reading: POST /v1/tickets, its dry run, one ticket, its story, lists.

namespace hotline::api {
namespace {

constexpr Scopes readers = Scope::intake | Scope::department | Scope::desk | Scope::callback |
                           Scope::supervisor | Scope::admin;

http::Response intake_answer(const Call& call, Applied applied) {
  if (applied.differs) {
    applied.ticket.warnings.push_back(repeat_differs());
  }
  http::Response response = json_answer(ticket_json(applied.ticket, call.view_context()));
  response.status = applied.repeated ? 200 : 201;
  response.headers.emplace_back("Location", "/v1/tickets/" + to_string(applied.ticket.id));
  response.headers.emplace_back("ETag", etag(applied.ticket));
  if (applied.repeated) response.headers.emplace_back("Idempotency-Replayed", "true");
  return response;
}

/// Everything of an intake that happens on the reactor.
Result<Command> intake_command(const Call& call) {
  FieldErrors errors;
  Command command;
  Idempotency idempotency;
  take(actor_of(call), command.actor, errors);
  take(idempotency_key_of(call.request), idempotency.key, errors);
  const Time now = call.engine().now();
  auto body = read_intake(call.request, now, std::move(errors));
  if (!body) return tl::make_unexpected(std::move(body.error()));
  const auto catalogue = call.api.parts.catalogue();
  classify(*body, *catalogue, now, call.api.parts.metrics);
  command.move = std::move(body->intake);
  idempotency.body_hash = body->hash;
  command.idempotency = std::move(idempotency);
  return command;
}

Answering post_ticket(Call call) {
  auto command = intake_command(call);
  if (!command) co_return tl::make_unexpected(std::move(command.error()));
  auto applied = co_await submit(call.engine(), std::move(*command));
  if (!applied) co_return tl::make_unexpected(std::move(applied.error()));
  co_return intake_answer(call, std::move(*applied));
}

/// What the rules would do with it: they decide, and nobody hears of it.
struct Verdict {
  std::string_view decision;
  std::string why;
};

Verdict verdict_of(const Intake& intake, const Policy& policy, Time now) {
  const Context context{now, TicketId{}, policy};
  auto events = decide(nullptr, Move(intake), Actor{}, context);
  if (!events) return {"triage", events.error().detail};
  Verdict verdict{"triage", ""};
  for (const auto& event : *events) {
    if (std::holds_alternative<Dispatched>(event)) verdict.decision = "dispatch";
    if (std::holds_alternative<TakenDirect>(event)) verdict.decision = "direct";
    if (std::holds_alternative<HandedOver>(event)) verdict.decision = "emergency";
  }
  const Classification& found = *intake.classification;
  if (verdict.decision == "triage" && !found.channel_to_tell.empty()) {
    verdict.decision = "redirect";
  }
  const Ticket ticket = evolve({}, Change{1, now, "", "", "intake", std::move(*events)});
  if (ticket.status == Status::triage) {
    verdict.why = triage_reason(ticket, policy.auto_dispatch_confidence);
  } else {
    verdict.why = fmt::format("confidence {:.2f}, automatic from {:.2f}", found.confidence,
                              found.automatic_from.value_or(policy.auto_dispatch_confidence));
  }
  return verdict;
}

Answering classify_ticket(Call call) {
  const Time now = call.engine().now();
  auto body = read_intake(call.request, now);
  if (!body) co_return tl::make_unexpected(std::move(body.error()));
  const ViewContext context = call.view_context();
  classify(*body, *context.catalogue, now, call.api.parts.metrics);
  const Verdict verdict = verdict_of(body->intake, *call.engine().policy(), now);
  JsonWriter out;
  out.begin_object().key("classification");
  write_classification(out, *body->intake.classification, context);
  out.field("decision", verdict.decision).field("why", verdict.why).key("warnings");
  write_warnings(out, body->intake.warnings);
  out.end_object();
  co_return json_answer(out.take());
}

Result<TicketReader::Full> read_full(const TicketReader& reader, TicketId id) {
  auto full = reader.full(std::span(&id, 1));
  if (!full) return tl::make_unexpected(std::move(full.error()));
  if (full->empty()) return no_such_ticket();
  return std::move(full->front());
}

Answering get_ticket(Call call) {
  const auto id = ticket_id_of(call.request);
  if (!id) co_return tl::make_unexpected(id.error());
  const auto query = known_query(call.request, {"unmask"});
  if (!query) co_return tl::make_unexpected(query.error());
  const auto unmasker = unmasker_of(call);
  if (!unmasker) co_return tl::make_unexpected(unmasker.error());
  auto read = [&reader = call.reader(), number = *id] { return read_full(reader, number); };
  auto full = co_await call.api.reads.run<TicketReader::Full>(std::move(read));
  if (!full) co_return tl::make_unexpected(std::move(full.error()));
  const ViewContext context = call.view_context();
  if (!may_see(call.principal, full->ticket, *context.catalogue)) co_return no_such_ticket();
  Privacy privacy = privacy_of(call.principal);
  if (*unmasker) {
    const auto audited = co_await audit(call, **unmasker, "ticket.unmasked", *id);
    if (!audited) co_return tl::make_unexpected(audited.error());
    privacy = Privacy::unmasked;
  }
  JsonWriter out(4'096);
  write_ticket(out, full->ticket, context, &full->personal, privacy);
  http::Response response = json_answer(out.take());
  response.headers.emplace_back("ETag", etag(full->ticket));
  co_return response;
}

struct Story {
  Ticket ticket;
  std::vector<Change> changes;
};

Result<Story> read_story(const TicketReader& reader, TicketId id) {
  auto ticket = reader.ticket(id);
  if (!ticket) return tl::make_unexpected(std::move(ticket.error()));
  if (!*ticket) return no_such_ticket();
  auto changes = reader.story(id);
  if (!changes) return tl::make_unexpected(std::move(changes.error()));
  return Story{std::move(**ticket), std::move(*changes)};
}

Answering get_events(Call call) {
  const auto id = ticket_id_of(call.request);
  if (!id) co_return tl::make_unexpected(id.error());
  auto read = [&reader = call.reader(), number = *id] { return read_story(reader, number); };
  auto story = co_await call.api.reads.run<Story>(std::move(read));
  if (!story) co_return tl::make_unexpected(std::move(story.error()));
  const ViewContext context = call.view_context();
  if (!may_see(call.principal, story->ticket, *context.catalogue)) co_return no_such_ticket();
  JsonWriter out(4'096);
  out.begin_object().key("events").begin_array();
  for (const auto& change : story->changes) write_change(out, change, context);
  out.end_array().end_object();
  co_return json_answer(out.take());
}

/// Cursors are the next number in hexadecimal: opaque to clients, and not mistaken for a ticket's.
std::string cursor_of(TicketId next) { return fmt::format("{:x}", next.value); }

Result<TicketId> cursor_from(const http::Request& request) {
  const std::string* text = request.query_value("cursor");
  if (text == nullptr) return TicketId{};
  TicketId begin;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, begin.value, 16);
  if (error != std::errc{} || stop != end) {
    return invalid_field("cursor", "must be a next_cursor as answered");
  }
  return begin;
}

struct ListRequest {
  TicketQuery query;
  std::size_t limit = 0;
};

Result<ListRequest> list_request(const Call& call, const Catalogue& catalogue) {
  constexpr std::int64_t limit_max = 200;
  constexpr std::int64_t limit_default = 50;
  FieldErrors errors;
  ListRequest out;
  take(ticket_query(call, catalogue, {"limit", "cursor"}), out.query, errors);
  take(cursor_from(call.request), out.query.begin, errors);
  take(query_integer(call.request, "limit", 1, limit_max, limit_default), out.limit, errors);
  if (!errors.empty()) return tl::make_unexpected(errors.take());
  return out;
}

Answering list_tickets(Call call) {
  const ViewContext context = call.view_context();
  auto asked = list_request(call, *context.catalogue);
  if (!asked) co_return tl::make_unexpected(std::move(asked.error()));
  auto read = [&reader = call.reader(), list = std::move(*asked)] {
    return reader.list(list.query.filter, list.query.begin, list.limit);
  };
  auto page = co_await call.api.reads.run<TicketPage>(std::move(read));
  if (!page) co_return tl::make_unexpected(std::move(page.error()));
  JsonWriter out(2'048 * (page->tickets.size() + 1));
  out.begin_object().key("tickets").begin_array();
  for (const auto& ticket : page->tickets) write_ticket(out, ticket, context);
  out.end_array().key("next_cursor");
  if (page->next) {
    out.value(cursor_of(*page->next));
  } else {
    out.null();
  }
  out.end_object();
  co_return json_answer(out.take());
}

}  // namespace

void add_ticket_routes(const std::shared_ptr<Api>& api, std::vector<http::Route>& routes) {
  using http::Verb;
  const Scopes listers =
      Scope::department | Scope::desk | Scope::callback | Scope::supervisor | Scope::admin;
  routes.push_back(guarded(api, Verb::post, "/v1/tickets", "createTicket",
                           static_cast<Scopes>(Scope::intake), post_ticket));
  routes.push_back(guarded(api, Verb::post, "/v1/tickets:classify", "classifyTicket",
                           Scope::intake | Scope::desk, classify_ticket));
  routes.push_back(guarded(api, Verb::get, "/v1/tickets/{id}", "getTicket", readers, get_ticket));
  routes.push_back(
      guarded(api, Verb::get, "/v1/tickets/{id}/events", "getTicketEvents", readers, get_events));
  routes.push_back(guarded(api, Verb::get, "/v1/tickets", "listTickets", listers, list_tickets));
}

}  // namespace hotline::api

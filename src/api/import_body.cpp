#include "api/import_body.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "api/body.hpp"
#include "api/canonical.hpp"
#include "api/intake_body.hpp"
#include "domain/imported.hpp"

namespace hotline::api {
namespace {

namespace json = boost::json;

constexpr TextRule code_rule{.bytes_max = code_bytes_max};
constexpr std::int64_t rounds_max = 100;
constexpr std::int64_t attempts_max = 1'000;

std::string text_of(ObjectReader& body, std::string_view name, const TextRule& rule) {
  return std::string(body.text(name, rule).value_or(std::string_view()));
}

template <typename Value>
void assign(Value& to, const std::optional<Value>& from) {
  if (from) to = *from;
}

/// Hands every object of an array to `read`, with its own reader.
template <typename Read>
void each_object(ObjectReader& body, std::string_view name, std::size_t items_max, Read read) {
  const json::array* items = body.array(name, items_max);
  if (items == nullptr) return;
  for (std::size_t i = 0; i < items->size(); ++i) {
    const std::string at = fmt::format("{}/{}", body.pointer(name), i);
    const json::object* object = (*items)[i].if_object();
    if (object == nullptr) {
      body.errors().add(at, "must be an object");
      continue;
    }
    ObjectReader item(*object, body.errors(), at);
    read(item);
    item.finish();
  }
}

Assignment read_assignment(ObjectReader& body) {
  Assignment made;
  made.department = std::string(body.required_text("department", code_rule).value_or(""));
  assign(made.role, body.term<Role>("role"));
  body.require("dispatched_at");
  assign(made.dispatched_at, body.time("dispatched_at"));
  made.round = static_cast<std::uint32_t>(body.integer("round", 1, rounds_max).value_or(1));
  made.signed_at = body.time("signed_at");
  made.contacted_at = body.time("contacted_at");
  made.answered_at = body.time("answered_at");
  made.ending = body.term<Ending>("ending");
  assign(made.sign_deadline, body.time("sign_deadline"));
  assign(made.contact_deadline, body.time("contact_deadline"));
  assign(made.resolve_deadline, body.time("resolve_deadline"));
  return made;
}

Rating read_rating(ObjectReader& body) {
  Rating rating;
  body.require("at");
  body.require("resolved");
  assign(rating.at, body.time("at"));
  assign(rating.contacted, body.boolean("contacted"));
  assign(rating.resolved, body.term<Resolved>("resolved"));
  rating.satisfaction = body.term<Satisfaction>("satisfaction");
  body.finish();
  return rating;
}

void read_callback(ObjectReader& state, CallbackState& callback) {
  const json::object* object = state.object("callback");
  if (object == nullptr) return;
  ObjectReader body(*object, state.errors(), state.pointer("callback"));
  callback.attempts =
      static_cast<std::uint32_t>(body.integer("attempts", 0, attempts_max).value_or(0));
  assign(callback.next_attempt_at, body.time("next_attempt_at"));
  if (const json::object* rating = body.object("rating")) {
    ObjectReader rated(*rating, body.errors(), body.pointer("rating"));
    callback.rating = read_rating(rated);
  }
  body.finish();
}

/// Words that people added there: answers, notes, what the citizen said.
Remark read_remark(ObjectReader& body) {
  Remark remark;
  remark.version = 1;
  body.require("at");
  assign(remark.at, body.time("at"));
  remark.actor = text_of(body, "actor", {.characters_max = 100});
  remark.kind = std::string(body.required_text("kind", {.bytes_max = 16}).value_or(""));
  constexpr std::array<std::string_view, 3> kinds{"answer", "citizen", "note"};
  if (!remark.kind.empty() && std::ranges::find(kinds, remark.kind) == kinds.end()) {
    body.refuse("kind", "must be answer, citizen or note");
  }
  remark.text = std::string(
      body.required_text("text", {.characters_max = 5'000, .lines = true}).value_or(""));
  return remark;
}

void read_state(ObjectReader& line, Ticket& ticket, Personal& personal) {
  line.require("state");
  const json::object* object = line.object("state");
  if (object == nullptr) return;
  ObjectReader state(*object, line.errors(), line.pointer("state"));
  state.require("status");
  assign(ticket.status, state.term<Status>("status"));
  ticket.handling = state.term<Handling>("handling");
  ticket.outcome = state.term<Outcome>("outcome");
  ticket.finished_at = state.time("finished_at");
  ticket.closed_at = state.time("closed_at");
  ticket.decide_deadline = state.time("decide_deadline");
  ticket.handled_since = state.time("handled_since");
  ticket.round = static_cast<std::uint32_t>(state.integer("round", 1, rounds_max).value_or(1));
  assign(ticket.supervised, state.boolean("supervised"));
  each_object(state, "assignments", assignments_max,
              [&](ObjectReader& body) { ticket.assignments.push_back(read_assignment(body)); });
  each_object(state, "remarks", notes_max,
              [&](ObjectReader& body) { personal.remarks.push_back(read_remark(body)); });
  read_callback(state, ticket.callback);
  state.finish();
}

/// What the posted fields say of the ticket itself.
void take_posted(Intake& intake, Ticket& ticket) {
  ticket.source = std::move(intake.source);
  ticket.source_id = std::move(intake.source_id);
  ticket.channel = std::move(intake.channel);
  ticket.region = std::move(intake.region);
  assign(ticket.type, intake.type);
  assign(ticket.urgency, intake.urgency);
  assign(ticket.received_at, intake.received_at);
  ticket.confidential = intake.confidential;
  ticket.reachable = !intake.personal.caller.phone.empty();
}

}  // namespace

Result<ImportBody> read_import_line(std::string_view line, const Policy& policy, Time now) {
  FieldErrors errors;
  const auto parsed = parse_text(line, errors);
  if (!parsed) return tl::make_unexpected(parsed.error());
  ObjectReader body(parsed->get_object(), errors);
  Intake intake;
  Ticket ticket;
  body.require("source");
  body.require("source_id");
  body.require("received_at");
  read_posted(body, intake, now);
  ticket.category = text_of(body, "category", code_rule);
  read_state(body, ticket, intake.personal);
  body.finish();
  take_posted(intake, ticket);
  if (errors.empty()) {
    complete_imported(ticket, policy, now);
    for (auto& found : contradictions(ticket, now)) {
      errors.add(std::move(found.pointer), std::move(found.detail));
    }
  }
  if (!errors.empty()) return tl::make_unexpected(errors.take());
  const std::uint64_t hash = canonical_hash("import", *parsed);
  return ImportBody{Import{std::move(ticket), std::move(intake.personal)}, hash};
}

}  // namespace hotline::api

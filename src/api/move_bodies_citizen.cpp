#include "api/intake_body.hpp"
#include "api/move_bodies.hpp"

// What the citizen says: at the call-back, and in the course of the matter.

namespace hotline::api {
namespace {

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

constexpr std::array calls{
    MoveCall{"callback", "recordCallback", static_cast<Scopes>(Scope::callback), false,
             read_callback},
    MoveCall{"amend", "amendTicket", Scope::desk | Scope::supervisor, false, read_amend},
    MoveCall{"supplement", "supplementTicket", Scope::intake | Scope::desk | Scope::callback, false,
             read_supplement},
    MoveCall{"withdraw", "withdrawTicket", Scope::intake | Scope::desk, false, read_withdraw},
};

}  // namespace

std::span<const MoveCall> citizen_moves() { return calls; }

}  // namespace hotline::api

#include "api/move_bodies.hpp"

// The moves of the centre.

namespace hotline::api {
namespace {

constexpr std::size_t others_max = 32;  ///< assisting or informed departments of one dispatch

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

Move read_rule(ObjectReader& body, const Catalogue& catalogue) {
  Rule move;
  body.require("granted");
  move.granted = body.boolean("granted").value_or(false);
  move.department = text_of(body, "department", code_rule);
  move.note = text_of(body, "note", words_rule);
  expect_department(body, "department", move.department, catalogue);
  return move;
}

Move read_rule_extension(ObjectReader& body, const Catalogue& catalogue) {
  RuleExtension move;
  body.require("granted");
  move.granted = body.boolean("granted").value_or(false);
  move.department = text_of(body, "department", code_rule);
  move.days = days_of(body);
  move.reason = text_of(body, "reason", words_rule);
  expect_department(body, "department", move.department, catalogue);
  if (!move.granted && move.reason.empty()) body.require("reason");
  return move;
}

constexpr auto desk = static_cast<Scopes>(Scope::desk);
constexpr std::array calls{
    MoveCall{"dispatch", "dispatchTicket", desk, false, read_dispatch},
    MoveCall{"direct", "takeTicketDirect", desk, false, read_direct},
    MoveCall{"rule", "ruleOnReturn", Scope::desk | Scope::supervisor, false, read_rule},
    MoveCall{"redirect", "redirectTicket", desk, false, read_redirect},
    MoveCall{"reject", "rejectTicket", desk, false, read_reject},
    MoveCall{"acknowledge", "acknowledgeHandover", desk, false, read_acknowledge},
    MoveCall{"rule-extension", "ruleOnExtension", Scope::desk | Scope::supervisor, false,
             read_rule_extension},
};

}  // namespace

std::span<const MoveCall> centre_moves() { return calls; }

}  // namespace hotline::api

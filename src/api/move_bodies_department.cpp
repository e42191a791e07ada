#include "api/move_bodies.hpp"

// A department's moves on its assignment.

namespace hotline::api {
namespace {

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

Move read_return(ObjectReader& body, const Catalogue& catalogue) {
  Return move;
  move.department = text_of(body, "department", code_rule);
  body.require("reason");
  move.reason = body.term<ReturnReason>("reason").value_or(ReturnReason::not_competent);
  move.basis = required_text_of(body, "basis", words_rule);
  const bool known = move.reason != ReturnReason::unclear &&
                     move.reason != ReturnReason::outside_duties &&
                     move.reason != ReturnReason::repeated;
  move.suggested = known ? required_text_of(body, "suggested", code_rule)
                         : text_of(body, "suggested", code_rule);
  expect_department(body, "suggested", move.suggested, catalogue);
  return move;
}

Move read_pause(ObjectReader& body, const Catalogue&) {
  PauseClocks move;
  move.department = text_of(body, "department", code_rule);
  move.reason = required_text_of(body, "reason", words_rule);
  return move;
}

Move read_resume(ObjectReader& body, const Catalogue&) {
  ResumeClocks move;
  move.department = text_of(body, "department", code_rule);
  move.reason = required_text_of(body, "reason", words_rule);
  return move;
}

Move read_request_extension(ObjectReader& body, const Catalogue&) {
  RequestExtension move;
  move.department = text_of(body, "department", code_rule);
  move.days = days_of(body);
  move.reason = required_text_of(body, "reason", words_rule);
  return move;
}

constexpr auto department = static_cast<Scopes>(Scope::department);
constexpr std::array calls{
    MoveCall{"sign", "signTicket", department, true, read_sign},
    MoveCall{"contact", "contactCitizen", department, true, read_contact},
    MoveCall{"return", "returnTicket", department, true, read_return},
    MoveCall{"answer", "answerTicket", Scope::department | Scope::desk, true, read_answer},
    MoveCall{"pause", "pauseClocks", department, true, read_pause},
    MoveCall{"resume", "resumeClocks", department, true, read_resume},
    MoveCall{"request-extension", "requestExtension", department, true, read_request_extension},
};

}  // namespace

std::span<const MoveCall> department_moves() { return calls; }

}  // namespace hotline::api

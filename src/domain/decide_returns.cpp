#include <fmt/format.h>
#include <fmt/ranges.h>

#include "domain/decide.hpp"

// Return, objection and arbitration (退单、异议、仲裁). A ticket that goes to and fro is what users
// of today's systems complain of first: a return has a window, a reason and a suggestion; the
// second dispute of a ticket is the last.

namespace hotline {
namespace {

tl::unexpected<Error> cannot_return(const Ticket& ticket, std::string_view why) {
  return fail(ErrorCode::wrong_state,
              fmt::format("ticket {} cannot be returned: {}; possible: {}", to_string(ticket.id),
                          why, fmt::join(allowed_moves(ticket), ", ")));
}

Result<void> check_return(const Draft& draft, const Return& move, const Assignment& lead) {
  const Ticket& ticket = draft.ticket();
  if (ticket.designated) {
    return cannot_return(ticket, fmt::format("an arbitration designated {}", lead.department));
  }
  if (ticket.round > 1) return cannot_return(ticket, "it is a redo of what was answered before");
  const Time until = lead.dispatched_at + draft.policy().return_window;
  if (draft.now() > until) {
    return cannot_return(ticket, fmt::format("the window ended at {}; the desk can still dispatch",
                                             format_rfc3339(until, draft.policy().zone)));
  }
  if (move.suggested == lead.department) {
    return fail(ErrorCode::invalid, "suggest another department than the one that returns it");
  }
  return {};
}

/// The ruling names who leads, or leaves that to the desk.
Result<void> check_ruling(const Objection& objection, const Ticket& ticket, const Actor& actor,
                          const Rule& move) {
  if (objection.arbitration && !actor.supervises) {
    return fail(ErrorCode::forbidden,
                fmt::format("ticket {} is disputed for the second time: a supervisor rules",
                            to_string(ticket.id)));
  }
  if (!move.granted && !move.department.empty()) {
    return fail(ErrorCode::invalid, "`department` goes with a return that is granted");
  }
  if (move.department == ticket.assignment(objection.seq)->department) {
    return fail(ErrorCode::invalid, "this department returned it: deny, or name another");
  }
  if (move.granted && objection.arbitration && move.department.empty()) {
    return fail(ErrorCode::invalid, "an arbitration names the department that leads from now on");
  }
  return {};
}

Result<void> grant(Draft& draft, const Actor& actor, const Objection& objection, const Rule& move) {
  draft.add(ReturnRuled{true});
  draft.add(AssignmentEnded{objection.seq, Ending::returned});
  if (move.department.empty()) {
    send_to_triage(draft);
    return {};
  }
  return decide_move(draft, actor, Dispatch{move.department, {}, {}, {}, {}});
}

}  // namespace

Result<void> decide_move(Draft& draft, const Actor& actor, const Return& move) {
  const Ticket& ticket = draft.ticket();
  const bool held = ticket.status == Status::dispatched || ticket.status == Status::in_progress;
  if (!held) return not_now(ticket, "return");
  const auto seq = find_assignment(ticket, actor, move.department, "return",
                                   [](const Assignment& a) { return a.role == Role::lead; });
  if (!seq) return tl::make_unexpected(seq.error());
  if (auto fault = check_return(draft, move, *ticket.assignment(*seq)); !fault) return fault;
  const Time now = draft.now();
  draft.add(ReturnRaised{{*seq, move.reason, move.suggested, now,
                          now + draft.policy().return_review, ticket.disputes > 0}});
  return {};
}

Result<void> decide_move(Draft& draft, const Actor& actor, const Rule& move) {
  if (draft.ticket().status != Status::return_review) return not_now(draft.ticket(), "rule");
  const Objection objection = *draft.ticket().objection;
  if (auto fault = check_ruling(objection, draft.ticket(), actor, move); !fault) return fault;
  if (move.granted) {
    if (auto fault = grant(draft, actor, objection, move); !fault) return fault;
  } else {
    draft.add(ReturnRuled{false});
  }
  if (objection.arbitration) draft.add(Designated{});
  return {};
}

}  // namespace hotline

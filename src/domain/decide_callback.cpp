#include <algorithm>

#include "domain/decide.hpp"

// Calling back (回访), and what follows from the citizen's word.

namespace hotline {
namespace {

void redo(Draft& draft) {
  draft.add(RedoOrdered{draft.ticket().round >= 2});
  const auto& all = draft.ticket().assignments;
  const auto lead = std::find_if(all.rbegin(), all.rend(),
                                 [](const Assignment& a) { return a.role == Role::lead; });
  if (lead == all.rend()) return take_direct(draft, {});
  assign(draft, std::string(lead->department), Role::lead);
}

void citizen_reached(Draft& draft, const CallbackAttempt& move) {
  draft.add(CallbackMade{move.outcome,
                         Rating{draft.now(), move.contacted, move.resolved, move.satisfaction}});
  const bool unhappy = move.satisfaction && *move.satisfaction >= Satisfaction::dissatisfied;
  const bool wanted = unhappy || move.resolved == Resolved::no;
  if (wanted && draft.ticket().round <= draft.policy().callback.redo_max)
    redo(draft);
  else
    close(draft);
}

void try_again(Draft& draft, CallbackOutcome outcome) {
  draft.add(CallbackMade{outcome, std::nullopt});
  const auto& policy = draft.policy().callback;
  const std::uint32_t attempts = draft.ticket().callback.attempts;
  if (attempts >= policy.attempts_max) return close(draft);
  schedule_callback(draft, policy.retry_delay * (1 << std::min(attempts - 1, 10U)));
}

}  // namespace

Result<void> decide_move(Draft& draft, const Actor&, const CallbackAttempt& move) {
  if (draft.ticket().status != Status::callback) return not_now(draft.ticket(), "callback");
  switch (move.outcome) {
    case CallbackOutcome::reached:
      citizen_reached(draft, move);
      break;
    case CallbackOutcome::no_answer:
    case CallbackOutcome::busy:
      try_again(draft, move.outcome);
      break;
    case CallbackOutcome::refused:
    case CallbackOutcome::wrong_number:
      draft.add(CallbackMade{move.outcome, std::nullopt});
      close(draft);
      break;
  }
  return {};
}

}  // namespace hotline

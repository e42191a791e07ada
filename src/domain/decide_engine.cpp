#include "domain/clocks.hpp"
#include "domain/decide.hpp"
#include "domain/notices.hpp"

// The engine's own moves: clocks that ran out, departments that are no more.

namespace hotline {

Result<void> decide_move(Draft& draft, const Actor&, const Recall& move) {
  const std::vector<Assignment> before = draft.ticket().assignments;
  bool led = false;
  bool found = false;
  for (const auto& assignment : before) {
    if (assignment.ending || assignment.department != move.department) continue;
    draft.add(AssignmentEnded{assignment.seq, Ending::withdrawn});
    found = true;
    led = led || assignment.role == Role::lead;
  }
  if (!found) return not_now(draft.ticket(), "recall");
  if (led) send_to_triage(draft);
  return {};
}

Result<void> decide_move(Draft& draft, const Actor&, const Tick&) {
  for (const auto& clock : running_clocks(draft.ticket())) {
    if (clock.at > draft.now()) break;
    if (clock.deadline == Deadline::callback_due) {
      draft.add(CallbackReady{});
      continue;
    }
    draft.add(DeadlinePassed{clock.deadline, clock.seq});
    post_notice_of(draft, clock);
  }
  return {};
}

}  // namespace hotline

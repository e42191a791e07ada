#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "domain/decide.hpp"

// The moves of the centre: its desk sorts, keeps, sends on and turns away.

namespace hotline {
namespace {

Result<void> check_dispatch(const Draft& draft, const Dispatch& move) {
  std::vector<std::string> all{move.department};
  all.insert(all.end(), move.assist.begin(), move.assist.end());
  all.insert(all.end(), move.copy.begin(), move.copy.end());
  if (draft.ticket().assignments.size() + all.size() > assignments_max) {
    return fail(ErrorCode::too_large,
                fmt::format("a ticket holds at most {} assignments", assignments_max));
  }
  std::ranges::sort(all);
  const bool doubled = std::ranges::adjacent_find(all) != all.end();
  if (all.front().empty() || doubled) {
    return fail(ErrorCode::invalid, "name each department once, and none with an empty code");
  }
  const Assignment* lead = draft.ticket().lead();
  if (lead != nullptr && lead->department == move.department) {
    return fail(
        ErrorCode::wrong_state,
        fmt::format("department {} leads ticket {} already; possible: {}", move.department,
                    to_string(draft.ticket().id), fmt::join(allowed_moves(draft.ticket()), ", ")));
  }
  return {};
}

/// The old lead goes, and so does every open part of a department that gets a new one.
void withdraw_replaced(Draft& draft, const Dispatch& move) {
  const auto named = [&](const std::string& department) {
    return department == move.department || std::ranges::count(move.assist, department) > 0 ||
           std::ranges::count(move.copy, department) > 0;
  };
  const std::vector<Assignment> before = draft.ticket().assignments;
  for (const auto& assignment : before) {
    const bool replaced = assignment.role == Role::lead || named(assignment.department);
    if (!assignment.ending && replaced) {
      draft.add(AssignmentEnded{assignment.seq, Ending::withdrawn});
    }
  }
}

}  // namespace

Result<void> decide_move(Draft& draft, const Actor&, const Dispatch& move) {
  if (!may_dispatch(draft.ticket())) return not_now(draft.ticket(), "dispatch");
  if (auto fault = check_dispatch(draft, move); !fault) return fault;
  withdraw_replaced(draft, move);
  assign(draft, move.department, Role::lead, move.category);
  for (const auto& department : move.assist) assign(draft, department, Role::assist);
  for (const auto& department : move.copy) assign(draft, department, Role::copy);
  return {};
}

Result<void> decide_move(Draft& draft, const Actor&, const TakeDirect& move) {
  if (draft.ticket().status != Status::triage) return not_now(draft.ticket(), "direct");
  take_direct(draft, move.category);
  return {};
}

Result<void> decide_move(Draft& draft, const Actor&, const Redirect&) {
  const bool centre =
      draft.ticket().status == Status::triage || draft.ticket().status == Status::direct;
  if (!centre || handed_over(draft.ticket())) return not_now(draft.ticket(), "redirect");
  draft.add(Finished{Outcome::redirected});
  close(draft);
  return {};
}

/// Only a ticket on which nobody has acted: one that was answered, transferred or handed over was
/// accepted.
Result<void> decide_move(Draft& draft, const Actor&, const Reject&) {
  if (draft.ticket().status != Status::triage || draft.ticket().handling)
    return not_now(draft.ticket(), "reject");
  draft.add(Finished{Outcome::rejected});
  close(draft);
  return {};
}

Result<void> decide_move(Draft& draft, const Actor&, const Acknowledge&) {
  if (draft.ticket().status != Status::triage || !handed_over(draft.ticket())) {
    return not_now(draft.ticket(), "acknowledge");
  }
  draft.add(HandoverAcknowledged{});
  draft.add(Finished{Outcome::emergency});
  close(draft);
  return {};
}

}  // namespace hotline

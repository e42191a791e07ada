#include "domain/decide.hpp"

// What a department does with its assignment, and the centre with what it answers itself.

namespace hotline {
namespace {

Result<void> answer_direct(Draft& draft, const Actor& actor) {
  if (actor.departments) return not_now(draft.ticket(), "answer by a department");
  draft.add(Answered{0});
  finish_answered(draft);
  return {};
}

}  // namespace

Result<void> decide_move(Draft& draft, const Actor& actor, const Sign& move) {
  const auto seq = find_assignment(draft.ticket(), actor, move.department, "sign",
                                   [](const Assignment& a) { return !a.signed_at; });
  if (!seq) return tl::make_unexpected(seq.error());
  draft.add(Signed{*seq});
  if (draft.ticket().assignment(*seq)->role == Role::copy) {
    draft.add(AssignmentEnded{*seq, Ending::noted});
  }
  return {};
}

Result<void> decide_move(Draft& draft, const Actor& actor, const Contact& move) {
  const auto seq = find_assignment(draft.ticket(), actor, move.department, "contact",
                                   [](const Assignment& a) { return a.signed_at.has_value(); });
  if (!seq) return tl::make_unexpected(seq.error());
  draft.add(Contacted{*seq});
  return {};
}

Result<void> decide_move(Draft& draft, const Actor& actor, const Answer& move) {
  if (draft.ticket().status == Status::direct) return answer_direct(draft, actor);
  const auto seq = find_assignment(draft.ticket(), actor, move.department, "answer",
                                   [](const Assignment& a) { return a.signed_at.has_value(); });
  if (!seq) return tl::make_unexpected(seq.error());
  resume_clocks(draft, *seq);  // what stood does not count against who answers
  draft.add(Answered{*seq});
  draft.add(AssignmentEnded{*seq, Ending::answered});
  if (draft.ticket().assignment(*seq)->role == Role::lead) finish_answered(draft);
  return {};
}

}  // namespace hotline

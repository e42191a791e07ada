#include "domain/decide.hpp"

// What the citizen says in the course of the matter, and what was taken down wrongly.

namespace hotline {

Result<void> decide_move(Draft& draft, const Actor&, const Amend& move) {
  if (draft.ticket().status == Status::closed) return not_now(draft.ticket(), "amend");
  Amended event{move.type,     move.urgency, move.confidential,     std::nullopt,
                move.category, move.region,  move.personal_fields()};
  if (!move.caller_phone.empty()) event.reachable = true;
  if (event == Amended{}) return fail(ErrorCode::invalid, "nothing is amended: name a field");
  draft.add(std::move(event));
  return {};
}

Result<void> decide_move(Draft& draft, const Actor&, const Supplement&) {
  if (draft.ticket().status == Status::closed) return not_now(draft.ticket(), "supplement");
  draft.add(Supplemented{});
  return {};
}

Result<void> decide_move(Draft& draft, const Actor&, const Withdraw&) {
  const bool over =
      draft.ticket().status == Status::callback || draft.ticket().status == Status::closed;
  if (over || handed_over(draft.ticket())) return not_now(draft.ticket(), "withdraw");
  draft.add(Finished{Outcome::withdrawn});
  close(draft);
  return {};
}

}  // namespace hotline

#include "domain/notices.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "domain/decide.hpp"

namespace hotline {
namespace {

bool wanted(const NoticePolicy& policy, NoticeKind kind) {
  switch (kind) {
    case NoticeKind::reminder:
      return policy.reminder;
    case NoticeKind::overdue:
      return policy.overdue;
    case NoticeKind::extended:
      return policy.extended;
    case NoticeKind::received:
      return policy.received;
    case NoticeKind::answered:
      return policy.answered;
  }
  return false;
}

}  // namespace

void post_notice(Draft& draft, NoticeKind kind, std::uint16_t assignment) {
  const Ticket& ticket = draft.ticket();
  const bool somebody = audience(kind) == Audience::department || ticket.reachable;
  const bool room = ticket.notices.size() < notices_max;
  if (!wanted(draft.policy().notice, kind) || !somebody || !room) return;
  const auto number = static_cast<std::uint16_t>(first_notice + ticket.notices.size());
  draft.add(NoticePosted{number, kind, assignment});
}

void post_notice_of(Draft& draft, const RunningClock& clock) {
  if (clock.seq == 0) return;  // the centre's own
  if (clock.deadline == Deadline::resolve_reminder)
    post_notice(draft, NoticeKind::reminder, clock.seq);
  if (clock.deadline == Deadline::overdue_notice)
    post_notice(draft, NoticeKind::overdue, clock.seq);
}

bool waits(const Ticket& ticket, const Notice& notice) {
  if (notice.outcome) return false;
  const Assignment* task = ticket.assignment(notice.assignment);
  if (task == nullptr) return true;
  const bool over = ((task->passed >> static_cast<unsigned>(Deadline::resolve)) & 1U) != 0;
  if (ticket.under_review(*task)) return false;
  return !task->ending && !(over && notice.kind == NoticeKind::reminder);
}

Result<void> decide_move(Draft& draft, const Actor&, const Notified& move) {
  const Ticket& ticket = draft.ticket();
  const Notice* notice = ticket.notice(move.notice);
  if (notice == nullptr) {
    return fail(
        ErrorCode::wrong_state,
        fmt::format("ticket {} has no notice {}: send the seq that came with the lease; "
                    "possible: {}",
                    to_string(ticket.id), move.notice, fmt::join(allowed_moves(ticket), ", ")));
  }
  if (notice->outcome) {
    return fail(ErrorCode::wrong_state,
                fmt::format("what came of notice {} of ticket {} is known already: {} at {}; "
                            "possible: {}",
                            move.notice, to_string(ticket.id), name(*notice->outcome),
                            format_rfc3339(*notice->ended_at, draft.policy().zone),
                            fmt::join(allowed_moves(ticket), ", ")));
  }
  draft.add(NoticeSent{move.notice, move.outcome});
  return {};
}

}  // namespace hotline

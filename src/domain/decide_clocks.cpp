#include <fmt/format.h>

#include "domain/clocks.hpp"
#include "domain/decide.hpp"
#include "domain/notices.hpp"

// Time itself: clocks that stand and go on, extensions, and rules that changed.

namespace hotline {
namespace {

/// The moment that an assignment's clocks show.
Time clock_of(const Assignment& assignment, Time now) { return assignment.paused_at.value_or(now); }

Result<std::uint32_t> days_to_ask(const Draft& draft, const Assignment& assignment,
                                  std::optional<std::uint32_t> wanted) {
  const RuleSubject subject = subject_of(draft.ticket(), assignment);
  const std::uint32_t most = draft.policy().deadlines->span(Limit::extension, subject).amount;
  if (most == 0) {
    return fail(ErrorCode::wrong_state, "the rules allow no extension for this matter");
  }
  if (wanted && (*wanted == 0 || *wanted > most)) {
    return fail(ErrorCode::invalid,
                fmt::format("an extension is 1 to {} working days for this matter", most));
  }
  return wanted.value_or(most);
}

void recompute_centre(Draft& draft) {
  const Ticket& ticket = draft.ticket();
  const bool direct = ticket.status == Status::direct;
  const bool centre = direct || ticket.status == Status::triage;
  if (!centre || ticket.decide_given || !ticket.decide_deadline || !ticket.handled_since) return;
  const Time due = centre_due(subject_of(ticket), *ticket.handled_since, direct, draft.policy());
  if (due == *ticket.decide_deadline) return;
  DeadlinesMoved moved;
  moved.due.resolve = due;
  draft.add(moved);
}

}  // namespace

Result<void> decide_move(Draft& draft, const Actor& actor, const PauseClocks& move) {
  const auto seq = find_assignment(draft.ticket(), actor, move.department, "pause", may_pause);
  if (!seq) return tl::make_unexpected(seq.error());
  if (draft.ticket().assignment(*seq)->pauses.size() >= pauses_max) {
    return fail(ErrorCode::too_large,
                fmt::format("an assignment is paused at most {} times", pauses_max));
  }
  draft.add(Paused{*seq});
  return {};
}

Result<void> decide_move(Draft& draft, const Actor& actor, const ResumeClocks& move) {
  const auto seq = find_assignment(draft.ticket(), actor, move.department, "resume", is_paused);
  if (!seq) return tl::make_unexpected(seq.error());
  resume_clocks(draft, *seq);
  return {};
}

Result<void> decide_move(Draft& draft, const Actor& actor, const RequestExtension& move) {
  const auto seq = find_assignment(draft.ticket(), actor, move.department, "request-extension",
                                   may_ask_extension);
  if (!seq) return tl::make_unexpected(seq.error());
  const Assignment& assignment = *draft.ticket().assignment(*seq);
  if (clock_of(assignment, draft.now()) > assignment.resolve_deadline) {
    return fail(ErrorCode::wrong_state,
                "the time to resolve is over; an extension is asked for before that");
  }
  if (assignment.extensions >= draft.policy().extensions_max) {
    return fail(ErrorCode::wrong_state,
                fmt::format("extended {} times already, which is all that the policy allows",
                            assignment.extensions));
  }
  const auto days = days_to_ask(draft, assignment, move.days);
  if (!days) return tl::make_unexpected(days.error());
  draft.add(ExtensionRequested{*seq, *days});
  return {};
}

Result<void> decide_move(Draft& draft, const Actor& actor, const RuleExtension& move) {
  const auto seq =
      find_assignment(draft.ticket(), actor, move.department, "rule-extension", awaits_ruling);
  if (!seq) return tl::make_unexpected(seq.error());
  const std::uint32_t asked = draft.ticket().assignment(*seq)->extension_asked->days;
  if (move.days && (!move.granted || *move.days == 0 || *move.days > asked)) {
    return fail(ErrorCode::invalid,
                fmt::format("`days` goes with a granted extension, and is 1 to {}", asked));
  }
  draft.add(ExtensionRuled{*seq, move.granted, move.granted ? move.days.value_or(asked) : 0});
  if (!move.granted) return {};
  move_deadlines(draft, *seq);
  const bool leads = draft.ticket().assignment(*seq)->role == Role::lead;
  if (leads) post_notice(draft, NoticeKind::extended);  // the lead answers for all
  return {};
}

Result<void> decide_move(Draft& draft, const Actor&, const Recompute&) {
  const std::size_t assignments = draft.ticket().assignments.size();
  for (std::size_t seq = 1; seq <= assignments; ++seq) {
    const auto& assignment = draft.ticket().assignments[seq - 1];
    if (!assignment.ending) move_deadlines(draft, assignment.seq);
  }
  recompute_centre(draft);
  if (draft.empty()) return fail(ErrorCode::wrong_state, "its deadlines stand as they are");
  return {};
}

}  // namespace hotline

#pragma once

#include "domain/clocks.hpp"
#include "domain/draft.hpp"

// Notices (通知): what departments and citizens are told without asking. Inside `domain` alone.

namespace hotline {

/// By then a notice should have been sent: its place in the queue, and from when on it is overdue.
inline constexpr Duration notice_send_limit = std::chrono::hours{1};

/// Posts what policy wants posted: `assignment` names the department, 0 the citizen, who must have
/// left a number. A ticket that holds `notices_max` gets none; the move that brought it goes on.
void post_notice(Draft& draft, NoticeKind kind, std::uint16_t assignment = 0);

/// The notice that goes with a clock that has just run out, if any.
void post_notice_of(Draft& draft, const RunningClock& clock);

/// It is still worth sending: nobody has told what came of it, and a department has the task yet. A
/// reminder is of use until the time to resolve ends.
bool waits(const Ticket& ticket, const Notice& notice);

}  // namespace hotline

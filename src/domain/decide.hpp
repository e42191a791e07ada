#pragma once

#include "domain/draft.hpp"

// One overload a move: it looks at the ticket as it is, refuses with a reason or adds events to the
// draft. Inside `domain` alone; `decide` in rules.hpp is the way in.

namespace hotline {

Result<std::vector<Event>> decide_intake(const Intake& move, const Context& context);
Result<std::vector<Event>> decide_import(const Import& move, const Context& context);

// decide_centre.cpp
Result<void> decide_move(Draft& draft, const Actor& actor, const Dispatch& move);
Result<void> decide_move(Draft& draft, const Actor& actor, const TakeDirect& move);
Result<void> decide_move(Draft& draft, const Actor& actor, const Redirect& move);
Result<void> decide_move(Draft& draft, const Actor& actor, const Reject& move);
Result<void> decide_move(Draft& draft, const Actor& actor, const Acknowledge& move);
// decide_department.cpp
Result<void> decide_move(Draft& draft, const Actor& actor, const Sign& move);
Result<void> decide_move(Draft& draft, const Actor& actor, const Contact& move);
Result<void> decide_move(Draft& draft, const Actor& actor, const Answer& move);
// decide_returns.cpp
Result<void> decide_move(Draft& draft, const Actor& actor, const Return& move);
Result<void> decide_move(Draft& draft, const Actor& actor, const Rule& move);
// decide_clocks.cpp
Result<void> decide_move(Draft& draft, const Actor& actor, const PauseClocks& move);
Result<void> decide_move(Draft& draft, const Actor& actor, const ResumeClocks& move);
Result<void> decide_move(Draft& draft, const Actor& actor, const RequestExtension& move);
Result<void> decide_move(Draft& draft, const Actor& actor, const RuleExtension& move);
Result<void> decide_move(Draft& draft, const Actor& actor, const Recompute& move);
// decide_callback.cpp
Result<void> decide_move(Draft& draft, const Actor& actor, const CallbackAttempt& move);
// decide_citizen.cpp
Result<void> decide_move(Draft& draft, const Actor& actor, const Amend& move);
Result<void> decide_move(Draft& draft, const Actor& actor, const Supplement& move);
Result<void> decide_move(Draft& draft, const Actor& actor, const Withdraw& move);
// notices.cpp
Result<void> decide_move(Draft& draft, const Actor& actor, const Notified& move);
// decide_engine.cpp
Result<void> decide_move(Draft& draft, const Actor& actor, const Tick& move);
Result<void> decide_move(Draft& draft, const Actor& actor, const Recall& move);

}  // namespace hotline

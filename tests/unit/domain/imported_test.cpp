#include "domain/imported.hpp"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/clocks.hpp"
#include "domain/entries.hpp"
#include "domain/rules.hpp"

namespace hotline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

const Time now = *parse_rfc3339("2021-06-01T10:00:00+08:00");

/// In progress since yesterday.
Ticket signed_ticket() {
  Ticket ticket;
  ticket.source = "old";
  ticket.source_id = "1";
  ticket.status = Status::in_progress;
  ticket.handling = Handling::transferred;
  ticket.reachable = true;
  ticket.received_at = now - 30h;
  Assignment lead;
  lead.department = "ZJ";
  lead.dispatched_at = now - 29h;
  lead.signed_at = now - 28h;
  ticket.assignments.push_back(lead);
  return ticket;
}

/// Answered and waiting for the call.
Ticket answered_ticket() {
  Ticket ticket = signed_ticket();
  ticket.status = Status::callback;
  ticket.outcome = Outcome::answered;
  ticket.finished_at = now - 2h;
  ticket.assignments[0].answered_at = now - 2h;
  ticket.assignments[0].ending = Ending::answered;
  return ticket;
}

Ticket closed_ticket() {
  Ticket ticket = answered_ticket();
  ticket.status = Status::closed;
  ticket.closed_at = now - 1h;
  ticket.callback.rating = Rating{now - 1h, true, Resolved::yes, Satisfaction::satisfied};
  return ticket;
}

Ticket completed(Ticket ticket) {
  complete_imported(ticket, Policy{}, now);
  return ticket;
}

TEST(Imported, SoundTicketsContradictNothing) {
  Ticket triage = signed_ticket();
  triage.status = Status::triage;
  triage.handling.reset();
  triage.assignments.clear();
  Ticket rejected = triage;
  rejected.status = Status::closed;
  rejected.outcome = Outcome::rejected;
  rejected.finished_at = rejected.closed_at = now;
  for (const Ticket& ticket :
       {signed_ticket(), answered_ticket(), closed_ticket(), triage, rejected}) {
    EXPECT_THAT(contradictions(completed(ticket), now), IsEmpty());
  }
}

struct Case {
  const char* name;
  std::function<Ticket()> start;
  std::function<void(Ticket&)> spoil;
  const char* pointer;
};

TEST(Imported, ContradictionsAreNamedByTheirField) {
  const std::vector<Case> cases{
      {"not signed", signed_ticket, [](Ticket& t) { t.assignments[0].signed_at.reset(); },
       "/state/status"},
      {"nobody leads", signed_ticket, [](Ticket& t) { t.assignments.clear(); },
       "/state/assignments"},
      {"two lead", signed_ticket, [](Ticket& t) { t.assignments.push_back(t.assignments[0]); },
       "/state/assignments"},
      {"led, yet direct", signed_ticket, [](Ticket& t) { t.handling = Handling::direct; },
       "/state/handling"},
      {"dispatched before received", signed_ticket, [](Ticket& t) { t.received_at = now - 10h; },
       "/state/assignments/0/dispatched_at"},
      {"signed tomorrow", signed_ticket, [](Ticket& t) { t.assignments[0].signed_at = now + 24h; },
       "/state/assignments/0/signed_at"},
      {"a lead is open though finished", answered_ticket,
       [](Ticket& t) {
         t.assignments[0].ending.reset();
         t.assignments[0].answered_at.reset();
       },
       "/state/status"},
      {"answered without a time", answered_ticket,
       [](Ticket& t) { t.assignments[0].answered_at.reset(); }, "/state/assignments/0/ending"},
      {"answered unsigned", answered_ticket, [](Ticket& t) { t.assignments[0].signed_at.reset(); },
       "/state/assignments/0/signed_at"},
      {"of a later round", answered_ticket, [](Ticket& t) { t.assignments[0].round = 2; },
       "/state/assignments/0/round"},
      {"no way to call", answered_ticket, [](Ticket& t) { t.reachable = false; }, "/caller/phone"},
      {"finished when", answered_ticket, [](Ticket& t) { t.finished_at.reset(); },
       "/state/finished_at"},
      {"ended how", answered_ticket, [](Ticket& t) { t.outcome.reset(); }, "/state/outcome"},
      {"closed when", closed_ticket, [](Ticket& t) { t.closed_at.reset(); }, "/state/closed_at"},
      {"closed before finished", closed_ticket, [](Ticket& t) { t.closed_at = now - 5h; },
       "/state/closed_at"},
      {"handled by nobody", closed_ticket,
       [](Ticket& t) {
         t.handling.reset();
         t.assignments.clear();
       },
       "/state/handling"},
      {"rated tomorrow", closed_ticket, [](Ticket& t) { t.callback.rating->at = now + 1h; },
       "/state/callback/rating/at"},
  };
  for (const Case& one : cases) {
    Ticket ticket = one.start();
    one.spoil(ticket);
    const auto found = contradictions(completed(ticket), now);
    ASSERT_FALSE(found.empty()) << one.name;
    EXPECT_EQ(found.front().pointer, one.pointer) << one.name << ": " << found.front().detail;
  }
}

TEST(Imported, MissingLimitsRunFromTheDispatchAndThoseThatAreOverDoNotFireAgain) {
  const Ticket ticket = completed(signed_ticket());
  const Assignment& lead = ticket.assignments[0];
  EXPECT_EQ(lead.seq, 1);
  EXPECT_EQ(lead.resolve_deadline,
            Calendar{}.due(lead.dispatched_at, {7, TimeUnit::days}, china_offset));
  for (const RunningClock& clock : running_clocks(ticket)) EXPECT_GT(clock.at, now);
  EXPECT_EQ(ticket.assignments[0].passed, 1U << static_cast<unsigned>(Deadline::contact));
}

TEST(Imported, GivenLimitsStand) {
  Ticket ticket = signed_ticket();
  ticket.assignments[0].resolve_deadline = now + 1h;
  EXPECT_EQ(completed(ticket).assignments[0].resolve_deadline, now + 1h);
}

TEST(Imported, IsCarriedOnByTheRules) {
  const Actor actor{"admin", "", nullptr};
  const Policy policy;
  const Import move{completed(signed_ticket()), {}};
  const Context context{now, TicketId{2106010000000001}, policy};
  const auto events = decide(nullptr, Move(move), actor, context);
  ASSERT_TRUE(events);
  const Ticket ticket = evolve({}, Change{1, now, "admin", "", "import", *events});
  EXPECT_EQ(ticket.id, context.new_id);
  EXPECT_EQ(ticket.version, 1U);
  EXPECT_EQ(entries(&ticket, policy.zone).work.size(), 1U);
  const auto answered = decide(&ticket, Move(Answer{"ZJ", "修好了"}), actor, context);
  ASSERT_TRUE(answered) << answered.error().detail;
}

}  // namespace
}  // namespace hotline

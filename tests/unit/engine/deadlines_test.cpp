#include <algorithm>

#include <gmock/gmock.h>

#include "engine_fixture.hpp"
#include "support/deadline_rules.hpp"
#include "support/notices.hpp"

// Clocks that ran out while nobody looked, and rules that changed under open tickets.

namespace hotline {
namespace {

using std::chrono::hours;
using test::Daemon;
using test::intake;
using test::to_department;
using test::Waiting;
using testing::ElementsAre;

class EngineDeadlines : public testing::Test {
 protected:
  /// `moment name`, in the order in which they fired.
  std::vector<std::string> fired(const Daemon& daemon, TicketId id) const {
    std::vector<std::string> out;
    const auto story = *daemon.reader().story(id);
    for (const Change& change : story) {
      for (const auto& event : change.events) {
        const auto* passed = std::get_if<DeadlinePassed>(&event);
        if (passed == nullptr) continue;
        const std::string moment = format_rfc3339(change.at, china_offset).substr(5, 14);
        out.push_back(moment + ' ' + std::string(name(passed->deadline)));
      }
    }
    return out;
  }
  Policy policy_with(TimeSpan resolve, Calendar calendar = {}) const {
    Policy policy;
    policy.deadlines = test::deadlines_with({{Limit::resolve, {}, resolve}}, std::move(calendar));
    return policy;
  }
  /// Until nothing is left to do.
  void settle(Daemon& daemon) {
    const auto left = [&] {
      int tasks = 0;
      EXPECT_TRUE(store.scan(Space::outbox, {}, {}, [&](auto, auto) { return ++tasks > 0; }));
      return tasks > 0;
    };
    daemon.stats("triage");
    while (left()) daemon.stats("triage");
  }

  MemoryStore store;
};

TEST_F(EngineDeadlines, FireOnceInOrderAlsoWhenTheDaemonWasDownOverThem) {
  const std::vector<std::string> expected{
      "06-02T10:00:00 sign",    "06-02T10:00:00 contact",        "06-07T23:59:59 resolve_reminder",
      "06-08T23:59:59 resolve", "06-09T09:00:00 overdue_notice", "06-11T09:00:00 supervision"};
  TicketId id;
  {
    Daemon daemon(store);
    id = daemon.submit(intake(to_department()))->ticket.id;
    ASSERT_TRUE(daemon.advance(hours{24 * 3}));
  }
  {
    Daemon restarted(store);
    ASSERT_TRUE(restarted.advance(hours{24 * 40}));
    EXPECT_EQ(fired(restarted, id), expected);
    EXPECT_TRUE((*restarted.reader().ticket(id))->supervised);
  }
  Daemon again(store);
  ASSERT_TRUE(again.advance(hours{24 * 40}));
  EXPECT_EQ(fired(again, id), expected) << "none a second time";
  again.expect_clean();
}

TEST_F(EngineDeadlines, OfSeveralTicketsFireInTheOrderOfTheirMoments) {
  Intake urgent = to_department();
  urgent.urgency = Urgency::urgent;
  TicketId normal_id;
  TicketId urgent_id;
  {
    Daemon daemon(store);
    normal_id = daemon.submit(intake(to_department()))->ticket.id;
    urgent_id = daemon.submit(intake(urgent))->ticket.id;
  }
  Daemon restarted(store);
  ASSERT_TRUE(restarted.advance(hours{24 * 3}));
  EXPECT_THAT(fired(restarted, normal_id),
              ElementsAre("06-02T10:00:00 sign", "06-02T10:00:00 contact"));
  EXPECT_THAT(fired(restarted, urgent_id),
              ElementsAre("06-01T14:00:00 sign", "06-01T14:00:00 contact", "06-02T10:00:00 resolve",
                          "06-03T09:00:00 overdue_notice"));
  restarted.expect_clean();
}

TEST_F(EngineDeadlines, OtherRulesMoveWhatIsOpenAfterARestart) {
  constexpr std::size_t open = 600;  // more than one batch
  std::vector<TicketId> ids;
  const Policy seven = policy_with({7, TimeUnit::days});
  {
    Daemon daemon(store, {}, seven);
    std::vector<Waiting<Applied>> made(open);
    for (auto& one : made) daemon.engine().submit(intake(to_department()), one.reply());
    for (auto& one : made) ids.push_back(one.get()->ticket.id);
    ASSERT_TRUE(daemon.move(ids[0], Sign{}));
    ASSERT_TRUE(daemon.move(ids[1], Sign{}));
    ASSERT_TRUE(daemon.move(ids[1], Answer{"", "已修复"}));
    Intake triage;
    triage.channel = "phone";
    ids.push_back(daemon.submit(intake(triage))->ticket.id);
  }
  {
    Daemon same(store, {}, seven);
    settle(same);
    EXPECT_EQ((*same.reader().ticket(ids[2]))->version, 1U) << "nothing changed";
  }
  { Daemon cut_short(store, {}, policy_with({9, TimeUnit::days})); }
  Daemon changed(store, {}, policy_with({9, TimeUnit::days}));
  settle(changed);
  for (std::size_t i = 0; i < open; ++i) {
    const auto ticket = **changed.reader().ticket(ids[i]);
    const char* due = i == 1 ? "2021-06-08T23:59:59+08:00" : "2021-06-10T23:59:59+08:00";
    ASSERT_EQ(format_rfc3339(ticket.assignments[0].resolve_deadline, china_offset), due) << i;
    const auto story = *changed.reader().story(ids[i]);
    const auto moved = std::ranges::count(story, "recompute", &Change::move);
    ASSERT_EQ(moved, i == 1 ? 0 : 1) << "each move with an event, and one: " << i;
  }
  EXPECT_EQ((*changed.reader().ticket(ids.back()))->version, 1U) << "the time to dispatch stands";
  changed.expect_clean();
}

TEST_F(EngineDeadlines, AReloadedCalendarMovesThemToo) {
  Daemon daemon(store, {}, policy_with({5, TimeUnit::working_days}));
  const TicketId id = daemon.submit(intake(to_department()))->ticket.id;
  const auto leased = daemon.lease("ZJ");
  ASSERT_TRUE(leased && leased->size() == 1);
  const auto change = [&](const Policy& policy) {
    Waiting<bool> changed;
    daemon.engine().change_deadlines(policy.deadlines, changed.reply());
    return *changed.get();
  };
  // 端午节, 14 June 2021, off; with the days before it as an extra holiday.
  const auto days = test::notice({{"2021-06-03", "2021-06-04"}}, {});
  const Policy holiday = policy_with({5, TimeUnit::working_days}, Calendar(days, {}));
  EXPECT_TRUE(change(holiday));
  EXPECT_FALSE(change(holiday)) << "the same again";
  settle(daemon);
  const auto ticket = **daemon.reader().ticket(id);
  EXPECT_EQ(format_rfc3339(ticket.assignments[0].resolve_deadline, china_offset),
            "2021-06-10T23:59:59+08:00");
  EXPECT_TRUE(daemon.move(id, Sign{}, leased->front().receipt)) << "the lease goes on";
  EXPECT_EQ(daemon.engine().policy()->deadlines, holiday.deadlines);
  daemon.expect_clean();
}

TEST_F(EngineDeadlines, ProvisionalOnesAreCounted) {
  Daemon daemon(
      store, {},
      policy_with({5, TimeUnit::working_days}, Calendar(test::notices_of_2023_and_2026(), {})));
  ASSERT_TRUE(daemon.submit(intake(to_department())));
  EXPECT_EQ(daemon.metrics.deadlines_provisional.value(), 1U) << "2021 is not in that table";
  ASSERT_TRUE(daemon.advance(hours{24 * 365 * 2}));
  ASSERT_TRUE(daemon.submit(intake(to_department())));
  EXPECT_EQ(daemon.metrics.deadlines_provisional.value(), 1U) << "2023 is";
}

TEST_F(EngineDeadlines, APauseOutlivesARestart) {
  TicketId id;
  {
    Daemon daemon(store);
    id = daemon.submit(intake(to_department()))->ticket.id;
    ASSERT_TRUE(daemon.move(id, Sign{}));
    ASSERT_TRUE(daemon.move(id, PauseClocks{"", "送检"}));
  }
  Daemon restarted(store);
  ASSERT_TRUE(restarted.advance(hours{24 * 20}));
  EXPECT_TRUE(fired(restarted, id).empty());
  ASSERT_TRUE(restarted.move(id, ResumeClocks{"", "报告已出"}));
  EXPECT_EQ(format_rfc3339((*restarted.reader().ticket(id))->assignments[0].resolve_deadline,
                           china_offset),
            "2021-06-28T23:59:59+08:00");
  ASSERT_TRUE(restarted.advance(hours{24}));
  EXPECT_THAT(fired(restarted, id), ElementsAre("06-22T10:00:00 contact"));
  restarted.expect_clean();
}

}  // namespace
}  // namespace hotline

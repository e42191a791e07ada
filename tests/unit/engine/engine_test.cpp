#include "engine/engine.hpp"

#include <gmock/gmock.h>

#include "engine_fixture.hpp"

namespace hotline {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using test::Daemon;
using test::intake;
using test::to_department;
using test::Waiting;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class EngineTest : public testing::Test {
 protected:
  MemoryStore store;
};

TEST_F(EngineTest, TakesATicketThroughItsLife) {
  Daemon daemon(store);
  const auto made = daemon.submit(intake(to_department()));
  ASSERT_TRUE(made);
  const TicketId id = made->ticket.id;
  EXPECT_EQ(to_string(id), "2106010000000001");
  const auto leases = daemon.lease("ZJ");
  ASSERT_THAT(*leases, SizeIs(1));
  ASSERT_TRUE(daemon.move(id, Sign{}, leases->front().receipt));
  ASSERT_TRUE(daemon.move(id, Answer{"", "已修复"}));
  EXPECT_THAT(*daemon.lease("callback"), IsEmpty()) << "half an hour to wait yet";
  ASSERT_TRUE(daemon.advance(minutes{31}));
  ASSERT_THAT(*daemon.lease("callback"), SizeIs(1));
  ASSERT_TRUE(daemon.move(id, CallbackAttempt{CallbackOutcome::reached, true, Resolved::yes,
                                              Satisfaction::satisfied, "谢谢"}));
  const auto read = daemon.reader().ticket(id);
  EXPECT_EQ((*read)->status, Status::closed);
  EXPECT_EQ((*daemon.reader().personal(id))->remarks.size(), 2U);
  daemon.expect_clean();
}

TEST_F(EngineTest, IsRepeatableBySourceForEver) {
  TicketId id;
  {
    Daemon daemon(store);
    id = daemon.submit(intake(to_department("s1")))->ticket.id;
    const auto again = daemon.submit(intake(to_department("s1")));
    EXPECT_TRUE(again->repeated);
    EXPECT_FALSE(again->differs);
    EXPECT_EQ(again->ticket.id, id);
  }
  Daemon restarted(store);
  const auto other_body = restarted.submit(intake(to_department("s1"), 2));
  EXPECT_TRUE(other_body->repeated);
  EXPECT_TRUE(other_body->differs);
  EXPECT_EQ(other_body->ticket.id, id);
}

TEST_F(EngineTest, RepeatsInsideOneBatchMakeOneTicket) {
  Daemon daemon(store);
  std::vector<Waiting<Applied>> all(50);
  for (auto& one : all) daemon.engine().submit(intake(to_department("same")), one.reply());
  std::set<TicketId> ids;
  int fresh = 0;
  for (auto& one : all) {
    const auto applied = one.get();
    ids.insert(applied->ticket.id);
    fresh += applied->repeated ? 0 : 1;
  }
  EXPECT_THAT(ids, SizeIs(1));
  EXPECT_EQ(fresh, 1);
}

TEST_F(EngineTest, AnIdempotencyKeyRepeatsTheFirstAnswer) {
  Daemon daemon(store);
  const auto first = daemon.submit(intake(to_department(), 7, "k1"));
  const TicketId id = first->ticket.id;
  ASSERT_TRUE(daemon.move(id, Sign{}));
  const auto again = daemon.submit(intake(to_department(), 7, "k1"));
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->ticket, first->ticket) << "as it was, not as it is";
  EXPECT_EQ(daemon.submit(intake(to_department(), 8, "k1")).error().code,
            ErrorCode::idempotency_conflict);
  ASSERT_TRUE(daemon.submit(intake(to_department("s9"), 9)));
  EXPECT_EQ(daemon.submit(intake(to_department("s9"), 7, "k1")).error().code,
            ErrorCode::idempotency_conflict);
}

TEST_F(EngineTest, IdempotencyKeysEndAfterTheirTime) {
  Daemon daemon(store);
  const auto first = daemon.submit(intake(to_department(), 7, "k1"));
  ASSERT_TRUE(daemon.advance(hours{24 * 31}));
  const auto later = daemon.submit(intake(to_department(), 8, "k1"));
  ASSERT_TRUE(later);
  EXPECT_NE(later->ticket.id, first->ticket.id);
  daemon.expect_clean();
}

TEST_F(EngineTest, IfMatchHoldsTheVersion) {
  Daemon daemon(store);
  const TicketId id = daemon.submit(intake(to_department()))->ticket.id;
  Command sign{id, Sign{}, Daemon::desk, 5, std::nullopt, ""};
  EXPECT_EQ(daemon.submit(sign).error().code, ErrorCode::version_mismatch);
  sign.if_match = 1;
  EXPECT_EQ(daemon.submit(sign)->ticket.version, 2U);
}

TEST_F(EngineTest, ADepartmentSeesItsOwnTicketsOnly) {
  Daemon daemon(store);
  const TicketId id = daemon.submit(intake(to_department()))->ticket.id;
  const Actor other{"cg", "李四",
                    std::make_shared<const std::set<std::string, std::less<>>>(
                        std::set<std::string, std::less<>>{"CG"})};
  const Command sign{id, Sign{}, other, std::nullopt, std::nullopt, ""};
  EXPECT_EQ(daemon.submit(sign).error().code, ErrorCode::not_found);
}

TEST_F(EngineTest, LeasesHandOutTheMostUrgentFirstAndEachOnce) {
  Daemon daemon(store);
  const TicketId calm = daemon.submit(intake(to_department()))->ticket.id;
  Intake critical = to_department();
  critical.urgency = Urgency::critical;
  const TicketId urgent = daemon.submit(intake(critical))->ticket.id;
  const auto leases = *daemon.lease("ZJ", 10);
  ASSERT_THAT(leases, SizeIs(2));
  EXPECT_EQ(leases[0].ticket, urgent);
  EXPECT_EQ(leases[1].ticket, calm);
  EXPECT_THAT(*daemon.lease("ZJ", 10), IsEmpty());
  EXPECT_EQ(daemon.stats("ZJ").leased, 2U);
}

TEST_F(EngineTest, ALiveLeaseKeepsOthersFromTheEntry) {
  Daemon daemon(store);
  const TicketId id = daemon.submit(intake(to_department()))->ticket.id;
  const auto lease = daemon.lease("ZJ")->front();
  const Actor other{"somebody", "李四", nullptr};
  Command sign{id, Sign{}, other, std::nullopt, std::nullopt, ""};
  EXPECT_EQ(daemon.submit(sign).error().code, ErrorCode::leased_by_other);
  sign.receipt = lease.receipt.substr(0, lease.receipt.size() - 1) + "x";
  EXPECT_EQ(daemon.submit(sign).error().code, ErrorCode::leased_by_other);
  EXPECT_EQ(daemon.move_lease(LeaseMoveKind::extend, lease.receipt, other).error().code,
            ErrorCode::stale_receipt);
  ASSERT_TRUE(daemon.advance(seconds{61}));
  sign.receipt = lease.receipt;
  EXPECT_EQ(daemon.submit(sign).error().code, ErrorCode::stale_receipt);
  sign.receipt.clear();
  EXPECT_TRUE(daemon.submit(sign));
  daemon.expect_clean();
}

TEST_F(EngineTest, AReceiptOfNoUseIsToldWhy) {
  Daemon daemon(store);
  const TicketId id = daemon.submit(intake(to_department()))->ticket.id;
  const auto lease = daemon.lease("ZJ")->front();
  const TicketId next = daemon.submit(intake(to_department()))->ticket.id;
  const auto refused = [&](TicketId ticket, Move move, const std::string& receipt) {
    const auto done = daemon.move(ticket, std::move(move), receipt);
    EXPECT_FALSE(done);
    if (done) return std::string();
    EXPECT_EQ(done.error().code, ErrorCode::stale_receipt);
    return done.error().detail;
  };
  EXPECT_THAT(refused(next, Sign{}, lease.receipt),
              HasSubstr("no entry of ticket " + to_string(next)));
  EXPECT_THAT(refused(id, Sign{}, "?"), HasSubstr("no entry of ticket " + to_string(id)));
  ASSERT_TRUE(daemon.move(id, Sign{}, lease.receipt));
  EXPECT_THAT(refused(id, Contact{}, lease.receipt), HasSubstr("has ended"));
  const auto held = daemon.lease("ZJ")->front();
  ASSERT_TRUE(daemon.move(next, Dispatch{"ZJ2", {"JW"}, {}, "", ""}, held.receipt));
  const auto assisting = daemon.lease("JW")->front();
  EXPECT_THAT(refused(next, Dispatch{"ZJ3", {}, {}, "", ""}, assisting.receipt),
              HasSubstr("dispatch does not take the leased entry out of queue JW"));
  const auto moved = [&](const std::string& receipt, const Actor& actor) {
    return daemon.move_lease(LeaseMoveKind::extend, receipt, actor).error().detail;
  };
  EXPECT_THAT(moved("?", Daemon::desk), HasSubstr("is no receipt"));
  EXPECT_THAT(moved(lease.receipt, Daemon::desk), HasSubstr("has ended"));
  EXPECT_THAT(moved(assisting.receipt, {"somebody", "", nullptr}), HasSubstr("another token"));
}

TEST_F(EngineTest, CountsDeadlinesThatPassedButNoReminderAndNoCallBack) {
  Daemon daemon(store);
  const TicketId answered = daemon.submit(intake(to_department()))->ticket.id;
  ASSERT_TRUE(daemon.move(answered, Sign{}));
  ASSERT_TRUE(daemon.move(answered, Answer{"", "已修复"}));
  ASSERT_TRUE(daemon.advance(minutes{31}));
  EXPECT_EQ((*daemon.reader().ticket(answered))->callback.ready, true);
  EXPECT_EQ(daemon.metrics.deadlines_passed.value(), 0U);
  const TicketId left_alone = daemon.submit(intake(to_department()))->ticket.id;
  ASSERT_TRUE(daemon.advance(hours{24 * 60}));
  std::vector<std::string_view> passed;
  const auto story = *daemon.reader().story(left_alone);
  for (const auto& change : story) {
    for (const auto& event : change.events) {
      const auto* one = std::get_if<DeadlinePassed>(&event);
      if (one != nullptr) passed.push_back(name(one->deadline));
    }
  }
  EXPECT_THAT(passed, SizeIs(6)) << "sign, contact, the reminder, resolve, and what follows";
  EXPECT_EQ(daemon.metrics.deadlines_passed.value(), 3U);
}

TEST_F(EngineTest, ANoticeIsLeasedApartFromTheTaskThatItIsAbout) {
  Daemon daemon(store);
  const TicketId id = daemon.submit(intake(to_department()))->ticket.id;
  ASSERT_TRUE(daemon.advance(hours{24 * 7}));
  const Actor gateway{"sms", "", nullptr};
  const auto notice = daemon.lease("notice", 5, gateway);
  const auto task = daemon.lease("ZJ", 5);
  ASSERT_THAT(*notice, SizeIs(1));
  ASSERT_THAT(*task, SizeIs(1));
  EXPECT_EQ(notice->front().seq, first_notice);
  EXPECT_EQ(task->front().seq, 1U);
  const Notified sent{first_notice, NoticeOutcome::sent, ""};
  EXPECT_EQ(daemon.move(id, sent).error().code, ErrorCode::leased_by_other);
  ASSERT_TRUE(daemon.move(id, Sign{}, task->front().receipt));
  const auto done =
      daemon.submit({id, sent, gateway, std::nullopt, std::nullopt, notice->front().receipt});
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_EQ(daemon.stats("notice").depth, 0U);
  EXPECT_EQ(daemon.metrics.notices_posted[1].value(), 1U);
  EXPECT_EQ(daemon.metrics.notices_ended[1].value(), 1U);
  daemon.expect_clean();
}

TEST_F(EngineTest, ANoticeThatSomebodyLeasedHoldsUpNobody) {
  Daemon daemon(store);
  const TicketId id = daemon.submit(intake(to_department()))->ticket.id;
  ASSERT_TRUE(daemon.advance(hours{24 * 7}));
  const Actor gateway{"sms", "", nullptr};
  const auto notice = daemon.lease("notice", 1, gateway);
  ASSERT_TRUE(daemon.move(id, Dispatch{"CG", {}, {}, "", ""}));
  EXPECT_EQ(daemon.stats("notice").depth, 0U);
  const auto told = daemon.submit({id, Notified{first_notice, NoticeOutcome::sent, ""}, gateway,
                                   std::nullopt, std::nullopt, notice->front().receipt});
  ASSERT_TRUE(told) << "it was sent all the same: " << told.error().detail;
  daemon.expect_clean();
}

TEST_F(EngineTest, NoticesAreNoDepartmentThatCouldLeaveTheCatalogue) {
  Daemon daemon(store);
  daemon.submit(intake(to_department()));
  ASSERT_TRUE(daemon.advance(hours{24 * 7}));
  Waiting<std::size_t> waiting;
  daemon.engine().recall_unknown({"ZJ"}, waiting.reply());
  EXPECT_EQ(*waiting.get(), 0U);
}

TEST_F(EngineTest, ExtendReleaseAndFailCountDeliveries) {
  EngineOptions options;
  options.deliveries_max = 2;
  Daemon daemon(store, options);
  const TicketId id = daemon.submit(intake(to_department()))->ticket.id;
  auto lease = daemon.lease("ZJ")->front();
  ASSERT_TRUE(daemon.move_lease(LeaseMoveKind::release, lease.receipt));
  lease = daemon.lease("ZJ")->front();
  EXPECT_EQ(lease.delivery, 1U) << "a release is no blame";
  ASSERT_TRUE(daemon.move_lease(LeaseMoveKind::extend, lease.receipt));
  ASSERT_TRUE(daemon.move_lease(LeaseMoveKind::fail, lease.receipt));
  EXPECT_EQ(daemon.move_lease(LeaseMoveKind::fail, lease.receipt).error().code,
            ErrorCode::stale_receipt);
  lease = daemon.lease("ZJ")->front();
  EXPECT_EQ(lease.delivery, 2U);
  ASSERT_TRUE(daemon.move_lease(LeaseMoveKind::fail, lease.receipt));
  EXPECT_THAT(*daemon.lease("ZJ"), IsEmpty()) << "a dead letter now";
  EXPECT_EQ(daemon.stats("ZJ").dead_letters, 1U);
  EXPECT_EQ((*daemon.reader().ticket(id))->status, Status::dispatched) << "status and clock stay";
  Waiting<DeadLetter> redriven;
  daemon.engine().redrive(id, 1, redriven.reply());
  EXPECT_EQ(redriven.get()->reason, "坏了");
  EXPECT_EQ(daemon.lease("ZJ")->front().delivery, 1U);
  daemon.expect_clean();
}

TEST_F(EngineTest, LeasesAndDeadLettersOutliveARestart) {
  EngineOptions options;
  options.deliveries_max = 1;
  std::string receipt;
  {
    Daemon daemon(store, options);
    daemon.submit(intake(to_department()));
    daemon.submit(intake(to_department()));
    const auto dead = daemon.lease("ZJ")->front();
    ASSERT_TRUE(daemon.move_lease(LeaseMoveKind::fail, dead.receipt));
    receipt = daemon.lease("ZJ")->front().receipt;
  }
  Daemon restarted(store, options);
  EXPECT_EQ(restarted.stats("ZJ").dead_letters, 1U);
  EXPECT_EQ(restarted.stats("ZJ").leased, 1U);
  EXPECT_THAT(*restarted.lease("ZJ"), IsEmpty());
  EXPECT_TRUE(restarted.move_lease(LeaseMoveKind::extend, receipt));
}

TEST_F(EngineTest, WaitersAreServedInTheOrderTheyCame) {
  Daemon daemon(store);
  std::vector<Waiting<std::vector<Lease>>> waiters(3);
  for (auto& waiter : waiters) {
    daemon.engine().lease({"ZJ", Daemon::desk, 1, seconds{60}, true}, waiter.reply());
  }
  EXPECT_EQ(daemon.stats("ZJ").waiters, 3U);
  const TicketId first = daemon.submit(intake(to_department()))->ticket.id;
  const TicketId second = daemon.submit(intake(to_department()))->ticket.id;
  EXPECT_EQ(waiters[0].get()->front().ticket, first);
  EXPECT_EQ(waiters[1].get()->front().ticket, second);
  EXPECT_EQ(daemon.stats("ZJ").waiters, 1U);
  daemon.engine().stop();
  EXPECT_THAT(*waiters[2].get(), IsEmpty());
}

TEST_F(EngineTest, ACancelledWaiterGetsNothingAndTheNextOneEverything) {
  Daemon daemon(store);
  Waiting<std::vector<Lease>> gone;
  Waiting<std::vector<Lease>> stays;
  const auto id = daemon.engine().lease({"ZJ", Daemon::desk, 1, seconds{60}, true}, gone.reply());
  daemon.engine().lease({"ZJ", Daemon::desk, 1, seconds{60}, true}, stays.reply());
  daemon.engine().cancel_wait(id);
  EXPECT_THAT(*gone.get(), IsEmpty());
  daemon.submit(intake(to_department()));
  EXPECT_THAT(*stays.get(), SizeIs(1));
}

TEST_F(EngineTest, EmptyPollsWriteNothing) {
  Daemon daemon(store);
  daemon.submit(intake(to_department()));
  const auto commits = daemon.metrics.commits.value();
  for (int i = 0; i < 100; ++i) ASSERT_THAT(*daemon.lease("CG"), IsEmpty());
  EXPECT_EQ(daemon.metrics.commits.value(), commits);
}

TEST_F(EngineTest, QueuesLongerThanTheWindowComeOutWholeAndInOrder) {
  EngineOptions options;
  options.window_entries = 8;
  Daemon daemon(store, options);
  std::vector<Waiting<Applied>> made(300);
  for (std::size_t i = 0; i < made.size(); ++i) {
    Intake move = to_department();
    if (i % 7 == 0) move.urgency = Urgency::urgent;
    daemon.engine().submit(intake(std::move(move)), made[i].reply());
  }
  for (auto& one : made) ASSERT_TRUE(one.get());
  EXPECT_EQ(daemon.stats("ZJ").depth, 300U);
  std::vector<TicketId> out;
  std::size_t urgent = 0;
  while (out.size() < made.size()) {
    const auto leases = daemon.lease("ZJ", 5);
    ASSERT_FALSE(leases->empty()) << out.size();
    for (const auto& lease : *leases) {
      const auto applied = daemon.move(lease.ticket, Sign{}, lease.receipt);
      ASSERT_TRUE(applied);
      if (applied->ticket.urgency == Urgency::urgent) {
        EXPECT_EQ(urgent++, out.size()) << "urgent ones come first";
      }
      out.push_back(lease.ticket);
    }
  }
  EXPECT_THAT(std::set<TicketId>(out.begin(), out.end()), SizeIs(300));
  EXPECT_EQ(urgent, 43U);
  daemon.expect_clean();
}

TEST_F(EngineTest, TimersFireAfterTheDaemonWasDownOverThem) {
  TicketId id;
  {
    Daemon daemon(store);
    id = daemon.submit(intake(to_department()))->ticket.id;
  }
  Daemon restarted(store);
  ASSERT_TRUE(restarted.advance(hours{24 * 8}));
  const auto story = restarted.reader().story(id);
  ASSERT_THAT(*story, SizeIs(5)) << "sign and contact together, reminder, resolve, notice";
  EXPECT_EQ(format_rfc3339((*story)[3].at, china_offset), "2021-06-08T23:59:59+08:00")
      << "at its own moment";
  restarted.expect_clean();
}

TEST_F(EngineTest, EngineTimeNeverGoesBack) {
  {
    Daemon daemon(store);
    ASSERT_TRUE(daemon.advance(hours{50}));
  }
  Daemon restarted(store);  // the clock stands at the start again
  EXPECT_EQ(restarted.engine().now(), test::start_time + hours{50});
  const auto made = restarted.submit(intake(to_department()));
  EXPECT_EQ(made->ticket.created_at, test::start_time + hours{50});
  EXPECT_EQ(to_string(made->ticket.id), "2106030000000001") << "a new day counts anew";
}

TEST_F(EngineTest, NumbersGoOnAfterARestartOnTheSameDay) {
  { EXPECT_TRUE(Daemon(store).submit(intake(to_department()))); }
  EXPECT_EQ(to_string(Daemon(store).submit(intake(to_department()))->ticket.id),
            "2106010000000002");
}

TEST_F(EngineTest, RefusesWhatIsBeyondItsBounds) {
  EngineOptions options;
  options.waiters_max = 1;
  options.leases_per_queue_max = 1;
  Daemon daemon(store, options);
  Waiting<std::vector<Lease>> waiter;
  daemon.engine().lease({"CG", Daemon::desk, 1, seconds{60}, true}, waiter.reply());
  Waiting<std::vector<Lease>> refused;
  daemon.engine().lease({"CG", Daemon::desk, 1, seconds{60}, true}, refused.reply());
  EXPECT_EQ(refused.get().error().code, ErrorCode::overloaded);
  daemon.submit(intake(to_department()));
  daemon.submit(intake(to_department()));
  EXPECT_THAT(*daemon.lease("ZJ", 10), SizeIs(1));
  EXPECT_EQ(daemon.lease("ZJ").error().code, ErrorCode::overloaded);
}

TEST_F(EngineTest, StopGivesEveryAnswerFirst) {
  Daemon daemon(store);
  std::vector<Waiting<Applied>> all(300);
  for (auto& one : all) daemon.engine().submit(intake(to_department()), one.reply());
  daemon.engine().stop();
  for (auto& one : all) {
    ASSERT_TRUE(one.answered());
    EXPECT_TRUE(one.get());
  }
}

TEST_F(EngineTest, RefusesAfterTheStop) {
  Daemon daemon(store);
  daemon.engine().stop();
  EXPECT_EQ(daemon.submit(intake(to_department())).error().code, ErrorCode::unavailable);
}

TEST_F(EngineTest, RefusesAStoreWhoseDaysWereCountedInAnotherZone) {
  { EXPECT_TRUE(Daemon(store).submit(intake(to_department()))); }
  Policy elsewhere;
  elsewhere.zone = hours{9};
  Daemon daemon(store, {}, elsewhere);
  ASSERT_FALSE(daemon.started);
  EXPECT_THAT(daemon.started.error().detail, HasSubstr("zone"));
}

TEST_F(EngineTest, APutAsideWriterNeverWritesAgain) {
  Daemon old_one(store);
  ASSERT_TRUE(old_one.submit(intake(to_department())));
  Daemon new_one(store);
  EXPECT_EQ(old_one.submit(intake(to_department())).error().code, ErrorCode::unavailable);
  EXPECT_EQ(old_one.submit(intake(to_department())).error().code, ErrorCode::unavailable);
  EXPECT_FALSE(old_one.engine().writable());
  EXPECT_TRUE(new_one.submit(intake(to_department())));
  new_one.expect_clean();
}

TEST_F(EngineTest, ADepartmentThatLeavesTheCatalogueGivesBackWhatItHas) {
  constexpr std::size_t waiting = 600;  // more than one batch of follow-ups
  std::vector<TicketId> ids;
  {
    Daemon daemon(store);
    std::vector<Waiting<Applied>> made(waiting);
    for (auto& one : made) daemon.engine().submit(intake(to_department()), one.reply());
    for (auto& one : made) ids.push_back(one.get()->ticket.id);
    ASSERT_TRUE(daemon.lease("ZJ"));
    ASSERT_TRUE(daemon.move(ids.back(), Sign{}));
    ASSERT_TRUE(daemon.move(ids.front(), Dispatch{"CG", {}, {}, "", ""}));
    Waiting<std::size_t> recalled;
    daemon.engine().recall_unknown({"CG"}, recalled.reply());
    EXPECT_EQ(*recalled.get(), 1U);
  }  // stopped, perhaps in the middle of it
  Daemon restarted(store);
  while (restarted.stats("ZJ").depth > 0 || !restarted.reader().work("ZJ", 1)->empty()) {
    restarted.stats("triage");
  }
  EXPECT_EQ(restarted.stats("triage").depth, waiting - 1);
  EXPECT_EQ(restarted.stats("CG").depth, 1U);
  EXPECT_EQ((*restarted.reader().ticket(ids.back()))->assignments.front().ending,
            Ending::withdrawn);
  restarted.stats("triage");
  int tasks = 0;
  ASSERT_TRUE(store.scan(Space::outbox, {}, {}, [&](auto, auto) { return ++tasks > 0; }));
  EXPECT_EQ(tasks, 0);
  restarted.expect_clean();
}

TEST_F(EngineTest, ARedoNeverEndsInADepartmentThatIsGone) {
  Daemon daemon(store);
  const TicketId id = daemon.submit(intake(to_department()))->ticket.id;
  ASSERT_TRUE(daemon.move(id, Sign{}));
  ASSERT_TRUE(daemon.move(id, Answer{"", "已办"}));
  Waiting<std::size_t> recalled;
  daemon.engine().recall_unknown({"CG"}, recalled.reply());
  EXPECT_EQ(*recalled.get(), 0U) << "it has nothing in hand now";
  ASSERT_TRUE(daemon.move(id, CallbackAttempt{CallbackOutcome::reached, true, Resolved::no,
                                              Satisfaction::dissatisfied, ""}));
  while (daemon.stats("ZJ").depth > 0) daemon.stats("triage");
  EXPECT_EQ(daemon.stats("triage").depth, 1U);
  daemon.expect_clean();
}

TEST_F(EngineTest, ACopyThatSomebodyLeasedDoesNotHoldUpTheAnswer) {
  Daemon daemon(store);
  Intake move = to_department();
  move.classification.edit().copy = {"CG"};
  const TicketId id = daemon.submit(intake(move))->ticket.id;
  ASSERT_TRUE(daemon.move(id, Sign{"ZJ"}));
  const Actor other{"cg", "李四", nullptr};
  ASSERT_THAT(*daemon.lease("CG", 1, other), SizeIs(1));
  EXPECT_TRUE(daemon.move(id, Answer{"ZJ", "已修复"}));
  daemon.expect_clean();
}

TEST_F(EngineTest, AnExpiredKeyThatIsUsedAgainIsKept) {
  Daemon daemon(store);
  ASSERT_TRUE(daemon.submit(intake(to_department(), 7, "k1")));
  ASSERT_TRUE(daemon.advance(hours{24 * 31}));
  const TicketId later = daemon.submit(intake(to_department(), 8, "k1"))->ticket.id;
  const auto again = daemon.submit(intake(to_department(), 8, "k1"));
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->ticket.id, later);
}

TEST_F(EngineTest, AnAuditRecordIsStoredBeforeItIsAnswered) {
  Daemon daemon(store);
  Waiting<std::monostate> done;
  daemon.engine().audit({Daemon::desk, "ticket.unmasked", {}, "r1"}, done.reply());
  ASSERT_TRUE(done.get());
  int records = 0;
  ASSERT_TRUE(store.scan(Space::audit, {}, {}, [&](auto, auto) { return ++records > 0; }));
  EXPECT_EQ(records, 1);
}

}  // namespace
}  // namespace hotline

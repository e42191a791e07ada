#include <gmock/gmock.h>

#include "engine_fixture.hpp"
#include "records/codec.hpp"
#include "records/keys.hpp"
#include "support/history.hpp"
#include "support/store_faults.hpp"

namespace hotline {
namespace {

using test::Daemon;
using test::FaultyStore;
using test::intake;
using test::to_department;
using test::Waiting;
using testing::IsEmpty;
using testing::SizeIs;

class EngineFaults : public testing::Test {
 protected:
  MemoryStore inner;
  FaultyStore store{inner};
};

TEST_F(EngineFaults, NothingIsAcknowledgedBeforeItIsDurable) {
  Daemon daemon(store);
  store.hold_commits();
  Waiting<Applied> made;
  daemon.engine().submit(intake(to_department()), made.reply());
  store.await_held_commit();
  EXPECT_FALSE(made.answered());
  store.release_commits();
  EXPECT_TRUE(made.get());
}

TEST_F(EngineFaults, WhatIsSubmittedDuringACommitSharesTheNextSync) {
  Daemon daemon(store);
  store.hold_commits();
  std::vector<Waiting<Applied>> all(101);
  daemon.engine().submit(intake(to_department()), all[0].reply());
  store.await_held_commit();
  for (std::size_t i = 1; i < all.size(); ++i) {
    daemon.engine().submit(intake(to_department()), all[i].reply());
  }
  store.release_commits();
  for (auto& one : all) ASSERT_TRUE(one.get());
  EXPECT_LE(store.commits(), 3U) << "the last few may come too late for the second one";
}

TEST_F(EngineFaults, AFailedCommitIsRefusedAndForgotten) {
  Daemon daemon(store);
  store.fail_commits(1, FaultyStore::Fault::not_written);
  EXPECT_EQ(daemon.submit(intake(to_department("s1"))).error().code, ErrorCode::unavailable);
  const auto again = daemon.submit(intake(to_department("s1")));
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->repeated);
  EXPECT_EQ(daemon.stats("ZJ").depth, 1U);
  daemon.expect_clean();
}

TEST_F(EngineFaults, ALostReplyIsFoundAgainByTheRepeat) {
  Daemon daemon(store);
  store.fail_commits(1, FaultyStore::Fault::reply_lost);
  EXPECT_EQ(daemon.submit(intake(to_department("s1"))).error().code, ErrorCode::unavailable);
  const auto again = daemon.submit(intake(to_department("s1")));
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->repeated) << "it was durable after all";
  EXPECT_EQ(daemon.stats("ZJ").depth, 1U);
  daemon.expect_clean();
}

TEST_F(EngineFaults, WhatIsDecidedDuringACommitSeesWhatThatCommitWrites) {
  Daemon daemon(store);
  const TicketId id = daemon.submit(intake(to_department("s1")))->ticket.id;
  store.hold_commits();
  std::vector<Waiting<Applied>> all(6);
  const auto submit = [&](std::size_t index, Command command) {
    daemon.engine().submit(std::move(command), all[index].reply());
    if (index == 1) store.await_held_commit();
  };
  submit(0, {id, Sign{}, Daemon::desk, std::nullopt, Idempotency{"key", 7}, {}});
  submit(1, intake(to_department("s2")));
  // From here on in the batch after the one that is held.
  submit(2, {id, Contact{{}, "问过"}, Daemon::desk, 2, std::nullopt, {}});
  submit(3, {id, Sign{}, Daemon::desk, std::nullopt, Idempotency{"key", 7}, {}});
  submit(4, intake(to_department("s2")));
  submit(5, {id, Sign{}, Daemon::desk, std::nullopt, std::nullopt, {}});
  for (const auto& one : all) EXPECT_FALSE(one.answered()) << "not even a repeat, nor a refusal";
  store.release_commits();
  EXPECT_EQ(all[0].get()->ticket.version, 2U);
  const TicketId second = all[1].get()->ticket.id;
  EXPECT_EQ(all[2].get()->ticket.version, 3U);
  const auto repeated = all[3].get();
  ASSERT_TRUE(repeated);
  EXPECT_TRUE(repeated->repeated);
  EXPECT_EQ(repeated->ticket.version, 2U) << "the first answer, as it was";
  const auto repeat = all[4].get();
  ASSERT_TRUE(repeat);
  EXPECT_TRUE(repeat->repeated);
  EXPECT_EQ(repeat->ticket.id, second);
  EXPECT_EQ(all[5].get().error().code, ErrorCode::wrong_state);
  daemon.expect_clean();
}

TEST_F(EngineFaults, ALostBatchTakesTheOneThatWasBuiltOnIt) {
  for (const auto fault : {FaultyStore::Fault::not_written, FaultyStore::Fault::reply_lost}) {
    MemoryStore fresh;
    FaultyStore faulty(fresh);
    Daemon daemon(faulty);
    faulty.fail_commits(1, fault);
    faulty.hold_commits();
    Waiting<Applied> lost;
    std::vector<Waiting<Applied>> built(40);
    daemon.engine().submit(intake(to_department("s0")), lost.reply());
    faulty.await_held_commit();
    for (std::size_t i = 0; i < built.size(); ++i) {
      daemon.engine().submit(intake(to_department("s" + std::to_string(i + 1))), built[i].reply());
    }
    faulty.release_commits();
    EXPECT_EQ(lost.get().error().code, ErrorCode::unavailable);
    std::uint64_t taken = fault == FaultyStore::Fault::reply_lost ? 1 : 0;
    for (auto& one : built) taken += one.get() ? 1 : 0;
    EXPECT_EQ(daemon.stats("ZJ").depth, taken) << "what was acknowledged, and what was durable";
    const auto again = daemon.submit(intake(to_department("s0")));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->repeated, fault == FaultyStore::Fault::reply_lost);
    daemon.expect_clean();
  }
}

TEST_F(EngineFaults, ManyInFlightAmongRandomFaultsLoseNothingAcknowledged) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE(seed);
    MemoryStore fresh;
    FaultyStore faulty(fresh);
    test::History history(seed);
    std::map<std::string, TicketId> acknowledged;
    Daemon daemon(faulty);
    for (int round = 0; round < 30; ++round) {
      if (history.chance(40)) {
        faulty.fail_commits(1, static_cast<FaultyStore::Fault>(history.below(2)));
      }
      std::vector<std::pair<std::string, Waiting<Applied>>> flying(1 + history.below(60));
      for (auto& [source_id, waiting] : flying) {
        source_id = "s" + std::to_string(history.below(300));
        daemon.engine().submit(intake(to_department(source_id)), waiting.reply());
      }
      for (auto& [source_id, waiting] : flying) {
        const auto made = waiting.get();
        if (!made) continue;
        const auto known = acknowledged.emplace(source_id, made->ticket.id).first;
        EXPECT_EQ(known->second, made->ticket.id) << "one source_id, two tickets";
      }
    }
    for (const auto& [source_id, id] : acknowledged) {
      const auto ticket = daemon.reader().ticket(id);
      ASSERT_TRUE(ticket && *ticket);
      EXPECT_EQ((*ticket)->source_id, source_id);
    }
    daemon.expect_clean();
  }
}

TEST_F(EngineFaults, AStalledStoreIsOfferedTheSameBatchAgain) {
  Daemon daemon(store);
  store.fail_commits(3, FaultyStore::Fault::slowed_down);
  EXPECT_TRUE(daemon.submit(intake(to_department())));
  EXPECT_EQ(store.commits(), 4U);
}

TEST_F(EngineFaults, ALeaseThatWasNotWrittenIsNotHeld) {
  Daemon daemon(store);
  daemon.submit(intake(to_department()));
  store.fail_commits(1, FaultyStore::Fault::not_written);
  EXPECT_EQ(daemon.lease("ZJ").error().code, ErrorCode::unavailable);
  EXPECT_THAT(*daemon.lease("ZJ"), SizeIs(1));
}

TEST_F(EngineFaults, WaitersAreRefusedWhenTheMemoryIsLost) {
  Daemon daemon(store);
  Waiting<std::vector<Lease>> waiter;
  daemon.engine().lease({"ZJ", Daemon::desk, 1, std::chrono::seconds{60}, true}, waiter.reply());
  daemon.stats("ZJ");
  store.fail_commits(1, FaultyStore::Fault::not_written);
  daemon.submit(intake(to_department()));
  EXPECT_EQ(waiter.get().error().code, ErrorCode::unavailable);
}

TEST_F(EngineFaults, NoAcknowledgedMoveIsEverLostAmongRandomFaults) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    MemoryStore fresh;
    FaultyStore faulty(fresh);
    test::History history(seed);
    std::map<TicketId, std::uint32_t> versions;  // acknowledged at least
    Daemon daemon(faulty);
    for (int step = 0; step < 400; ++step) {
      if (history.chance(8)) {
        faulty.fail_commits(1 + history.below(3),
                            static_cast<FaultyStore::Fault>(history.below(2)));
      }
      Result<Applied> applied;
      if (versions.empty() || history.chance(30)) {
        applied = daemon.submit(intake(history.intake()));
      } else {
        auto chosen = versions.begin();
        std::advance(chosen, static_cast<std::ptrdiff_t>(history.below(versions.size())));
        const auto ticket = daemon.reader().ticket(chosen->first);
        ASSERT_TRUE(ticket && *ticket);
        applied = daemon.move(chosen->first, history.likely_move(**ticket));
      }
      if (applied) versions[applied->ticket.id] = applied->ticket.version;
    }
    for (const auto& [id, version] : versions) {
      const auto ticket = daemon.reader().ticket(id);
      ASSERT_TRUE(ticket && *ticket) << "seed " << seed;
      EXPECT_GE((*ticket)->version, version) << "seed " << seed;
    }
    daemon.expect_clean();
  }
}

// `check` must be able to find: each damage that a defect could do to an index.
class Damage : public testing::Test {
 protected:
  void SetUp() override {
    Daemon daemon(store);
    id = daemon.submit(intake(to_department("s1")))->ticket.id;
    const TicketId signed_one = daemon.submit(intake(to_department()))->ticket.id;
    daemon.move(signed_one, Sign{});
    daemon.expect_clean();
  }

  /// Erases the first key of a space, or adds one, and expects that `check` sees it.
  void expect_found(const std::function<void(Batch&)>& damage) {
    Batch batch;
    damage(batch);
    ASSERT_TRUE(store.commit(batch, *store.acquire_epoch()));
    const auto report = check(store, china_offset);
    ASSERT_TRUE(report);
    EXPECT_GT(report->findings, 0U);
    EXPECT_THAT(report->details, testing::Not(IsEmpty()));
  }

  void expect_loss_found(Space space) {
    std::string first;
    ASSERT_TRUE(store.scan(space, {}, {}, [&](std::string_view key, auto) {
      first = key;
      return false;
    }));
    ASSERT_FALSE(first.empty()) << name(space);
    SCOPED_TRACE(name(space));
    expect_found([&](Batch& batch) { batch.erase(space, first); });
  }

  MemoryStore store;
  TicketId id;
};

TEST_F(Damage, ALostQueueEntry) { expect_loss_found(Space::queue); }
TEST_F(Damage, ALostTimer) { expect_loss_found(Space::timer); }
TEST_F(Damage, ALostWorkEntry) { expect_loss_found(Space::work); }
TEST_F(Damage, ALostCounter) { expect_loss_found(Space::counter); }
TEST_F(Damage, ALostEvent) { expect_loss_found(Space::event); }
TEST_F(Damage, ALostPersonalRecord) { expect_loss_found(Space::personal); }
TEST_F(Damage, ALostSource) { expect_loss_found(Space::source); }
TEST_F(Damage, ALostTicket) { expect_loss_found(Space::ticket); }

TEST_F(Damage, EntriesTooMany) {
  const TicketId other{id.value + 1000};
  expect_found([&](Batch& batch) {
    batch.put(Space::queue, queue_key({"CG", {}, id, 9}), encode(QueueValue{}));
  });
  expect_found([&](Batch& batch) { batch.put(Space::timer, timer_key({{}, other}), ""); });
  expect_found([&](Batch& batch) {
    LeaseRecord record;
    record.queue = "CG";
    batch.put(Space::lease, lease_key({other, 1}), encode(record));
  });
}

}  // namespace
}  // namespace hotline

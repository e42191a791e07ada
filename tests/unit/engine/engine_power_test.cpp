#ifdef HOTLINE_WITH_ROCKSDB

// No answer before its sync. A killed process leaves what it wrote to the kernel, which writes it
// later: only a disk that forgets what was not synced can show an answer that came too early.

#include <atomic>

#include <gtest/gtest.h>

#include "engine_fixture.hpp"
#include "support/store_disk.hpp"
#include "support/store_engines.hpp"

namespace hotline {
namespace {

using test::Daemon;

class EnginePower : public testing::Test {
 protected:
  static constexpr int tickets = 200;

  std::unique_ptr<Store> open() {
    auto opened =
        open_rocks_store(test::small_rocks(folder_.path() / "store"), disk_.environment());
    if (!opened) throw std::runtime_error(opened.error().detail);
    return std::move(*opened);
  }

  /// Whether the store holds what an answer says.
  bool stored(const Applied& applied) const {
    const auto ticket = TicketReader(*store_).ticket(applied.ticket.id);
    return ticket && *ticket && (*ticket)->version == applied.ticket.version;
  }
  bool stored(const std::vector<Lease>& leases) const {
    return test::contents(*store_, Space::lease).size() == leases.size();
  }

  /// A reply that looks at store and disk in the moment in which it is given.
  template <typename T>
  Engine::Reply<T> watched(test::Waiting<T>& waiting) {
    return [this, reply = waiting.reply()](Result<T> result) {
      if (result && (!stored(*result) || disk_.unsynced_log_bytes() > 0)) ++early_;
      reply(std::move(result));
    };
  }

  /// Takes in tickets faster than they are committed, so that answers share a sync.
  std::vector<TicketId> take_in(Engine& engine) {
    std::vector<test::Waiting<Applied>> waiting(tickets);
    for (auto& one : waiting) {
      engine.submit(test::intake(test::to_department()), watched(one));
    }
    std::vector<TicketId> ids;
    for (auto& one : waiting) ids.push_back(one.get()->ticket.id);
    return ids;
  }

  std::vector<Lease> lease(Engine& engine) {
    test::Waiting<std::vector<Lease>> waiting;
    engine.lease({"ZJ", Daemon::desk, tickets / 2, std::chrono::seconds{600}, false},
                 watched(waiting));
    return *waiting.get();
  }

  void sign(Engine& engine, const Lease& lease) {
    test::Waiting<Applied> waiting;
    engine.submit({lease.ticket, Sign{}, Daemon::desk, std::nullopt, std::nullopt, lease.receipt},
                  watched(waiting));
    EXPECT_TRUE(waiting.get());
  }

  /// Everything that was answered, in a daemon's life that ends with the power of the machine.
  struct Answered {
    std::vector<TicketId> tickets;
    std::vector<Lease> leases;
    TicketId signed_one;
  };
  Answered live_and_lose_power(bool disk_obeys = true) {
    Answered answered;
    {
      store_ = open();
      Daemon daemon(*store_);
      if (!disk_obeys) disk_.ignore_syncs();
      answered.tickets = take_in(daemon.engine());
      answered.leases = lease(daemon.engine());
      sign(daemon.engine(), answered.leases.front());
      answered.signed_one = answered.leases.front().ticket;
    }
    store_.reset();
    disk_.lose_power();
    return answered;
  }

  test::StoreFolder folder_;
  test::FragileDisk disk_;
  std::unique_ptr<Store> store_;
  std::atomic<int> early_ = 0;
};

TEST_F(EnginePower, NothingIsAnsweredBeforeItsSyncAndAllOfItOutlivesALossOfPower) {
  const Answered answered = live_and_lose_power();
  EXPECT_EQ(early_, 0);
  const auto store = open();
  Daemon daemon(*store);
  for (const TicketId id : answered.tickets) EXPECT_TRUE(*daemon.reader().ticket(id));
  EXPECT_EQ((*daemon.reader().ticket(answered.signed_one))->status, Status::in_progress);
  for (std::size_t i = 1; i < answered.leases.size(); ++i) {
    const auto& lease = answered.leases[i];
    EXPECT_TRUE(daemon.move_lease(LeaseMoveKind::extend, lease.receipt)) << i;
  }
  daemon.expect_clean();
}

/// The test above would be worth nothing if it could not see an answer that came too early.
TEST_F(EnginePower, AStoreThatDoesNotSyncIsFoundOut) {
  const Answered answered = live_and_lose_power(false);
  EXPECT_EQ(early_, tickets + 2) << "every ticket, the leases and the signature";
  const auto store = open();
  const TicketReader reader(*store);
  for (const TicketId id : answered.tickets) EXPECT_FALSE(*reader.ticket(id));
}

}  // namespace
}  // namespace hotline

#endif

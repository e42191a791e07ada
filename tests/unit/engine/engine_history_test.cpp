#include <algorithm>
#include <map>

#include <gmock/gmock.h>

#include "domain/clocks.hpp"
#include "engine_fixture.hpp"
#include "records/codec.hpp"
#include "support/history.hpp"
#include "support/store_engines.hpp"
#include "support/store_faults.hpp"

namespace hotline {
namespace {

using test::Daemon;
using test::StoreKind;

/// Names of the personal data that `History` makes: none may stand in an event or a ticket.
constexpr std::string_view secrets[] = {"13800000000", "路灯不亮", "已修复", "谢谢"};

struct Run {
  StoreKind kind;
  std::uint64_t seed;
};
void PrintTo(const Run& run, std::ostream* out) { *out << run.kind << " seed " << run.seed; }

class EngineHistory : public testing::TestWithParam<Run> {};

/// What each acknowledged move left: after every reopening the store must show exactly this.
using Acknowledged = std::map<TicketId, Ticket>;

void expect_acknowledged(const Daemon& daemon, const Acknowledged& acknowledged) {
  for (const auto& [id, ticket] : acknowledged) {
    const auto stored = daemon.reader().ticket(id);
    ASSERT_TRUE(stored && *stored) << to_string(id);
    EXPECT_EQ(**stored, ticket) << to_string(id);
  }
}

/// Timers fire by themselves while time passes, so what was acknowledged is read again after that.
void refresh(const Daemon& daemon, Acknowledged& acknowledged) {
  for (auto& [id, ticket] : acknowledged) {
    const auto stored = daemon.reader().ticket(id);
    ASSERT_TRUE(stored && *stored);
    EXPECT_GE((*stored)->version, ticket.version);
    ticket = **stored;
  }
}

TEST_P(EngineHistory, GivesTheSameStateAfterEveryReopening) {
  const test::StoreFolder folder;
  auto store = test::open_store(GetParam().kind, folder.path() / "store");
  test::History history(GetParam().seed);
  Acknowledged acknowledged;
  EngineOptions options;
  options.window_entries = 4;  // refills at every turn
  for (int restart = 0; restart < 8; ++restart) {
    if (restart > 0 && GetParam().kind == StoreKind::rocks) {
      store.reset();
      store = test::open_store(GetParam().kind, folder.path() / "store");
    }
    Daemon daemon(*store, options, {.notice = {true, true, true, true}});
    ASSERT_TRUE(daemon.started) << daemon.started.error().detail;
    expect_acknowledged(daemon, acknowledged);
    for (int step = 0; step < 250; ++step) {
      if (history.chance(10)) {
        ASSERT_TRUE(daemon.advance(std::chrono::minutes{history.below(600)}));
        refresh(daemon, acknowledged);
      }
      if (acknowledged.empty() || history.chance(20)) {
        const auto made = daemon.submit(test::intake(history.intake()));
        ASSERT_TRUE(made);
        acknowledged[made->ticket.id] = made->ticket;
        continue;
      }
      auto chosen = acknowledged.begin();
      std::advance(chosen, static_cast<std::ptrdiff_t>(history.below(acknowledged.size())));
      if (history.chance(20)) {
        daemon.lease(
            history.one_of<std::string>({"ZJ", "CG", "triage", "direct", "callback", "notice"}), 3);
      }
      Move move = history.likely_move(chosen->second);
      if (std::holds_alternative<Tick>(move)) continue;  // the engine fires these itself
      const auto moved = daemon.move(chosen->first, std::move(move));
      if (moved) {
        EXPECT_EQ(moved->ticket.version, chosen->second.version + 1);
        chosen->second = moved->ticket;
      }
    }
    daemon.expect_clean();
    ASSERT_FALSE(HasFailure());
  }
  for (const Space space : {Space::ticket, Space::event, Space::queue, Space::counter}) {
    for (const auto& [key, value] : test::contents(*store, space)) {
      for (const auto secret : secrets) {
        EXPECT_EQ(value.find(secret), std::string::npos) << "personal data in " << name(space);
      }
    }
  }
}

std::vector<Run> runs() {
  std::vector<Run> all;
  for (const StoreKind kind : test::store_kinds()) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) all.push_back({kind, seed});
  }
  return all;
}
INSTANTIATE_TEST_SUITE_P(Stores, EngineHistory, testing::ValuesIn(runs()));

}  // namespace
}  // namespace hotline

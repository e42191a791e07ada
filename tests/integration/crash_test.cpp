#include <atomic>
#include <fstream>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "line_call.hpp"
#include "rig.hpp"

// kill -9 at seeded moments: what was acknowledged is there afterwards, once, and every index
// agrees with it. A killed process leaves its unsynced writes to the kernel, so nothing here would
// notice a missing sync: the power of the machine is lost in tests/unit/storage and
// tests/unit/engine.

namespace hotline::test {
namespace {

constexpr unsigned connections = 4;
constexpr int tickets_per_round = 600;

/// What the daemon said yes to, seen by several connections at once.
class Acknowledged {
 public:
  void add(const std::string& name, std::string value) {
    const std::lock_guard lock(mutex_);
    all_[name] = std::move(value);
  }
  std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return all_.size();
  }
  std::map<std::string, std::string> all() const {
    const std::lock_guard lock(mutex_);
    return all_;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> all_;  // protected by mutex_
};

json::object body_of(int serial) {
  return {{"channel", "phone"},  {"content", fmt::format("第{}件:小区外墙漏水", serial)},
          {"department", "zjj"}, {"caller", {{"name", "张三"}, {"phone", "13800000000"}}},
          {"source", "cc"},      {"source_id", std::to_string(serial)}};
}

/// Runs `work(web, i)` for every i below `count`, over several connections, each until its
/// connection breaks.
template <typename Work>
void over_connections(const Rig& rig, int count, std::vector<std::jthread>& threads, Work work) {
  auto next = std::make_shared<std::atomic<int>>(0);
  for (unsigned i = 0; i < connections; ++i) {
    threads.emplace_back([web = rig.web_as("值班员"), next, count, work]() mutable {
      try {
        for (int mine = (*next)++; mine < count; mine = (*next)++) work(web, mine);
      } catch (const std::runtime_error&) {
        // The daemon was killed under this request: it was not acknowledged.
      }
    });
  }
}

class Crash : public ::testing::TestWithParam<unsigned> {
 protected:
  /// So many acknowledgements are awaited; some more come in before the signal does.
  std::size_t kill_point(std::size_t most) { return 1 + random_() % most; }

  void kill_after(const Acknowledged& acknowledged, std::size_t count) {
    EXPECT_TRUE(eventually([&] { return acknowledged.count() >= count; }));
    rig_.kill();
  }

  /// Posts all of the round until the daemon is killed under it.
  std::map<std::string, std::string> post_until_killed(int first) {
    Acknowledged acknowledged;
    {
      std::vector<std::jthread> threads;
      over_connections(rig_, tickets_per_round, threads, [&acknowledged, first](Web& web, int i) {
        const auto reply = web.post("/v1/tickets", body_of(first + i));
        if (reply.status != 201) return;
        acknowledged.add(std::to_string(first + i), text(reply.json(), "/id"));
      });
      kill_after(acknowledged, kill_point(tickets_per_round / 2));
    }
    return acknowledged.all();
  }

  /// Posts everything again: an acknowledged one is the same ticket, the others are taken in now.
  void post_again(int first, const std::map<std::string, std::string>& acknowledged) {
    Web web = rig_.web();
    for (int i = 0; i < tickets_per_round; ++i) {
      const auto name = std::to_string(first + i);
      const auto reply = web.post("/v1/tickets", body_of(first + i));
      ASSERT_TRUE(reply.status == 200 || reply.status == 201) << reply.body;
      const auto known = acknowledged.find(name);
      if (known == acknowledged.end()) continue;
      EXPECT_EQ(reply.status, 200U) << name;
      EXPECT_EQ(text(reply.json(), "/id"), known->second) << name;
    }
  }

  void expect_each_once(int total) {
    Web web = rig_.web();
    std::set<std::string> sources;
    std::set<std::string> ids;
    for (const auto& ticket : all_tickets(web)) {
      EXPECT_TRUE(sources.insert(text(ticket, "/source_id")).second) << text(ticket, "/source_id");
      EXPECT_TRUE(ids.insert(text(ticket, "/id")).second);
    }
    EXPECT_EQ(sources.size(), static_cast<std::size_t>(total));
    const auto report = web.get("/v1/reports/summary?from=2021-06-01&to=2021-06-02").json();
    EXPECT_EQ(number(report, "/total/received"), total);
  }

  void expect_sound_store() {
    rig_.stop();
    const auto said = rig_.check_stopped();
    EXPECT_NE(said.find("nothing found"), std::string::npos) << said;
  }

  std::mt19937 random_{GetParam()};
  Rig rig_{{.clock = "2021-06-01T09:00:00+08:00"}};
};

TEST_P(Crash, AcknowledgedTicketIsThereOnceAfterKillAndRepeat) {
  constexpr int rounds = 2;
  for (int round = 0; round < rounds; ++round) {
    SCOPED_TRACE(round);
    const int first = round * tickets_per_round;
    const auto acknowledged = post_until_killed(first);
    EXPECT_GT(acknowledged.size(), 0U);
    rig_.start();
    post_again(first, acknowledged);
    expect_each_once(first + tickets_per_round);
  }
  expect_sound_store();
}

TEST_P(Crash, AcknowledgedLeaseAndSignatureOutliveAKill) {
  Web web = rig_.web_as("值班员");
  constexpr int tickets = 200;
  for (int i = 0; i < tickets; ++i) ASSERT_EQ(web.post("/v1/tickets", body_of(i)).status, 201U);

  Acknowledged leased;
  Acknowledged signed_ones;
  {
    std::vector<std::jthread> threads;
    over_connections(rig_, tickets, threads, [&](Web& own, int) {
      const auto got = own.post("/v1/queues/zjj/leases", {{"lease_s", 3600}}).json();
      if (list(got, "/leases").empty()) return;
      const auto id = text(got, "/leases/0/ticket/id");
      const auto receipt = text(got, "/leases/0/receipt");
      leased.add(id, receipt);
      const auto done = own.post("/v1/tickets/" + id + ":sign", {{"receipt", receipt}});
      if (done.status == 200) signed_ones.add(id, receipt);
    });
    kill_after(signed_ones, kill_point(tickets / 2));
  }

  rig_.start();
  Web after = rig_.web_as("值班员");
  const auto signatures = signed_ones.all();
  for (const auto& [id, receipt] : leased.all()) {
    const auto ticket = after.get("/v1/tickets/" + id).json();
    const bool has_signature = has(ticket, "/assignments/0/signed_at");
    EXPECT_TRUE(has_signature || !signatures.contains(id)) << id;
    if (has_signature) continue;
    const auto done = after.post("/v1/tickets/" + id + ":sign", {{"receipt", receipt}});
    EXPECT_EQ(done.status, 200U) << "the lease was lost: " << done.body;
  }
  expect_each_once(tickets);
  expect_sound_store();
}

TEST_P(Crash, WhatABulkAcknowledgedIsThereOnceAfterKillAndRepeat) {
  constexpr int total = 3'000;
  std::string body;
  for (int i = 0; i < total; ++i) body += json::serialize(body_of(i)) + "\n";
  std::vector<json::value> told;
  {
    LineCall call(rig_.port(), "/v1/tickets:bulk");
    std::jthread sender([&] { call.send(body); });
    const std::size_t until = kill_point(total / 2);
    call.read_lines([&](const json::value& line) {
      told.push_back(line);
      if (told.size() == until) rig_.kill();
    });
  }
  ASSERT_GT(told.size(), 0U);
  ASSERT_LT(told.size(), static_cast<std::size_t>(total)) << "it was over before the kill";

  rig_.start();
  LineCall again(rig_.port(), "/v1/tickets:bulk");
  std::jthread sender([&] { again.send(body); });
  std::vector<json::value> second;
  again.read_lines([&](const json::value& line) { second.push_back(line); });
  ASSERT_EQ(second.size(), static_cast<std::size_t>(total) + 1);
  for (std::size_t i = 0; i < told.size(); ++i) {
    EXPECT_EQ(number(second[i], "/status"), 200) << "line " << i + 1 << " was lost";
    EXPECT_EQ(text(second[i], "/id"), text(told[i], "/id"));
  }
  EXPECT_EQ(number(second.back(), "/created") + number(second.back(), "/repeated"), total);
  expect_each_once(total);
  expect_sound_store();
}

INSTANTIATE_TEST_SUITE_P(Seeds, Crash, ::testing::Values(1U, 2U, 3U));

TEST(CrashReplay, ReplayGoesOnByItselfThroughAKillAndRepeatsNothing) {
  constexpr int lines = 4'000;
  Rig rig{{.clock = "2021-06-01T09:00:00+08:00", .port = free_port()}};
  const auto file = rig.folder() / "day.jsonl";
  {
    std::ofstream out(file);
    for (int i = 0; i < lines; ++i) out << json::serialize(body_of(i)) << '\n';
  }
  Child replay(rig.ctl_command(
                   {"--json", "--patience", "120", "replay", "--connections", "2", file.string()}),
               rig.folder() / "replay.out", rig.folder() / "replay.err");
  Web web = rig.web();
  const auto received = [&web] {
    return metric(web.get("/metrics").body, "hotline_tickets_received_total");
  };
  ASSERT_TRUE(eventually([&] { return received() >= 500; }));
  rig.kill();
  EXPECT_TRUE(replay.running());
  rig.start();
  const auto ended = replay.wait();
  EXPECT_EQ(ended.code, 0) << ended.err;
  const auto result = json::parse(ended.out);
  EXPECT_EQ(number(result, "/created") + number(result, "/repeated"), lines) << ended.out;
  EXPECT_EQ(number(result, "/failed"), 0);
  Web after = rig.web();
  EXPECT_EQ(all_tickets(after).size(), static_cast<std::size_t>(lines));
  rig.stop();
  const auto said = rig.check_stopped();
  EXPECT_NE(said.find("nothing found"), std::string::npos) << said;
}

}  // namespace
}  // namespace hotline::test

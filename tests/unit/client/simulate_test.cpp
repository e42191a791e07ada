#include "client/simulate.hpp"

#include <sstream>

#include <gtest/gtest.h>

#include "unit/client/fake_hotline.hpp"

namespace hotline::client {
namespace {

using namespace std::chrono_literals;
using Statuses = std::map<std::string, int>;

Time at_hour(int hour) {
  return *parse_rfc3339("2021-06-01T00:00:00+08:00") + std::chrono::hours{hour};
}

SimulateResult run(FakeServer& server, const SimPolicy& policy, std::string* progress = nullptr) {
  const Daemon daemon{server.endpoint(), {}, {.patience = milliseconds{2'000}}};
  SimulateOptions options;
  options.policy = policy;
  options.workers = 6;
  std::ostringstream out;
  std::ostringstream err;
  auto result = simulate(daemon, options, {out, err});
  if (progress != nullptr) *progress = err.str();
  return result;
}

TEST(Agenda, TheClockGoesToTheEndOfWhatLiesCloseTogether) {
  Agenda agenda;
  agenda.calls = {at_hour(10), at_hour(12), at_hour(30)};
  EXPECT_EQ(agenda.next_stop(), at_hour(12));
  agenda.absent.push_back({"d1", at_hour(9)});
  EXPECT_EQ(agenda.next_stop(), at_hour(12));
  agenda.late.push_back({{}, at_hour(1)});
  EXPECT_EQ(agenda.next_stop(), at_hour(1));
}

TEST(Agenda, TellsWhatWaits) {
  Agenda agenda;
  EXPECT_TRUE(agenda.empty());
  EXPECT_TRUE(agenda.waiting().empty());
  agenda.calls = {at_hour(12), at_hour(10)};
  EXPECT_TRUE(agenda.only_calls());
  const auto waiting = agenda.waiting();
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting[0].count, 2U);
  EXPECT_EQ(waiting[0].from, at_hour(10));
  EXPECT_EQ(waiting[0].until, at_hour(12));
}

TEST(Simulate, WithAVirtualClockEverythingIsClosed) {
  FakeHotline hotline(200, true);
  FakeServer server(std::ref(hotline));
  std::string progress;
  const auto result = run(server, {.satisfied = 0.6, .slow = 0.3}, &progress);
  EXPECT_TRUE(result.virtual_clock);
  EXPECT_FALSE(result.lost);
  EXPECT_TRUE(result.waiting.empty());
  EXPECT_EQ(result.stuck, 0U);
  EXPECT_EQ(hotline.by_status(), (Statuses{{"closed", 200}}));
  EXPECT_EQ(hotline.refusals(), 0);
  EXPECT_EQ(result.refused, 0U);
  EXPECT_EQ(result.counts.at("dispatch"), 200U);
  EXPECT_GE(result.counts.at("notified:sent"), 200U);
  EXPECT_EQ(result.counts.at("sign"), result.counts.at("answer"));
  EXPECT_GT(result.counts.at("sign"), 200U) << "somebody should have been dissatisfied";
  EXPECT_GT(result.counts.at("callback:no_answer"), 0U);
  EXPECT_NE(progress.find("待派单 0"), std::string::npos);
}

TEST(Simulate, TheSeedDecidesAndNotTheThreads) {
  SimCounts first;
  for (int i = 0; i < 2; ++i) {
    FakeHotline hotline(100, true);
    FakeServer server(std::ref(hotline));
    auto counts = run(server, {.seed = 9, .satisfied = 0.6}).counts;
    if (i == 0) first = counts;
    EXPECT_EQ(counts, first);
  }
}

TEST(Simulate, WithoutOneItSaysWhatWaitsUntilWhen) {
  FakeHotline hotline(50, false);
  FakeServer server(std::ref(hotline));
  const auto result = run(server, {.slow = 0.3});
  EXPECT_FALSE(result.virtual_clock);
  EXPECT_FALSE(result.lost);
  EXPECT_EQ(hotline.by_status(), (Statuses{{"callback", 50}}));
  ASSERT_EQ(result.waiting.size(), 1U);
  EXPECT_EQ(result.waiting[0].what, "callback");
  EXPECT_EQ(result.waiting[0].count, 50U);
  EXPECT_EQ(result.waiting[0].until, *parse_rfc3339("2021-06-01T09:30:00+08:00"));
}

TEST(Simulate, DepartmentsThatStayedAwayComeBack) {
  FakeHotline hotline(40, true);
  FakeServer server(std::ref(hotline));
  const auto result = run(server, {.absent = 1});
  EXPECT_TRUE(result.waiting.empty());
  EXPECT_EQ(hotline.by_status(), (Statuses{{"closed", 40}}));
}

TEST(Simulate, AForbiddenTokenEndsItAtOnce) {
  FakeServer server([](const FakeRequest&) {
    return FakeAnswer{403, R"({"code":"forbidden","detail":"scope desk is missing"})"};
  });
  const auto result = run(server, {});
  ASSERT_TRUE(result.lost);
  EXPECT_EQ(result.lost->detail, "403 forbidden: scope desk is missing");
}

TEST(SimulateCommand, PrintsForPrograms) {
  FakeHotline hotline(5, true);
  FakeServer server(std::ref(hotline));
  std::ostringstream out;
  std::ostringstream err;
  SimulateOptions options;
  options.workers = 2;
  EXPECT_EQ(simulate_command({server.endpoint(), {}, {}}, options, {out, err, true}), Exit::ok);
  const auto summary = parse_json(out.str());
  ASSERT_TRUE(summary) << out.str();
  EXPECT_TRUE(flag(*summary, "complete"));
  EXPECT_EQ(number(at(*summary, "counts"), "dispatch"), 5);
}

}  // namespace
}  // namespace hotline::client

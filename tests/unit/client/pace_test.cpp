#include "client/pace.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "client/fields.hpp"
#include "unit/client/fake_server.hpp"

namespace hotline::client {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

const Time noon = *parse_rfc3339("2021-06-01T12:00:00+08:00");

TEST(FileTurn, ARecordIsDueByItsDistanceAndTheSpeed) {
  const FileTurn::Steady::time_point begun{hours{5}};
  EXPECT_EQ(FileTurn::due(begun, noon, noon + hours{1}, 1), begun + hours{1});
  EXPECT_EQ(FileTurn::due(begun, noon, noon + hours{1}, 60), begun + minutes{1});
  EXPECT_EQ(FileTurn::due(begun, noon, noon + milliseconds{10}, 0.5), begun + milliseconds{20});
  EXPECT_LT(FileTurn::due(begun, noon, noon - hours{1}, 1), begun);
}

TEST(FileTurn, WhatTheDaemonHadAlreadyDoesNotWait) {
  FileTurn turn(1);
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(turn.wait_for(noon + i * hours{1}));
    turn.posted(noon + i * hours{1}, false);
  }
}

TEST(FileTurn, StoppingEndsTheWait) {
  FileTurn turn(1);
  ASSERT_TRUE(turn.wait_for(noon));
  turn.posted(noon, true);
  std::jthread stopper([&] { turn.stop(); });
  EXPECT_TRUE(turn.wait_for(noon + hours{24}));
}

/// A daemon's virtual clock, standing at noon at first.
class FakeClock {
 public:
  FakeAnswer operator()(const FakeRequest& request) {
    const auto body = parse_json(request.body);
    const auto to = parse_rfc3339(text(*body, "to"));
    ++asked;
    if (!to || *to < now) return {422, R"({"code":"invalid","detail":"before engine time"})"};
    now = *to;
    return {200, "{}"};
  }
  Time now = noon;
  int asked = 0;
};

TEST(ClockTurn, MovesTheClockForwardsOnly) {
  FakeClock clock;
  FakeServer server(std::ref(clock));
  const Daemon daemon{server.endpoint(), {}, {.patience = milliseconds{0}}};
  const auto turn = make_turn(Pace::virtual_clock, 1, daemon);
  EXPECT_TRUE(turn->wait_for(noon - hours{1}));
  EXPECT_TRUE(turn->wait_for(noon + hours{1}));
  EXPECT_EQ(clock.now, noon + hours{1});
  EXPECT_TRUE(turn->wait_for(noon + minutes{30}));
  EXPECT_EQ(clock.now, noon + hours{1});
  EXPECT_EQ(clock.asked, 2);
}

TEST(ClockTurn, AWallClockIsToldApart) {
  FakeServer server([](const FakeRequest&) {
    return FakeAnswer{404, R"({"code":"not_found","detail":"the clock is the wall's"})"};
  });
  const Daemon daemon{server.endpoint(), {}, {.patience = milliseconds{0}}};
  const auto moved = make_turn(Pace::virtual_clock, 1, daemon)->wait_for(noon);
  ASSERT_FALSE(moved);
  EXPECT_NE(moved.error().detail.find("--virtual-clock"), std::string::npos);
}

}  // namespace
}  // namespace hotline::client

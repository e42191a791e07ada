#include "client/hands.hpp"

#include <atomic>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "unit/client/fake_server.hpp"

namespace hotline::client {
namespace {

Daemon daemon_at(const FakeServer& server) {
  return {server.endpoint(), {}, {.patience = milliseconds{100}}};
}

TEST(Hands, DoEveryJobOnce) {
  std::mutex guard;
  std::multiset<std::string> asked;
  FakeServer server([&](const FakeRequest& request) {
    const std::lock_guard lock(guard);
    asked.insert(request.target);
    return FakeAnswer{200, "{}"};
  });
  Hands hands(daemon_at(server), "hand", 4);
  std::vector<Hands::Job> jobs;
  for (int i = 0; i < 100; ++i) {
    jobs.emplace_back([i](Hand& hand) -> Result<void> {
      const auto answer = hand.post(fmt::format("/{}", i), {});
      if (!answer) return tl::make_unexpected(answer.error());
      return {};
    });
  }
  EXPECT_TRUE(hands.run(jobs));
  EXPECT_TRUE(hands.run({}));
  EXPECT_EQ(asked.size(), 100U);
  EXPECT_EQ(std::set<std::string>(asked.begin(), asked.end()).size(), 100U);
}

TEST(Hands, StopAtARefusalAndNameIt) {
  FakeServer server([](const FakeRequest&) {
    return FakeAnswer{409, R"({"status":409,"code":"wrong_state","detail":"it is closed"})"};
  });
  Hands hands(daemon_at(server), "hand", 1);
  std::atomic<int> begun{0};
  const Hands::Job job = [&](Hand& hand) -> Result<void> {
    ++begun;
    const auto answer = hand.post("/v1/tickets/1:sign", {});
    if (!answer) return tl::make_unexpected(answer.error());
    return {};
  };
  const auto done = hands.run({job, job, job});
  ASSERT_FALSE(done);
  EXPECT_EQ(begun, 1);
  EXPECT_NE(done.error().detail.find("/v1/tickets/1:sign"), std::string::npos);
  EXPECT_NE(done.error().detail.find("it is closed"), std::string::npos);
}

}  // namespace
}  // namespace hotline::client

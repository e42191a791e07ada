#include "client/http_client.hpp"

#include <atomic>

#include <gtest/gtest.h>

#include "unit/client/fake_server.hpp"

namespace hotline::client {
namespace {

using namespace std::chrono_literals;

/// A clock that only pausing moves.
struct FakeTime {
  std::chrono::steady_clock::time_point now{};
  std::vector<milliseconds> pauses;

  Pacing pacing() {
    return {[this] { return now; },
            [this](milliseconds delay) {
              pauses.push_back(delay);
              now += delay;
            }};
  }
};

TEST(NextDelay, DoublesUpToItsBound) {
  const RetryPolicy policy{.patience = 60s, .first_delay = 100ms, .delay_max = 1s};
  EXPECT_EQ(next_delay(policy, 1, 0ms, {}), 100ms);
  EXPECT_EQ(next_delay(policy, 2, 0ms, {}), 200ms);
  EXPECT_EQ(next_delay(policy, 4, 0ms, {}), 800ms);
  EXPECT_EQ(next_delay(policy, 5, 0ms, {}), 1s);
  EXPECT_EQ(next_delay(policy, 4'000'000'000U, 0ms, {}), 1s);
}

TEST(NextDelay, ObeysRetryAfterWithinThePatience) {
  const RetryPolicy policy{.patience = 10s};
  EXPECT_EQ(next_delay(policy, 1, 0ms, 5s), 5s);
  EXPECT_EQ(next_delay(policy, 1, 0ms, 0s), policy.first_delay);
  EXPECT_FALSE(next_delay(policy, 1, 6s, 5s));
}

TEST(NextDelay, GivesUpWhenThePatienceWouldBeExceeded) {
  const RetryPolicy policy{.patience = 1s, .first_delay = 100ms};
  EXPECT_TRUE(next_delay(policy, 1, 900ms, {}));
  EXPECT_FALSE(next_delay(policy, 1, 901ms, {}));
  EXPECT_FALSE(next_delay({.patience = 0ms}, 1, 0ms, {}));
}

TEST(BaseUrl, Forms) {
  const auto plain = parse_base_url("http://127.0.0.1:12345");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->host, "127.0.0.1");
  EXPECT_EQ(plain->port, "12345");
  EXPECT_EQ(plain->base_path, "");
  EXPECT_EQ(parse_base_url("http://h/hot/")->base_path, "/hot");
  EXPECT_EQ(parse_base_url("http://h")->port, "80");
  EXPECT_EQ(parse_base_url("http://[::1]:8")->host, "::1");
  for (const char* url :
       {"", "127.0.0.1:1", "https://h", "ftp://h", "http://", "http://u@h", "http://h?x=1"}) {
    EXPECT_FALSE(parse_base_url(url)) << url;
  }
}

TEST(HttpClient, KeepsItsConnectionAndSaysWhoAsks) {
  FakeRequest seen;
  FakeServer server([&](const FakeRequest& request) {
    seen = request;
    return FakeAnswer{201, R"({"id":"1"})", {{"Content-Type", "application/json"}}};
  });
  HttpClient client(server.endpoint(), {"secret", "clerk-7"}, {});
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.send(
        {.method = "POST", .target = "/v1/tickets", .body = "{}", .idempotency_key = "k"});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 201U);
    EXPECT_EQ(answer->body, R"({"id":"1"})");
  }
  EXPECT_EQ(server.connections(), 1U);
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.authorization, "Bearer secret");
  EXPECT_EQ(seen.actor, "clerk-7");
  EXPECT_EQ(seen.idempotency_key, "k");
}

TEST(HttpClient, WaitsAsTheDaemonAsks) {
  std::atomic<int> calls{0};
  FakeServer server([&](const FakeRequest&) {
    return ++calls < 3 ? FakeAnswer{503, "{}", {{"Retry-After", "2"}}} : FakeAnswer{};
  });
  FakeTime time;
  HttpClient client(server.endpoint(), {}, {.patience = 10s}, time.pacing());
  const auto answer = client.send({.target = "/"});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200U);
  EXPECT_EQ(time.pauses, (std::vector<milliseconds>{2s, 2s}));
}

TEST(HttpClient, ReturnsTheRefusalWhenThePatienceIsUsedUp) {
  FakeServer server([](const FakeRequest&) {
    return FakeAnswer{503, "{}", {{"Retry-After", "4"}}};
  });
  FakeTime time;
  HttpClient client(server.endpoint(), {}, {.patience = 10s}, time.pacing());
  const auto answer = client.send({.target = "/"});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503U);
  EXPECT_EQ(time.pauses.size(), 2U);
}

TEST(HttpClient, AsksOnceWhenTold) {
  std::atomic<int> calls{0};
  FakeServer server([&](const FakeRequest&) {
    ++calls;
    return FakeAnswer{503};
  });
  HttpClient client(server.endpoint(), {}, {});
  EXPECT_EQ(client.send({.target = "/readyz", .retry = false})->status, 503U);
  EXPECT_EQ(calls, 1);
}

TEST(HttpClient, OtherRefusalsAreNotRepeated) {
  std::atomic<int> calls{0};
  FakeServer server([&](const FakeRequest&) {
    ++calls;
    return FakeAnswer{409, R"({"code":"wrong_state","detail":"no"})"};
  });
  HttpClient client(server.endpoint(), {}, {});
  EXPECT_EQ(client.send({.target = "/"})->status, 409U);
  EXPECT_EQ(calls, 1);
}

TEST(HttpClient, RepeatsWhatWasCutOff) {
  std::atomic<int> calls{0};
  FakeServer server([&](const FakeRequest&) {
    FakeAnswer answer;
    answer.hang_up = ++calls <= 2;
    return answer;
  });
  FakeTime time;
  HttpClient client(server.endpoint(), {}, {.patience = 10s}, time.pacing());
  ASSERT_TRUE(client.send({.method = "POST", .target = "/", .body = "{}"}));
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(time.pauses.size(), 2U);
}

TEST(HttpClient, AnIdleConnectionThatWasClosedIsNoFailure) {
  FakeServer server([](const FakeRequest&) {
    FakeAnswer answer;
    answer.close_after = true;
    return answer;
  });
  FakeTime time;
  HttpClient client(server.endpoint(), {}, {.patience = 10s}, time.pacing());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(client.send({.target = "/"}));
  EXPECT_TRUE(time.pauses.empty());
}

TEST(HttpClient, NobodyThereIsAnErrorAfterThePatience) {
  Endpoint gone;
  {
    gone = FakeServer([](const FakeRequest&) { return FakeAnswer{}; }).endpoint();
  }
  FakeTime time;
  HttpClient client(gone, {}, {.patience = 1s, .first_delay = 100ms, .delay_max = 400ms},
                    time.pacing());
  const auto answer = client.send({.target = "/"});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  EXPECT_EQ(time.pauses, (std::vector<milliseconds>{100ms, 200ms, 400ms}));
}

TEST(HttpClient, AnAnswerThatDoesNotComeIsATimeOut) {
  std::atomic<bool> release{false};
  {
    FakeServer server([&](const FakeRequest&) {
      release.wait(false);
      return FakeAnswer{};
    });
    HttpClient client(server.endpoint(), {}, {.patience = 0ms});
    const auto answer = client.send({.target = "/", .timeout = 20ms});
    EXPECT_FALSE(answer);
    release = true;
    release.notify_all();
  }
}

/// Gathers what a sink takes.
struct Taken {
  std::string bytes;
  std::size_t longest = 0;

  Call call() {
    Call call{.target = "/"};
    call.sink = [this](std::string_view piece) -> Result<void> {
      bytes += piece;
      longest = std::max(longest, piece.size());
      return {};
    };
    return call;
  }
};

TEST(HttpClient, ASinkTakesALongBodyInPieces) {
  const std::string body(70U << 20, 'x');  // more than is taken at once without a sink
  FakeServer server([&](const FakeRequest&) { return FakeAnswer{200, body}; });
  HttpClient client(server.endpoint(), {}, {});
  Taken taken;
  for (int i = 0; i < 2; ++i) {
    taken = {};
    const auto answer = client.send(taken.call());
    ASSERT_TRUE(answer) << answer.error().detail;
    EXPECT_EQ(answer->body, "");
    EXPECT_TRUE(taken.bytes == body);
    EXPECT_LT(taken.longest, 1U << 20);
  }
  EXPECT_EQ(server.connections(), 1U);
}

TEST(HttpClient, ARefusalIsNotForTheSink) {
  FakeServer server([](const FakeRequest&) { return FakeAnswer{400, R"({"code":"invalid"})"}; });
  HttpClient client(server.endpoint(), {}, {});
  Taken taken;
  EXPECT_EQ(client.send(taken.call())->body, R"({"code":"invalid"})");
  EXPECT_EQ(taken.bytes, "");
}

TEST(HttpClient, WhatASinkTookIsNotAskedForAgain) {
  std::atomic<int> calls{0};
  FakeServer server([&](const FakeRequest&) {
    switch (++calls) {
      case 1:
        return FakeAnswer{503};
      case 2:
        return FakeAnswer{.hang_up = true};
      default:
        return FakeAnswer{.status = 200, .body = "begun", .cut_off = 10};
    }
  });
  FakeTime time;
  HttpClient client(server.endpoint(), {}, {.patience = 10s}, time.pacing());
  Taken taken;
  const auto answer = client.send(taken.call());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  EXPECT_EQ(taken.bytes, "begun");
  EXPECT_EQ(calls, 3);
}

TEST(HttpClient, ASinksErrorEndsTheCall) {
  FakeServer server([](const FakeRequest&) { return FakeAnswer{}; });
  HttpClient client(server.endpoint(), {}, {.patience = 10s});
  Call call{.target = "/"};
  call.sink = [](std::string_view) -> Result<void> {
    return fail(ErrorCode::internal, "the disk is full");
  };
  const auto answer = client.send(call);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().detail, "the disk is full");
  EXPECT_TRUE(client.send({.target = "/"}));
}

TEST(Explain, ProblemsAreToldWithTheirFields) {
  Answer answer;
  answer.status = 400;
  answer.body =
      R"({"code":"invalid","detail":"2 fields","errors":[{"pointer":"/title","detail":"too long"},
                  {"pointer":"/x","detail":"unknown"}]})";
  EXPECT_EQ(explain(answer), "400 invalid: 2 fields\n  /title: too long\n  /x: unknown");
  answer.body =
      R"({"code":"invalid","detail":"/x: bad","errors":[{"pointer":"/x","detail":"bad"}]})";
  EXPECT_EQ(explain(answer), "400 invalid: /x: bad");
  answer.body = "<html>";
  EXPECT_EQ(explain(answer), "the daemon answered 400 Bad Request");
}

TEST(Explain, BodiesOfRefusalsAreErrors) {
  Answer answer;
  answer.status = 404;
  answer.body = R"({"code":"not_found","detail":"no such ticket"})";
  EXPECT_EQ(body_of(answer).error().detail, "404 not_found: no such ticket");
  answer.status = 200;
  EXPECT_EQ(*body_of(answer), answer.body);
}

}  // namespace
}  // namespace hotline::client

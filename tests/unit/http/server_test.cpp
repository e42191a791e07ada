#include "http/server.hpp"

#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/answer.hpp"
#include "unit/http/test_server.hpp"

namespace hotline::http {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

TEST_F(ServerTest, AnswersAndKeepsTheConnection) {
  start();
  auto client = connect();
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.ask(get("/hello"));
    EXPECT_EQ(answer.result_int(), 200u);
    EXPECT_EQ(answer.body(), "hello");
    EXPECT_TRUE(answer.keep_alive());
  }
  EXPECT_EQ(metrics_.connections_accepted.value(), 1u);
}

TEST_F(ServerTest, AnswersBearTheCommonFields) {
  start();
  auto client = connect();
  const auto answer = client.ask(get("/hello"));
  EXPECT_EQ(answer["Server"], "hotlined");
  EXPECT_EQ(answer["Cache-Control"], "no-store");
  EXPECT_EQ(answer["Content-Type"], "text/plain");
  EXPECT_THAT(std::string(answer["Date"]), HasSubstr(" GMT"));
  EXPECT_TRUE(valid_request_id(answer["Request-Id"]));
}

TEST_F(ServerTest, TakesOverAValidRequestIdAndNoOther) {
  start();
  auto client = connect();
  const auto with_id = [](std::string_view id) {
    return "GET /hello HTTP/1.1\r\nHost: a\r\nRequest-Id: " + std::string(id) + "\r\n\r\n";
  };
  EXPECT_EQ(client.ask(with_id("call-7.a_B"))["Request-Id"], "call-7.a_B");
  EXPECT_NE(client.ask(with_id("a b"))["Request-Id"], "a b");
  const std::string long_id(65, 'a');
  EXPECT_NE(client.ask(with_id(long_id))["Request-Id"], long_id);
}

TEST_F(ServerTest, GivesHandlersTheRoutesParameters) {
  start();
  auto client = connect();
  const auto answer = client.ask(
      "POST /items/%E4%B8%80:sign?x=1 HTTP/1.1\r\nHost: a\r\nRequest-Id: r\r\nX-Word: w\r\n"
      "Content-Length: 0\r\n\r\n");
  EXPECT_EQ(answer.body(), "一|r|w");
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  start();
  auto client = connect();
  std::string all;
  for (int i = 0; i < 50; ++i) all += post("/echo", std::to_string(i));
  client.send(all);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(client.read().body(), std::to_string(i));
}

TEST_F(ServerTest, TakesARequestInPieces) {
  start();
  auto client = connect();
  for (const char byte : post("/echo", "in pieces")) client.send({&byte, 1});
  EXPECT_EQ(client.read().body(), "in pieces");
}

TEST_F(ServerTest, TakesChunkedBodies) {
  start();
  auto client = connect();
  const auto answer = client.ask(
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "4\r\nWiki\r\n6;x=y\r\npedia \r\n0\r\n\r\n" +
      get("/hello"));
  EXPECT_EQ(answer.body(), "Wikipedia ");
  EXPECT_EQ(client.read().body(), "hello");
}

TEST_F(ServerTest, TakesAbsoluteForm) {
  start();
  auto client = connect();
  EXPECT_EQ(client.ask(get("http://a/hello")).body(), "hello");
}

TEST_F(ServerTest, AnswersHeadWithoutBody) {
  start();
  auto client = connect();
  client.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n" + get("/hello"));
  const auto answer = client.read(true);
  EXPECT_EQ(answer.result_int(), 200u);
  EXPECT_EQ(answer["Content-Length"], "5");
  EXPECT_EQ(client.read().body(), "hello");
}

TEST_F(ServerTest, AnswersOptionsAndWrongMethodsWithAllow) {
  start();
  auto client = connect();
  const auto options = client.ask("OPTIONS /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(options.result_int(), 204u);
  EXPECT_EQ(options["Allow"], "GET, HEAD, OPTIONS");
  EXPECT_EQ(options.count("Content-Length"), 0u);
  const auto asterisk = client.ask("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(asterisk.result_int(), 204u);
  const auto wrong = client.ask(post("/hello", "x"));
  EXPECT_EQ(wrong.result_int(), 405u);
  EXPECT_EQ(wrong["Allow"], "GET, HEAD, OPTIONS");
  EXPECT_THAT(
      wrong.body(),
      HasSubstr(R"("detail":"/hello takes GET, HEAD, OPTIONS; /calls.json lists the calls")"));
  const auto unknown = client.ask("BREW /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(unknown.result_int(), 405u);
  const auto nowhere = client.ask(get("/nowhere"));
  EXPECT_EQ(nowhere.result_int(), 404u);
  EXPECT_EQ(nowhere["Content-Type"], "application/problem+json");
  EXPECT_THAT(nowhere.body(), HasSubstr(R"("instance":"/nowhere")"));
  EXPECT_THAT(nowhere.body(),
              HasSubstr(R"("detail":"there is no /nowhere; /calls.json lists the calls")"));
}

TEST_F(ServerTest, NamesNoListOfCallsWhereThereIsNone) {
  options_.calls_path.clear();
  start();
  auto client = connect();
  EXPECT_THAT(client.ask(get("/nowhere")).body(), HasSubstr(R"("detail":"there is no /nowhere")"));
  EXPECT_THAT(client.ask(post("/hello", "x")).body(),
              HasSubstr(R"("detail":"/hello takes GET, HEAD, OPTIONS")"));
}

TEST_F(ServerTest, ContinuesWhenAsked) {
  start();
  auto client = connect();
  const auto interim = client.ask(
      "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  EXPECT_EQ(interim.result_int(), 100u);
  EXPECT_EQ(client.ask("body").body(), "body");
}

TEST_F(ServerTest, RefusesATooLargeBodyInsteadOfContinuing) {
  options_.body_bytes_max = 100;
  start();
  auto client = connect();
  const auto answer = client.ask(
      "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 101\r\n\r\n");
  EXPECT_EQ(answer.result_int(), 413u);
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(ServerTest, HoldsBodiesToTheirBound) {
  options_.body_bytes_max = 1000;
  start();
  const std::string fits(1000, 'a');
  auto client = connect();
  EXPECT_EQ(client.ask(post("/echo", fits)).body(), fits);
  const auto large = client.ask(post("/echo", fits + "a"));
  EXPECT_EQ(large.result_int(), 413u);
  EXPECT_THAT(large.body(), HasSubstr("larger than 1000 bytes, the bound of http.body_kb_max"));
  EXPECT_EQ(client.read_to_end(), "");

  auto chunked = connect();
  std::string request = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 11; ++i) request += "64\r\n" + std::string(100, 'a') + "\r\n";
  EXPECT_EQ(chunked.ask(request).result_int(), 413u);
}

TEST_F(ServerTest, TakesBodiesLargerThanItsBuffers) {
  options_.body_bytes_max = 4u << 20;
  start();
  auto client = connect();
  const std::string body(4u << 20, 'b');
  EXPECT_EQ(client.ask(post("/echo", body)).body(), body);
  EXPECT_EQ(client.ask(get("/hello")).body(), "hello");
}

TEST_F(ServerTest, HoldsHeadersToTheirBound) {
  options_.header_bytes_max = 1024;
  start();
  const auto sized = [](std::size_t bytes) {
    const std::string begin = "GET /hello HTTP/1.1\r\nHost: a\r\nX-Fill: ";
    return begin + std::string(bytes - begin.size() - 4, 'x') + "\r\n\r\n";
  };
  auto client = connect();
  EXPECT_EQ(client.ask(sized(1024)).result_int(), 200u);
  const auto large = client.ask(sized(1025));
  EXPECT_EQ(large.result_int(), 431u);
  EXPECT_THAT(large.body(), HasSubstr("larger than 1024 bytes, the bound of http.header_kb_max"));
  EXPECT_EQ(client.read_to_end(), "");
  auto endless = connect();
  EXPECT_EQ(endless.ask("GET /" + std::string(4000, 'a')).result_int(), 431u);
}

TEST_F(ServerTest, HoldsConnectionsToTheirBound) {
  options_.connections_max = 1;
  options_.threads = 1;
  start();
  auto first = connect();
  EXPECT_EQ(first.ask(get("/hello")).result_int(), 200u);
  auto second = connect();
  EXPECT_EQ(second.read().result_int(), 503u);
  EXPECT_EQ(second.read_to_end(), "");
  EXPECT_EQ(metrics_.connections_refused.value(), 1u);
  EXPECT_EQ(first.ask(get("/hello")).result_int(), 200u);
}

TEST_F(ServerTest, ClosesIdleConnectionsSilently) {
  options_.idle_timeout = 20ms;
  start();
  auto client = connect();
  EXPECT_EQ(client.read_to_end(), "");
  auto used = connect();
  EXPECT_EQ(used.ask(get("/hello")).body(), "hello");
  EXPECT_EQ(used.read_to_end(), "");
}

TEST_F(ServerTest, ToldOfATimeoutInHeaderOrBody) {
  options_.header_timeout = 20ms;
  options_.body_timeout = 20ms;
  start();
  for (const std::string& part :
       {std::string("GET /hello HTTP/1.1\r\nHost"), post("/echo", "whole").substr(0, 50)}) {
    auto client = connect();
    const auto answer = client.ask(part);
    EXPECT_EQ(answer.result_int(), 408u);
    EXPECT_FALSE(answer.keep_alive());
    EXPECT_EQ(client.read_to_end(), "");
  }
  EXPECT_THAT(handled(), IsEmpty());
}

TEST_F(ServerTest, DropsAPeerThatDoesNotRead) {
  options_.write_timeout = 20ms;
  start();
  auto client = connect();
  // More answers than the kernel's buffers hold; the connection must end, or stop() would wait for
  // it.
  for (int i = 0; i < 8; ++i) client.send(get("/big"));
  while (metrics_.connections.value() != 0 || metrics_.connections_accepted.value() == 0) {
    std::this_thread::yield();
  }
}

TEST_F(ServerTest, AnswersAHandlersDefectAndLogsItOnce) {
  start();
  auto client = connect();
  const auto answer = client.ask("GET /defect HTTP/1.1\r\nHost: a\r\nRequest-Id: r-1\r\n\r\n");
  EXPECT_EQ(answer.result_int(), 500u);
  EXPECT_THAT(answer.body(), HasSubstr(R"("code":"internal")"));
  EXPECT_THAT(log(), ElementsAre("request r-1 defect: the handler broke"));
  EXPECT_EQ(client.ask(get("/hello")).body(), "hello");
}

TEST_F(ServerTest, SendsNoHeaderThatBreaksTheAnswer) {
  start();
  auto client = connect();
  const auto answer = client.ask(get("/injection"));
  EXPECT_EQ(answer.result_int(), 500u);
  EXPECT_EQ(answer.count("Set-Cookie"), 0u);
}

TEST_F(ServerTest, ClosesWhenAskedAndAfterHttp10) {
  start();
  auto client = connect();
  const auto answer =
      client.ask("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + get("/hello"));
  EXPECT_FALSE(answer.keep_alive());
  EXPECT_EQ(client.read_to_end(), "");
  auto old = connect();
  EXPECT_EQ(old.ask("GET /hello HTTP/1.0\r\nHost: a\r\n\r\n").body(), "hello");
  EXPECT_EQ(old.read_to_end(), "");
  auto kept = connect();
  const std::string keep = "GET /hello HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n";
  EXPECT_EQ(kept.ask(keep)["Connection"], "keep-alive");
  EXPECT_EQ(kept.ask(keep).body(), "hello");
}

TEST_F(ServerTest, CountsPerRoute) {
  start();
  auto client = connect();
  client.ask(get("/hello"));
  client.ask(get("/nowhere"));
  client.ask(get("/items/1"));
  client.ask("rubbish\r\n\r\n");
  client.read_to_end();
  const auto figures = [&](std::string_view route) -> RouteMetrics& {
    for (auto& one : metrics_.routes) {
      if (one->route == route) return *one;
    }
    throw std::logic_error("no such route");
  };
  EXPECT_EQ(figures("hello").by_class[2].value(), 1u);
  EXPECT_EQ(figures("item").by_class[2].value(), 1u);
  EXPECT_EQ(figures("unmatched").by_class[4].value(), 2u);
  EXPECT_EQ(metrics_.requests_malformed.value(), 1u);
  EXPECT_THAT(access(), ElementsAre("hello 200", " 404", "item 200", " 400"));
}

TEST_F(ServerTest, TellsTheHookThatTheAnswerWasWritten) {
  start();
  auto client = connect();
  client.send(get("/gate"));
  gate_.wait_entered();
  gate_.open();
  EXPECT_EQ(client.read().body(), "\"opened\"");
  EXPECT_TRUE(sent_.get_future().get());
}

TEST_F(ServerTest, TellsTheHookThatThePeerIsGone) {
  start();
  auto client = connect();
  client.send(get("/gate"));
  gate_.wait_entered();
  client.close();
  gate_.open();
  EXPECT_FALSE(sent_.get_future().get());
}

TEST_F(ServerTest, StopLetsARequestInFlightEnd) {
  // One thread, so that the idle connection's end shows that the busy one's worker is stopping.
  options_.threads = 1;
  start();
  auto idle = connect();
  EXPECT_EQ(idle.ask(get("/hello")).body(), "hello");
  auto busy = connect();
  busy.send(get("/gate"));
  gate_.wait_entered();
  auto stopped = std::async(std::launch::async, [this] { server_->stop(); });
  EXPECT_EQ(idle.read_to_end(), "");
  gate_.open();
  const auto answer = busy.read();
  EXPECT_EQ(answer.body(), "\"opened\"");
  EXPECT_FALSE(answer.keep_alive());
  busy.close();
  stopped.get();
  EXPECT_EQ(metrics_.connections.value(), 0);
}

TEST_F(ServerTest, StopDoesNotWaitForEver) {
  options_.stop_timeout = 20ms;
  start();
  auto stuck = connect();
  stuck.send(get("/gate"));
  gate_.wait_entered();
  auto slow = connect();
  slow.send("GET /hello HTTP/1.1\r\n");
  server_->stop();
}

TEST_F(ServerTest, RefusesAnAddressInUse) {
  start();
  options_.port = server_->port();
  Metrics other;
  Server second(options_, {}, other);
  const auto started = second.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace hotline::http

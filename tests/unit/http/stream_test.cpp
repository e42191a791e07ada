#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/http/test_server.hpp"

namespace hotline::http {
namespace {

using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

class StreamTest : public ServerTest {
 protected:
  static std::string chunked(std::string_view fields = "") {
    return "POST /stream HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" +
           std::string(fields) + "\r\n";
  }
  static std::string without_brackets(std::string body) {
    std::erase_if(body, [](char c) { return c == '[' || c == ']'; });
    return body;
  }
};

TEST_F(StreamTest, AnswersWhileTheBodyStillComes) {
  start();
  auto client = connect();
  client.send(chunked());
  client.send("3\r\nabc\r\n");
  EXPECT_THAT(client.read_until("[abc]"), HasSubstr("Transfer-Encoding: chunked"));
  client.send("2\r\nde\r\n");
  client.read_until("[de]");
  client.send("0\r\n\r\n");
  client.read_until("end\r\n0\r\n\r\n");
  EXPECT_EQ(client.ask(get("/hello")).body(), "hello") << "the connection goes on";
}

TEST_F(StreamTest, TakesABodyBeyondTheBoundOfOthers) {
  options_.body_bytes_max = 1'000;
  start();
  auto client = connect();
  const std::string body(300'000, 'x');
  EXPECT_EQ(without_brackets(client.ask(post("/stream", body)).body()), body + "end");
  EXPECT_EQ(client.ask(post("/echo", body)).result_int(), 413U) << "others keep theirs";
}

TEST_F(StreamTest, AnEmptyBodyEndsAtOnce) {
  start();
  auto client = connect();
  EXPECT_EQ(client.ask(post("/stream", "")).body(), "end");
  EXPECT_EQ(client.ask(post("/echo", "next")).body(), "next");
}

TEST_F(StreamTest, WhoAsksForTheHeadGetsNoBody) {
  start();
  auto client = connect();
  client.send("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read(true).result_int(), 200U);
  EXPECT_EQ(client.ask(get("/stream")).body(), "end");
}

TEST_F(StreamTest, PipelinedRequestsWaitForItsEnd) {
  start();
  auto client = connect();
  client.send(post("/stream", "one") + post("/echo", "two"));
  EXPECT_EQ(client.read().body(), "[one]end");
  EXPECT_EQ(client.read().body(), "two");
}

TEST_F(StreamTest, ARefusalBeforeTheBodyIsWholeAndCloses) {
  start();
  auto client = connect();
  client.send(chunked("X-Unwelcome: yes\r\n"));
  const auto answer = client.read();
  EXPECT_EQ(answer.result_int(), 403U);
  EXPECT_FALSE(answer.keep_alive()) << "what is left of the body is no request";
}

TEST_F(StreamTest, OldClientsGetItToTheEndOfTheConnection) {
  start();
  auto client = connect();
  client.send("POST /stream HTTP/1.0\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
  const std::string all = client.read_to_end();
  EXPECT_THAT(all, EndsWith("\r\n\r\n[abc]end"));
  EXPECT_THAT(all, Not(HasSubstr("chunked")));
}

TEST_F(StreamTest, BadFramingInTheMiddleCutsTheAnswerOff) {
  start();
  for (const std::string_view rest : {"zz\r\n", "0\r\nX-Trailer: a\r\n\r\n"}) {
    auto client = connect();
    client.send(chunked());
    client.send("3\r\nabc\r\n");
    client.read_until("[abc]");
    client.send(rest);
    EXPECT_THAT(client.read_to_end(), Not(HasSubstr("0\r\n\r\n"))) << rest;
  }
  EXPECT_THAT(log(), Contains(HasSubstr("the stream broke")));
}

TEST_F(StreamTest, APeerThatStopsSendingIsNotWaitedForForEver) {
  options_.body_timeout = std::chrono::milliseconds{50};
  start();
  auto client = connect();
  client.send(chunked());
  client.send("3\r\nabc\r\n");
  client.read_until("[abc]");
  EXPECT_THAT(client.read_to_end(), Not(HasSubstr("0\r\n\r\n")));
  EXPECT_THAT(handled(), Contains(HasSubstr("did not arrive in time")));
}

TEST_F(StreamTest, APeerThatDoesNotReadIsNotReadFrom) {
  options_.write_timeout = std::chrono::milliseconds{200};
  start();
  auto client = connect();
  client.send(chunked());
  const std::string chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
  std::size_t sent = 0;
  constexpr std::size_t plenty = 64u << 20;
  while (sent < plenty && client.try_send(chunk)) sent += chunk.size();
  EXPECT_LT(sent, plenty) << "the server took everything though nobody reads its answer";
}

}  // namespace
}  // namespace hotline::http

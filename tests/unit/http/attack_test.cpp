// What Beast and the guard refuse together, shown on real sockets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/http/attacks.hpp"
#include "unit/http/test_server.hpp"

namespace hotline::http {
namespace {

TEST_F(ServerTest, RefusesAttacksAndReadsNothingAfterThem) {
  options_.threads = 1;
  start();
  for (const Attack& attack : attacks()) {
    SCOPED_TRACE(attack.name);
    auto client = connect();
    const auto answer = client.ask(attack.request + get("/hello"));
    EXPECT_EQ(answer.result_int(), 400u);
    EXPECT_EQ(answer["Content-Type"], "application/problem+json");
    EXPECT_FALSE(answer.keep_alive());
    client.close_sending();
    EXPECT_EQ(client.read_to_end(), "");
    EXPECT_THAT(handled(), testing::IsEmpty());
  }
  EXPECT_EQ(metrics_.requests_malformed.value(), attacks().size());
}

TEST_F(ServerTest, RefusesAChunkSizeBeyondAnyBound) {
  start();
  for (const char* size : {"FFFFFFFFFFFFFFFF", "10000000000000001", "100001"}) {
    SCOPED_TRACE(size);
    auto client = connect();
    const auto answer =
        client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" +
                   std::string(size) + "\r\n");
    EXPECT_THAT(answer.result_int(), testing::AnyOf(400u, 413u));
    client.close_sending();
    EXPECT_EQ(client.read_to_end(), "");
  }
  EXPECT_THAT(handled(), testing::IsEmpty());
}

TEST_F(ServerTest, BoundsChunkHeadersAndTrailers) {
  options_.header_bytes_max = 1024;
  start();
  for (const char* begin : {"2;", "0\r\nX-A: "}) {
    SCOPED_TRACE(begin);
    auto client = connect();
    const auto answer =
        client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" +
                   std::string(begin) + std::string(2000, 'a'));
    EXPECT_EQ(answer.result_int(), 400u);
    client.close_sending();
    EXPECT_EQ(client.read_to_end(), "");
  }
}

TEST_F(ServerTest, RefusesBrokenEncodingsInTheTarget) {
  start();
  for (const char* target : {"/items/%", "/items/%4", "/items/%zz", "/items/%ff", "/items/%c0%80",
                             "/items/%00", "/hello?a=%ff", "/hello?%00", "/items/%ed%a0%80"}) {
    SCOPED_TRACE(target);
    auto client = connect();
    EXPECT_EQ(client.ask(get(target)).result_int(), 400u);
  }
  EXPECT_THAT(handled(), testing::IsEmpty());
}

}  // namespace
}  // namespace hotline::http

#include "http/answer.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "http/problem.hpp"

namespace hotline::http {
namespace {

const std::string date = "Sun, 22 Nov 2026 03:00:00 GMT";

std::string head(const Response& response, bool keep_alive = true, bool http_1_0 = false) {
  std::string out;
  append_head(out, response, {date, "r-1", keep_alive, http_1_0});
  return out;
}

TEST(Answer, HasItsFieldsInOrder) {
  Response response;
  response.status = 201;
  response.body = "{}";
  response.headers.emplace_back("Location", "/v1/tickets/1");
  EXPECT_EQ(head(response),
            "HTTP/1.1 201 Created\r\nServer: hotlined\r\nDate: " + date +
                "\r\nRequest-Id: r-1\r\nLocation: /v1/tickets/1\r\nCache-Control: no-store\r\n"
                "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n");
}

TEST(Answer, SaysWhetherTheConnectionStays) {
  EXPECT_EQ(head({}).find("Connection"), std::string::npos);
  EXPECT_NE(head({}, false).find("Connection: close\r\n"), std::string::npos);
  EXPECT_NE(head({}, true, true).find("Connection: keep-alive\r\n"), std::string::npos);
}

TEST(Answer, LeavesCachingToAHandlerThatSpeaksOfIt) {
  Response response;
  response.headers.emplace_back("cache-control", "max-age=60");
  EXPECT_EQ(head(response).find("no-store"), std::string::npos);
}

TEST(Answer, HasNoLengthWhereNoBodyMayBe) {
  for (const unsigned status : {204u, 304u}) {
    Response response;
    response.status = status;
    EXPECT_EQ(head(response).find("Content-"), std::string::npos) << status;
    response.body = "x";
    EXPECT_FALSE(well_formed(response)) << status;
  }
}

TEST(Answer, KnowsWhatWouldBreakIt) {
  const auto with = [](std::string name, std::string value) {
    Response response;
    response.headers.emplace_back(std::move(name), std::move(value));
    return response;
  };
  EXPECT_TRUE(well_formed(with("ETag", "\"3\"")));
  EXPECT_TRUE(well_formed(with("X-A", "中\t1")));
  EXPECT_FALSE(well_formed(with("X-A", "a\nb")));
  EXPECT_FALSE(well_formed(with("X-A", std::string("a\0b", 3))));
  EXPECT_FALSE(well_formed(with("X A", "b")));
  EXPECT_FALSE(well_formed(with("", "b")));
  for (const unsigned status : {0u, 100u, 199u, 600u}) {
    Response response;
    response.status = status;
    EXPECT_FALSE(well_formed(response)) << status;
  }
}

TEST(Problem, IsAsRfc9457HasIt) {
  Request request;
  request.path = "/v1/tickets";
  request.id = "r-1";
  const Error error{ErrorCode::invalid, "two fields", {{"/channel", "unknown"}, {"/a", "b"}}};
  const auto response = problem(error, request);
  EXPECT_EQ(response.status, 422u);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(boost::json::parse(response.body), boost::json::parse(R"({
    "type": "urn:hotlined:problem:invalid", "title": "Unprocessable Entity", "status": 422,
    "code": "invalid", "detail": "two fields", "instance": "/v1/tickets", "request_id": "r-1",
    "errors": [{"pointer": "/channel", "detail": "unknown"}, {"pointer": "/a", "detail": "b"}]})"));
}

TEST(Problem, BearsTheHeadersOfItsCode) {
  using Headers = std::vector<std::pair<std::string, std::string>>;
  const auto headers = [](ErrorCode code) { return problem(Error{code, ""}, Request{}).headers; };
  EXPECT_EQ(headers(ErrorCode::unauthenticated), (Headers{{"WWW-Authenticate", "Bearer"}}));
  EXPECT_EQ(headers(ErrorCode::overloaded), (Headers{{"Retry-After", "1"}}));
  EXPECT_EQ(headers(ErrorCode::unavailable), (Headers{{"Retry-After", "5"}}));
  EXPECT_EQ(headers(ErrorCode::not_found), Headers{});
}

TEST(Problem, HasAStatusForEveryCode) {
  const std::pair<ErrorCode, unsigned> table[] = {
      {ErrorCode::malformed, 400},        {ErrorCode::invalid, 422},
      {ErrorCode::unauthenticated, 401},  {ErrorCode::forbidden, 403},
      {ErrorCode::not_found, 404},        {ErrorCode::method_not_allowed, 405},
      {ErrorCode::not_acceptable, 406},   {ErrorCode::unsupported_media, 415},
      {ErrorCode::too_large, 413},        {ErrorCode::wrong_state, 409},
      {ErrorCode::version_mismatch, 412}, {ErrorCode::stale_receipt, 409},
      {ErrorCode::leased_by_other, 409},  {ErrorCode::idempotency_conflict, 409},
      {ErrorCode::overloaded, 503},       {ErrorCode::unavailable, 503},
      {ErrorCode::internal, 500},
  };
  for (const auto& [code, status] : table) EXPECT_EQ(status_of(code), status) << name(code);
}

}  // namespace
}  // namespace hotline::http

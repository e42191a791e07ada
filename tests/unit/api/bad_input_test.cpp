#include <gtest/gtest.h>

#include "api_harness.hpp"

namespace hotline::test {
namespace {

std::string repeated(std::string_view part, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += part;
  return out;
}

/// A body that is right but for one field.
std::string with(const std::string& field) {
  return R"({"channel":"phone","content":"路灯",)" + field + "}";
}

using Names = std::vector<std::string>;

Names pointers_of(const http::Response& answer) {
  const json::value body = ApiHarness::parsed(answer);
  Names found;
  for (const auto& error : body.at("errors").as_array()) {
    found.emplace_back(error.at("pointer").as_string());
  }
  return found;
}

class BadInput : public testing::Test {
 protected:
  void expect_nothing_happened() {
    EXPECT_EQ(harness.get("/v1/tickets").body, R"({"tickets":[],"next_cursor":null})");
  }
  ApiHarness harness;
};

TEST_F(BadInput, WhatIsNotJsonIsMalformed) {
  const std::string bodies[] = {"{",
                                "}",
                                "{\"channel\":\"phone\"",
                                "nonsense",
                                "{}{}",
                                "{} x",
                                "{'a':1}",
                                "{\"a\":01}",
                                "{\"a\":1,}",
                                "\xEF\xBB\xBF{}",
                                "{\"channel\":\"\xFF\"}",
                                "{\"channel\":\"\xED\xA0\x80\"}",
                                "{\"channel\":\"a\nb\"}",
                                repeated(R"({"extra":)", 40) + "1" + repeated("}", 40)};
  for (const auto& body : bodies) {
    const auto answer = harness.post("/v1/tickets", body);
    EXPECT_EQ(answer.status, 400U) << body;
    EXPECT_EQ(ApiHarness::text(answer, "/code"), "malformed") << body;
    EXPECT_NE(ApiHarness::text(answer, "/detail").find("at byte"), std::string::npos) << body;
  }
  expect_nothing_happened();
}

TEST_F(BadInput, ABodyInAnotherFormIsToldAsWhatItIs) {
  const std::string gbk = "{\"channel\":\"phone\",\"content\":\"\xC2\xB7\xB5\xC6\"}";
  const std::pair<std::string, std::string_view> cases[] = {
      {"\xEF\xBB\xBF" + with(R"("title":"x")"), "begins with a byte order mark"},
      {"\xFF\xFE{", "begins with a byte order mark"},
      {gbk, "is not UTF-8 at byte 32; is it GBK?"},
      {"{'a':1}", "is not JSON: syntax error at byte 1"},
  };
  for (const auto& [body, part] : cases) {
    const auto answer = harness.post("/v1/tickets", body);
    EXPECT_EQ(answer.status, 400U) << answer.body;
    EXPECT_NE(ApiHarness::text(answer, "/detail").find(part), std::string::npos) << answer.body;
  }
  const auto empty = harness.post("/v1/tickets", "");
  EXPECT_EQ(empty.status, 422U);
  EXPECT_EQ(ApiHarness::text(empty, "/detail"), "the body is empty; 2 faults, see errors");
  EXPECT_EQ(ApiHarness::text(empty, "/errors/0/pointer"), "/channel");
  expect_nothing_happened();
}

TEST_F(BadInput, AnotherCharsetIsUnsupported) {
  const std::string body = with(R"("title":"x")");
  for (const std::string type :
       {"application/json; charset=gbk", "application/json;charset=\"GB18030\"",
        "application/json; x=\"a;b\"; Charset=utf-16", "application/json ; charset=ISO-8859-1"}) {
    const auto answer = harness.post("/v1/tickets", body, {{"Content-Type", type}});
    EXPECT_EQ(answer.status, 415U) << type;
    EXPECT_NE(ApiHarness::text(answer, "/detail").find("another charset"), std::string::npos);
  }
  expect_nothing_happened();
  for (const std::string type :
       {"application/json;charset=\"UTF-8\"", "application/json; charset=utf8",
        "application/json; x=\"charset=gbk\"", "application/json;"}) {
    EXPECT_EQ(harness.post("/v1/tickets", body, {{"Content-Type", type}}).status, 201U) << type;
  }
}

TEST_F(BadInput, ADoubledNameIsNamedNotOverwritten) {
  std::string many = R"("extra":{"k0":0)";
  for (int i = 1; i < 40; ++i) many += ",\"k" + std::to_string(i) + "\":0";
  const std::pair<std::string, Names> cases[] = {
      {with(R"("channel":"web")"), {"/channel"}},
      {with(R"("title":"x","t\u0069tle":"y")"), {"/title"}},
      {with(R"("caller":{"phone":"1","phone":"2"})"), {"/caller/phone"}},
      {with(
           R"("attachments":[{"name":"a","url":"http://x"},{"name":"a","url":"http://x","url":"http://y"}])"),
       {"/attachments/1/url"}},
      {with(R"("extra":{"list":[1,"a",true,null,1.5,[],{"a/b":1,"a/b":2}]})"),
       {"/extra/list/6/a~1b"}},
      {with(many + R"(,"k7":1})"), {"/extra/k7"}},
      {with(R"("title":"x","title":"x","caller":{"phone":"x","phone":"y"})"),
       {"/title", "/caller/phone", "/caller/phone"}},
  };
  for (const auto& [body, pointers] : cases) {
    const auto answer = harness.post("/v1/tickets", body);
    EXPECT_EQ(answer.status, 422U) << body;
    EXPECT_EQ(pointers_of(answer), pointers) << answer.body;
    EXPECT_NE(answer.body.find("stands twice"), std::string::npos) << answer.body;
  }
  expect_nothing_happened();
  EXPECT_EQ(harness.post("/v1/tickets", with(many + "}")).status, 201U);
  EXPECT_EQ(harness.post("/v1/tickets", with(R"("extra":{"channel":{"channel":[]}})")).status,
            201U);
}

TEST_F(BadInput, HeadersAndBodyAreToldTogether) {
  const std::string id = harness.take_in();
  const auto nobody = harness.post("/v1/tickets/" + id + ":answer", R"({"txt":"x"})",
                                   {{"If-Match", "1"}, {"Idempotency-Key", "a b"}});
  EXPECT_EQ(nobody.status, 422U);
  EXPECT_EQ(pointers_of(nobody),
            (Names{"Hotline-Actor", "Idempotency-Key", "If-Match", "/text", "/txt"}));
  const auto malformed = harness.post("/v1/tickets/" + id + ":answer", "{");
  EXPECT_EQ(malformed.status, 400U);
  EXPECT_EQ(pointers_of(malformed), (Names{"Hotline-Actor"}));
  const auto intake = harness.post("/v1/tickets", R"({"channel":"phone"})",
                                   {{"Hotline-Actor", "%FF"}, {"Idempotency-Key", "a b"}});
  EXPECT_EQ(pointers_of(intake), (Names{"Hotline-Actor", "Idempotency-Key", "/content"}));
  const auto lease =
      harness.post("/v1/queues/D07/leases", R"({"max":0})", {{"Hotline-Actor", "%FF"}});
  EXPECT_EQ(pointers_of(lease), (Names{"Hotline-Actor", "/max"}));
  const auto failed = harness.post("/v1/leases/x:fail", "", {{"Hotline-Actor", "%FF"}});
  EXPECT_EQ(pointers_of(failed), (Names{"Hotline-Actor", "/reason"}));
  EXPECT_EQ(ApiHarness::text(failed, "/detail"), "the body is empty; 2 faults, see errors");
}

TEST_F(BadInput, OnlyJsonObjectsAreTaken) {
  for (const std::string body : {"[]", "1", "null", "\"text\""}) {
    EXPECT_EQ(harness.post("/v1/tickets", body).status, 422U) << body;
  }
  for (const std::string type : {"text/plain", "application/x-ndjson", "application/jsonx"}) {
    const auto answer =
        harness.post("/v1/tickets", with(R"("title":"x")"), {{"Content-Type", type}});
    EXPECT_EQ(answer.status, 415U) << type;
  }
  expect_nothing_happened();
  for (const std::string type : {"application/json", "Application/JSON; charset=utf-8"}) {
    const auto answer =
        harness.post("/v1/tickets", with(R"("title":"x")"), {{"Content-Type", type}});
    EXPECT_EQ(answer.status, 201U) << type;
  }
}

TEST_F(BadInput, EveryFieldHasItsBounds) {
  const std::string chars_201 = repeated("字", 201);
  const std::pair<std::string, std::string_view> cases[] = {
      {"{}", "/channel"},
      {R"({"channel":"phone"})", "/content"},
      {R"({"channel":"phone","content":""})", "/content"},
      {R"({"channel":"","content":"x"})", "/channel"},
      {R"({"channel":"phone","content":")" + repeated("字", 20'001) + "\"}", "/content"},
      {R"({"channel":"phone","content":"a\u0000b"})", "/content"},
      {R"({"channel":"ph\u0000one","content":"x"})", "/channel"},
      {R"({"channel":")" + repeated("x", 65) + R"(","content":"x"})", "/channel"},
      {with(R"("title":")" + chars_201 + '"'), "/title"},
      {with(R"("address":")" + repeated("字", 301) + '"'), "/address"},
      {with(R"("type":"grumble")"), "/type"},
      {with(R"("urgency":1)"), "/urgency"},
      {with(R"("handling":"both")"), "/handling"},
      {with(R"("source":"s")"), "/source_id"},
      {with(R"("source_id":"s")"), "/source"},
      {with(R"("source":"s","source_id":")" + repeated("x", 129) + '"'), "/source_id"},
      {with(R"("source":"s","source_id":"a\u0000")"), "/source_id"},
      {with(R"("caller":"张三")"), "/caller"},
      {with(R"("caller":{"name":")" + repeated("字", 101) + "\"}"), "/caller/name"},
      {with(R"("caller":{"phone":"call me"})"), "/caller/phone"},
      {with(R"("caller":{"phone":")" + repeated("1", 33) + "\"}"), "/caller/phone"},
      {with(R"("caller":{"confidential":"yes"})"), "/caller/confidential"},
      {with(R"("caller":{"age":1})"), "/caller/age"},
      {with(R"("location":{"lat":33})"), "/location/lon"},
      {with(R"("location":{"lat":90.5,"lon":0})"), "/location/lat"},
      {with(R"("location":{"lat":0,"lon":-181})"), "/location/lon"},
      {with(R"("location":{"lat":"33","lon":0})"), "/location/lat"},
      {with(R"("received_at":"2021-06-01T08:00:00")"), "/received_at"},
      {with(R"("received_at":"2021-06-01T10:05:01+08:00")"), "/received_at"},
      {with(R"("received_at":"1999-12-31T23:59:59Z")"), "/received_at"},
      {with(R"("received_at":"yesterday")"), "/received_at"},
      {with(R"("recording_id":")" + repeated("x", 129) + '"'), "/recording_id"},
      {with(R"("attachments":[{"name":"a"}])"), "/attachments/0/url"},
      {with(R"("attachments":[{"name":"a","url":"ftp://x"}])"), "/attachments/0/url"},
      {with(R"("attachments":[1])"), "/attachments/0"},
      {with(R"("attachments":[)" + repeated(R"({"name":"a","url":"http://x"},)", 20) +
            R"({"name":"a","url":"http://x"}])"),
       "/attachments"},
      {with(R"("extra":[])"), "/extra"},
      {with(R"("extra":{"a":")" + repeated("x", 4'096) + "\"}"), "/extra"},
      {with(R"("answer":")" + repeated("字", 5'001) + '"'), "/answer"},
      {with(R"("answer":"x","handling":"transferred")"), "/answer"},
      {with(R"("contents":"x")"), "/contents"},
      {with(R"("a/b":"x")"), "/a~1b"},
  };
  for (const auto& [body, pointer] : cases) {
    const auto answer = harness.post("/v1/tickets", body);
    EXPECT_EQ(answer.status, 422U) << body;
    EXPECT_EQ(ApiHarness::text(answer, "/errors/0/pointer"), pointer) << answer.body;
  }
  expect_nothing_happened();
}

TEST_F(BadInput, BoundsAreInclusive) {
  const std::string bodies[] = {
      R"({"channel":"phone","content":")" + repeated("字", 20'000) + "\"}",
      with(R"("title":")" + repeated("字", 200) + '"'),
      with(R"("received_at":"2021-06-01T10:05:00+08:00")"),
      with(R"("received_at":"2000-01-01T00:00:00Z")"),
      with(R"("location":{"lat":-90,"lon":180})"),
      with(R"("extra":{"a":")" + repeated("x", 4'096 - 8) + "\"}"),
      with(R"("caller":{"phone":"+86 (0558) 481-2345*1"})"),
      with(R"("title":"a\tb\r\nc")"),
  };
  for (const auto& body : bodies) {
    const auto answer = harness.post("/v1/tickets", body);
    EXPECT_EQ(answer.status, 201U) << answer.body;
  }
}

TEST_F(BadInput, AllFaultsComeAtOnce) {
  const auto answer = harness.post(
      "/v1/tickets", R"({"content":1,"type":"x","caller":{"phone":"x","y":1},"z":true})");
  const Names expected{"/channel", "/content", "/type", "/caller/phone", "/caller/y", "/z"};
  EXPECT_EQ(pointers_of(answer), expected);
  expect_nothing_happened();
}

TEST_F(BadInput, ProblemsDoNotRepeatPersonalData) {
  const auto answer =
      harness.post("/v1/tickets",
                   with(R"("caller":{"name":")" + repeated("张", 101) + R"(","phone":"一三八"})"));
  EXPECT_EQ(answer.body.find("张"), std::string::npos);
  EXPECT_EQ(answer.body.find("一三八"), std::string::npos);
}

TEST_F(BadInput, HeadersAndQueries) {
  const std::string body = with(R"("title":"x")");
  for (const auto& key : {std::string("a b"), std::string("键"), repeated("k", 129)}) {
    EXPECT_EQ(harness.post("/v1/tickets", body, {{"Idempotency-Key", key}}).status, 422U) << key;
  }
  EXPECT_EQ(harness.post("/v1/tickets", body, {{"Hotline-Actor", repeated("a", 101)}}).status,
            422U);
  expect_nothing_happened();
  const std::pair<std::string_view, std::string_view> cases[] = {{"limit=0", "limit"},
                                                                 {"limit=201", "limit"},
                                                                 {"limit=x", "limit"},
                                                                 {"status=lost", "status"},
                                                                 {"type=x", "type"},
                                                                 {"from=2021", "from"},
                                                                 {"to=2021-06-01T08:00:00", "to"},
                                                                 {"overdue=1", "overdue"},
                                                                 {"cursor=zz", "cursor"},
                                                                 {"cursor=", "cursor"},
                                                                 {"colour=red", "colour"},
                                                                 {"limit=1&limit=2", "limit"}};
  for (const auto& [query, pointer] : cases) {
    const auto answer = harness.get("/v1/tickets?" + std::string(query));
    EXPECT_EQ(answer.status, 422U) << query;
    EXPECT_EQ(ApiHarness::text(answer, "/errors/0/pointer"), pointer) << query;
  }
  EXPECT_EQ(ApiHarness::parsed(harness.get("/v1/tickets?limit=0&status=x"))
                .at("errors")
                .as_array()
                .size(),
            2U);
}

}  // namespace
}  // namespace hotline::test

#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "rig.hpp"

// What is malformed is refused with the place of the fault, and changes nothing. What is merely not
// known is taken in.

namespace hotline::test {
namespace {

struct Case {
  std::string rule;
  std::string body;
  unsigned status;
  std::string code;
  std::vector<std::string> pointers{};  ///< of `errors`, all of them, in any order
  Headers headers{};
};

std::string intake(const std::string& members) {
  return R"({"channel":"phone","content":"路灯不亮")" + members + "}";
}

std::vector<std::string> pointers_of(const json::value& problem) {
  std::vector<std::string> found;
  if (!has(problem, "/errors")) return found;
  for (const auto& error : list(problem, "/errors")) found.push_back(text(error, "/pointer"));
  std::ranges::sort(found);
  return found;
}

class BadInput : public ::testing::Test {
 protected:
  void expect_problem(const Reply& reply, const Case& expected) {
    EXPECT_EQ(reply.status, expected.status) << reply.body;
    EXPECT_EQ(reply.header("Content-Type"), "application/problem+json");
    const auto problem = reply.json();
    EXPECT_EQ(text(problem, "/code"), expected.code) << reply.body;
    EXPECT_EQ(number(problem, "/status"), expected.status);
    EXPECT_FALSE(text(problem, "/detail").empty());
    EXPECT_FALSE(text(problem, "/request_id").empty());
    auto pointers = expected.pointers;
    std::ranges::sort(pointers);
    EXPECT_EQ(pointers_of(problem), pointers) << reply.body;
  }

  /// Posts each to `target`, and holds that the daemon is as it was.
  void refuse_all(const std::string& target, const std::vector<Case>& cases) {
    const auto before = state();
    for (const auto& each : cases) {
      SCOPED_TRACE(each.rule);
      expect_problem(web_.ask("POST", target, each.body, each.headers), each);
    }
    EXPECT_EQ(state(), before);
  }

  /// All that a change would move: what was received, what was written, and every ticket.
  std::vector<std::string> state() {
    const auto page = web_.get("/metrics").body;
    std::vector<std::string> seen;
    for (const auto* name : {"hotline_tickets_received_total", "hotline_commits_total",
                             "hotline_committed_bytes_total", "hotline_leases_granted_total"}) {
      seen.push_back(fmt::format("{} {}", name, metric(page, name)));
    }
    for (const auto& ticket : all_tickets(web_)) seen.push_back(json::serialize(ticket));
    return seen;
  }

  std::string post_good() {
    const auto reply = web_.ask("POST", "/v1/tickets", intake(R"(,"department":"zjj")"));
    EXPECT_EQ(reply.status, 201U) << reply.body;
    return text(reply.json(), "/id");
  }

  Rig rig_{{.clock = "2021-06-01T09:00:00+08:00",
            .settings = {"http.body_kb_max=64", "http.header_kb_max=8"}}};
  Web web_ = rig_.web_as("王科长");
};

TEST_F(BadInput, BodyThatIsNoJsonObjectIsRefusedAndChangesNothing) {
  const std::string deep(200, '[');
  const std::string nul = R"({"channel":"phone","content":"a)" + std::string(1, '\0') + "\"}";
  post_good();
  refuse_all("/v1/tickets",
             {{"no JSON", "路灯不亮", 400, "malformed"},
              {"cut off", R"({"channel":"phone","content":"路)", 400, "malformed"},
              {"more after the end", intake("") + "{}", 400, "malformed"},
              {"a comment", "/* */" + intake(""), 400, "malformed"},
              {"a trailing comma", R"({"channel":"phone","content":"a",})", 400, "malformed"},
              {"nested without end", R"({"extra":)" + deep, 400, "malformed"},
              {"a raw zero byte", nul, 400, "malformed"},
              {"bad UTF-8",
               R"({"channel":"phone","content":")"
               "\xC3\x28"
               R"("})",
               400, "malformed"},
              {"overlong UTF-8",
               R"({"channel":"phone","content":")"
               "\xC0\xAF"
               R"("})",
               400, "malformed"},
              {"half a surrogate", R"({"channel":"phone","content":"\ud800"})", 400, "malformed"},
              {"an array", R"([{"channel":"phone","content":"a"}])", 422, "invalid"},
              {"null", "null", 422, "invalid"},
              {"nothing", "", 422, "invalid", {"/channel", "/content"}},
              {"XML", "<a/>", 415, "unsupported_media", {}, {{"Content-Type", "text/xml"}}},
              {"a form",
               "channel=phone",
               415,
               "unsupported_media",
               {},
               {{"Content-Type", "application/x-www-form-urlencoded"}}}});
}

TEST_F(BadInput, FaultyFieldIsNamedByItsPointerAndChangesNothing) {
  const std::string long_content(20'001, 'a');
  post_good();
  const std::vector<std::pair<std::string, Case>> members{
      {R"("channel":7,"content":"a")", {"wrong type", "", 422, "invalid", {"/channel"}}},
      {R"("channel":"phone","content":null)", {"null", "", 422, "invalid", {"/content"}}},
      {R"("channel":"phone","content":"")", {"empty", "", 422, "invalid", {"/content"}}},
      {R"("channel":"phone")", {"missing", "", 422, "invalid", {"/content"}}},
      {R"("channel":"phone","content":"a\u0000b")", {"NUL", "", 422, "invalid", {"/content"}}},
      {R"("channel":"phone","content":"a\u0007b")", {"bell", "", 422, "invalid", {"/content"}}},
      {R"("channel":"phone","content":")" + long_content + '"',
       {"too long", "", 422, "invalid", {"/content"}}}};
  std::vector<Case> cases;
  for (auto [body, each] : members) {
    each.body = "{" + body + "}";
    cases.push_back(each);
  }
  refuse_all("/v1/tickets", cases);
}

TEST_F(BadInput, FaultyOptionalFieldIsNamedByItsPointerAndChangesNothing) {
  std::string attachments;
  for (int i = 0; i < 21; ++i) attachments += R"({"name":"a","url":"https://a.cn"},)";
  attachments.pop_back();
  const std::string big_extra(5'000, 'a');
  const std::vector<std::pair<std::string, std::vector<std::string>>> members{
      {R"(,"contnet":"a")", {"/contnet"}},
      {R"(,"a/b~c":1)", {"/a~1b~0c"}},
      {R"(,"type":"complain")", {"/type"}},
      {R"(,"urgency":1)", {"/urgency"}},
      {R"(,"handling":"both")", {"/handling"}},
      {R"(,"received_at":"2021-06-01T08:00:00")", {"/received_at"}},
      {R"(,"received_at":"2021-06-01")", {"/received_at"}},
      {R"(,"received_at":"2021-02-30T08:00:00+08:00")", {"/received_at"}},
      {R"(,"received_at":"2021-06-01T09:05:01+08:00")", {"/received_at"}},
      {R"(,"received_at":"9999-12-31T23:59:59Z")", {"/received_at"}},
      {R"(,"received_at":"1999-12-31T23:59:59Z")", {"/received_at"}},
      {R"(,"received_at":1622505600)", {"/received_at"}},
      {R"(,"source":"cc")", {"/source_id"}},
      {R"(,"source_id":"7")", {"/source"}},
      {R"(,"caller":"张三")", {"/caller"}},
      {R"(,"caller":{"phone":"一三八"})", {"/caller/phone"}},
      {R"(,"caller":{"phon":"138","confidential":"yes"})",
       {"/caller/phon", "/caller/confidential"}},
      {R"(,"location":{"lat":91,"lon":115})", {"/location/lat"}},
      {R"(,"location":{"lat":33})", {"/location/lon"}},
      {R"(,"attachments":[{"name":"a","url":"file:///a"}])", {"/attachments/0/url"}},
      {R"(,"attachments":[1])", {"/attachments/0"}},
      {R"(,"attachments":[)" + attachments + "]", {"/attachments"}},
      {R"(,"extra":{"a":")" + big_extra + R"("})", {"/extra"}},
      {R"(,"extra":[])", {"/extra"}},
      {R"(,"region":")" + std::string(65, '1') + '"', {"/region"}},
      {R"(,"title":")" + std::string(201, 'a') + '"', {"/title"}},
      {R"(,"handling":"transferred","answer":"好")", {"/answer"}},
      {R"(,"type":1,"urgency":2,"x":3,"caller":{"y":4})", {"/type", "/urgency", "/x", "/caller/y"}},
  };
  post_good();
  std::vector<Case> cases;
  for (const auto& [member, pointers] : members) {
    cases.push_back({member.substr(0, 60), intake(member), 422, "invalid", pointers});
  }
  refuse_all("/v1/tickets", cases);
  refuse_all("/v1/tickets:classify", cases);
}

TEST_F(BadInput, TooLargeIsRefusedBeforeItIsReadAndChangesNothing) {
  post_good();
  const auto before = state();
  for (const std::size_t bytes : {std::size_t{65} << 10U, std::size_t{8} << 20U}) {
    const auto body = intake(R"(,"extra":{"a":")" + std::string(bytes, 'a') + R"("})");
    expect_problem(web_.ask("POST", "/v1/tickets", body), {"", "", 413, "too_large"});
  }
  const Headers long_header{{"X-Long", std::string(9'000, 'a')}};
  expect_problem(web_.ask("POST", "/v1/tickets", intake(""), long_header),
                 {"", "", 431, "too_large"});
  EXPECT_EQ(state(), before);
}

TEST_F(BadInput, BadHeaderIsNamedAndChangesNothing) {
  const auto id = post_good();
  const Headers nobody{{"Hotline-Actor", ""}};
  refuse_all("/v1/tickets/" + id + ":sign",
             {{"unquoted", "{}", 422, "invalid", {"If-Match"}, {{"If-Match", "1"}}},
              {"a word", "{}", 422, "invalid", {"If-Match"}, {{"If-Match", "\"x\""}}},
              {"negative", "{}", 422, "invalid", {"If-Match"}, {{"If-Match", "\"-1\""}}},
              {"an older version", "{}", 412, "version_mismatch", {}, {{"If-Match", "\"9\""}}},
              {"key with a blank",
               "{}",
               422,
               "invalid",
               {"Idempotency-Key"},
               {{"Idempotency-Key", "a b"}}},
              {"long key",
               "{}",
               422,
               "invalid",
               {"Idempotency-Key"},
               {{"Idempotency-Key", std::string(129, 'a')}}},
              {"nobody", "{}", 422, "invalid", {"Hotline-Actor"}, nobody},
              {"a stale receipt", R"({"receipt":"0"})", 409, "stale_receipt"}});
}

TEST_F(BadInput, BadMoveIsNamedAndChangesNothing) {
  const auto id = post_good();
  const auto at_ticket = [&](const std::string& move) { return "/v1/tickets/" + id + ":" + move; };
  refuse_all(
      at_ticket("dispatch"),
      {{"nobody to send to", "{}", 422, "invalid", {"/department"}},
       {"unknown", R"({"department":"nn"})", 422, "invalid", {"/department"}},
       {"unknown helper", R"({"department":"cgj","assist":["nn"]})", 422, "invalid", {"/assist"}},
       {"twice", R"({"department":"cgj","copy":["slj","slj"]})", 422, "invalid", {"/copy/1"}},
       {"has it", R"({"department":"zjj"})", 409, "wrong_state"}});
  refuse_all(at_ticket("answer"), {{"no words", "{}", 422, "invalid", {"/text"}},
                                   {"not signed yet", R"({"text":"好"})", 409, "wrong_state"}});
  refuse_all(at_ticket("callback"),
             {{"no outcome", "{}", 422, "invalid", {"/outcome"}},
              {"unknown", R"({"outcome":"gone"})", 422, "invalid", {"/outcome"}},
              {"not due", R"({"outcome":"no_answer"})", 409, "wrong_state"}});
  refuse_all("/v1/queues/zjj/leases",
             {{"none", R"({"max":0})", 422, "invalid", {"/max"}},
              {"too many", R"({"max":201})", 422, "invalid", {"/max"}},
              {"too long", R"({"wait_s":31,"lease_s":4})", 422, "invalid", {"/wait_s", "/lease_s"}},
              {"half a lease", R"({"max":1.5})", 422, "invalid", {"/max"}}});
}

TEST_F(BadInput, UnknownPlaceIs404AndWrongMethodNamesTheRightOnes) {
  post_good();
  const auto before = state();
  for (const auto* target :
       {"/", "/v2/tickets", "/v1/ticket", "/v1/tickets:nothing", "/v1/tickets/0000000000000000",
        "/v1/tickets/1", "/v1/queues/nobody"}) {
    SCOPED_TRACE(target);
    expect_problem(web_.get(target), {"", "", 404, "not_found"});
  }
  const auto reply = web_.ask("DELETE", "/v1/tickets");
  expect_problem(reply, {"", "", 405, "method_not_allowed"});
  EXPECT_NE(reply.header("Allow").find("POST"), std::string::npos) << reply.header("Allow");
  EXPECT_EQ(state(), before);
}

TEST_F(BadInput, BadQueryIsNamedByItsParameter) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> queries{
      {"limit=0", {"limit"}},         {"limit=201", {"limit"}},
      {"limit=ten", {"limit"}},       {"cursor=xyz", {"cursor"}},
      {"status=lost", {"status"}},    {"from=yesterday", {"from"}},
      {"overdue=maybe", {"overdue"}}, {"colour=red", {"colour"}},
      {"limit=1&limit=2", {"limit"}}, {"limit=0&cursor=-&type=x", {"limit", "cursor", "type"}}};
  for (const auto& [query, pointers] : queries) {
    SCOPED_TRACE(query);
    expect_problem(web_.get("/v1/tickets?" + query), {"", "", 422, "invalid", pointers});
  }
  expect_problem(web_.get("/v1/reports/summary"), {"", "", 422, "invalid", {"from", "to"}});
  expect_problem(web_.get("/v1/reports/summary?from=2021-06-02&to=2021-06-02"),
                 {"", "", 422, "invalid", {"to"}});
}

TEST_F(BadInput, UnknownCodeLosesNoTicketButSendsItToTriageWithAWarning) {
  const std::vector<std::string> fields{"channel", "region", "category", "department"};
  std::vector<std::string> ids;
  for (const auto& field : fields) {
    SCOPED_TRACE(field);
    json::object body{{"channel", "phone"}, {"content", "小区外墙渗水、房屋漏水"}};
    body[field] = "no-such";
    const auto reply = web_.post("/v1/tickets", body);
    ASSERT_EQ(reply.status, 201U) << reply.body;
    const auto ticket = reply.json();
    EXPECT_EQ(text(ticket, "/status"), "triage");
    ASSERT_EQ(list(ticket, "/warnings").size(), 1U) << reply.body;
    EXPECT_EQ(text(ticket, "/warnings/0/code"), "unknown_" + field);
    EXPECT_EQ(text(ticket, "/warnings/0/pointer"), "/" + field);
    ids.push_back(text(ticket, "/id"));
  }
  const auto reply = web_.post("/v1/tickets", {{"channel", "pigeon"},
                                               {"content", "房屋漏水"},
                                               {"region", "000000"},
                                               {"category", "Z99"},
                                               {"department", "nn"}});
  EXPECT_EQ(list(reply.json(), "/warnings").size(), 4U) << reply.body;
  EXPECT_EQ(number(web_.get("/v1/queues/triage").json(), "/depth"), 5);
}

}  // namespace
}  // namespace hotline::test

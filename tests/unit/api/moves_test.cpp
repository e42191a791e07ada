#include <gtest/gtest.h>

#include "api/auth.hpp"
#include "api_harness.hpp"

namespace hotline::test {
namespace {

std::string at(const std::string& id, std::string_view move) {
  return "/v1/tickets/" + id + ":" + std::string(move);
}

TEST(Moves, WholeLifeOfATransferredTicket) {
  ApiHarness harness;
  const std::string id = harness.take_in("别的", R"(,"caller":{"phone":"13800000000"})");
  const auto dispatched = harness.move(
      at(id, "dispatch"),
      R"({"department":"D07","assist":["D08"],"copy":["T01"],"category":"C0301","note":"请办"})");
  ASSERT_EQ(dispatched.status, 200U) << dispatched.body;
  EXPECT_EQ(ApiHarness::header(dispatched, "ETag"), "\"2\"");
  EXPECT_EQ(ApiHarness::text(dispatched, "/routing/assist/0"), "D08");
  EXPECT_EQ(ApiHarness::text(dispatched, "/routing/copy/0"), "T01");
  EXPECT_EQ(harness.move(at(id, "sign"), R"({"department":"D07"})").status, 200U);
  EXPECT_EQ(harness.move(at(id, "contact"), R"({"note":"已联系"})").status, 200U);
  const auto answered = harness.move(at(id, "answer"), R"({"text":"已修好,电话13800005678"})");
  ASSERT_EQ(answered.status, 200U) << answered.body;
  EXPECT_EQ(ApiHarness::text(answered, "/status"), "callback");
  EXPECT_EQ(ApiHarness::text(answered, "/outcome"), "answered");
  const auto rated = harness.move(
      at(id, "callback"),
      R"({"outcome":"reached","contacted":true,"resolved":"yes","satisfaction":"satisfied","words":"谢谢"})");
  ASSERT_EQ(rated.status, 200U) << rated.body;
  EXPECT_EQ(ApiHarness::text(rated, "/status"), "closed");
  EXPECT_EQ(ApiHarness::text(rated, "/callback/rating/satisfaction"), "satisfied");
  const auto seen = harness.get("/v1/tickets/" + id);
  EXPECT_EQ(ApiHarness::text(seen, "/personal/remarks/2/text"), "已修好,电话138****5678");
  EXPECT_EQ(ApiHarness::text(seen, "/personal/remarks/2/actor"), "李四");
  harness.expect_clean();
}

TEST(Moves, TheCentresOwn) {
  ApiHarness harness;
  const std::string direct = harness.take_in("别的");
  EXPECT_EQ(ApiHarness::text(harness.move(at(direct, "direct"), "{}"), "/status"), "direct");
  EXPECT_EQ(ApiHarness::text(harness.move(at(direct, "answer"), R"({"text":"答复"})"), "/handling"),
            "direct");
  const std::string elsewhere = harness.take_in("别的");
  EXPECT_EQ(ApiHarness::text(harness.move(at(elsewhere, "redirect"), R"({"channel":"信访局"})"),
                             "/outcome"),
            "redirected");
  const std::string nuisance = harness.take_in("别的");
  EXPECT_EQ(
      ApiHarness::text(harness.move(at(nuisance, "reject"), R"({"reason":"骚扰"})"), "/outcome"),
      "rejected");
  const std::string fire = harness.take_in("火灾");
  const auto taken_over = harness.move(at(fire, "acknowledge"), R"({"reference":"119-3"})");
  EXPECT_EQ(ApiHarness::text(taken_over, "/outcome"), "emergency");
  EXPECT_EQ(ApiHarness::text(taken_over, "/handover/service"), "119");
  harness.expect_clean();
}

TEST(Moves, NeedAPerson) {
  ApiHarness harness;
  const std::string id = harness.take_in();
  const auto nobody = harness.post(at(id, "sign"), "");
  EXPECT_EQ(nobody.status, 422U);
  EXPECT_EQ(ApiHarness::text(nobody, "/errors/0/pointer"), "Hotline-Actor");
  const auto garbled = harness.post(at(id, "sign"), "", {{"Hotline-Actor", "%FF"}});
  EXPECT_EQ(ApiHarness::text(garbled, "/errors/0/pointer"), "Hotline-Actor");
  EXPECT_EQ(harness.post(at(id, "sign"), "", {{"Hotline-Actor", "张三"}}).status, 200U);
}

TEST(Moves, HonourIfMatch) {
  ApiHarness harness;
  const std::string id = harness.take_in();
  EXPECT_EQ(harness.move(at(id, "sign"), "", {{"If-Match", "\"7\""}}).status, 412U);
  EXPECT_EQ(harness.move(at(id, "sign"), "", {{"If-Match", "1"}}).status, 422U);
  EXPECT_EQ(harness.move(at(id, "sign"), "", {{"If-Match", "W/\"1\""}}).status, 422U);
  EXPECT_EQ(harness.move(at(id, "sign"), "", {{"If-Match", "\"1\""}}).status, 200U);
  EXPECT_EQ(harness.move(at(id, "contact"), "", {{"If-Match", "*"}}).status, 200U);
}

TEST(Moves, RepeatUnderAKeyIsAnsweredAsBefore) {
  ApiHarness harness;
  const std::string id = harness.take_in();
  const std::string other = harness.take_in();
  const Headers key{{"Idempotency-Key", "k"}};
  const auto first = harness.move(at(id, "sign"), "", key);
  const auto again = harness.move(at(id, "sign"), "{}", key);
  EXPECT_EQ(again.status, 200U);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(ApiHarness::header(again, "Idempotency-Replayed"), "true");
  EXPECT_EQ(harness.move(at(other, "sign"), "", key).status, 409U);
  EXPECT_EQ(harness.move(at(id, "contact"), "", key).status, 409U);
}

TEST(Moves, WrongStateNamesWhatIsPossible) {
  ApiHarness harness;
  const std::string id = harness.take_in();
  const auto refused = harness.move(at(id, "answer"), R"({"text":"答复"})");
  EXPECT_EQ(refused.status, 409U);
  EXPECT_EQ(ApiHarness::text(refused, "/code"), "wrong_state");
  EXPECT_NE(ApiHarness::text(refused, "/detail").find("sign"), std::string::npos);
}

TEST(Moves, WrongStateTellsWhoMadeItSoAndWhen) {
  ApiHarness harness;
  const std::string id =
      harness.take_in("路灯不亮", R"(,"caller":{"name":"张三丰","phone":"13800005678"})");
  const auto refuse = [&](std::string_view move, const std::string& body) {
    const auto refused = harness.move(at(id, move), body);
    EXPECT_EQ(refused.status, 409U) << refused.body;
    EXPECT_EQ(ApiHarness::text(refused, "/code"), "wrong_state");
    EXPECT_EQ(refused.body.find("张三丰"), std::string::npos);
    EXPECT_EQ(refused.body.find("5678"), std::string::npos);
    return ApiHarness::text(refused, "/detail");
  };
  const std::string prefix = "ticket " + id;
  EXPECT_EQ(refuse("answer", R"({"text":"x"})"),
            prefix +
                " is dispatched (待签收): answer is not possible now; possible: dispatch, sign, "
                "return, amend, supplement, withdraw; "
                "last move: intake at 2021-06-01T10:00:00+08:00 by anonymous, department D07");
  const Headers other{{"Hotline-Actor", "王五"}};
  EXPECT_EQ(harness.post(at(id, "sign"), "", other).status, 200U);
  EXPECT_EQ(
      refuse("sign", ""),
      prefix +
          " is in_progress (办理中): sign is not possible now; possible: dispatch, contact, "
          "answer, return, pause, request-extension, amend, supplement, withdraw; done before: "
          "sign at "
          "2021-06-01T10:00:00+08:00 by 王五 with token "
          "anonymous, department D07");
  harness.post("/v1/admin/clock:advance", R"({"to":"2021-06-01T11:30:00+08:00"})");
  EXPECT_EQ(harness.move(at(id, "contact"), "").status, 200U);
  const std::string later = refuse("sign", "");
  EXPECT_NE(later.find("done before: sign at 2021-06-01T10:00:00+08:00 by 王五"),
            std::string::npos);
  EXPECT_NE(later.find("last move: contact at 2021-06-01T11:30:00+08:00 by 李四"),
            std::string::npos)
      << later;
  EXPECT_NE(
      refuse("dispatch", R"({"department":"D07"})").find("possible: dispatch, contact, answer"),
      std::string::npos);
}

TEST(Moves, AClockThatRanOutIsNotTheLastMove) {
  ApiHarness harness;
  const std::string id = harness.take_in();
  harness.post("/v1/admin/clock:advance", R"({"to":"2021-07-01T10:00:00+08:00"})");
  const auto refused = harness.move(at(id, "answer"), R"({"text":"x"})");
  EXPECT_NE(ApiHarness::text(refused, "/detail").find("last move: intake at 2021-06-01"),
            std::string::npos)
      << refused.body;
}

TEST(Moves, BodiesAreHeldToTheirFields) {
  ApiHarness harness;
  const std::string id = harness.take_in("别的");
  const std::tuple<std::string_view, std::string_view, std::string_view> cases[] = {
      {"dispatch", "", "/department"},
      {"dispatch", R"({"department":"D99"})", "/department"},
      {"dispatch", R"({"department":"D07","assist":["D99"]})", "/assist"},
      {"dispatch", R"({"department":"D07","assist":["D08","D08"]})", "/assist/1"},
      {"dispatch", R"({"department":"D07","category":"C9"})", "/category"},
      {"direct", R"({"department":"D07"})", "/department"},
      {"answer", "{}", "/text"},
      {"answer", R"({"text":""})", "/text"},
      {"redirect", "{}", "/channel"},
      {"reject", "{}", "/reason"},
      {"acknowledge", "{}", "/reference"},
      {"sign", R"({"receipt":1})", "/receipt"},
      {"callback", "{}", "/outcome"},
      {"callback", R"({"outcome":"gone"})", "/outcome"},
      {"callback", R"({"outcome":"busy","satisfaction":"satisfied"})", "/satisfaction"},
      {"callback", R"({"outcome":"reached","contacted":true})", "/resolved"},
  };
  for (const auto& [move, body, pointer] : cases) {
    const auto answer = harness.move(at(id, move), std::string(body));
    EXPECT_EQ(answer.status, 422U) << move << body << answer.body;
    EXPECT_EQ(ApiHarness::text(answer, "/errors/0/pointer"), pointer) << move << body;
  }
  EXPECT_EQ(ApiHarness::text(harness.get("/v1/tickets/" + id), "/version"), "1");
}

TEST(Moves, UnknownTicketsAreNotFound) {
  ApiHarness harness;
  for (const std::string id : {"2106010099999999", "1", "abc"}) {
    EXPECT_EQ(harness.move(at(id, "sign"), "").status, 404U) << id;
    EXPECT_EQ(harness.get("/v1/tickets/" + id).status, 404U) << id;
  }
}

class DepartmentMoves : public testing::Test {
 protected:
  static api::Authenticator tokens() {
    std::string file = "[";
    for (const std::string_view pair : {"all|\"intake\"", "desk|\"desk\"", "chief|\"supervisor\"",
                                        "d07|\"department:D07\"", "d08|\"department:D08\""}) {
      const auto bar = pair.find('|');
      if (file.size() > 1) file += ',';
      file += R"({"name":")" + std::string(pair.substr(0, bar)) + R"(","sha256":")" +
              api::sha256_hex(pair.substr(0, bar)) + R"(","scopes":[)" +
              std::string(pair.substr(bar + 1)) + "]}";
    }
    return *api::Authenticator::from_json(file + "]");
  }
  static Headers as(const std::string& token) { return {{"Authorization", "Bearer " + token}}; }

  ApiHarness harness{tokens()};
};

TEST_F(DepartmentMoves, OnlyOnTheirOwnAssignments) {
  const std::string id = harness.take_in("路灯", "", as("all"));
  const auto foreign = harness.move(at(id, "sign"), "", as("d08"));
  EXPECT_EQ(foreign.status, 404U) << foreign.body;
  EXPECT_EQ(harness.move(at(id, "sign"), "", as("desk")).status, 403U);
  EXPECT_EQ(harness.move(at(id, "dispatch"), R"({"department":"D08"})", as("d07")).status, 403U);
  EXPECT_EQ(harness.move(at(id, "sign"), R"({"department":"D08"})", as("d07")).status, 422U);
  EXPECT_EQ(harness.move(at(id, "sign"), "", as("d07")).status, 200U);
  EXPECT_EQ(harness.move(at(id, "answer"), R"({"text":"x"})", as("desk")).status, 403U);
  EXPECT_EQ(harness.move(at(id, "answer"), R"({"text":"x"})", as("d08")).status, 404U);
  EXPECT_EQ(harness.move(at(id, "answer"), R"({"text":"x"})", as("d07")).status, 200U);
}

TEST_F(DepartmentMoves, AReturnIsRuledOnAndTheSecondByASupervisor) {
  const std::string id = harness.take_in("路灯", "", as("all"));
  constexpr auto* back = R"({"reason":"not_competent","suggested":"D08","basis":"条例第六条"})";
  const auto raised = harness.move(at(id, "return"), back, as("d07"));
  ASSERT_EQ(raised.status, 200U) << raised.body;
  EXPECT_EQ(ApiHarness::text(raised, "/status"), "return_review");
  EXPECT_EQ(ApiHarness::text(raised, "/objection/suggested"), "D08");
  EXPECT_EQ(harness.move(at(id, "rule"), R"({"granted":true})", as("d07")).status, 403U);
  EXPECT_EQ(harness.post("/v1/queues/returns/leases", "{}", as("d07")).status, 403U);
  const auto leased = harness.post("/v1/queues/returns/leases", "{}", as("desk"));
  ASSERT_EQ(leased.status, 200U) << leased.body;
  const auto receipt = ApiHarness::text(leased, "/leases/0/receipt");
  const auto granted = harness.move(
      at(id, "rule"), R"({"granted":true,"department":"D08","receipt":")" + receipt + R"("})",
      as("desk"));
  ASSERT_EQ(granted.status, 200U) << granted.body;
  EXPECT_EQ(ApiHarness::text(granted, "/routing/lead"), "D08");
  EXPECT_EQ(ApiHarness::text(granted, "/assignments/0/ending"), "returned");

  constexpr auto* again = R"({"reason":"other_area","suggested":"D07","basis":"不在辖区"})";
  ASSERT_EQ(harness.move(at(id, "return"), again, as("d08")).status, 200U);
  const auto of_the_desk = harness.move(at(id, "rule"), R"({"granted":false})", as("desk"));
  EXPECT_EQ(of_the_desk.status, 403U) << of_the_desk.body;
  const auto arbitrated = harness.move(at(id, "rule"), R"({"granted":false})", as("chief"));
  ASSERT_EQ(arbitrated.status, 200U) << arbitrated.body;
  const auto third = harness.move(at(id, "return"), again, as("d08"));
  EXPECT_EQ(third.status, 409U);
  EXPECT_NE(third.body.find("an arbitration designated D08"), std::string::npos) << third.body;
}

TEST_F(DepartmentMoves, AReturnSaysWhyAndWhoseItIs) {
  const std::string id = harness.take_in("路灯", "", as("all"));
  const auto bare = harness.move(at(id, "return"), "{}", as("d07"));
  EXPECT_EQ(bare.status, 422U);
  for (const auto* field : {"/reason", "/basis", "/suggested"}) {
    EXPECT_NE(bare.body.find(field), std::string::npos) << bare.body;
  }
  const auto unknown = harness.move(
      at(id, "return"), R"({"reason":"not_competent","suggested":"D99","basis":"x"})", as("d07"));
  EXPECT_NE(unknown.body.find("no department"), std::string::npos) << unknown.body;
  EXPECT_EQ(harness.move(at(id, "return"), R"({"reason":"unclear","basis":"缺少地址"})", as("d07"))
                .status,
            200U);
}

TEST_F(DepartmentMoves, TheDeskAnswersWhatTheCentreHandles) {
  const std::string id = harness.take_in("查询", "", as("all"));
  EXPECT_EQ(harness.move(at(id, "answer"), R"({"text":"x"})", as("d07")).status, 404U);
  EXPECT_EQ(harness.move(at(id, "answer"), R"({"text":"x"})", as("desk")).status, 200U);
}

}  // namespace
}  // namespace hotline::test

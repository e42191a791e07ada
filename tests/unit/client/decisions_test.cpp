#include "client/decisions.hpp"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "domain/vocabulary.hpp"

namespace hotline::client {
namespace {

json::value ticket(std::string_view id, std::string_view more = "") {
  auto document = R"({"id":")" + std::string(id) + R"(","round":1,"callback":{"attempts":0})" +
                  std::string(more) + "}";
  auto parsed = parse_json(document);
  EXPECT_TRUE(parsed) << document;
  return *parsed;
}

std::string word(const SimMove& move, std::string_view key) {
  const auto* found = move.body.if_contains(key);
  return found == nullptr ? std::string() : std::string(found->as_string());
}

std::string id_of(int i) { return "21060100" + std::to_string(10'000'000 + i); }

const std::vector<std::string> departments{"d1", "d2", "d3"};

TEST(Dice, RepeatsAndDistinguishes) {
  EXPECT_EQ(Dice(1, "a", "b").unit(), Dice(1, "a", "b").unit());
  EXPECT_NE(Dice(1, "a", "b").unit(), Dice(2, "a", "b").unit());
  EXPECT_NE(Dice(1, "a", "b").unit(), Dice(1, "ab", "").unit());
  EXPECT_EQ(Dice(1, "a", "b").below(0), 0U);
}

TEST(Dice, IsTheSameOnEveryMachine) {
  Dice dice(1, "2106010000000001", "call");
  EXPECT_EQ(dice.below(1'000'000), Dice(1, "2106010000000001", "call").below(1'000'000));
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) sum += Dice(7, id_of(i), "x").unit();
  EXPECT_NEAR(sum / 10'000, 0.5, 0.02);
}

TEST(Desk, DoesWhatTheTicketAsksFor) {
  struct Case {
    const char* more;
    const char* verb;
  };
  for (const auto& [more, verb] :
       {Case{R"(,"handover":{"service":"119"},"classification":{"lead":"d1"})", "acknowledge"},
        Case{R"(,"classification":{"channel_to_tell":"法院","lead":"d1"})", "redirect"},
        Case{R"(,"classification":{"handling":"direct","lead":"d1"})", "direct"},
        Case{R"(,"classification":{"handling":"transferred","lead":"d1"})", "dispatch"},
        Case{
            R"(,"handover":{"service":"119","acknowledged_at":"x"},"classification":{"lead":"d1"})",
            "dispatch"}}) {
    EXPECT_EQ(at_the_desk(ticket("1", more), departments, {}).verb, verb) << more;
  }
}

TEST(Desk, ChoosesTheLeadThenTheBestCandidate) {
  const auto lead = at_the_desk(
      ticket("1", R"(,"classification":{"lead":"d9","candidates":[{"department":"d1"}]})"),
      departments, {});
  EXPECT_EQ(lead.body.at("department"), "d9");
  const auto candidate = at_the_desk(
      ticket(
          "1",
          R"(,"classification":{"lead":null,"candidates":[{"category":"c"},{"department":"d2"}]})"),
      departments, {});
  EXPECT_EQ(candidate.body.at("department"), "d2");
}

TEST(Desk, KnowsWhatToDoWithoutAnyHint) {
  int direct = 0;
  for (int i = 0; i < 1'000; ++i) {
    const auto move = at_the_desk(ticket(id_of(i)), departments, {});
    direct += move.verb == "direct" ? 1 : 0;
    if (move.verb == "dispatch") {
      EXPECT_NE(std::ranges::find(departments, word(move, "department")), departments.end());
    }
  }
  EXPECT_NEAR(direct, 400, 60);
  EXPECT_EQ(at_the_desk(ticket("1"), {}, {}).verb, "direct");
}

TEST(Department, PromptOnesContactAndAnswerInOneGo) {
  const SimPolicy policy{.slow = 0};
  const auto task =
      *parse_json(R"({"seq":1,"department":"d1","department_name":"城管局","role":"lead","round":1,
                                    "dispatched_at":"2021-06-01T08:00:00+08:00"})");
  const auto moves = after_signing(ticket("1"), task, policy);
  ASSERT_EQ(moves.size(), 2U);
  EXPECT_EQ(moves[0].verb, "contact");
  EXPECT_EQ(moves[1].verb, "answer");
  EXPECT_EQ(moves[1].body.at("department"), "d1");
  EXPECT_NE(moves[1].body.at("text").as_string().find("城管局"), std::string::npos);
  EXPECT_EQ(answer_due(ticket("1"), task, policy), *parse_rfc3339("2021-06-01T08:00:00+08:00"));
}

TEST(Department, SlowOnesAnswerOneToEightDaysLater) {
  const SimPolicy policy{.slow = 1};
  const auto task =
      *parse_json(R"({"seq":1,"role":"lead","dispatched_at":"2021-06-01T08:00:00+08:00"})");
  int late = 0;
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_TRUE(after_signing(ticket(id_of(i)), task, policy).empty());
    const auto days =
        (answer_due(ticket(id_of(i)), task, policy) - *parse_rfc3339("2021-06-01T08:00:00+08:00")) /
        std::chrono::hours{24};
    EXPECT_TRUE((days >= 1 && days <= 3) || days == 8) << days;
    late += days == 8 ? 1 : 0;
  }
  EXPECT_NEAR(late, 200, 50);
}

TEST(Department, CopiesAreOnlyNotedAndContactIsMadeOnce) {
  const auto copy = *parse_json(R"({"seq":2,"role":"copy"})");
  EXPECT_TRUE(after_signing(ticket("1"), copy, {.slow = 0}).empty());
  const auto contacted = *parse_json(R"({"seq":1,"role":"lead","contacted_at":"x"})");
  EXPECT_EQ(finish_task(ticket("1"), contacted, {}).size(), 1U);
}

TEST(Department, TheOpenLeadIsTheOneWithoutEnding) {
  const auto with = ticket(
      "1", R"(,"assignments":[{"seq":1,"role":"lead","ending":"answered"},{"seq":2,"role":"copy"},
                                    {"seq":3,"role":"lead"}])");
  ASSERT_NE(open_lead(with), nullptr);
  EXPECT_EQ(number(*open_lead(with), "seq"), 3);
  EXPECT_EQ(number(*assignment(with, 2), "seq"), 2);
  EXPECT_EQ(assignment(with, 9), nullptr);
  EXPECT_EQ(open_lead(ticket("1")), nullptr);
}

TEST(Department, SharesAreKept) {
  int away = 0;
  for (int i = 0; i < 10'000; ++i)
    away += absent_at_first("d" + std::to_string(i), {.absent = 0.1}) ? 1 : 0;
  EXPECT_NEAR(away, 1'000, 100);
  EXPECT_FALSE(absent_at_first("d1", {.absent = 0}));
  EXPECT_TRUE(absent_at_first("d1", {.absent = 1}));
}

TEST(CallBack, OutcomesAreTheApisWordsInTheirShares) {
  const SimPolicy policy{.satisfied = 0.9, .no_answer = 0.25};
  std::map<std::string, int> seen;
  int rated = 0;
  int content = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto move = call_back(ticket(id_of(i)), policy);
    EXPECT_EQ(move.verb, "callback");
    const auto outcome = word(move, "outcome");
    ASSERT_TRUE(parse<CallbackOutcome>(outcome)) << outcome;
    ++seen[outcome];
    if (outcome != "reached") {
      EXPECT_EQ(move.body.size(), 1U);
      continue;
    }
    ASSERT_TRUE(parse<Resolved>(word(move, "resolved")));
    if (!move.body.contains("satisfaction")) continue;
    const auto level = parse<Satisfaction>(word(move, "satisfaction"));
    ASSERT_TRUE(level);
    ++rated;
    content += *level <= Satisfaction::basically_satisfied ? 1 : 0;
  }
  EXPECT_NEAR(seen["no_answer"] / 20'000.0, 0.25, 0.02);
  EXPECT_EQ(seen.size(), 5U);
  EXPECT_NEAR(static_cast<double>(content) / rated, 0.9, 0.02);
}

TEST(Gateway, SendsAllButAFewToCitizens) {
  int lost = 0;
  for (int i = 0; i < 5'000; ++i) {
    json::value lease{
        {"seq", 1001}, {"ticket", ticket(id_of(i))}, {"notice", {{"audience", "department"}}}};
    const auto to_department = send_notice(lease, {});
    EXPECT_EQ(to_department.verb, "notified");
    EXPECT_EQ(to_department.body.at("notice"), 1001);
    EXPECT_EQ(word(to_department, "outcome"), "sent");
    lease.at("notice") = {{"audience", "citizen"}};
    const auto outcome = parse<NoticeOutcome>(word(send_notice(lease, {}), "outcome"));
    ASSERT_TRUE(outcome);
    lost += *outcome == NoticeOutcome::unreachable ? 1 : 0;
  }
  EXPECT_NEAR(lost, 100, 40);
}

TEST(CallBack, TheContentAreNotUnresolved) {
  for (int i = 0; i < 5'000; ++i) {
    const auto move = call_back(ticket(id_of(i)), {.satisfied = 1, .no_answer = 0});
    EXPECT_NE(word(move, "resolved"), "no");
  }
}

TEST(CallBack, AnotherAttemptIsAnotherThrow) {
  int changed = 0;
  for (int i = 0; i < 200; ++i) {
    auto second = ticket(id_of(i));
    second.as_object()["callback"] = {{"attempts", 1}};
    changed += call_back(ticket(id_of(i)), {}).body != call_back(second, {}).body ? 1 : 0;
  }
  EXPECT_GT(changed, 50);
}

}  // namespace
}  // namespace hotline::client

#include <future>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "rig.hpp"

// One ticket all the way, through a real daemon and its HTTP interface.

namespace hotline::test {
namespace {

constexpr const char* morning = "2021-06-01T09:00:00+08:00";
constexpr const char* day = "from=2021-06-01&to=2021-06-02";

class Life : public ::testing::Test {
 protected:
  std::string post(json::object body) {
    const auto reply = intake_.post("/v1/tickets", body);
    EXPECT_EQ(reply.status, 201U) << reply.body;
    return text(reply.json(), "/id");
  }
  /// For the housing bureau, so that no catalogue decides.
  std::string post_dispatched() {
    return post({{"channel", "phone"},
                 {"content", "小区外墙漏水,一直没有人修。"},
                 {"department", "zjj"},
                 {"caller", {{"name", "张三丰"}, {"phone", "13800005678"}}}});
  }
  std::string post_in_triage() {
    return post({{"channel", "phone"}, {"content", "说不清的一件事。"}, {"region", "999999"}});
  }

  json::value move(const std::string& id, const std::string& name, const json::object& body) {
    const auto reply = desk_.post("/v1/tickets/" + id + ":" + name, body);
    EXPECT_EQ(reply.status, 200U) << name << ": " << reply.body;
    return reply.json();
  }
  json::value ticket(const std::string& id) { return desk_.get("/v1/tickets/" + id).json(); }

  void advance(const std::string& time) {
    const auto reply = desk_.post("/v1/admin/clock:advance", {{"to", time}});
    ASSERT_EQ(reply.status, 200U) << reply.body;
  }
  json::value report() { return desk_.get(fmt::format("/v1/reports/summary?{}", day)).json(); }
  std::string sentence() {
    return desk_.get(fmt::format("/v1/reports/summary?{}", day), {{"Accept", "text/plain"}}).body;
  }
  double sample(const std::string& name) { return metric(desk_.get("/metrics").body, name); }

  /// The department's part, up to its answer.
  json::value sign_contact_answer(const std::string& id) {
    const auto lease = lease_one(desk_, "zjj");
    EXPECT_EQ(text(lease, "/ticket/id"), id);
    move(id, "sign", {{"receipt", text(lease, "/receipt")}});
    move(id, "contact", {{"note", "已联系"}});
    return move(id, "answer", {{"text", "已经派人修好。"}});
  }
  json::value call_back(const std::string& id, const json::object& said) {
    const auto lease = lease_one(desk_, "callback");
    EXPECT_EQ(text(lease, "/ticket/id"), id);
    json::object body = said;
    body["receipt"] = text(lease, "/receipt");
    return move(id, "callback", body);
  }

  Rig rig_{{.clock = morning}};
  Web intake_ = rig_.web();
  Web desk_ = rig_.web_as("王科长");
};

const json::object content{{"outcome", "reached"},
                           {"contacted", true},
                           {"resolved", "yes"},
                           {"satisfaction", "satisfied"},
                           {"words", "谢谢"}};
const json::object angry{{"outcome", "reached"},
                         {"contacted", true},
                         {"resolved", "no"},
                         {"satisfaction", "dissatisfied"},
                         {"words", "没有修好"}};

TEST_F(Life, TransferredTicketIsSignedAnsweredCalledBackAndCounted) {
  const auto id = post_dispatched();
  EXPECT_EQ(text(ticket(id), "/status"), "dispatched");

  const auto answered = sign_contact_answer(id);
  EXPECT_EQ(text(answered, "/status"), "callback");
  EXPECT_EQ(text(answered, "/outcome"), "answered");
  EXPECT_EQ(text(answered, "/callback/next_attempt_at"), "2021-06-01T09:30:00+08:00");
  EXPECT_EQ(list(desk_.post("/v1/queues/callback/leases", {}).json(), "/leases").size(), 0U);

  advance("2021-06-01T09:30:00+08:00");
  const auto closed = call_back(id, content);
  EXPECT_EQ(text(closed, "/status"), "closed");
  EXPECT_EQ(text(closed, "/handling"), "transferred");
  EXPECT_EQ(text(closed, "/callback/rating/satisfaction"), "satisfied");
  EXPECT_EQ(list(closed, "/allowed").size(), 0U);

  const auto total = at(report(), "/total");
  for (const auto* figure : {"received", "accepted", "transferred", "finished", "closed"}) {
    EXPECT_EQ(number(total, fmt::format("/{}", figure)), 1) << figure;
  }
  EXPECT_EQ(number(total, "/direct"), 0);
  EXPECT_EQ(number(total, "/undecided"), 0);
  EXPECT_EQ(text(total, "/rates/satisfaction_rate/percent"), "100.0");
  EXPECT_EQ(sentence(), "2021年6月1日,受理1件,其中直办0件,转办1件,回访满意率100.0%。\n");

  EXPECT_EQ(sample("hotline_tickets_received_total"), 1);
  for (const auto* name : {"intake", "sign", "contact", "answer", "callback"}) {
    EXPECT_EQ(sample(fmt::format("hotline_moves_total{{move=\"{}\"}}", name)), 1) << name;
  }
  EXPECT_EQ(sample(R"(hotline_ratings_total{level="satisfied",satisfied="true"})"), 1);
}

TEST_F(Life, ReminderFallsDueIsLeasedByAGatewayAndSent) {
  const auto id = post_dispatched();
  EXPECT_EQ(list(desk_.post("/v1/queues/notice/leases", {}).json(), "/leases").size(), 0U);
  advance("2021-06-08T09:00:00+08:00");
  Web gateway = rig_.web();
  const auto lease = lease_one(gateway, "notice");
  EXPECT_EQ(text(lease, "/ticket/id"), id);
  EXPECT_EQ(text(lease, "/notice/kind"), "reminder");
  EXPECT_EQ(text(lease, "/notice/to"), "zjj");
  EXPECT_NE(text(lease, "/notice/text").find("2021年6月8日23:59前办结"), std::string::npos);
  const auto sent =
      gateway.post("/v1/tickets/" + id + ":notified", {{"notice", number(lease, "/seq")},
                                                       {"outcome", "sent"},
                                                       {"receipt", text(lease, "/receipt")}});
  EXPECT_EQ(sent.status, 200U) << sent.body;
  EXPECT_EQ(text(sent.json(), "/notices/0/outcome"), "sent");
  EXPECT_EQ(number(desk_.get("/v1/queues/notice").json(), "/depth"), 0);
  EXPECT_EQ(sample(R"(hotline_notices_ended_total{outcome="sent"})"), 1);
#ifdef HOTLINE_WITH_ROCKSDB  // check reads a store on disk, and memory has none
  rig_.stop();
  const auto found = rig_.check_stopped();
  EXPECT_NE(found.find("nothing found"), std::string::npos) << found;
#endif
}

TEST_F(Life, StoryTellsEveryMoveOnceWithItsPersonAndVersion) {
  const auto id = post_dispatched();
  sign_contact_answer(id);
  const auto story = desk_.get("/v1/tickets/" + id + "/events").json();
  const std::vector<std::string> moves{"intake", "sign", "contact", "answer"};
  ASSERT_EQ(list(story, "/events").size(), moves.size());
  for (std::size_t i = 0; i < moves.size(); ++i) {
    EXPECT_EQ(text(story, fmt::format("/events/{}/move", i)), moves[i]);
    EXPECT_EQ(number(story, fmt::format("/events/{}/version", i)), static_cast<int>(i) + 1);
  }
  EXPECT_EQ(text(story, "/events/1/person"), "王科长");
}

TEST_F(Life, DissatisfiedCitizenSendsItBackTheSecondTimeSupervisedThenItCloses) {
  const auto id = post_dispatched();
  const std::vector<std::string> calls{"2021-06-01T10:00:00+08:00", "2021-06-01T11:00:00+08:00",
                                       "2021-06-01T12:00:00+08:00"};
  json::value after;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    sign_contact_answer(id);
    advance(calls[i]);
    after = call_back(id, angry);
    const bool last = i + 1 == calls.size();
    EXPECT_EQ(text(after, "/status"), last ? "closed" : "dispatched");
    EXPECT_EQ(number(after, "/round"), static_cast<int>(last ? i + 1 : i + 2));
    EXPECT_EQ(at(after, "/supervised").as_bool(), i >= 1);
  }
  EXPECT_EQ(list(after, "/assignments").size(), 3U);
  const auto total = at(report(), "/total");
  EXPECT_EQ(number(total, "/received"), 1);
  EXPECT_EQ(number(total, "/finished"), 1);
  EXPECT_EQ(number(total, "/redone"), 1);
  EXPECT_EQ(text(total, "/rates/satisfaction_rate/percent"), "0.0");
}

TEST_F(Life, PersonDispatchesWhatTheMachineDoubts) {
  const auto id = post_in_triage();
  const auto lease = lease_one(desk_, "triage");
  ASSERT_EQ(text(lease, "/ticket/id"), id);
  EXPECT_TRUE(at(lease, "/ticket/handling").is_null());
  const auto sent = move(id, "dispatch",
                         {{"department", "zjj"},
                          {"assist", {"cgj"}},
                          {"copy", {"gov-office"}},
                          {"receipt", text(lease, "/receipt")}});
  EXPECT_EQ(text(sent, "/status"), "dispatched");
  EXPECT_EQ(text(sent, "/handling"), "transferred");
  EXPECT_EQ(text(sent, "/routing"), R"({"lead":"zjj","assist":["cgj"],"copy":["gov-office"]})");
  for (const auto* queue : {"zjj", "cgj", "gov-office"}) {
    EXPECT_EQ(text(lease_one(desk_, queue), "/ticket/id"), id) << queue;
  }
}

TEST_F(Life, CentreAnswersDirectlyAndTheReportCountsItDirect) {
  const auto id = post_in_triage();
  EXPECT_EQ(text(move(id, "direct", {{"note", "可以答复"}}), "/status"), "direct");
  const auto lease = lease_one(desk_, "direct");
  const auto done =
      move(id, "answer", {{"text", "请带身份证。"}, {"receipt", text(lease, "/receipt")}});
  EXPECT_EQ(text(done, "/status"), "closed");
  EXPECT_EQ(text(done, "/handling"), "direct");
  EXPECT_EQ(sentence(), "2021年6月1日,受理1件,其中直办1件,转办0件,尚无回访评价。\n");
}

TEST_F(Life, EmergencyIsHandedOverAndClosesWhenAcknowledged) {
  const auto id = post({{"channel", "phone"}, {"content", "家里着火了,火势很大,快来人!"}});
  const auto taken = ticket(id);
  EXPECT_EQ(text(taken, "/handover/service"), "119");
  EXPECT_EQ(text(taken, "/urgency"), "critical");
  EXPECT_EQ(text(taken, "/handling"), "transferred");
  const auto lease = lease_one(desk_, "triage");
  const auto done =
      move(id, "acknowledge", {{"reference", "119-7"}, {"receipt", text(lease, "/receipt")}});
  EXPECT_EQ(text(done, "/status"), "closed");
  EXPECT_EQ(text(done, "/outcome"), "emergency");
  EXPECT_TRUE(has(done, "/handover/acknowledged_at"));
}

TEST_F(Life, RedirectedTicketIsAcceptedAndRejectedOneIsNot) {
  const auto told = post_in_triage();
  EXPECT_EQ(text(move(told, "redirect", {{"channel", "信访部门"}}), "/outcome"), "redirected");
  const auto refused = post_in_triage();
  EXPECT_EQ(text(move(refused, "reject", {{"reason", "骚扰"}}), "/outcome"), "rejected");
  const auto total = at(report(), "/total");
  EXPECT_EQ(number(total, "/received"), 2);
  EXPECT_EQ(number(total, "/rejected"), 1);
  EXPECT_EQ(number(total, "/accepted"), 1);
  EXPECT_EQ(number(total, "/direct"), 1);
}

TEST_F(Life, WaitingDepartmentIsWokenByAnIntake) {
  auto waiting = std::async(std::launch::async, [web = rig_.web_as("值班员")]() mutable {
    return web.post("/v1/queues/zjj/leases", {{"wait_s", 30}});
  });
  ASSERT_TRUE(
      eventually([&] { return number(desk_.get("/v1/queues/zjj").json(), "/waiters") == 1; }));
  const auto id = post_dispatched();
  const auto reply = waiting.get();
  ASSERT_EQ(reply.status, 200U) << reply.body;
  EXPECT_EQ(text(reply.json(), "/leases/0/ticket/id"), id);
  EXPECT_EQ(number(desk_.get("/v1/queues/zjj").json(), "/waiters"), 0);
}

TEST_F(Life, TicketPastItsDeadlineIsListedAsOverdueUntilItIsFinished) {
  const auto late = post_dispatched();
  EXPECT_TRUE(all_tickets(desk_, "&overdue=true").empty());
  advance("2021-06-09T09:00:00+08:00");
  const auto overdue = all_tickets(desk_, "&overdue=true");
  ASSERT_EQ(overdue.size(), 1U);
  EXPECT_EQ(text(overdue[0], "/id"), late);
  EXPECT_EQ(number(desk_.get("/v1/queues/zjj").json(), "/overdue"), 1);
  sign_contact_answer(late);
  EXPECT_TRUE(all_tickets(desk_, "&overdue=true").empty());
  // Due on the 8th, answered on the 9th.
  const auto closed_by = [this](const char* to) {
    const auto target = fmt::format("/v1/reports/summary?from=2021-06-08&to={}", to);
    const auto rates = at(desk_.get(target).json(), "/total/rates");
    EXPECT_EQ(text(rates, "/answer_in_time_rate/percent"), "0.0");
    return text(rates, "/closing_rate/percent");
  };
  EXPECT_EQ(closed_by("2021-06-09"), "0.0");
  EXPECT_EQ(closed_by("2021-06-10"), "100.0");
}

TEST_F(Life, HalfYearPrintsInTheWordsOfItsReport) {
  post({{"channel", "phone"},
        {"content", "请问医保卡怎么补办?"},
        {"handling", "direct"},
        {"answer", "请到窗口。"}});
  const auto reply =
      desk_.get("/v1/reports/summary?from=2021-01-01&to=2021-07-01", {{"Accept", "text/plain"}});
  EXPECT_EQ(reply.body, "2021年上半年,受理1件,其中直办1件,转办0件,尚无回访评价。\n");
}

TEST_F(Life, RepeatedIntakeAnswersTheFirstTicketAlsoWhenItsBodyDiffers) {
  json::object body{
      {"channel", "phone"}, {"content", "路灯不亮"}, {"source", "cc"}, {"source_id", "1"}};
  const auto first = intake_.post("/v1/tickets", body);
  ASSERT_EQ(first.status, 201U);
  const auto again = intake_.post("/v1/tickets", body);
  EXPECT_EQ(again.status, 200U);
  EXPECT_EQ(again.header("Idempotency-Replayed"), "true");
  EXPECT_EQ(again.json(), first.json());
  body["content"] = "另一件事";
  const auto other = intake_.post("/v1/tickets", body);
  EXPECT_EQ(other.status, 200U);
  EXPECT_EQ(text(other.json(), "/id"), text(first.json(), "/id"));
  EXPECT_EQ(text(other.json(), "/warnings/0/code"), "repeat_differs");
  EXPECT_EQ(number(report(), "/total/received"), 1);
}

}  // namespace
}  // namespace hotline::test

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/clocks.hpp"
#include "domain/entries.hpp"
#include "domain/rules.hpp"

// 退单、异议、仲裁: a department gives a ticket back, the centre rules, the second dispute is the
// last.

namespace hotline {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Time morning = *parse_rfc3339("2021-06-01T09:00:00+08:00");

/// A ticket that was dispatched to ZJ in the morning, and the people around it.
class Returns : public testing::Test {
 protected:
  Returns() {
    Intake intake;
    intake.channel = "phone";
    intake.personal.content = "路灯不亮";
    intake.classification.edit().lead = "ZJ";
    intake.classification.edit().handling = Handling::transferred;
    intake.classification.edit().confidence = 0.95;
    EXPECT_TRUE(move(intake));
  }

  Result<void> move(const Move& one, bool supervisor = false) {
    const Actor actor{"test", "张三", nullptr, supervisor};
    const Context context{now, make_ticket_id(local_day(now, china_offset), 0, 1), policy};
    const Ticket* before = ticket.version == 0 ? nullptr : &ticket;
    const auto events = decide(before, one, actor, context);
    if (!events) return tl::make_unexpected(events.error());
    ticket = evolve(std::move(ticket),
                    {ticket.version + 1, now, "test", "张三", std::string(name(one)), *events});
    return {};
  }
  std::string refusal(const Move& one, bool supervisor = false) {
    const auto done = move(one, supervisor);
    return done ? "" : done.error().detail;
  }
  std::vector<std::string> queues() const {
    std::vector<std::string> names;
    for (const auto& entry : entries(&ticket, china_offset).queue) names.push_back(entry.queue);
    return names;
  }
  /// ZJ's return was granted and CG leads; the next return is the second dispute.
  void bounce_once() {
    ASSERT_TRUE(move(give_back));
    ASSERT_TRUE(move(Rule{true, "CG", ""}));
  }

  const Return give_back{"", ReturnReason::not_competent, "CG", "条例第六条"};
  Policy policy;
  Time now = morning;
  Ticket ticket;
};

TEST_F(Returns, AReturnWaitsForItsRulingAndIsInNobodysHands) {
  ASSERT_TRUE(move(give_back));
  EXPECT_EQ(ticket.status, Status::return_review);
  EXPECT_EQ(ticket.objection->suggested, "CG");
  EXPECT_THAT(queues(), ElementsAre("returns"));
  for (const Move& one :
       std::vector<Move>{Sign{}, Answer{}, Contact{}, Dispatch{"GA", {}, {}, {}, {}}, give_back}) {
    EXPECT_THAT(refusal(one), HasSubstr("rule")) << name(one);
  }
}

TEST_F(Returns, TheDepartmentsClockRunsOnMeanwhile) {
  const Time resolve = ticket.lead()->resolve_deadline;
  ASSERT_TRUE(move(give_back));
  now += hours{3};
  ASSERT_TRUE(move(Rule{}));
  EXPECT_EQ(ticket.lead()->resolve_deadline, resolve);
}

TEST_F(Returns, DeniedItStaysWhereItWas) {
  for (const bool signed_before : {false, true}) {
    if (signed_before) {
      ASSERT_TRUE(move(Sign{}));
    }
    const Status before = ticket.status;
    ticket.disputes = 0;
    ASSERT_TRUE(move(give_back));
    ASSERT_TRUE(move(Rule{false, "", "属你单位职责"}));
    EXPECT_EQ(ticket.status, before);
    EXPECT_EQ(ticket.lead()->department, "ZJ");
    EXPECT_EQ(ticket.bounces, 0U);
  }
}

TEST_F(Returns, GrantedItGoesToTheNamedDepartmentOrBackToTriage) {
  struct Case {
    const char* department;
    Status status;
    const char* queue;
  };
  const Ticket dispatched = ticket;
  for (const auto& [department, status, queue] :
       {Case{"CG", Status::dispatched, "CG"}, Case{"", Status::triage, "triage"}}) {
    ticket = dispatched;
    ASSERT_TRUE(move(give_back));
    ASSERT_TRUE(move(Rule{true, department, ""}));
    EXPECT_EQ(ticket.status, status);
    EXPECT_THAT(queues(), ElementsAre(queue));
    EXPECT_EQ(ticket.assignment(1)->ending, Ending::returned);
    EXPECT_EQ(ticket.bounces, 1U);
  }
}

TEST_F(Returns, TheWindowEnds) {
  now = morning + policy.return_window;
  const Ticket dispatched = ticket;
  EXPECT_TRUE(move(give_back)) << "to the last moment";
  ticket = dispatched;
  now += Duration{1};
  EXPECT_THAT(refusal(give_back), HasSubstr("the window ended at 2021-06-02T09:00:00+08:00"));
}

TEST_F(Returns, TheSecondDisputeIsForASupervisorAndTheLast) {
  bounce_once();
  ASSERT_TRUE(move(Return{"", ReturnReason::not_competent, "ZJ", "不属本单位"}));
  EXPECT_TRUE(ticket.objection->arbitration);
  EXPECT_THAT(refusal(Rule{false, "", ""}), HasSubstr("a supervisor rules"));
  EXPECT_THAT(refusal(Rule{true, "", ""}, true), HasSubstr("names the department"));
  ASSERT_TRUE(move(Rule{true, "GA", ""}, true));
  EXPECT_TRUE(ticket.designated);
  EXPECT_EQ(ticket.lead()->department, "GA");
  EXPECT_THAT(refusal(give_back), HasSubstr("an arbitration designated GA"));
  const auto allowed = allowed_moves(ticket);
  EXPECT_EQ(std::ranges::find(allowed, "return"), allowed.end());
}

TEST_F(Returns, AnArbitrationMayLeaveItWhereItIs) {
  bounce_once();
  ASSERT_TRUE(move(Return{"", ReturnReason::other_area, "ZJ", "不属本辖区"}));
  ASSERT_TRUE(move(Rule{}, true));
  EXPECT_TRUE(ticket.designated);
  EXPECT_EQ(ticket.lead()->department, "CG");
}

TEST_F(Returns, ARulingMakesSense) {
  ASSERT_TRUE(move(give_back));
  EXPECT_THAT(refusal(Rule{false, "CG", ""}), HasSubstr("granted"));
  EXPECT_THAT(refusal(Rule{true, "ZJ", ""}), HasSubstr("this department returned it"));
}

TEST_F(Returns, OneReturnsToAnother) {
  EXPECT_THAT(refusal(Return{"", ReturnReason::not_competent, "ZJ", "x"}),
              HasSubstr("another department"));
}

TEST_F(Returns, WhatWasAnsweredOnceIsNotReturned) {
  ticket.round = 2;
  EXPECT_THAT(refusal(give_back), HasSubstr("redo"));
}

TEST_F(Returns, AnAssistingDepartmentKeepsItsPartAndDoesNotReturn) {
  ASSERT_TRUE(move(Dispatch{"CG", {"GA"}, {}, {}, {}}));
  EXPECT_NE(refusal(Return{"GA", ReturnReason::not_competent, "ZJ", "x"}), "");
  ASSERT_TRUE(move(Return{"CG", ReturnReason::not_competent, "ZJ", "x"}));
  EXPECT_TRUE(move(Sign{"GA"})) << "meanwhile the others work";
  ASSERT_TRUE(move(Rule{true, "ZJ", ""}));
  EXPECT_FALSE(ticket.assignment(3)->ending) << "the assisting part stays";
}

TEST_F(Returns, TheReviewHasAClockOfItsOwn) {
  ASSERT_TRUE(move(give_back));
  now += policy.return_review;
  ASSERT_TRUE(move(Tick{}));
  EXPECT_EQ(ticket.passed, 1U << static_cast<unsigned>(Deadline::return_review));
  ASSERT_TRUE(move(Rule{}));
  ASSERT_TRUE(move(give_back));
  EXPECT_EQ(ticket.passed, 0U) << "a new return has the whole time";
}

TEST_F(Returns, ADepartmentThatGoesTakesItsReturnWithIt) {
  ASSERT_TRUE(move(give_back));
  ASSERT_TRUE(move(Recall{"ZJ"}));
  EXPECT_EQ(ticket.status, Status::triage);
  EXPECT_FALSE(ticket.objection);
}

}  // namespace
}  // namespace hotline

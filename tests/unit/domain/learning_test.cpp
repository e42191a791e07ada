#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/agreement.hpp"
#include "domain/decide.hpp"
#include "domain/labels.hpp"

// What persons' decisions say about a model, and to it.

namespace hotline {
namespace {

const Time morning = *parse_rfc3339("2021-06-01T09:00:00+08:00");

/// A ticket for which a model proposed category C1 and lead ZJ.
class Learning : public testing::Test {
 protected:
  void take_in(double confidence, std::vector<Warning> warnings = {}) {
    Intake intake;
    intake.channel = "phone";
    intake.warnings = std::move(warnings);
    Classification& found = intake.classification.edit();
    found.category = "C1";
    found.lead = "ZJ";
    found.handling = Handling::transferred;
    found.confidence = confidence;
    found.automatic_from = 0.9;
    move(intake);
  }
  /// What the move says about the model.
  std::optional<Agreement> move(const Move& one, bool supervisor = false) {
    now += std::chrono::minutes{1};
    const Actor actor{"test", "张三", nullptr, supervisor};
    const Context context{now, make_ticket_id(local_day(now, china_offset), 0, 1), policy};
    const Ticket before = ticket;
    auto events = decide(story.empty() ? nullptr : &before, one, actor, context);
    EXPECT_TRUE(events) << (events ? "" : events.error().detail);
    if (!events) return std::nullopt;
    story.push_back({before.version + 1, now, "test", "张三", std::string(name(one)), *events});
    ticket = evolve(before, story.back());
    return story.size() == 1 ? std::nullopt : agreement(before, ticket);
  }
  std::string label(const std::optional<Label>& one) const {
    return one ? one->value + " by " + one->by : "";
  }
  Labels labels() const { return labels_of(story); }

  static Dispatch to(std::string department, std::string category = {}) {
    return {std::move(department), {}, {}, std::move(category), {}};
  }
  const Return give_back{"", ReturnReason::not_competent, "CG", "条例第六条"};
  Policy policy;
  Time now = morning;
  Ticket ticket;
  std::vector<Change> story;
};

TEST_F(Learning, TheModelsThresholdDecidesWhereTheModelHadAPart) {
  take_in(0.89);  // above the policy's 0.75
  EXPECT_EQ(ticket.status, Status::triage);
  story.clear();
  take_in(0.91);
  EXPECT_EQ(ticket.status, Status::dispatched);
  story.clear();
  policy.auto_dispatch_confidence = 1;
  take_in(0.91);
  EXPECT_EQ(ticket.status, Status::dispatched);
}

TEST_F(Learning, ADispatchAsProposedConfirms) {
  take_in(0.5);
  EXPECT_EQ(move(to("ZJ")), Agreement::confirmed);
  EXPECT_EQ(move(Sign{}), std::nullopt);
  EXPECT_EQ(move(Answer{"", "修好了"}), std::nullopt) << "counted once";
  EXPECT_EQ(label(labels().department), "ZJ by dispatch");
  EXPECT_EQ(label(labels().category), "C1 by dispatch");
}

TEST_F(Learning, ADispatchToAnotherOverrulesOnce) {
  take_in(0.5);
  EXPECT_EQ(move(to("CG")), Agreement::department_changed);
  EXPECT_EQ(move(to("GA")), std::nullopt) << "left already";
  EXPECT_EQ(label(labels().department), "GA by dispatch");
}

TEST_F(Learning, AnotherCategoryOverrules) {
  take_in(0.95);
  Amend amend;
  amend.category = "C2";
  amend.type = TicketType::complaint;
  EXPECT_EQ(move(amend), Agreement::category_changed);
  EXPECT_EQ(label(labels().category), "C2 by amend");
  EXPECT_EQ(label(labels().type), "complaint by amend");
  EXPECT_EQ(label(labels().department), "");
}

TEST_F(Learning, WhatTheMachineSentStandsWhenItIsAnswered) {
  take_in(0.95);
  EXPECT_EQ(labels().at(), std::nullopt) << "a model does not learn from itself";
  EXPECT_EQ(move(Sign{}), std::nullopt);
  EXPECT_EQ(move(Answer{"", "修好了"}), Agreement::stood);
}

TEST_F(Learning, AGrantedReturnOverrulesAndTakesTheLabelBack) {
  take_in(0.5);
  move(to("ZJ"));
  EXPECT_EQ(move(give_back), std::nullopt);
  EXPECT_EQ(label(labels().department), "ZJ by dispatch");
  EXPECT_EQ(move(Rule{true, "", ""}), std::nullopt) << "nobody has said who leads";
  EXPECT_EQ(label(labels().department), "");
  EXPECT_EQ(move(to("CG")), Agreement::department_changed);
  EXPECT_EQ(label(labels().department), "CG by dispatch");
}

TEST_F(Learning, ARulingNamesTheDepartment) {
  take_in(0.95);
  move(give_back);
  EXPECT_EQ(move(Rule{true, "CG", ""}), Agreement::department_changed);
  EXPECT_EQ(label(labels().department), "CG by rule");
  EXPECT_EQ(labels().at(), now);
}

TEST_F(Learning, ADeniedReturnSaysThatTheMachineWasRight) {
  take_in(0.95);
  move(give_back);
  EXPECT_EQ(move(Rule{false, "", ""}), std::nullopt);
  EXPECT_EQ(label(labels().department), "ZJ by rule");
}

TEST_F(Learning, WithoutAModelNothingIsSaid) {
  take_in(0.5);
  ticket.classification.edit().automatic_from.reset();
  EXPECT_EQ(move(to("CG")), std::nullopt);
}

}  // namespace
}  // namespace hotline

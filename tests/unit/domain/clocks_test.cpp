#include "domain/clocks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/notices.hpp"
#include "domain/rules.hpp"
#include "support/deadline_rules.hpp"
#include "support/notices.hpp"

// 暂停、延期、红黄灯、督办升级 and changed rules, as a ticket meets them.

namespace hotline {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Time at(std::string_view text) { return *parse_rfc3339(std::string(text) + "+08:00"); }
std::string show(std::optional<Time> time) {
  return time ? format_rfc3339(*time, china_offset).substr(0, 19) : "never";
}

const Calendar published(test::notices_of_2023_and_2026(), {});

/// A ticket that was dispatched to ZJ on Wed 4 March 2026 with 5 working days: to Wed 11.
class ClocksTest : public testing::Test {
 protected:
  ClocksTest() {
    set_rules({{Limit::resolve, {}, {5, TimeUnit::working_days}}});
    Intake intake;
    intake.channel = "phone";
    intake.personal.caller.phone = "13800000000";
    intake.classification.edit().lead = "ZJ";
    intake.classification.edit().handling = Handling::transferred;
    intake.classification.edit().confidence = 0.95;
    EXPECT_TRUE(move(intake));
  }

  void set_rules(const std::vector<DeadlineRule>& rules) {
    policy.deadlines = test::deadlines_with(rules, published);
  }

  Result<void> move(const Move& one) {
    const Context context{now, make_ticket_id(local_day(now, china_offset), 0, 1), policy};
    const Ticket* before = ticket.version == 0 ? nullptr : &ticket;
    const auto events = decide(before, one, {"test", "张三", nullptr}, context);
    if (!events) return tl::make_unexpected(events.error());
    for (const auto& event : *events) happened.emplace_back(name(event));
    ticket = evolve(std::move(ticket),
                    {ticket.version + 1, now, "test", "张三", std::string(name(one)), *events});
    return {};
  }
  std::string refusal(const Move& one) {
    const auto done = move(one);
    return done ? "" : done.error().detail;
  }
  const Assignment& lead() const { return ticket.assignments.front(); }
  /// What `running_clocks` still has, earliest first.
  std::vector<std::string> running() const {
    std::vector<std::string> out;
    for (const auto& clock : running_clocks(ticket)) out.emplace_back(name(clock.deadline));
    return out;
  }

  Policy policy;
  Time now = at("2026-03-04T10:00:00");
  Ticket ticket;
  std::vector<std::string> happened;
};

TEST_F(ClocksTest, AllRunFromDispatchWhateverIsSigned) {
  const DueTimes dispatched = lead().due();
  EXPECT_EQ(show(dispatched.sign), "2026-03-05T10:00:00");
  EXPECT_EQ(show(dispatched.contact), "2026-03-05T10:00:00");
  EXPECT_EQ(show(dispatched.resolve), "2026-03-11T23:59:59");
  EXPECT_THAT(running(), ElementsAre("sign", "contact", "resolve_reminder", "resolve",
                                     "overdue_notice", "supervision"));
  now = at("2026-03-06T09:00:00");
  ASSERT_TRUE(move(Sign{}));
  EXPECT_EQ(lead().due(), dispatched);
}

TEST_F(ClocksTest, StandWhilePausedAndMoveByWhatTheyStood) {
  ASSERT_TRUE(move(Sign{}));
  now = at("2026-03-05T10:00:00");
  ASSERT_TRUE(move(PauseClocks{"", "送检"}));
  EXPECT_THAT(running(), IsEmpty());
  EXPECT_EQ(show(lead().resolve_deadline), "2026-03-11T23:59:59") << "until it goes on";
  EXPECT_THAT(allowed_moves(ticket), Contains("resume"));
  EXPECT_THAT(allowed_moves(ticket), Not(Contains("pause")));
  EXPECT_THAT(refusal(PauseClocks{"", "再送检"}), HasSubstr("pause is not possible now"));
  now = at("2026-03-13T15:00:00");  // past the old deadline: nothing fired
  ASSERT_TRUE(move(ResumeClocks{"", "报告已出"}));
  // Thu 5 to Fri 13: six working days stood (6, 9-13). From Wed 11: 12, 13, 16-19.
  EXPECT_EQ(show(lead().resolve_deadline), "2026-03-19T23:59:59");
  EXPECT_EQ(show(lead().contact_deadline), "2026-03-13T15:00:00") << "eight days and five hours";
  EXPECT_EQ(show(lead().sign_deadline), "2026-03-05T10:00:00") << "it was signed before";
  EXPECT_THAT(happened, Contains("deadlines_moved"));
  EXPECT_THAT(running(), Contains("resolve"));
  EXPECT_THAT(refusal(ResumeClocks{"", ""}), HasSubstr("resume is not possible now"));
}

TEST_F(ClocksTest, AnAnswerGoesOnByItself) {
  ASSERT_TRUE(move(Sign{}));
  now = at("2026-03-05T10:00:00");
  ASSERT_TRUE(move(PauseClocks{"", "送检"}));
  now = at("2026-03-13T15:00:00");
  happened.clear();
  ASSERT_TRUE(move(Answer{"", "已修复"}));
  EXPECT_EQ(happened.front(), "resumed");
  EXPECT_EQ(show(lead().resolve_deadline), "2026-03-19T23:59:59");
  EXPECT_LE(*lead().answered_at, lead().resolve_deadline) << "in time";
}

TEST_F(ClocksTest, AreNotPausedBeforeSigningNorWithoutEnd) {
  EXPECT_THAT(refusal(PauseClocks{"", "送检"}), HasSubstr("pause is not possible now"));
  ASSERT_TRUE(move(Sign{}));
  for (std::size_t turn = 0; turn < pauses_max; ++turn) {
    ASSERT_TRUE(move(PauseClocks{"", "送检"}));
    now += std::chrono::hours{1};
    ASSERT_TRUE(move(ResumeClocks{"", "报告已出"}));
  }
  EXPECT_THAT(refusal(PauseClocks{"", "送检"}), HasSubstr("at most 16 times"));
}

TEST_F(ClocksTest, AnExtensionIsAskedForAndGranted) {
  ASSERT_TRUE(move(Sign{}));
  now = at("2026-03-11T23:59:59");  // the last moment
  ASSERT_TRUE(move(RequestExtension{"", 4, "需协调"}));
  EXPECT_EQ(show(lead().resolve_deadline), "2026-03-11T23:59:59") << "the clock runs on";
  EXPECT_THAT(allowed_moves(ticket), Contains("rule-extension"));
  EXPECT_THAT(refusal(RequestExtension{"", 4, "再次"}), HasSubstr("not possible now"));
  now = at("2026-03-12T09:30:00");
  ASSERT_TRUE(move(Tick{}));
  EXPECT_THAT(happened, Contains("deadline_passed"));
  EXPECT_THAT(refusal(RuleExtension{"", true, 5, ""}), HasSubstr("1 to 4"));
  ASSERT_TRUE(move(RuleExtension{"", true, {}, "同意"}));
  // Thu 12, Fri 13, Mon 16, Tue 17.
  EXPECT_EQ(show(lead().resolve_deadline), "2026-03-17T23:59:59");
  EXPECT_EQ(lead().extensions, 1U);
  EXPECT_THAT(running(), Contains("resolve")) << "what lies ahead again fires again";
  ASSERT_FALSE(ticket.notices.empty());
  EXPECT_EQ(ticket.notices.back().kind, NoticeKind::extended) << "the citizen is told";
  EXPECT_EQ(ticket.notices.back().assignment, 0);
  EXPECT_THAT(refusal(RequestExtension{"", 4, "再次"}), HasSubstr("extended 1 times already"));
}

TEST_F(ClocksTest, AnExtensionIsRefused) {
  ASSERT_TRUE(move(Sign{}));
  EXPECT_THAT(refusal(RuleExtension{"", true, {}, ""}), HasSubstr("not possible now"));
  ASSERT_TRUE(move(RequestExtension{"", {}, "需协调"}));
  EXPECT_EQ(lead().extension_asked->days, 5U) << "as many as the rules allow";
  EXPECT_THAT(refusal(RuleExtension{"", false, 3, "理由不足"}), HasSubstr("granted extension"));
  const DueTimes before = lead().due();
  ASSERT_TRUE(move(RuleExtension{"", false, {}, "理由不足"}));
  EXPECT_EQ(lead().due(), before);
  EXPECT_FALSE(lead().extension_asked);
  EXPECT_TRUE(move(RequestExtension{"", 2, "新情况"})) << "a refusal uses none up";
}

TEST_F(ClocksTest, AnExtensionIsNotAskedForTooLateNorTooLong) {
  ASSERT_TRUE(move(Sign{}));
  EXPECT_THAT(refusal(RequestExtension{"", 6, "需协调"}), HasSubstr("1 to 5 working days"));
  now = at("2026-03-12T00:00:00");
  EXPECT_THAT(refusal(RequestExtension{"", 5, "需协调"}), HasSubstr("asked for before that"));
  set_rules({{Limit::extension, {}, {0, TimeUnit::working_days}}});
  now = at("2026-03-05T00:00:00");
  EXPECT_THAT(refusal(RequestExtension{"", 5, "需协调"}), HasSubstr("allow no extension"));
}

TEST_F(ClocksTest, LightsFollowTheClocks) {
  const auto light = [&](std::string_view when) { return light_of(ticket, at(when)); };
  EXPECT_EQ(light("2026-03-05T10:00:00"), Light::green);
  EXPECT_EQ(light("2026-03-05T10:00:01"), Light::red) << "not signed in time";
  now = at("2026-03-05T09:00:00");
  ASSERT_TRUE(move(Sign{}));
  ASSERT_TRUE(move(Contact{"", ""}));
  EXPECT_EQ(light("2026-03-10T23:59:58"), Light::green);
  EXPECT_EQ(light("2026-03-10T23:59:59"), Light::yellow) << "from the reminder on";
  EXPECT_EQ(light("2026-03-11T23:59:59"), Light::yellow);
  EXPECT_EQ(light("2026-03-12T00:00:00"), Light::red);
  now = at("2026-03-06T09:00:00");
  ASSERT_TRUE(move(PauseClocks{"", "送检"}));
  EXPECT_EQ(light("2026-03-12T00:00:00"), Light::green) << "as when the clock stopped";
}

TEST_F(ClocksTest, TimersFireOnceAndInOrder) {
  now = at("2026-03-31T00:00:00");  // the daemon was down for weeks
  ASSERT_TRUE(move(Tick{}));
  std::vector<std::string> fired;
  // Received, dispatched; then the six, and the notices that go with two of them.
  EXPECT_THAT(
      std::vector<std::string>(happened.begin() + 2, happened.end()),
      ElementsAre("deadline_passed", "deadline_passed", "deadline_passed", "notice_posted",
                  "deadline_passed", "deadline_passed", "notice_posted", "deadline_passed"));
  EXPECT_TRUE(ticket.supervised) << "督办升级";
  EXPECT_THAT(running(), IsEmpty());
}

TEST_F(ClocksTest, AnotherCalendarMovesWhatIsOpen) {
  EXPECT_THAT(refusal(Recompute{}), HasSubstr("stand as they are"));
  auto days = test::notices_of_2023_and_2026();
  days.push_back({*parse_day("2026-03-06"), true});  // an extra day off
  policy.deadlines =
      test::deadlines_with({{Limit::resolve, {}, {5, TimeUnit::working_days}}}, Calendar(days, {}));
  happened.clear();
  ASSERT_TRUE(move(Recompute{}));
  EXPECT_THAT(happened, ElementsAre("deadlines_moved"));
  EXPECT_EQ(show(lead().resolve_deadline), "2026-03-12T23:59:59");
  EXPECT_FALSE(move(Recompute{}));
}

TEST_F(ClocksTest, AnAmendedTicketKeepsTheLimitsThatRun) {
  const DueTimes before = lead().due();
  Amend amend;
  amend.urgency = Urgency::critical;
  ASSERT_TRUE(move(amend));
  EXPECT_FALSE(move(Recompute{}));
  EXPECT_EQ(lead().due(), before);
}

}  // namespace
}  // namespace hotline

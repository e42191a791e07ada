#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/entries.hpp"
#include "domain/rules.hpp"
#include "support/deadline_rules.hpp"

namespace hotline {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Time morning = *parse_rfc3339("2021-06-01T10:00:00+08:00");
const TicketId id = make_ticket_id(local_day(morning, china_offset), 0, 1);
constexpr NoticePolicy all{true, true, true, true, true};

class Notices : public testing::Test {
 protected:
  Notices() {
    policy.deadlines = test::deadlines_with({{Limit::resolve, {}, {7 * 24, TimeUnit::hours}}});
  }

  Result<void> move(const Move& move) {
    const Ticket* before = ticket.version == 0 ? nullptr : &ticket;
    auto events = decide(before, move, {"test", "", nullptr}, {now, id, policy});
    if (!events) return tl::make_unexpected(events.error());
    const Change change{ticket.version + 1, now, "test", "", std::string(name(move)),
                        std::move(*events)};
    ticket = evolve(std::move(ticket), change);
    story.push_back(change);
    EXPECT_EQ(replay(story), ticket);
    return {};
  }

  void take_in(const std::string& phone = "13800000000", bool answered = false) {
    Intake intake;
    intake.channel = "phone";
    intake.personal.caller.phone = phone;
    intake.classification.edit().lead = "ZJ";
    intake.classification.edit().handling = Handling::transferred;
    intake.classification.edit().confidence = 0.95;
    if (answered) intake.answer = "已答复";
    ASSERT_TRUE(move(intake));
  }

  void tick_after(Duration time) {
    now += time;
    ASSERT_TRUE(move(Tick{}));
  }

  /// The kinds of all that were posted.
  std::vector<NoticeKind> posted() const {
    std::vector<NoticeKind> kinds;
    for (const auto& notice : ticket.notices) kinds.push_back(notice.kind);
    return kinds;
  }
  /// The numbers of those that wait to be sent.
  std::vector<std::uint16_t> waiting() const {
    std::vector<std::uint16_t> numbers;
    for (const auto& entry : entries(&ticket, china_offset).queue) {
      if (entry.queue == notice_queue) numbers.push_back(entry.seq);
    }
    return numbers;
  }

  Policy policy;
  Ticket ticket;
  std::vector<Change> story;
  Time now = morning;
};

TEST_F(Notices, RemindADepartmentAndTellItThatItsTimeIsOver) {
  take_in();
  tick_after(hours{24 * 6});
  EXPECT_THAT(posted(), ElementsAre(NoticeKind::reminder));
  EXPECT_THAT(waiting(), ElementsAre(1001));
  EXPECT_EQ(ticket.notices[0].assignment, 1);
  EXPECT_EQ(ticket.notices[0].posted_at, now);
  tick_after(hours{24});
  EXPECT_THAT(posted(), ElementsAre(NoticeKind::reminder));
  EXPECT_THAT(waiting(), IsEmpty()) << "a reminder is too late then";
  tick_after(hours{23});  // the next day, when the office opens
  EXPECT_THAT(posted(), ElementsAre(NoticeKind::reminder, NoticeKind::overdue));
  EXPECT_THAT(waiting(), ElementsAre(1002));
}

TEST_F(Notices, WaitToBeSentWithinAnHourInTheOrderTheyCame) {
  take_in();
  tick_after(hours{24 * 6});
  const auto queue = entries(&ticket, china_offset).queue;
  const auto entry = std::ranges::find(queue, notice_queue, &QueueEntry::queue);
  ASSERT_NE(entry, queue.end());
  EXPECT_EQ(entry->order, now + hours{1});
  EXPECT_EQ(entry->since, now);
}

TEST_F(Notices, OfADepartmentEndWithItsTask) {
  take_in();
  tick_after(hours{24 * 6});
  ASSERT_TRUE(move(Dispatch{"CG", {}, {}, "", ""}));
  EXPECT_THAT(waiting(), IsEmpty());
  EXPECT_TRUE(move(Notified{1001, NoticeOutcome::sent, ""})) << "it was sent all the same";
}

struct Case {
  const char* what;
  NoticePolicy policy;
  const char* phone;
  bool on_the_spot;
  std::vector<NoticeKind> posted;
};

TEST_F(Notices, ToCitizensAreWhatPolicyAndNumberAllow) {
  const std::vector<Case> table{
      {"off at first", {}, "13800000000", false, {}},
      {"both", all, "13800000000", false, {NoticeKind::received, NoticeKind::answered}},
      {"no number", all, "", false, {}},
      {"answered on the spot", all, "13800000000", true, {}},
      {"received alone", {.received = true}, "13800000000", false, {NoticeKind::received}},
  };
  for (const Case& one : table) {
    SCOPED_TRACE(one.what);
    ticket = {};
    story.clear();
    policy.notice = one.policy;
    policy.callback.transferred = false;
    take_in(one.phone, one.on_the_spot);
    if (!one.on_the_spot) {
      ASSERT_TRUE(move(Sign{}));
      ASSERT_TRUE(move(Answer{"", "已修复"}));
    }
    EXPECT_EQ(ticket.status, Status::closed);
    EXPECT_EQ(posted(), one.posted);
    EXPECT_EQ(waiting().size(), one.posted.size()) << "a closed ticket's as well";
  }
}

TEST_F(Notices, SayNothingWhereACallBackFollows) {
  policy.notice = all;
  take_in();
  ASSERT_TRUE(move(Sign{}));
  ASSERT_TRUE(move(Answer{"", "已修复"}));
  EXPECT_EQ(ticket.status, Status::callback);
  EXPECT_THAT(posted(), ElementsAre(NoticeKind::received));
}

TEST_F(Notices, EndByWhatTheGatewaySays) {
  for (const auto& term : notice_outcome_terms) {
    ticket = {};
    story.clear();
    now = morning;
    take_in();
    tick_after(hours{24 * 6});
    ASSERT_TRUE(move(Notified{1001, term.value, ""}));
    EXPECT_EQ(ticket.notices[0].outcome, term.value);
    EXPECT_EQ(ticket.notices[0].ended_at, now);
    EXPECT_THAT(waiting(), IsEmpty());
    const auto again = move(Notified{1001, NoticeOutcome::sent, ""});
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::wrong_state);
    EXPECT_THAT(again.error().detail, HasSubstr(std::string(term.name)));
  }
}

TEST_F(Notices, AreRefusedByANumberThatNoneHas) {
  take_in();
  for (const unsigned number : {0U, 1U, 1000U, 1001U, 65'535U}) {
    const auto refused =
        move(Notified{static_cast<std::uint16_t>(number), NoticeOutcome::sent, ""});
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().detail, HasSubstr("no notice"));
  }
}

TEST_F(Notices, BeyondTheBoundAreLeftOutAndTheMoveGoesOn) {
  policy.notice = all;
  policy.deadlines = test::deadlines_with(
      {{Limit::resolve, {}, {48, TimeUnit::hours}}, {Limit::notice, {}, {1, TimeUnit::hours}}});
  take_in();
  for (int turn = 0; turn < 60; ++turn) {
    tick_after(hours{49});
    ASSERT_TRUE(move(Dispatch{turn % 2 == 0 ? "CG" : "ZJ", {}, {}, "", ""}));
  }
  EXPECT_EQ(ticket.notices.size(), notices_max);
  EXPECT_EQ(ticket.assignments.size(), 61U);
}

TEST_F(Notices, KeepTheGatewaysNote) {
  take_in();
  const auto kept = remember(nullptr, Notified{1001, NoticeOutcome::unreachable, "欠费停机"},
                             {"sms", "", nullptr}, ticket, now);
  ASSERT_TRUE(kept && *kept);
  EXPECT_EQ((*kept)->remarks.at(0).text, "欠费停机");
  EXPECT_EQ((*kept)->remarks.at(0).kind, "note");
}

}  // namespace
}  // namespace hotline

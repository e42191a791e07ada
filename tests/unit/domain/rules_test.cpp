#include "domain/rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/entries.hpp"
#include "support/play.hpp"

namespace hotline {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using test::confident;
using test::Play;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Time morning = test::a_morning();
const TicketId id = make_ticket_id(local_day(morning, china_offset), 0, 1);

CallbackAttempt reached(Satisfaction level, Resolved resolved = Resolved::yes) {
  return {CallbackOutcome::reached, true, resolved, level, ""};
}

std::vector<std::string> queues_of(const Ticket& ticket) {
  std::vector<std::string> names;
  for (const auto& entry : entries(&ticket, china_offset).queue) names.push_back(entry.queue);
  return names;
}

TEST(Intake, AConfidentTransferGoesToItsDepartmentQueue) {
  Play play;
  ASSERT_TRUE(play.move(confident("ZJ")));
  EXPECT_EQ(play.ticket.status, Status::dispatched);
  EXPECT_EQ(play.ticket.handling, Handling::transferred);
  EXPECT_EQ(play.ticket.version, 1U);
  EXPECT_THAT(queues_of(play.ticket), ElementsAre("ZJ"));
}

struct Placement {
  const char* what;
  std::function<void(Intake&)> change;
  Status status;
  std::optional<Handling> handling;
};

TEST(Intake, PlacesEveryKindOfTicket) {
  const std::vector<Placement> table{
      {"unsure", [](Intake& m) { m.classification.edit().confidence = 0.5; }, Status::triage, {}},
      {"a warning",
       [](Intake& m) {
         m.warnings.push_back({"unknown_region", "/region", ""});
       },
       Status::triage,
       {}},
      {"sure of the category, no department",
       [](Intake& m) { m.classification.edit().lead.clear(); },
       Status::triage,
       {}},
      {"belongs elsewhere",
       [](Intake& m) { m.classification.edit().channel_to_tell = "法院"; },
       Status::triage,
       {}},
      {"emergency", [](Intake& m) { m.classification.edit().emergency = "119"; }, Status::triage,
       Handling::transferred},
      {"direct by the catalogue",
       [](Intake& m) { m.classification.edit().handling = Handling::direct; }, Status::direct,
       Handling::direct},
      {"direct by the catalogue, unsure",
       [](Intake& m) {
         m.classification.edit().handling = Handling::direct;
         m.classification.edit().confidence = 0.1;
       },
       Status::triage,
       {}},
      {"direct by the operator, unsure",
       [](Intake& m) {
         m.handling = Handling::direct;
         m.classification.edit().confidence = 0.1;
       },
       Status::direct, Handling::direct},
      {"answered at once", [](Intake& m) { m.answer = "请拨打电话"; }, Status::closed,
       Handling::direct},
      {"answered at once in spite of warnings",
       [](Intake& m) {
         m.answer = "请拨打电话";
         m.warnings.push_back({"unknown_region", "/region", ""});
       },
       Status::closed, Handling::direct},
  };
  for (const auto& row : table) {
    Intake move = confident("ZJ");
    row.change(move);
    Play play;
    ASSERT_TRUE(play.move(move)) << row.what;
    EXPECT_EQ(play.ticket.status, row.status) << row.what;
    EXPECT_EQ(play.ticket.handling, row.handling) << row.what;
  }
}

TEST(Intake, AnEmergencyIsNeverClosedByTheMachine) {
  Play play;
  Intake move = confident("ZJ");
  move.classification.edit().emergency = "119";
  ASSERT_TRUE(play.move(move));
  EXPECT_EQ(play.ticket.urgency, Urgency::critical);
  EXPECT_FALSE(play.move(Redirect{"法院", ""}));
  EXPECT_FALSE(play.move(Reject{"?"}));
  ASSERT_TRUE(play.move(Acknowledge{"119-7"}));
  EXPECT_EQ(play.ticket.outcome, Outcome::emergency);
  EXPECT_EQ(play.ticket.status, Status::closed);
}

TEST(Life, FromDispatchToASatisfiedCitizen) {
  Play play;
  ASSERT_TRUE(play.move(confident("ZJ")));
  ASSERT_TRUE(play.move(Sign{}));
  EXPECT_EQ(play.ticket.status, Status::in_progress);
  EXPECT_THAT(queues_of(play.ticket), IsEmpty());
  EXPECT_EQ(entries(&play.ticket, china_offset).work.size(), 1U);
  ASSERT_TRUE(play.move(Contact{}));
  ASSERT_TRUE(play.move(Answer{"", "已修复"}));
  EXPECT_EQ(play.ticket.status, Status::callback);
  EXPECT_FALSE(play.ticket.callback.ready);
  EXPECT_THAT(queues_of(play.ticket), IsEmpty());
  play.now += minutes{30};
  ASSERT_TRUE(play.move(Tick{}));
  EXPECT_THAT(queues_of(play.ticket), ElementsAre("callback"));
  ASSERT_TRUE(play.move(reached(Satisfaction::satisfied)));
  EXPECT_EQ(play.ticket.status, Status::closed);
  EXPECT_EQ(play.ticket.outcome, Outcome::answered);
  EXPECT_EQ(replay(play.story), play.ticket);
}

TEST(Life, ADissatisfiedCitizenGetsARedoTheSecondOneSupervised) {
  Play play;
  ASSERT_TRUE(play.move(confident("ZJ")));
  for (std::uint32_t round = 1; round <= 3; ++round) {
    EXPECT_EQ(play.ticket.round, round);
    EXPECT_EQ(play.ticket.supervised, round == 3);
    ASSERT_TRUE(play.move(Sign{}));
    ASSERT_TRUE(play.move(Answer{"", "已办"}));
    const auto first_finish = play.ticket.finished_at;
    play.now += hours{1};
    ASSERT_TRUE(play.move(Tick{}));
    ASSERT_TRUE(play.move(reached(Satisfaction::dissatisfied)));
    EXPECT_EQ(play.ticket.finished_at, first_finish) << "a redo never erases the first finish";
  }
  EXPECT_EQ(play.ticket.status, Status::closed) << "redo_max bounds the rounds";
  EXPECT_EQ(play.ticket.assignments.size(), 3U);
}

TEST(Life, UnresolvedIsRedoneAndPartlyIsNot) {
  for (const auto& [resolved, status] :
       {std::pair{Resolved::no, Status::dispatched}, std::pair{Resolved::partly, Status::closed}}) {
    Play play;
    ASSERT_TRUE(play.move(confident("ZJ")));
    ASSERT_TRUE(play.move(Sign{}));
    ASSERT_TRUE(play.move(Answer{"", "已办"}));
    ASSERT_TRUE(play.move(reached(Satisfaction::satisfied, resolved)));
    EXPECT_EQ(play.ticket.status, status);
  }
}

TEST(Callback, IsTriedAgainWithGrowingPausesInsideCallingHoursThenClosedUnrated) {
  Play play;
  ASSERT_TRUE(play.move(confident("ZJ")));
  ASSERT_TRUE(play.move(Sign{}));
  play.now = *parse_rfc3339("2021-06-01T21:00:00+08:00");  // after calling hours
  ASSERT_TRUE(play.move(Answer{"", "已办"}));
  const auto at = [&] {
    return format_rfc3339(play.ticket.callback.next_attempt_at, china_offset);
  };
  EXPECT_EQ(at(), "2021-06-02T09:00:00+08:00");
  play.now = play.ticket.callback.next_attempt_at;
  ASSERT_TRUE(play.move(Tick{}));
  ASSERT_TRUE(play.move(CallbackAttempt{}));
  EXPECT_EQ(at(), "2021-06-02T11:00:00+08:00") << "2 h after the first attempt";
  play.now = play.ticket.callback.next_attempt_at;
  ASSERT_TRUE(play.move(Tick{}));
  ASSERT_TRUE(play.move(CallbackAttempt{}));
  EXPECT_EQ(at(), "2021-06-02T15:00:00+08:00") << "then 4 h";
  play.now = play.ticket.callback.next_attempt_at;
  ASSERT_TRUE(play.move(Tick{}));
  ASSERT_TRUE(play.move(CallbackAttempt{}));
  EXPECT_EQ(play.ticket.status, Status::closed);
  EXPECT_FALSE(play.ticket.callback.rating);
}

TEST(Callback, IsNotDueWithoutANumberOrOutsideThePolicy) {
  Intake no_phone = confident("ZJ");
  no_phone.personal.caller.phone.clear();
  Policy none;
  none.callback.transferred = false;
  for (const auto& [move, policy] :
       {std::pair{no_phone, Policy{}}, std::pair{confident("ZJ"), none}}) {
    Play play(policy);
    ASSERT_TRUE(play.move(move));
    ASSERT_TRUE(play.move(Sign{}));
    ASSERT_TRUE(play.move(Answer{"", "已办"}));
    EXPECT_EQ(play.ticket.status, Status::closed);
  }
}

TEST(Dispatch, ANewLeadNeverErasesWhatTheOldOneDid) {
  Play play;
  ASSERT_TRUE(play.move(confident("ZJ")));
  ASSERT_TRUE(play.move(Sign{}));
  play.now += hours{1};
  ASSERT_TRUE(play.move(Dispatch{"CG", {"GA"}, {"JT"}, "", ""}));
  ASSERT_EQ(play.ticket.assignments.size(), 4U);
  EXPECT_EQ(play.ticket.assignments[0].ending, Ending::withdrawn);
  EXPECT_EQ(play.ticket.assignments[0].signed_at, morning);
  EXPECT_EQ(play.ticket.lead()->department, "CG");
  EXPECT_THAT(queues_of(play.ticket), ElementsAre("CG", "GA", "JT"));
}

TEST(Dispatch, RefusesNonsense) {
  Play play;
  ASSERT_TRUE(play.move(confident("ZJ")));
  EXPECT_EQ(play.move(Dispatch{"ZJ", {}, {}, "", ""}).error().code, ErrorCode::wrong_state);
  EXPECT_EQ(play.move(Dispatch{"", {}, {}, "", ""}).error().code, ErrorCode::invalid);
  EXPECT_EQ(play.move(Dispatch{"CG", {"CG"}, {}, "", ""}).error().code, ErrorCode::invalid);
  EXPECT_EQ(play.ticket.version, 1U);
}

TEST(Assignments, ADepartmentMovesItsOwnAndNoOther) {
  Play play;
  ASSERT_TRUE(play.move(confident("ZJ")));
  const Actor other{"t", "李四",
                    std::make_shared<const std::set<std::string, std::less<>>>(
                        std::set<std::string, std::less<>>{"CG"})};
  EXPECT_EQ(play.move(Sign{}, other).error().code, ErrorCode::wrong_state);
  ASSERT_TRUE(play.move(Dispatch{"CG", {"GA"}, {}, "", ""}));
  ASSERT_TRUE(play.move(Sign{}, other));
  EXPECT_EQ(play.ticket.lead()->department, "CG");
  EXPECT_TRUE(play.ticket.lead()->signed_at);
}

TEST(Assignments, AReadCopyIsNotedAndAnAssistDoesNotFinishTheTicket) {
  Play play;
  ASSERT_TRUE(play.move(confident("ZJ")));
  ASSERT_TRUE(play.move(Dispatch{"CG", {"GA"}, {"JT"}, "", ""}));
  ASSERT_TRUE(play.move(Sign{"JT"}));
  EXPECT_EQ(play.ticket.assignments[3].ending, Ending::noted);
  EXPECT_EQ(play.ticket.status, Status::dispatched);
  ASSERT_TRUE(play.move(Sign{"GA"}));
  ASSERT_TRUE(play.move(Answer{"GA", "协助完毕"}));
  EXPECT_EQ(play.ticket.status, Status::dispatched);
  EXPECT_FALSE(play.ticket.finished_at);
}

TEST(Deadlines, EachFiresOnceInOrderAndOnlyWhileItMatters) {
  Play play;
  ASSERT_TRUE(play.move(confident("ZJ")));
  std::vector<std::string> fired;
  for (int guard = 0; guard < 20; ++guard) {
    const auto timer = entries(&play.ticket, china_offset).timer;
    if (!timer) break;
    play.now = *timer;
    ASSERT_TRUE(play.move(Tick{}));
    for (const auto& event : play.story.back().events) {
      const auto* passed = std::get_if<DeadlinePassed>(&event);
      if (passed != nullptr) fired.emplace_back(name(passed->deadline));
    }
  }
  EXPECT_THAT(fired, ElementsAre("sign", "contact", "resolve_reminder", "resolve", "overdue_notice",
                                 "supervision"));
}

TEST(Deadlines, RunFromDispatchAndShortForUrgentOnes) {
  Intake move = confident("ZJ");
  move.urgency = Urgency::urgent;
  Play play;
  ASSERT_TRUE(play.move(move));
  EXPECT_EQ(play.ticket.lead()->sign_deadline, morning + hours{4});
  EXPECT_EQ(play.ticket.lead()->resolve_deadline, morning + hours{24});
  EXPECT_FALSE(play.ticket.lead()->remind_at);
}

TEST(Refusals, NameTheStateAndWhatIsPossible) {
  Play play;
  ASSERT_TRUE(play.move(confident("ZJ")));
  const auto refused = play.move(Acknowledge{"x"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::wrong_state);
  EXPECT_THAT(refused.error().detail, HasSubstr("dispatched"));
  EXPECT_THAT(refused.error().detail, HasSubstr("sign"));
}

TEST(Remember, KeepsEveryWordWithItsVersionAndRefusesBeyondTheBound) {
  Play play;
  ASSERT_TRUE(play.move(confident("ZJ")));
  const Actor actor{"t", "王五", nullptr};
  Personal full;
  full.remarks.resize(remarks_max);
  const Move answer = Answer{"", "已修复"};
  const auto kept = remember(nullptr, answer, actor, play.ticket, morning);
  ASSERT_TRUE(kept);
  ASSERT_TRUE(*kept);
  EXPECT_EQ((*kept)->remarks.front(), (Remark{1, morning, "王五", "answer", "已修复"}));
  EXPECT_EQ(remember(&full, answer, actor, play.ticket, morning).error().code,
            ErrorCode::too_large);
  full.remarks.resize(notes_max);
  EXPECT_EQ(remember(&full, Contact{"", "又打了一次"}, actor, play.ticket, morning).error().code,
            ErrorCode::too_large);
  EXPECT_TRUE(remember(&full, answer, actor, play.ticket, morning)) << "what finishes finds room";
  EXPECT_EQ(*remember(&full, Sign{}, actor, play.ticket, morning), std::nullopt);
}

// --- what the citizen says later
// ------------------------------------------------------------------

struct Later {
  const char* name;
  std::function<void(Play&)> before;
  Status status;
  bool amend, supplement, withdraw;
};

TEST(CitizensWord, IsTakenWhereItStillMatters) {
  const std::vector<Later> cases{
      {"dispatched", [](Play& p) { (void)p.move(confident("ZJ")); }, Status::dispatched, true, true,
       true},
      {"in progress",
       [](Play& p) {
         (void)p.move(confident("ZJ"));
         (void)p.move(Sign{});
       },
       Status::in_progress, true, true, true},
      {"waiting for the call",
       [](Play& p) {
         (void)p.move(confident("ZJ"));
         (void)p.move(Sign{});
         (void)p.move(Answer{"", "修好了"});
       },
       Status::callback, true, true, false},
      {"closed",
       [](Play& p) {
         (void)p.move(confident("ZJ"));
         (void)p.move(Withdraw{"自行解决"});
       },
       Status::closed, false, false, false},
  };
  for (const Later& one : cases) {
    SCOPED_TRACE(one.name);
    Amend amend;
    amend.urgency = Urgency::urgent;
    const std::vector<std::pair<Move, bool>> moves{{amend, one.amend},
                                                   {Supplement{"还有"}, one.supplement},
                                                   {Withdraw{"不用了"}, one.withdraw}};
    for (const auto& [move, allowed] : moves) {
      Play play;
      one.before(play);
      ASSERT_EQ(play.ticket.status, one.status);
      EXPECT_EQ(play.move(move).has_value(), allowed) << name(move);
    }
  }
}

TEST(CitizensWord, AWithdrawalEndsEveryTaskAndCounts) {
  Play play;
  ASSERT_TRUE(play.move(confident("ZJ")));
  ASSERT_TRUE(play.move(Withdraw{"自行解决"}));
  EXPECT_EQ(play.ticket.status, Status::closed);
  EXPECT_EQ(play.ticket.outcome, Outcome::withdrawn);
  EXPECT_EQ(play.ticket.handling, Handling::transferred) << "it was dispatched";
  EXPECT_EQ(play.ticket.assignments.front().ending, Ending::withdrawn);
  const Entries left = entries(&play.ticket, china_offset);
  EXPECT_TRUE(left.queue.empty() && left.work.empty() && !left.timer);
}

TEST(CitizensWord, AnAmendmentKeepsTheWordsItReplacesAndNoneInItsEvent) {
  const Actor actor{"desk", "张三", nullptr};
  Personal before;
  before.content = "路灯不亮";
  Ticket after;
  after.version = 3;
  Amend amend;
  amend.content = "两盏路灯不亮";
  amend.caller_phone = "13800000001";
  const auto kept = remember(&before, amend, actor, after, Time{});
  ASSERT_TRUE(kept && *kept);
  EXPECT_EQ((*kept)->content, "两盏路灯不亮");
  ASSERT_EQ((*kept)->remarks.size(), 1U);
  EXPECT_EQ((*kept)->remarks[0].text, "路灯不亮");
  EXPECT_EQ((*kept)->remarks[0].kind, "amended");
  EXPECT_EQ(amend.personal_fields(), (std::vector<std::string>{"content", "caller"}));
}

}  // namespace
}  // namespace hotline

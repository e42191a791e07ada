#include "domain/deadlines.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

#include "domain/clocks.hpp"
#include "support/deadline_rules.hpp"
#include "support/notices.hpp"

// Which rule is for a ticket, and what the cities' rules make of a dispatch: counted by hand along
// the notices of 2023 and 2026 (tests/support/notices.hpp).

namespace hotline {
namespace {

Time at(std::string_view text) { return *parse_rfc3339(std::string(text) + "+08:00"); }
std::string show(std::optional<Time> time) {
  return time ? format_rfc3339(*time, china_offset).substr(0, 19) : "never";
}

constexpr TimeSpan hours(std::uint32_t amount) { return {amount, TimeUnit::hours}; }
constexpr TimeSpan days(std::uint32_t amount) { return {amount, TimeUnit::days}; }
constexpr TimeSpan working_days(std::uint32_t amount) { return {amount, TimeUnit::working_days}; }

DeadlineRule resolve(TimeSpan span, RuleScope scope = {}) {
  return {Limit::resolve, std::move(scope), span};
}
RuleScope of_type(TicketType type) { return {.category = "", .urgency = {}, .type = type}; }
RuleScope of_urgency(Urgency urgency) { return {.category = "", .urgency = urgency, .type = {}}; }
RuleScope of_category(std::string category, bool statutory = false) {
  return {.statutory = statutory, .category = std::move(category), .urgency = {}, .type = {}};
}
RuleScope of_round(std::uint32_t round) {
  return {.category = "", .urgency = {}, .round = round, .type = {}};
}

Policy policy_with(const std::vector<DeadlineRule>& rules) {
  Policy policy;
  policy.deadlines = test::deadlines_with(rules, Calendar(test::notices_of_2023_and_2026(), {}));
  return policy;
}

DueTimes due_of(const std::vector<DeadlineRule>& rules, std::string_view dispatched,
                const RuleSubject& subject = {.category = {}}) {
  Assignment assignment;
  assignment.dispatched_at = at(dispatched);
  assignment.round = static_cast<std::uint8_t>(subject.round);
  return due_times(subject, assignment, policy_with(rules));
}

// --- which rule --------------------------------------------------------------------------------

TEST(DeadlineRules, TheMostSpecificOneWins) {
  const auto rules = test::deadlines_with({
      resolve(hours(1)),
      resolve(hours(2), of_type(TicketType::inquiry)),
      resolve(hours(3), of_round(2)),
      resolve(hours(4), of_urgency(Urgency::urgent)),
      resolve(hours(5), of_category("C*")),
      resolve(hours(6), of_category("C03*")),
      resolve(hours(7), of_category("C0301")),
      resolve(hours(8), of_category("M*", true)),
  });
  using enum TicketType;
  using enum Urgency;
  const std::pair<RuleSubject, std::uint32_t> table[] = {
      {{complaint, normal, "A01", 1}, 1},   {{inquiry, normal, "A01", 1}, 2},
      {{inquiry, normal, "A01", 2}, 3},     {{inquiry, normal, "A01", 9}, 3},
      {{inquiry, urgent, "A01", 2}, 4},     {{inquiry, urgent, "C01", 2}, 5},
      {{complaint, normal, "C03", 1}, 6},   {{complaint, normal, "C0302", 1}, 6},
      {{complaint, urgent, "C0301", 1}, 7}, {{complaint, normal, "C03011", 1}, 6},
      {{complaint, urgent, "M01", 2}, 8},   {{complaint, critical, "", 1}, 2},
  };
  for (const auto& [subject, expected] : table) {
    EXPECT_EQ(rules->span(Limit::resolve, subject).amount, expected)
        << subject.category << ' ' << subject.round;
  }
}

TEST(DeadlineRules, AStatutoryOneGoesBeforeTheMoreSpecific) {
  const auto rules = test::deadlines_with({
      resolve(hours(1), of_category("M0101")),
      resolve(working_days(45), of_category("M*", true)),
  });
  EXPECT_EQ(rules->span(Limit::resolve, {.category = "M0101"}), working_days(45));
}

TEST(DeadlineRules, HaveOneForEveryCaseAndNoneTwice) {
  auto rules = shipped_deadline_rules();
  std::erase_if(rules, [](const DeadlineRule& rule) { return rule.limit == Limit::sign; });
  EXPECT_THROW(Deadlines({}, rules), std::logic_error);
  rules = shipped_deadline_rules();
  rules.push_back(rules.front());
  EXPECT_THROW(Deadlines({}, rules), std::logic_error);
}

TEST(DeadlineRules, TheFingerprintTellsAnyChange) {
  const auto days_of = test::notices_of_2023_and_2026();
  const auto print = [](const Deadlines& deadlines) { return deadlines.fingerprint(); };
  const Deadlines same({}, shipped_deadline_rules());
  EXPECT_EQ(print(same), print(*shipped_deadlines()));
  EXPECT_NE(print(*test::deadlines_with({resolve(days(6))})), print(same));
  EXPECT_NE(print(Deadlines(Calendar(days_of, {}), shipped_deadline_rules())), print(same));
  WorkingHours hours;
  hours.afternoon_to += std::chrono::minutes{30};
  EXPECT_NE(print(Deadlines(Calendar({}, hours), shipped_deadline_rules())), print(same));
  auto fewer = days_of;
  fewer.pop_back();
  EXPECT_NE(print(Deadlines(Calendar(fewer, {}), shipped_deadline_rules())),
            print(Deadlines(Calendar(days_of, {}), shipped_deadline_rules())));
}

// --- the cities' rules -------------------------------------------------------------------------

/// 济南、潍坊、安阳: 5 working days.
TEST(CityRules, JinanHasFiveWorkingDaysAndFiveMore) {
  const std::vector<DeadlineRule> jinan{resolve(working_days(5)),
                                        {Limit::extension, {}, working_days(5)}};
  // Fri 13 February; Sat 14 worked, 15-23 off (春节), Tue 24 to Fri 27.
  const DueTimes due = due_of(jinan, "2026-02-13T09:00:00");
  EXPECT_EQ(show(due.resolve), "2026-02-27T23:59:59");
  EXPECT_EQ(show(due.remind), "2026-02-26T23:59:59");
  EXPECT_EQ(show(due.notice), "2026-02-28T09:00:00") << "the day after";
  EXPECT_EQ(show(due.supervise), "2026-03-03T09:00:00") << "Sat 28 worked, Mon 2, Tue 3";
  Assignment extended;
  extended.dispatched_at = at("2026-02-13T09:00:00");
  extended.extended_days = 5;
  // Sat 28 worked, Mon 2 to Thu 5 March.
  EXPECT_EQ(show(due_times({.category = {}}, extended, policy_with(jinan)).resolve),
            "2026-03-05T23:59:59");
}

/// 四川: 咨询 3, 求助、建议 7, 投诉、举报 15 working days.
TEST(CityRules, SichuanCountsByType) {
  using enum TicketType;
  const std::vector<DeadlineRule> sichuan{
      resolve(working_days(3), of_type(inquiry)),    resolve(working_days(7), of_type(help)),
      resolve(working_days(7), of_type(suggestion)), resolve(working_days(15), of_type(complaint)),
      resolve(working_days(15), of_type(report)),
  };
  const std::pair<TicketType, const char*> table[] = {
      // Wed 20 September 2023; 21, 22, 25.
      {inquiry, "2023-09-25T23:59:59"},
      // 21, 22, 25-28; 29 to 6 October off (中秋国庆), Sat 7 worked.
      {help, "2023-10-07T23:59:59"},
      {suggestion, "2023-10-07T23:59:59"},
      // Sun 8 worked, 9-13, 16, 17.
      {complaint, "2023-10-17T23:59:59"},
      {report, "2023-10-17T23:59:59"},
      // No rule of its own: 7 natural days.
      {praise, "2023-09-27T23:59:59"},
  };
  for (const auto& [type, expected] : table) {
    const RuleSubject subject{.type = type, .category = {}};
    EXPECT_EQ(show(due_of(sichuan, "2023-09-20T16:20:00", subject).resolve), expected)
        << name(type);
  }
}

/// 上海: contact in 1, resolve in 5 working days; redone or supervised 3.
TEST(CityRules, ShanghaiContactsInOneWorkingDay) {
  const std::vector<DeadlineRule> shanghai{{Limit::contact, {}, working_days(1)},
                                           resolve(working_days(5)),
                                           resolve(working_days(3), of_round(2))};
  // Thu 30 April 2026; 1-5 off (劳动节), Wed 6, 7, 8, Sat 9 worked, Mon 11.
  const DueTimes first = due_of(shanghai, "2026-04-30T17:30:00");
  EXPECT_EQ(show(first.contact), "2026-05-06T23:59:59");
  EXPECT_EQ(show(first.resolve), "2026-05-11T23:59:59");
  const RuleSubject redo{.category = {}, .round = 2};
  EXPECT_EQ(show(due_of(shanghai, "2026-04-30T17:30:00", redo).resolve), "2026-05-08T23:59:59");
}

/// 北京: 2 h, 24 h, 7 d, 15 d by grade; the fourth grade here is a set of categories.
TEST(CityRules, BeijingAnswersByGrade) {
  const std::vector<DeadlineRule> beijing{resolve(days(15), of_category("D*"))};
  using enum Urgency;
  const std::tuple<Urgency, const char*, const char*> table[] = {
      {critical, "A01", "2026-02-14T01:30:00"},
      {urgent, "A01", "2026-02-14T23:30:00"},
      {normal, "A01", "2026-02-20T23:59:59"},  // natural days run through 春节
      {normal, "D0203", "2026-02-28T23:59:59"},
  };
  for (const auto& [urgency, category, expected] : table) {
    const RuleSubject subject{.urgency = urgency, .category = category};
    EXPECT_EQ(show(due_of(beijing, "2026-02-13T23:30:00", subject).resolve), expected)
        << name(urgency) << ' ' << category;
  }
  const Policy policy = policy_with(beijing);
  const auto decide_by = [&](Urgency urgency) {
    const RuleSubject subject{.urgency = urgency, .category = {}};
    return show(centre_due(subject, at("2026-02-13T23:30:00"), false, policy));
  };
  EXPECT_EQ(decide_by(critical), "2026-02-14T00:30:00");
  EXPECT_EQ(decide_by(urgent), "2026-02-14T01:30:00");
  EXPECT_EQ(decide_by(normal), "2026-02-14T23:30:00");
}

/// 深圳: contact within 24 hours, at whatever hour of whatever day.
TEST(CityRules, ShenzhenContactsIn24Hours) {
  EXPECT_EQ(show(due_of({}, "2026-10-01T22:10:05").contact), "2026-10-02T22:10:05");
}

/// 市场监督管理投诉举报处理暂行办法 (总局令第20号) art. 14: 7 working days to decide on taking a
/// complaint in; art. 21: mediation in 45 working days, the time of inspections not counted.
TEST(CityRules, MarketSupervisionLeavesInspectionsOut) {
  const std::vector<DeadlineRule> market{
      {Limit::contact, of_category("M*", true), working_days(7)},
      resolve(working_days(45), of_category("M*", true)),
  };
  const RuleSubject subject{.category = "M0102"};
  // Wed 29 April 2026; 30; 6, 7, 8, Sat 9 (worked), 11, 12 May.
  EXPECT_EQ(show(due_of(market, "2026-04-29T15:00:00", subject).contact), "2026-05-12T23:59:59");
  // The eighth is Wed 13 May; 13-15: 10, 18-22: 15, 25-29: 20, June 1-5: 25, 8-12: 30, 15-18: 34
  // (Fri 19 off, 端午), 22-26: 39, 29 to 3 July: 44, Mon 6: 45.
  EXPECT_EQ(show(due_of(market, "2026-04-29T15:00:00", subject).resolve), "2026-07-06T23:59:59");
  Assignment inspected;
  inspected.dispatched_at = at("2026-04-29T15:00:00");
  inspected.pauses.push_back({at("2026-06-01T10:00:00"), at("2026-06-15T16:00:00")});
  // Ten working days stood still (2 to 5, 8 to 12, 15 June): 7-10 July: 4, 13-17: 9, Mon 20: 10.
  EXPECT_EQ(show(due_times(subject, inspected, policy_with(market)).resolve),
            "2026-07-20T23:59:59");
}

TEST(CityRules, SpansOfZeroTurnFollowUpsOff) {
  const DueTimes due = due_of({{Limit::reminder, {}, hours(0)},
                               {Limit::notice, {}, days(0)},
                               {Limit::supervision, {}, working_days(0)}},
                              "2026-04-29T15:00:00");
  EXPECT_FALSE(due.remind || due.notice || due.supervise);
}

TEST(CityRules, AReminderNeverComesBeforeTheDispatch) {
  const RuleSubject urgent{.urgency = Urgency::urgent, .category = {}};
  EXPECT_EQ(show(due_of({}, "2026-04-29T15:00:00", urgent).remind), "never")
      << "24 hours to resolve, 24 before that to remind";
}

}  // namespace
}  // namespace hotline

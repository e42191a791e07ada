#include "config/deadline_files.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/deadline_rules.hpp"

namespace hotline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::filesystem::path shipped =
    std::filesystem::path(HOTLINE_SOURCE_DIR) / "conf" / "deadlines";

constexpr std::string_view header =
    "limit,type,urgency,category,round,amount,unit,statutory,source\n";
constexpr std::string_view general =
    "decide,,,,,24,h,,\nsign,,,,,24,h,,\ncontact,,,,,24,h,,\nresolve,,,,,7,d,,\n"
    "reminder,,,,,0,h,,\nnotice,,,,,1,d,,\nsupervision,,,,,3,wd,,\nextension,,,,,5,wd,,\n";
constexpr std::string_view holidays = "date,name,is_off_day\n2026-10-01,国庆节,1\n";

class DeadlineFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "deadlines-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Result<std::shared_ptr<const Deadlines>> load(std::string_view rows,
                                                std::string_view days = holidays) const {
    std::ofstream(folder_ / "rules.csv") << header << rows;
    std::ofstream(folder_ / "holidays.csv") << days;
    return load_deadlines(folder_, {});
  }
  /// `place detail`, one for each fault.
  std::vector<std::string> faults(const std::string& rows, std::string_view days = holidays) const {
    std::vector<std::string> out;
    const auto loaded = load(rows, days);
    if (loaded) return {"accepted"};
    for (const auto& error : loaded.error().errors)
      out.push_back(error.pointer + " " + error.detail);
    return out;
  }

  std::filesystem::path folder_;
};

TEST_F(DeadlineFiles, ShippedAreTheRulesOfThePolicy) {
  const auto loaded = load_deadlines(shipped, {});
  ASSERT_TRUE(loaded) << loaded.error().detail;
  EXPECT_EQ((*loaded)->rules(), shipped_deadline_rules());
  EXPECT_THAT(deadline_warnings(**loaded), IsEmpty());
}

TEST_F(DeadlineFiles, ShippedHolidaysArePublishedYearsOnly) {
  const auto loaded = load_deadlines(shipped, {});
  ASSERT_TRUE(loaded) << loaded.error().detail;
  const Calendar& calendar = (*loaded)->calendar();
  const auto until = calendar.published_until();
  ASSERT_TRUE(until);
  for (Day day = *parse_day("2007-01-01"); day <= *until; day += std::chrono::days{1}) {
    ASSERT_TRUE(calendar.is_published(day)) << format_day(day);
  }
  for (const CalendarDay& one : calendar.exceptions()) EXPECT_LE(one.day, *until);
}

TEST_F(DeadlineFiles, RulesSayWhatTheySay) {
  const auto loaded =
      load(std::string(general) + "resolve,inquiry,urgent,C03*,2,30,min,yes,某办法\n");
  ASSERT_TRUE(loaded) << loaded.error().detail;
  const DeadlineRule& last = (*loaded)->rules().back();
  EXPECT_EQ(last.limit, Limit::resolve);
  EXPECT_EQ(last.scope, (RuleScope{true, "C03*", Urgency::urgent, 2, TicketType::inquiry}));
  EXPECT_EQ(last.span, (TimeSpan{30, TimeUnit::minutes}));
}

TEST_F(DeadlineFiles, EveryFaultIsNamedByFileLineAndColumn) {
  const std::string rows = std::string(general) +
                           "solve,,,,,1,h,,\n"          // 10
                           "sign,question,,,,1,h,,\n"   // 11
                           "sign,,now,,,1,h,,\n"        // 12
                           "sign,,,C 1,,1,h,,\n"        // 13
                           "sign,,,,0,1,h,,\n"          // 14
                           "sign,,,C1,,0,h,,\n"         // 15
                           "sign,,,C2,,9999,d,,\n"      // 16
                           "sign,,,C3,,1,day,,\n"       // 17
                           "sign,,,C4,,1,h,perhaps,\n"  // 18
                           "extension,,,C5,,5,d,,\n"    // 19
                           "reminder,,,C6,,5,wh,,\n"    // 20
                           "resolve,,,,,8,d,,\n";       // 21
  EXPECT_THAT(faults(rows,
                     "date,name,is_off_day\n2026-02-30,春节,1\n2026-10-01,国庆节,2\n"
                     "2026-10-01,国庆节,1\n"),
              ElementsAre(HasSubstr("rules.csv:10:limit must be one of decide, sign"),
                          HasSubstr("rules.csv:11:type must be one of inquiry"),
                          HasSubstr("rules.csv:12:urgency must be one of normal"),
                          HasSubstr("rules.csv:13:category must be a code"),
                          HasSubstr("rules.csv:14:round must be 1 to 100"),
                          HasSubstr("rules.csv:15:amount must be 1 to 87600"),
                          HasSubstr("rules.csv:16:amount must be 1 to 3650"),
                          HasSubstr("rules.csv:17:unit must be one of min, h, wh, d, wd"),
                          HasSubstr("rules.csv:18:statutory must be yes, no"),
                          HasSubstr("rules.csv:19:unit an extension is counted in wd"),
                          HasSubstr("rules.csv:20:unit a reminder goes out"),
                          HasSubstr("rules.csv:21:limit another row is for the same case"),
                          HasSubstr("holidays.csv:2:date must be a date"),
                          HasSubstr("holidays.csv:3:is_off_day must be 1"),
                          HasSubstr("holidays.csv:4:date the day stands twice")));
}

TEST_F(DeadlineFiles, EveryLimitNeedsAGeneralRow) {
  EXPECT_THAT(faults("resolve,,urgent,,,7,d,,\n"), testing::SizeIs(8));
  EXPECT_THAT(faults("resolve,,,,,7,x,,\n"), testing::SizeIs(1)) << "one fault, not eight";
  EXPECT_THAT(faults("resolve,,urgent,,,7,d,,\n").at(3),
              HasSubstr("needs a row for resolve (办结时限) without any condition"));
}

TEST_F(DeadlineFiles, MissingFilesAreNamed) {
  const auto loaded = load_deadlines(folder_ / "none", {});
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().detail, HasSubstr("rules.csv"));
}

TEST_F(DeadlineFiles, WhatLooksLikeAMistakeIsTold) {
  const auto odd =
      test::deadlines_with({{Limit::contact, {}, {30, TimeUnit::days}},
                            {Limit::resolve,
                             {.category = "", .urgency = Urgency::critical, .round = 2, .type = {}},
                             {30, TimeUnit::days}}});
  EXPECT_THAT(deadline_warnings(*odd),
              ElementsAre("rules.csv: normal tickets have longer to contact than to resolve",
                          HasSubstr("critical tickets have longer when they are redone")));
}

}  // namespace
}  // namespace hotline

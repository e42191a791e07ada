#include "api/report.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "api/accept.hpp"
#include "api_harness.hpp"

namespace hotline::api {
namespace {

namespace json = boost::json;

Day day(std::string_view text) { return *parse_day(text); }

std::int64_t& cell(Figures& figures, Figure figure) { return figures.totals[figure]; }

/// Jieshou, first half of 2021.
Report jieshou() {
  Report report{{{day("2021-01-01"), day("2021-07-01")}, {}, {}}, {}, {}, {}};
  cell(report.whole.total, Figure::received) = 13'620;
  cell(report.whole.total, Figure::rejected) = 9;
  cell(report.whole.total, Figure::direct) = 7'021;
  cell(report.whole.total, Figure::transferred) = 6'590;
  cell(report.whole.total, Figure::finished) = 13'611;
  cell(report.whole.total, Figure::very_satisfied) = 500;
  cell(report.whole.total, Figure::satisfied) = 400;
  cell(report.whole.total, Figure::basically_satisfied) = 64;
  cell(report.whole.total, Figure::dissatisfied) = 30;
  cell(report.whole.total, Figure::very_dissatisfied) = 6;
  return report;
}

TEST(Report, PercentIsHalfUpInWholeNumbers) {
  const std::tuple<std::int64_t, std::int64_t, std::string_view> cases[] = {
      {7'021, 13'611, "51.6"},
      {964, 1'000, "96.4"},
      {2'617, 2'713, "96.5"},
      {23'974, 24'932, "96.2"},
      {22'345, 24'932, "89.6"},
      {710, 18'113, "3.9"},
      {0, 7, "0.0"},
      {7, 7, "100.0"},
      {1, 2'000, "0.1"},  // 0.05 exactly
      {1, 2'001, "0.0"},
      {1'999, 2'000, "100.0"},
      {9'994, 10'000, "99.9"},
      {1, 3, "33.3"},
      {2, 3, "66.7"},
      {500'000'000'000'000, 999'999'999'999'999, "50.0"}};
  for (const auto& [numerator, denominator, expected] : cases) {
    EXPECT_EQ(percent(numerator, denominator, 1), expected) << numerator << "/" << denominator;
  }
  EXPECT_EQ(percent(0, 0, 1), std::nullopt);
  EXPECT_EQ(percent(7'021, 13'611, 2), "51.58");
  EXPECT_EQ(percent(1, 20'000, 2), "0.01");  // 0.005 exactly
  EXPECT_EQ(percent(199, 200, 0), "100");
}

TEST(Report, ChangesAreOfWhatIsPrinted) {
  const auto change = [](std::int64_t now, std::int64_t before) {
    return change_points({"", now, 1'000}, {"", before, 1'000}, 1);
  };
  EXPECT_EQ(change(964, 952), "+1.2");
  EXPECT_EQ(change(952, 964), "-1.2");
  EXPECT_EQ(change(964, 964), "0.0");
  EXPECT_EQ(change(5, 10), "-0.5");
  EXPECT_EQ(change_points({"", 1, 3}, {"", 1, 6}, 1), "+16.6");  // 33.3 less 16.7
  EXPECT_EQ(change_points({"", 1, 3}, {"", 0, 0}, 1), std::nullopt);
  EXPECT_EQ(change_points({"", 0, 0}, {"", 1, 3}, 1), std::nullopt);
}

TEST(Report, ComparesWithThePeriodBefore) {
  Report report = jieshou();
  report.whole.groups.push_back({"D07", "城市管理局", report.whole.total.totals});
  report.whole.groups.push_back({"D09", "水务局", report.whole.total.totals});
  report.before = Section{period_before(report.whole.period), {}, {}};
  cell(report.before->total, Figure::very_satisfied) = 940;
  cell(report.before->total, Figure::dissatisfied) = 60;
  report.before->groups.push_back({"D07", "城市管理局", report.whole.total.totals});
  EXPECT_EQ(report_text(report, {}),
            "2021年上半年,受理13611件,其中直办7021件,转办6590件,回访满意率96.4%,"
            "较上期上升2.4个百分点。\n"
            "城市管理局,受理13611件,其中直办7021件,转办6590件,回访满意率96.4%,与上期持平。\n"
            "水务局,受理13611件,其中直办7021件,转办6590件,回访满意率96.4%。\n");
  const json::value made = json::parse(report_json(report, {}));
  EXPECT_EQ(made.at_pointer("/before/name"), "2020年下半年");
  EXPECT_EQ(made.at_pointer("/total/rates/satisfaction_rate/change"), "+2.4");
  EXPECT_EQ(made.at_pointer("/groups/0/rates/satisfaction_rate/change"), "0.0");
  const auto& alone = made.at_pointer("/groups/1/rates/satisfaction_rate").as_object();
  EXPECT_FALSE(alone.contains("change"));
  const std::string csv = report_csv(report, {});
  EXPECT_NE(csv.find(",satisfaction_rate_percent,satisfaction_rate_change,"), std::string::npos);
  EXPECT_NE(csv.find(",964,1000,96.4,+2.4,"), std::string::npos);
  EXPECT_NE(csv.find(",964,1000,96.4,,"), std::string::npos);
}

TEST(Report, MarksARateOfFewCases) {
  Report report = jieshou();
  Policy policy;
  const auto marked = [&] {
    const json::value made = json::parse(report_json(report, policy));
    return made.at_pointer("/total/rates/satisfaction_rate").as_object().contains("small");
  };
  EXPECT_FALSE(marked());
  policy.publishing.small_denominator = 1'001;
  EXPECT_TRUE(marked());
}

TEST(Report, ThePeriodBeforeIsOfTheCalendar) {
  const std::tuple<std::string_view, std::string_view, std::string_view> cases[] = {
      {"2021-01-01", "2021-07-01", "2020-07-01"}, {"2021-03-01", "2021-04-01", "2021-02-01"},
      {"2021-01-01", "2022-01-01", "2020-01-01"}, {"2021-06-07", "2021-06-14", "2021-05-31"},
      {"2021-03-01", "2021-03-02", "2021-02-28"}, {"2021-04-01", "2021-07-01", "2021-01-01"}};
  for (const auto& [from, to, before] : cases) {
    EXPECT_EQ(period_before({day(from), day(to)}), (Period{day(before), day(from)}));
  }
}

TEST(Report, PrintsTheHalfYearSentence) {
  EXPECT_EQ(report_text(jieshou(), {}),
            "2021年上半年,受理13611件,其中直办7021件,转办6590件,回访满意率96.4%。\n");
}

TEST(Report, SaysWhatIsUndecidedAndUnrated) {
  Report report{{{day("2021-06-01"), day("2021-06-02")}, {}, {}}, "department", {}, {}};
  cell(report.whole.total, Figure::received) = 3;
  cell(report.whole.total, Figure::direct) = 1;
  report.whole.groups.push_back({"D07", "城市管理局", {}});
  report.whole.groups.push_back({"", "", {}});
  EXPECT_EQ(report_text(report, {}),
            "2021年6月1日,受理3件,其中直办1件,转办0件,待定2件,尚无回访评价。\n"
            "城市管理局,受理0件,其中直办0件,转办0件,尚无回访评价。\n"
            "未定,受理0件,其中直办0件,转办0件,尚无回访评价。\n");
}

TEST(Report, PeriodWords) {
  const std::tuple<std::string_view, std::string_view, std::string_view> cases[] = {
      {"2021-01-01", "2022-01-01", "2021年"},
      {"2021-04-01", "2022-04-01", "2021年4月1日至2022年3月31日"},
      {"2021-01-01", "2021-07-01", "2021年上半年"},
      {"2021-07-01", "2022-01-01", "2021年下半年"},
      {"2021-01-01", "2021-06-30", "2021年1月1日至2021年6月29日"},
      {"2021-04-01", "2021-10-01", "2021年4月1日至2021年9月30日"},
      {"2021-10-01", "2022-01-01", "2021年第四季度"},
      {"2021-02-01", "2021-05-01", "2021年2月1日至2021年4月30日"},
      {"2021-12-01", "2022-01-01", "2021年12月"},
      {"2021-01-04", "2021-01-11", "2021年1月4日至2021年1月10日"},
      {"2021-01-01", "2022-07-01", "2021年1月1日至2022年6月30日"},
      {"2020-02-29", "2020-03-01", "2020年2月29日"},
  };
  for (const auto& [from, to, words] : cases) {
    EXPECT_EQ(period_words({day(from), day(to)}), words);
  }
}

std::string rows_of(Step step, std::string_view from, std::string_view to) {
  std::string out;
  for (const auto& period : cut_into(step, {day(from), day(to)})) {
    out += format_day(period.from).substr(2) + " ";
  }
  return out;
}

TEST(Report, RowsBeginWhereTheCalendarHasThem) {
  EXPECT_EQ(rows_of(Step::day, "2020-02-28", "2020-03-02"), "20-02-28 20-02-29 20-03-01 ");
  EXPECT_EQ(rows_of(Step::week, "2021-06-05", "2021-06-15"), "21-06-05 21-06-07 21-06-14 ");
  EXPECT_EQ(rows_of(Step::week, "2021-06-07", "2021-06-14"), "21-06-07 ");
  EXPECT_EQ(rows_of(Step::month, "2021-11-30", "2022-01-02"), "21-11-30 21-12-01 22-01-01 ");
  EXPECT_EQ(rows_of(Step::quarter, "2021-03-01", "2021-10-02"),
            "21-03-01 21-04-01 21-07-01 21-10-01 ");
  EXPECT_EQ(rows_of(Step::half_year, "2021-06-30", "2022-01-02"), "21-06-30 21-07-01 22-01-01 ");
  EXPECT_EQ(rows_of(Step::year, "2021-06-30", "2023-01-01"), "21-06-30 22-01-01 ");
}

/// Two months of one city, of which the second began with what the first left.
Report two_months() {
  Report report{{{day("2021-06-01"), day("2021-08-01")}, {}, {}}, "department", "month", {}};
  report.whole.groups.push_back({"D07", "城市管理局", {}, 0});
  for (const auto* month : {"2021-06-01", "2021-07-01"}) {
    const Day first = day(month);
    report.periods.push_back({{first, span_end(Span::month, first)}, {}, report.whole.groups});
  }
  cell(report.periods[0].total, Figure::received) = 10;
  cell(report.periods[0].total, Figure::finished) = 6;
  cell(report.periods[0].total, Figure::declined) = 1;
  report.periods[1].total.opening = 3;
  return report;
}

TEST(Report, RowsHaveTheirOwnFlowAndWords) {
  const json::value made = json::parse(report_json(two_months(), {}));
  EXPECT_EQ(made.at("by"), "month");
  EXPECT_EQ(made.at_pointer("/periods/0/name"), "2021年6月");
  EXPECT_EQ(made.at_pointer("/periods/1/from"), "2021-07-01");
  EXPECT_EQ(
      made.at_pointer("/periods/0/total/flow"),
      (json::value{
          {"opening", 0}, {"received", 10}, {"finished", 6}, {"declined", 1}, {"closing", 3}}));
  EXPECT_EQ(made.at_pointer("/periods/1/total/flow/opening"), 3);
  EXPECT_EQ(made.at_pointer("/periods/1/groups/0/value"), "D07");
  EXPECT_NE(report_text(two_months(), {}).find("\n2021年7月城市管理局,受理0件"), std::string::npos);
}

TEST(Report, RowsOfASheetBeginWithTheirDays) {
  const std::string csv = report_csv(two_months(), {});
  EXPECT_TRUE(csv.starts_with("first_day,last_day,value,name,"));
  EXPECT_NE(csv.find("\r\n2021-06-01,2021-07-31,,合计,"), std::string::npos);
  EXPECT_NE(csv.find("\r\n2021-07-01,2021-07-31,D07,城市管理局,"), std::string::npos);
}

TEST(Report, WhichLevelsSatisfyIsPolicy) {
  Policy strict;
  strict.least_satisfied = Satisfaction::satisfied;
  const json::value lenient_report = json::parse(report_json(jieshou(), {}));
  const json::value strict_report = json::parse(report_json(jieshou(), strict));
  EXPECT_EQ(lenient_report.at_pointer("/total/rates/satisfaction_rate/percent"), "96.4");
  EXPECT_EQ(strict_report.at_pointer("/total/rates/satisfaction_rate/percent"), "90.0");
}

TEST(Report, JsonCarriesNumeratorAndDenominator) {
  const json::value report = json::parse(report_json(jieshou(), {}));
  EXPECT_EQ(report.at("from"), "2021-01-01");
  EXPECT_EQ(report.at_pointer("/total/accepted"), 13'611);
  EXPECT_EQ(report.at_pointer("/total/undecided"), 0);
  EXPECT_EQ(report.at_pointer("/total/ratings/dissatisfied"), 30);
  EXPECT_EQ(report.at_pointer("/total/rates/direct_rate"),
            (json::value{{"numerator", 7'021}, {"denominator", 13'611}, {"percent", "51.6"}}));
  EXPECT_TRUE(report.at_pointer("/total/rates/sign_in_time_rate/percent").is_null());
}

TEST(Report, CsvQuotesAndHasAsManyFieldsAsItsHeader) {
  Report report = jieshou();
  report.whole.groups.push_back({"a,b", "say \"x\"", {}});
  const std::string csv = report_csv(report, {});
  EXPECT_TRUE(csv.starts_with("value,name,received,rejected,accepted,direct,transferred,"));
  EXPECT_NE(csv.find("\r\n,合计,13620,9,13611,7021,6590,0,"), std::string::npos);
  EXPECT_NE(csv.find("\r\n\"a,b\",\"say \"\"x\"\"\",0,"), std::string::npos);
  const auto header = csv.substr(0, csv.find('\r'));
  const auto second =
      csv.substr(header.size() + 2, csv.find('\r', header.size() + 2) - header.size() - 2);
  EXPECT_EQ(std::ranges::count(header, ','), std::ranges::count(second, ','));
}

TEST(Report, GroupsHaveNames) {
  const test::SmallCatalogue catalogue;
  EXPECT_EQ(group_name(Dimension::department, "D07", catalogue), "城市管理局");
  EXPECT_EQ(group_name(Dimension::category, "C0301", catalogue), "路灯");
  EXPECT_EQ(group_name(Dimension::region, "341282001", catalogue), "西城街道");
  EXPECT_EQ(group_name(Dimension::channel, "phone", catalogue), "电话");
  EXPECT_EQ(group_name(Dimension::type, "complaint", catalogue), "投诉");
  EXPECT_EQ(group_name(Dimension::type, "?", catalogue), "");
}

TEST(Accept, PicksWhatIsLikedBest) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", "application/json"},
      {"*/*", "application/json"},
      {"text/plain", "text/plain"},
      {"text/*", "text/plain"},
      {"text/csv;q=0.5, text/plain;q=0.4", "text/csv"},
      {"text/html, application/xhtml+xml, */*;q=0.1", "application/json"},
      {"text/*;q=0.9, text/plain;q=0", "text/csv"},
      {"application/json;q=0.2, text/csv", "text/csv"},
      {"image/png", ""},
      {"application/json;q=0", ""},
  };
  for (const auto& [accept, expected] : cases) {
    EXPECT_EQ(preferred(accept, {"application/json", "text/plain", "text/csv"}).value_or(""),
              expected)
        << accept;
  }
}

}  // namespace
}  // namespace hotline::api

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/report.hpp"
#include "support/play.hpp"

// Figures that cities published come out of lives that are played through the rules: every case is
// a ticket whose moves a call centre and a department make.

namespace hotline::api {
namespace {

using std::chrono::days;
using std::chrono::hours;

const Period half_year{*parse_day("2021-01-01"), *parse_day("2021-07-01")};

Policy two_decimals() {
  Policy policy;
  policy.publishing.decimals = 2;
  return policy;
}

Intake phoned() { return test::confident("D07"); }

Intake answered_on_the_spot() {
  Intake move = phoned();
  move.answer = "已答复";
  move.handling = Handling::direct;
  return move;
}

CallbackAttempt rated(Satisfaction level) {
  return {CallbackOutcome::reached, true, Resolved::yes, level, ""};
}

/// A half-year of one city.
class City {
 public:
  /// Any number of tickets that live alike: each step some hours after the one before.
  void live(int count, const std::vector<std::pair<Move, hours>>& steps) {
    const Ticket one = lived(steps);
    const auto counted = contributions(one, china_offset);
    for (int i = 0; i < count; ++i)
      recount({}, counted, [this](const CounterKey& key) { return &rows_[key]; });
  }

  std::string rate(std::string_view name) const {
    Report report{{half_year, {}, {}}, {}, {}, {}};
    for (const auto& [key, row] : rows_) {
      const bool asked = key.dimension == Dimension::all && key.span == Span::day;
      if (asked) report.whole.total.totals.add(key, row, half_year.to);
    }
    const auto made = boost::json::parse(report_json(report, two_decimals()));
    const auto& rate = made.at("total").at("rates").at(name);
    return fmt::format("{} of {}: {}", rate.at("numerator").as_int64(),
                       rate.at("denominator").as_int64(), rate.at("percent").as_string().c_str());
  }

 private:
  static Ticket lived(const std::vector<std::pair<Move, hours>>& steps) {
    test::Play play(two_decimals());
    for (const auto& [move, later] : steps) {
      play.now += later;
      const auto done = play.move(move);
      EXPECT_TRUE(done) << done.error().detail;
    }
    return play.ticket;
  }

  std::map<CounterKey, CounterRow> rows_;
};

constexpr hours soon{1};

TEST(PublishedFigures, JieshouAnswered7021Of13611Directly) {
  City city;
  city.live(7'021, {{answered_on_the_spot(), soon}});
  city.live(6'590, {{phoned(), soon}, {Sign{}, soon}, {Answer{"", "已修复"}, soon}});
  EXPECT_EQ(city.rate("direct_rate"), "7021 of 13611: 51.58");
}

TEST(PublishedFigures, Of24932Due23974WereClosedAnd22345InTime) {
  City city;
  const Answer answer{"", "已修复"};
  city.live(22'345, {{phoned(), soon}, {Sign{}, soon}, {answer, soon}});
  city.live(23'974 - 22'345, {{phoned(), soon}, {Sign{}, soon}, {answer, days{10}}});
  city.live(24'932 - 23'974, {{phoned(), soon}, {Sign{}, soon}});
  EXPECT_EQ(city.rate("closing_rate"), "23974 of 24932: 96.16");
  EXPECT_EQ(city.rate("answer_in_time_rate"), "22345 of 24932: 89.62");
  EXPECT_EQ(city.rate("overdue_rate"), "2587 of 24932: 10.38");
}

TEST(PublishedFigures, Of2713Rated2617WereSatisfied) {
  City city;
  const auto life = [](Satisfaction level) {
    return std::vector<std::pair<Move, hours>>{
        {phoned(), soon}, {Sign{}, soon}, {Answer{"", "已修复"}, soon}, {rated(level), hours{24}}};
  };
  city.live(1'700, life(Satisfaction::very_satisfied));
  city.live(800, life(Satisfaction::satisfied));
  city.live(117, life(Satisfaction::basically_satisfied));
  city.live(90, life(Satisfaction::dissatisfied));
  city.live(6, life(Satisfaction::very_dissatisfied));
  EXPECT_EQ(city.rate("satisfaction_rate"), "2617 of 2713: 96.46");
}

TEST(PublishedFigures, Of18113Transferred710WereStillInFlow) {
  City city;
  city.live(18'113 - 710, {{phoned(), soon}, {Sign{}, soon}, {Answer{"", "已修复"}, soon}});
  city.live(710, {{phoned(), soon}, {Sign{}, soon}});
  EXPECT_EQ(city.rate("in_flow_rate"), "710 of 18113: 3.92");
}

}  // namespace
}  // namespace hotline::api

#include "client/scenario.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace hotline::client {
namespace {

constexpr std::size_t departments = 83;
constexpr std::uint64_t seed = 7;

const Scenario& named(std::string_view name) {
  return *std::ranges::find(scenarios, name, &Scenario::name);
}

std::vector<Arrival> arrivals_of(const Scenario& scenario) {
  return arrivals(scenario, seed, departments, china_offset);
}

TEST(Scenario, TheHalfYearHasItsFiguresInOrder) {
  const auto& scenario = named("half-year");
  const auto all = arrivals_of(scenario);
  EXPECT_EQ(all.size(), 13'611U);
  EXPECT_EQ(std::ranges::count_if(all, &Arrival::direct), 7'021);
  EXPECT_TRUE(std::ranges::is_sorted(all, {}, &Arrival::received_at));
  EXPECT_EQ(local_day(all.front().received_at, china_offset), rehearsal_day);
  EXPECT_EQ(format_day(local_day(all.back().received_at, china_offset)), "2021-05-31");
  std::set<std::size_t> served;
  for (const auto& each : all) served.insert(each.department);
  EXPECT_EQ(served.size(), departments);
}

TEST(Scenario, OfEachThousandCitizens964EndSatisfied) {
  for (std::uint32_t first = 0; first < 5'000; first += 1'000) {
    int satisfied = 0;
    for (std::uint32_t number = first; number < first + 1'000; ++number) {
      const auto move = call_back(number, 3, 1, seed);
      ASSERT_EQ(move.body.at("outcome").as_string(), "reached");
      if (move.body.at("satisfaction").as_string() != "dissatisfied") ++satisfied;
    }
    EXPECT_EQ(satisfied, 964) << first;
  }
}

TEST(Scenario, SomeAreReachedLateAndSomeContentOnlyAfterARedo) {
  int missed = 0;
  int cross = 0;
  for (std::uint32_t number = 0; number < 1'000; ++number) {
    if (call_back(number, 1, 0, seed).body.at("outcome").as_string() == "no_answer") ++missed;
    const auto first = call_back(number, 1, 1, seed).body.at("satisfaction").as_string();
    if (first != call_back(number, 2, 1, seed).body.at("satisfaction").as_string()) ++cross;
  }
  EXPECT_NEAR(missed, 200, 50);
  EXPECT_NEAR(cross, 50, 25);
}

TEST(Scenario, AStormAddsTicketsOfOneDepartmentOnOneDayAndChangesNoOther) {
  const auto calm = arrivals_of(named("calm"));
  const auto stormy = arrivals_of(named("storm"));
  ASSERT_EQ(stormy.size(), calm.size() + 15 * 76);
  std::map<std::uint32_t, Arrival> usual;
  for (const auto& each : calm) usual.emplace(each.number, each);
  for (const auto& each : stormy) {
    const auto found = usual.find(each.number);
    if (found == usual.end()) {
      EXPECT_EQ(each.department, 0U);
      EXPECT_EQ(format_day(local_day(each.received_at, china_offset)), "2021-01-02");
      continue;
    }
    EXPECT_EQ(each.department, found->second.department);
    EXPECT_EQ(each.received_at, found->second.received_at);
  }
}

TEST(Scenario, AScaledOneIsAsMuchSmallerAndNeverEmpty) {
  const auto tenth = scaled(named("half-year"), 0.1);
  EXPECT_EQ(tenth.direct, 702U);
  EXPECT_EQ(tenth.transferred, 659U);
  const auto least = scaled(named("storm"), 0.001);
  EXPECT_EQ(least.direct, 0U);
  EXPECT_EQ(least.at_once, 1U);
}

TEST(Scenario, ABodyCarriesItsNumberAndWhatTheTicketIs) {
  const auto& scenario = named("half-year");
  const auto body = [&](const Arrival& each) {
    return *parse_json(arrival_body(each, scenario, "cgj", china_offset));
  };
  const auto direct = body({.number = 7'000, .direct = true});
  EXPECT_EQ(number_of(text(direct, "source_id")), 7'000U);
  EXPECT_FALSE(text(direct, "answer").empty());
  EXPECT_TRUE(text(direct, "department").empty());
  const auto clear = body({.number = 1});
  EXPECT_EQ(text(clear, "department"), "cgj");
  const auto unclear = body({.number = 1, .unclear = true});
  EXPECT_TRUE(text(unclear, "department").empty());
  EXPECT_EQ(number_of("no number"), 0U);
}

TEST(Scenario, DepartmentsWorkFromEightToSix) {
  const auto at = [](std::string_view clock) {
    return office_hour(*parse_rfc3339("2021-01-01T" + std::string(clock) + ":00+08:00"),
                       china_offset);
  };
  EXPECT_FALSE(at("07:59"));
  EXPECT_TRUE(at("08:00"));
  EXPECT_TRUE(at("17:59"));
  EXPECT_FALSE(at("18:00"));
}

}  // namespace
}  // namespace hotline::client

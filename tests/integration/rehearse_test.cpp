#include <fmt/format.h>
#include <gtest/gtest.h>

#include "rig.hpp"

// Whole periods of a hotline on the virtual clock, by real moves through HTTP.

namespace hotline::test {
namespace {

class Rehearse : public ::testing::Test {
 protected:
  /// What `hotlinectl rehearse` tells; every ticket has ended then, and every index agrees.
  static json::value play(const Rig& rig, std::vector<std::string> words) {
    words.insert(words.begin(), {"--json", "rehearse"});
    const auto ended = rig.ctl(std::move(words));
    EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
    Web web = rig.web();
    EXPECT_TRUE(list(web.get("/v1/queues").json(), "/queues").empty());
    for (const auto* status : {"triage", "direct", "dispatched", "in_progress", "callback"}) {
      const auto page = web.get(fmt::format("/v1/tickets?limit=1&status={}", status)).json();
      EXPECT_TRUE(list(page, "/tickets").empty()) << status;
    }
#ifdef HOTLINE_WITH_ROCKSDB  // check reads a checkpoint, and memory has none
    const auto checked = rig.ctl({"check"});
    EXPECT_EQ(checked.code, 0) << checked.out << checked.err;
    EXPECT_NE(checked.out.find("nothing found"), std::string::npos) << checked.out;
#endif
    return json::parse(ended.out);
  }

  static std::string half_year(const Rig& rig) {
    return rig.ctl({"report", "--from", "2021-01-01", "--to", "2021-07-01", "--format", "sentence"})
        .out;
  }

  const RigOptions new_year{.clock = "2021-01-01T00:00:00+08:00"};
};

TEST_F(Rehearse, TheHalfYearPrintsItsLine) {
  const Rig rig(new_year);
  const auto played = play(rig, {"half-year", "--seed", "2021"});
  EXPECT_EQ(number(played, "/tickets"), 13'611);
  EXPECT_EQ(half_year(rig),
            "2021年上半年,受理13611件,其中直办7021件,转办6590件,回访满意率96.4%。\n");
}

TEST_F(Rehearse, ADayOfACapitalRunsThrough) {
  const Rig rig(new_year);
  EXPECT_EQ(number(play(rig, {"city-day", "--scale", "0.02"}), "/tickets"), 1'400);
  EXPECT_NE(half_year(rig).find("受理1400件,其中直办700件,转办700件"), std::string::npos);
}

TEST_F(Rehearse, AStormUponOneDepartmentKeepsNobodyElseWaiting) {
  const auto waiting = [this](const char* scenario) {
    const Rig rig(new_year);
    return at(play(rig, {scenario, "--scale", "0.1"}), "/waiting").as_object();
  };
  const auto calm = waiting("calm");
  const auto storm = waiting("storm");
  ASSERT_EQ(calm.size(), 20U);
  ASSERT_EQ(storm.size(), 20U);
  const auto struck = calm.begin()->key();
  for (const auto& [department, waits] : calm) {
    if (department == struck) continue;
    EXPECT_EQ(storm.at(department), waits) << department;
  }
  EXPECT_GT(storm.at(struck).at("median_h").as_double(),
            calm.at(struck).at("median_h").as_double() + 5);
}

TEST_F(Rehearse, ADaemonByTheWallsClockIsTold) {
  const Rig rig;
  const auto ended = rig.ctl({"rehearse", "half-year"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_NE(ended.err.find("start it with --virtual-clock"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace hotline::test

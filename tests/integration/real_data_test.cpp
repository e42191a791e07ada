#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <regex>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "rig.hpp"

// A file of messages goes through the whole house, and the report agrees with a count made from the
// tickets themselves.

namespace hotline::test {
namespace {

struct File {
  std::uint64_t lines = 0;
  std::string latest;  ///< time in the file, with zone; empty when it has none
};

File look_at(const std::filesystem::path& path) {
  File found;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    const auto message = json::parse(line);
    ++found.lines;
    for (const auto* field : {"/time", "/received_at"}) {
      if (!has(message, field) || !at(message, field).is_string()) continue;
      found.latest = std::max(found.latest, text(message, field));
    }
  }
  const bool zoneless = found.latest.size() == std::string_view("2020-01-06T12:09:38").size();
  if (zoneless) found.latest += "+08:00";
  return found;
}

using Figures = std::map<std::string, std::int64_t>;

/// What a report says of `tickets`, counted from them.
Figures count(const std::vector<json::value>& tickets) {
  Figures figures{{"received", 0}, {"rejected", 0}, {"direct", 0}, {"transferred", 0},
                  {"finished", 0}, {"closed", 0},   {"redone", 0}, {"supervised", 0}};
  for (const auto& ticket : tickets) {
    ++figures["received"];
    const bool rejected = text(ticket, "/outcome") == "rejected";
    if (rejected) ++figures["rejected"];
    const auto handling = at(ticket, "/handling");
    if (!handling.is_null()) ++figures[text(ticket, "/handling")];
    if (has(ticket, "/finished_at") && !rejected) ++figures["finished"];
    if (text(ticket, "/status") == "closed") ++figures["closed"];
    if (number(ticket, "/round") > 1) ++figures["redone"];
    if (at(ticket, "/supervised").as_bool()) ++figures["supervised"];
    if (has(ticket, "/callback/rating/satisfaction")) {
      ++figures["ratings/" + text(ticket, "/callback/rating/satisfaction")];
    }
  }
  figures["accepted"] = figures["received"] - figures["rejected"];
  figures["undecided"] = figures["accepted"] - figures["direct"] - figures["transferred"];
  return figures;
}

class RealData : public ::testing::Test {
 protected:
  void replay(const std::filesystem::path& path, std::uint64_t lines) {
    std::vector<std::string> words{"--json", "replay", path.string()};
    const auto help = rig_->ctl({"replay", "--help"}).out;
    // Messages carry no telephone number, and without one nobody is called back.
    if (help.find("--invent-callers") != std::string::npos)
      words.emplace_back("--invent-callers");
    else
      words.insert(words.end(), {"--phone", "13800000000"});
    const auto ended = rig_->ctl(words);
    ASSERT_EQ(ended.code, 0) << ended.out << ended.err;
    const auto result = json::parse(ended.out);
    EXPECT_EQ(number(result, "/created"), static_cast<std::int64_t>(lines)) << ended.out;
    from_ = text(result, "/from");
    // All of them end after the last one came: the report has to reach as far.
    to_ = fmt::format("{}-01-01", std::stoi(text(result, "/to").substr(0, 4)) + 2);
  }

  void drain() {
    const auto ended = rig_->ctl({"--json", "simulate", "--seed", "7"});
    ASSERT_EQ(ended.code, 0) << ended.out << ended.err;
    const auto result = json::parse(ended.out);
    EXPECT_TRUE(list(result, "/waiting").empty()) << ended.out;
    EXPECT_EQ(number(result, "/stuck"), 0);
    Web web = rig_->web();
    for (const auto& queue : list(web.get("/v1/queues").json(), "/queues")) {
      EXPECT_EQ(number(queue, "/depth"), 0) << text(queue, "/queue");
    }
  }

  json::value report(const std::string& group) {
    return rig_->web()
        .get(fmt::format("/v1/reports/summary?from={}&to={}&group_by={}", from_, to_, group))
        .json();
  }

  void expect_figures(const json::value& reported, const Figures& counted) {
    for (const auto& [figure, value] : counted) {
      EXPECT_EQ(number(reported, "/" + figure), value) << figure;
    }
  }

  void expect_report_agrees() {
    Web web = rig_->web();
    const auto tickets = all_tickets(web);
    const auto counted = count(tickets);
    for (const auto* group : {"type", "channel", "category", "region"}) {
      SCOPED_TRACE(group);
      const auto reported = report(group);
      expect_figures(at(reported, "/total"), counted);
      std::map<std::string, std::vector<json::value>> parts;
      const auto field = fmt::format("/{}", group);
      for (const auto& ticket : tickets) {
        parts[has(ticket, field) ? text(ticket, field) : ""].push_back(ticket);
      }
      ASSERT_EQ(list(reported, "/groups").size(), parts.size());
      for (const auto& part : list(reported, "/groups")) {
        SCOPED_TRACE(text(part, "/value"));
        expect_figures(part, count(parts[text(part, "/value")]));
      }
    }
    EXPECT_EQ(counted.at("undecided"), 0);
    EXPECT_EQ(counted.at("closed"), counted.at("received"));
    EXPECT_GT(counted.at("direct"), 0);
    EXPECT_GT(counted.at("transferred"), 0);
    EXPECT_GT(counted.at("redone"), 0);
  }

  void go_through(const std::filesystem::path& path) {
    const auto file = look_at(path);
    const std::string noon = "2026-03-02T12:00:00+08:00";
    rig_ = std::make_unique<Rig>(RigOptions{.clock = file.latest.empty() ? noon : file.latest});
    ASSERT_NO_FATAL_FAILURE(replay(path, file.lines));
    ASSERT_NO_FATAL_FAILURE(drain());
    expect_report_agrees();
    const auto checked = rig_->ctl({"check"});
    EXPECT_EQ(checked.code, 0) << checked.out << checked.err;
    EXPECT_NE(checked.out.find(fmt::format("checked {} tickets", file.lines)), std::string::npos);
    EXPECT_NE(checked.out.find("nothing found"), std::string::npos) << checked.out;
  }

  std::unique_ptr<Rig> rig_;
  std::string from_;
  std::string to_;
};

TEST_F(RealData, SampleDayDrainsAndItsReportAgreesWithItsTickets) {
  go_through(source_folder() / "conf" / "sample" / "day.jsonl");
}

std::filesystem::path real_tickets() {
  const char* given = std::getenv("HOTLINE_REAL_DATA");
  const std::filesystem::path data =
      given != nullptr ? std::filesystem::path(given) : source_folder() / ".." / "shared" / "data";
  return data / "tickets";
}

TEST_F(RealData, AllMessagesOfACityDrainAndTheReportAgreesWithTheTickets) {
  const auto path = real_tickets() / "routing7.train.jsonl";
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << "no " << path << ": set HOTLINE_REAL_DATA to the folder of real messages";
  }
  EXPECT_EQ(look_at(path).lines, 6'647U);
  go_through(path);
}

using Groups = std::map<std::string, std::int64_t>;

/// The first rows of a sheet by region and by category. A row begins with its number and time, and
/// these four cells hold neither commas nor line ends.
struct Arrivals {
  Groups by_region;
  Groups by_category;
};
Arrivals arrivals_of(const std::filesystem::path& sheet, int rows) {
  Arrivals found;
  std::ifstream in(sheet);
  const std::regex row(R"(UN\d+,\d{4}-[^,]*,(\d*),(\w+),.*)");
  std::smatch cells;
  for (std::string line; rows > 0 && std::getline(in, line);) {
    if (!std::regex_match(line.erase(line.find_last_not_of("\r") + 1), cells, row)) continue;
    ++found.by_region[cells[1]];
    ++found.by_category[cells[2]];
    --rows;
  }
  return found;
}

class RealArrivals : public RealData {
 protected:
  void expect_groups(const std::string& dimension, const Groups& counted) {
    Groups reported;
    for (const auto& group : list(report(dimension), "/groups")) {
      reported[text(group, "/value")] = number(group, "/transferred") + number(group, "/undecided");
    }
    EXPECT_EQ(reported, counted) << dimension;
  }
};

// A tenth of what `scripts/rehearse FILE` plays in full.
TEST_F(RealArrivals, ComeByTheirOwnTimesAndAreReportedByAreaAndService) {
  constexpr int rows = 6'755;
  const auto path = real_tickets() / "tainan1999_2015_2017.csv";
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << "no " << path << ": set HOTLINE_REAL_DATA to the folder of real messages";
  }
  const StoreFolder folder;
  const auto made = run(folder.path(), {(source_folder() / "scripts" / "tainan").string(),
                                        path.string(), folder.path().string()});
  ASSERT_EQ(made.code, 0) << made.err;
  rig_ = std::make_unique<Rig>(
      RigOptions{.clock = "2015-04-01T00:00:00+08:00",
                 .settings = {"catalogue.path=" + (folder.path() / "catalogue").string()}});
  const auto sheet = folder.path() / "sheet.csv";
  const auto ended = rig_->ctl(
      {"--json", "replay", sheet.string(), "--virtual-clock", "--limit", std::to_string(rows)});
  ASSERT_EQ(ended.code, 0) << ended.out << ended.err;
  const auto result = json::parse(ended.out);
  EXPECT_EQ(number(result, "/created"), rows);
  from_ = text(result, "/from");
  to_ = text(result, "/to");
  const auto counted = arrivals_of(sheet, rows);
  expect_groups("region", counted.by_region);
  expect_groups("category", counted.by_category);
  Web web = rig_->web();
  const auto first = at(web.get("/v1/tickets?limit=1").json(), "/tickets/0");
  const auto whole = web.get("/v1/tickets/" + text(first, "/id")).json();
  EXPECT_TRUE(has(whole, "/personal/location/lat")) << whole;
  const auto checked = rig_->ctl({"check"});
  EXPECT_EQ(checked.code, 0) << checked.out << checked.err;
}

}  // namespace
}  // namespace hotline::test

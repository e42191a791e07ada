#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "records/codec.hpp"
#include "rig.hpp"
#include "storage/rocks_store.hpp"

// hotlinectl export against a real daemon: whole, resumed, as a table, and in the audit log.

namespace hotline::test {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

class CtlExport : public ::testing::Test {
 protected:
  static constexpr int tickets = 250;  // more than the daemon reads at once

  CtlExport() {
    Web web = rig.web();
    for (int i = 0; i < tickets; ++i) {
      const auto reply = web.post("/v1/tickets", {{"channel", "phone"},
                                                  {"content", "路灯不亮\n\"第二行\""},
                                                  {"caller", {{"phone", "13812345678"}}}});
      ids.insert(text(reply.json(), "/id"));
    }
  }

  Ended export_as(std::vector<std::string> words) {
    words.insert(words.begin(), {"--actor", "王五", "export"});
    auto ended = rig.ctl(std::move(words));
    EXPECT_EQ(ended.code, 0) << ended.err;
    return ended;
  }
  std::string file() const { return (rig.folder() / "out").string(); }
  std::vector<std::string> export_to_file(const std::string& what, bool resume) {
    std::vector<std::string> words{what, "--output", file()};
    if (resume) words.emplace_back("--resume");
    export_as(words);
    return lines_of(contents_of(file()));
  }
  void cut_file() const { std::filesystem::resize_file(file(), contents_of(file()).size() / 2); }

  Rig rig;
  std::set<std::string> ids;
};

TEST_F(CtlExport, EveryTicketOnceAndTheSameAfterACut) {
  const auto printed = export_as({"tickets"}).out;
  std::set<std::string> seen;
  for (const auto& line : lines_of(printed)) {
    EXPECT_TRUE(seen.insert(text(json::parse(line), "/id")).second) << line;
  }
  EXPECT_EQ(seen, ids);
  EXPECT_EQ(export_to_file("tickets", false), lines_of(printed));
  cut_file();
  EXPECT_EQ(export_to_file("tickets", true), lines_of(printed));
  EXPECT_EQ(export_to_file("tickets", true), lines_of(printed)) << "nothing was missing";
}

TEST_F(CtlExport, EveryStoryOnceAndTheSameAfterACut) {
  const auto whole = export_to_file("events", false);
  EXPECT_EQ(whole.size(), ids.size());
  cut_file();
  EXPECT_EQ(export_to_file("events", true), whole);
}

TEST_F(CtlExport, ATableHasARowATicket) {
  const auto table = export_as({"tickets", "--csv"}).out;
  for (const auto& id : ids) EXPECT_NE(table.find("\n" + id + ","), std::string::npos) << id;
  EXPECT_EQ(export_as({"tickets", "--csv", "--output", file()}).out,
            std::to_string(tickets) + " tickets in " + file() + "\n");
  EXPECT_EQ(contents_of(file()), table);
}

#ifdef HOTLINE_WITH_ROCKSDB
TEST_F(CtlExport, WhoLookedAtPersonalDataStandsInTheAuditLog) {
  EXPECT_EQ(export_as({"tickets"}).out.find("13812345678"), std::string::npos);
  EXPECT_NE(export_as({"tickets", "--unmask"}).out.find("13812345678"), std::string::npos);
  rig.stop();
  RocksOptions options;
  options.path = rig.storage() / "store";
  options.create_if_missing = false;
  options.read_only = true;
  const auto store = open_rocks_store(options);
  ASSERT_TRUE(store) << store.error().detail;
  std::vector<std::string> log;
  ASSERT_TRUE((*store)->scan(Space::audit, {}, {}, [&](auto, auto value) {
    const auto entry = decode_audit(value).value();
    log.push_back(entry.person + " " + entry.action);
    return true;
  }));
  EXPECT_THAT(log, testing::ElementsAre("王五 tickets.exported", "王五 tickets.exported.unmasked"));
}
#endif

}  // namespace
}  // namespace hotline::test

#include <csignal>
#include <fstream>

#include <gtest/gtest.h>

#include "rig.hpp"

// hotlinectl as its users run it: a clerk, a call centre's vendor, an operator.

namespace hotline::test {
namespace {

class Ctl : public ::testing::Test {
 protected:
  /// A ticket that waits in a department's queue; its number.
  std::string post(const std::string& department) {
    const auto reply = rig.web().post("/v1/tickets", {{"channel", "phone"},
                                                      {"title", "路灯不亮"},
                                                      {"content", "门口的路灯坏了两个月"},
                                                      {"department", department}});
    EXPECT_EQ(reply.status, 201U) << reply.body;
    return text(reply.json(), "/id");
  }
  bool said(const Ended& ended, const std::string& words) {
    return (ended.out + ended.err).find(words) != std::string::npos;
  }

  Rig rig{RigOptions{.clock = "2026-03-02T12:00:00+08:00"}};
};

TEST_F(Ctl, WatchedQueuesArePrintedAgainUntilInterrupted) {
  post("cgj");
  const auto out = rig.folder() / "watch.out";
  Child watch(rig.ctl_command({"queues", "--watch", "0.1"}), out, rig.folder() / "watch.err");
  const auto tables = [&] {
    const auto all = contents_of(out);
    std::size_t count = 0;
    for (auto at = all.find("队列"); at != std::string::npos; at = all.find("队列", at + 1))
      ++count;
    return count;
  };
  ASSERT_TRUE(eventually([&] { return tables() >= 3; })) << contents_of(out);
  watch.signal(SIGINT);
  const auto ended = watch.wait();
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.err, "");
  EXPECT_EQ(ended.out.find('\x1b'), std::string::npos);
  EXPECT_NE(ended.out.find("cgj"), std::string::npos) << ended.out;
}

TEST_F(Ctl, AClerkWorksATicketThroughAtTheTerminal) {
  const auto id = post("cgj");
  const auto looked = rig.ctl({"lease", "cgj", "--release"});
  EXPECT_EQ(looked.code, 0) << looked.err;
  EXPECT_TRUE(said(looked, id)) << looked.out;
  const auto leased = rig.ctl({"--json", "lease", "cgj", "--max", "5"});
  ASSERT_EQ(leased.code, 0) << leased.err;
  const auto receipt = text(json::parse(leased.out), "/leases/0/receipt");
  EXPECT_TRUE(said(rig.ctl({"lease", "cgj"}), "nothing waits in cgj"));
  const auto move = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"--actor", "张三", "move", id});
    const auto ended = rig.ctl(std::move(words));
    EXPECT_EQ(ended.code, 0) << ended.err;
    return ended.out;
  };
  EXPECT_NE(move({"sign", "--receipt", receipt}).find("办理中"), std::string::npos);
  EXPECT_NE(move({"contact", "note=已电话联系"}).find("answer (答复)"), std::string::npos);
  EXPECT_NE(move({"answer", "text=路灯已修复"}).find("答复 " + id), std::string::npos);
  EXPECT_EQ(text(rig.web().get("/v1/tickets/" + id).json(), "/outcome"), "answered");
}

TEST_F(Ctl, ARefusedMoveEndsWith1AndSaysWhichAreAllowed) {
  const auto id = post("cgj");
  const auto ended = rig.ctl({"--actor", "张三", "move", id, "answer", "text=好"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_TRUE(said(ended, "dispatch, sign")) << ended.err;
  const auto wrong = rig.ctl({"--actor", "张三", "move", id, "sgin"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_TRUE(said(wrong, "'sgin' is none of sign, contact, answer")) << wrong.err;
  const auto nobody = rig.ctl({"move", id, "sign"});
  EXPECT_EQ(nobody.code, 2);
  EXPECT_TRUE(said(nobody, "--actor")) << nobody.err;
}

TEST_F(Ctl, ATicketsStoryTellsWhoAndWhetherItWasInTime) {
  const auto id = post("cgj");
  rig.web().post("/v1/admin/clock:advance", {{"to", "2026-03-05T09:00:00+08:00"}});
  ASSERT_EQ(rig.ctl({"--actor", "张三", "move", id, "sign"}).code, 0);
  const auto shown = rig.ctl({"ticket", id});
  EXPECT_EQ(shown.code, 0) << shown.err;
  for (const auto* words :
       {"办理中", "市城市管理局", "时限已过", "签收时限", "张三", "超期1天21时"}) {
    EXPECT_TRUE(said(shown, words)) << words << "\n" << shown.out;
  }
  const auto document = json::parse(rig.ctl({"--json", "ticket", id}).out);
  EXPECT_EQ(text(document, "/ticket/status"), "in_progress");
  EXPECT_FALSE(has(document, "/ticket/personal"));
}

TEST_F(Ctl, AnUnmaskedLookNamesThePerson) {
  const auto reply = rig.web().post(
      "/v1/tickets",
      {{"channel", "phone"}, {"content", "路灯不亮"}, {"caller", {{"phone", "13812345678"}}}});
  const auto id = text(reply.json(), "/id");
  EXPECT_TRUE(said(rig.ctl({"ticket", id, "--personal"}), "138****5678"));
  EXPECT_EQ(rig.ctl({"ticket", id, "--unmask"}).code, 2);
  EXPECT_TRUE(said(rig.ctl({"ticket", id, "--unmask", "--actor", "李四"}), "13812345678"));
}

TEST_F(Ctl, AReportComesAsTableSheetDocumentAndSentence) {
  post("cgj");
  const auto report = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"report", "--from", "2026-03-01", "--to", "2026-04-01"});
    const auto ended = rig.ctl(std::move(words));
    EXPECT_EQ(ended.code, 0) << ended.err;
    return ended.out;
  };
  EXPECT_TRUE(report({}).starts_with("2026-03-01 至 2026-03-31\n"));
  EXPECT_NE(report({"--group-by", "department"}).find("市城市管理局 cgj"), std::string::npos);
  EXPECT_NE(report({"--format", "csv", "--group-by", "channel"}).find("phone,电话,1"),
            std::string::npos);
  EXPECT_EQ(number(json::parse(report({"--format", "json"})), "/total/accepted"), 1);
  const auto weeks = report({"--by", "week", "--group-by", "department"});
  for (const auto* words : {"时段", "2026年3月30日至2026年3月31日", "市城市管理局 cgj"}) {
    EXPECT_NE(weeks.find(words), std::string::npos) << weeks;
  }
  EXPECT_EQ(report({"--json", "--format", "csv"}), report({"--format", "json"}));
  EXPECT_NE(report({"--format", "sentence"}).find("受理1件,其中直办0件,转办1件"),
            std::string::npos);
}

class CtlReplay : public Ctl {
 protected:
  std::string write(const std::string& name, const std::string& text) {
    const auto file = rig.folder() / name;
    std::ofstream(file) << text;
    return file.string();
  }
  const std::string sheet =
      "编号,主题,类型,时间,经度,纬度\r\n"
      "1,路灯不亮,投诉,2026/3/3 8:05,115.37,33.26\r\n"
      "2,\"井盖,坏了\",求助,2026/3/4 9:00,,\r\n"
      "3,咨询办证,咨询,2026/3/5 10:30:15,,\r\n";
  const std::string map =
      "source_id=编号,content=主题,type=类型,received_at=时间,lon=经度,lat=纬度";
};

TEST_F(CtlReplay, ASheetIsReplayedByItsOwnTimesOnAVirtualClock) {
  const auto file = write("sheet.csv", sheet);
  const auto ended = rig.ctl({"--json", "replay", "--map", map, file, "--virtual-clock"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(number(json::parse(ended.out), "/created"), 3);
  Web web = rig.web();
  const auto tickets = all_tickets(web);
  ASSERT_EQ(tickets.size(), 3U);
  for (const auto& ticket : tickets) {
    const auto id = text(ticket, "/source_id");
    const std::string_view received = id == "1"   ? "2026-03-03T08:05:00+08:00"
                                      : id == "2" ? "2026-03-04T09:00:00+08:00"
                                                  : "2026-03-05T10:30:15+08:00";
    EXPECT_EQ(text(ticket, "/received_at"), received);
    EXPECT_GE(text(ticket, "/created_at"), received);
    if (id != "1") continue;
    const auto whole = web.get("/v1/tickets/" + text(ticket, "/id")).json();
    EXPECT_EQ(at(whole, "/personal/location/lat"), json::value(33.26));
    EXPECT_EQ(text(whole, "/type"), "complaint");
  }
  const auto again = rig.ctl({"replay", file, "--map", map, "--virtual-clock"});
  EXPECT_TRUE(said(again, "created 0, repeated 3, failed 0")) << again.out << again.err;
}

TEST_F(CtlReplay, APacedReplayThatWasInterruptedGoesOnWhereItWas) {
  rig.web().post("/v1/admin/clock:advance", {{"to", "2026-03-06T00:00:00+08:00"}});
  const auto file = write("sheet.csv", sheet);
  const auto mapping =
      write("columns", "# of the sheet\nsource_id=编号\ncontent = 主题\nreceived_at=时间\n");
  const auto paced = [&](const std::string& limit) {
    return rig.ctl({"replay", "--map", "@" + mapping, file, "--pace", "file", "--speed", "1000000",
                    "--limit", limit});
  };
  EXPECT_TRUE(said(paced("2"), "created 2, repeated 0, failed 0"));
  EXPECT_TRUE(said(paced("0"), "created 1, repeated 2, failed 0"));
}

TEST_F(CtlReplay, BadRowsAreNamedAndTheirNumberIsBounded) {
  std::string rows = "content,received_at\n路灯不亮,2026-03-01\n";
  for (int i = 0; i < 20; ++i) rows += "井盖,昨天\n";
  const auto file = write("bad.csv", rows + "噪音扰民,2026-03-01\n");
  const auto ended = rig.ctl({"replay", file});
  EXPECT_EQ(ended.code, 1);
  EXPECT_TRUE(said(ended, "created 2, repeated 0, failed 20")) << ended.out;
  EXPECT_TRUE(said(ended, file + ":3: '昨天' is not a time")) << ended.err;
  const auto bounded = rig.ctl({"replay", file, "--max-failures", "5", "--connections", "1"});
  EXPECT_EQ(bounded.code, 1);
  EXPECT_TRUE(said(bounded, "created 0, repeated 1, failed 5")) << bounded.out;
  EXPECT_TRUE(said(bounded, "stopped after 5 failures")) << bounded.err;
}

TEST_F(CtlReplay, WhatDoesNotFitTheFileOrTheDaemonIsTold) {
  const auto file = write("sheet.csv", sheet);
  const auto unmapped = rig.ctl({"replay", file});
  EXPECT_EQ(unmapped.code, 2);
  EXPECT_TRUE(said(unmapped, "the columns are 编号, 主题, 类型")) << unmapped.err;
  EXPECT_EQ(rig.ctl({"replay", file, "--map", "colour=主题"}).code, 2);
  EXPECT_EQ(rig.ctl({"replay", file, "--speed", "2"}).code, 2);
  EXPECT_EQ(rig.ctl({"replay", file, "--pace", "file", "--virtual-clock"}).code, 2);
  const Rig wall;
  const auto refused = wall.ctl({"replay", file, "--map", map, "--virtual-clock"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_TRUE(said(refused, "start it with --virtual-clock")) << refused.err;
}

}  // namespace
}  // namespace hotline::test

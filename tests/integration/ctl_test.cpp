#include <csignal>

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

}  // namespace
}  // namespace hotline::test

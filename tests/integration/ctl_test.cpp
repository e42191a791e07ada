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

}  // namespace
}  // namespace hotline::test

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "rig.hpp"

// What a folder keeps from one daemon to the next.

namespace hotline::test {
namespace {

TEST(Restart, SecondDaemonOnAFolderIsRefusedAndToldWhoHasIt) {
  Rig rig;
  const auto ended = run(rig.folder(), rig.command());
  EXPECT_EQ(ended.code, 1);
  EXPECT_NE(ended.err.find(fmt::format("process {}", rig.process().pid())), std::string::npos)
      << ended.err;
  EXPECT_EQ(rig.web().get("/readyz").status, 200U);
}

/// Everything that a reader sees and that does not depend on when it is asked.
std::vector<std::string> all_seen(Web& web) {
  std::vector<std::string> seen;
  for (const auto& ticket : all_tickets(web)) {
    const auto id = text(ticket, "/id");
    seen.push_back(web.get("/v1/tickets/" + id).body);
    seen.push_back(web.get("/v1/tickets/" + id + "/events").body);
  }
  for (const auto* target : {"/v1/queues", "/v1/departments/zjj/work", "/v1/dead-letters",
                             "/v1/reports/summary?from=2021-06-01&to=2021-06-02&group_by=type"}) {
    seen.push_back(web.get(target).body);
  }
  return seen;
}

TEST(Restart, NothingIsForgottenByAnOrderlyStop) {
  Rig rig{{.clock = "2021-06-01T09:00:00+08:00", .settings = {"engine.deliveries_max=1"}}};
  Web web = rig.web_as("值班员");
  for (int i = 0; i < 8; ++i) {
    const auto reply = web.post("/v1/tickets", {{"channel", "phone"},
                                                {"content", "外墙漏水"},
                                                {"department", i < 6 ? "zjj" : "cgj"},
                                                {"caller", {{"phone", "13800000000"}}},
                                                {"source", "cc"},
                                                {"source_id", std::to_string(i)}});
    ASSERT_EQ(reply.status, 201U) << reply.body;
  }
  const auto sign = [&](const json::value& lease) {
    const auto id = text(lease, "/ticket/id");
    const auto reply =
        web.post("/v1/tickets/" + id + ":sign", {{"receipt", text(lease, "/receipt")}});
    EXPECT_EQ(reply.status, 200U) << reply.body;
    return id;
  };
  const auto answered = sign(lease_one(web, "zjj"));
  EXPECT_EQ(web.post("/v1/tickets/" + answered + ":answer", {{"text", "修好了"}}).status, 200U);
  sign(lease_one(web, "zjj"));
  const auto failed = text(lease_one(web, "zjj"), "/receipt");
  EXPECT_EQ(web.post("/v1/leases/" + failed + ":fail", {{"reason", "打不开"}}).status, 200U);
  const auto held = lease_one(web, "zjj");
  EXPECT_EQ(list(web.get("/v1/dead-letters").json(), "/dead_letters").size(), 1U);

  const auto before = all_seen(web);
  rig.stop();
  rig.start();
  Web after = rig.web_as("值班员");
  EXPECT_EQ(all_seen(after), before);
  EXPECT_EQ(after
                .post("/v1/tickets/" + text(held, "/ticket/id") + ":sign",
                      {{"receipt", text(held, "/receipt")}})
                .status,
            200U);
  EXPECT_EQ(after
                .post("/v1/tickets", {{"channel", "phone"},
                                      {"content", "外墙漏水"},
                                      {"department", "zjj"},
                                      {"caller", {{"phone", "13800000000"}}},
                                      {"source", "cc"},
                                      {"source_id", "0"}})
                .status,
            200U);
  rig.stop();
  const auto said = rig.check_stopped();
  EXPECT_NE(said.find("nothing found"), std::string::npos) << said;
}

TEST(Restart, CallbackThatFellDueWhileTheDaemonWasDownIsReadyAfterwards) {
  Rig rig{{.clock = "2021-06-01T09:00:00+08:00"}};
  Web web = rig.web_as("值班员");
  const auto posted = web.post("/v1/tickets", {{"channel", "phone"},
                                               {"content", "外墙漏水"},
                                               {"department", "zjj"},
                                               {"caller", {{"phone", "13800000000"}}}});
  const auto id = text(posted.json(), "/id");
  EXPECT_EQ(web.post("/v1/tickets/" + id + ":sign", {}).status, 200U);
  EXPECT_EQ(web.post("/v1/tickets/" + id + ":answer", {{"text", "修好了"}}).status, 200U);
  rig.stop();
  rig.set_clock("2021-06-02T10:00:00+08:00");
  rig.start();
  Web after = rig.web_as("回访员");
  EXPECT_EQ(text(lease_one(after, "callback"), "/ticket/id"), id);
}

}  // namespace
}  // namespace hotline::test

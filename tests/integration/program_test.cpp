#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "rig.hpp"

// The daemon as a program: its command line, its configuration, its signals.

namespace hotline::test {
namespace {

std::filesystem::path shipped_config() { return source_folder() / "conf" / "hotlined.toml"; }

TEST(Program, ShippedConfigurationIsRightAndIsTheDefault) {
  const StoreFolder folder;
  const auto checked =
      run(folder.path(), {HOTLINED, "--config", shipped_config().string(), "--check-config"});
  EXPECT_EQ(checked.code, 0) << checked.err;
  const auto printed = run(folder.path(), {HOTLINED, "--print-config"});
  EXPECT_EQ(printed.code, 0);
  EXPECT_EQ(printed.out, contents_of(shipped_config()));
}

TEST(Program, CheckSaysWhatItCheckedAndWhatNot) {
  const StoreFolder folder;
  const auto shipped =
      run(folder.path(),
          {HOTLINED, "--config", shipped_config().string(), "--check-config", "--set",
           "catalogue.path=some/catalogue", "--set", "auth.tokens_file=some/tokens.json"});
  EXPECT_NE(shipped.out.find("right: " + shipped_config().string() + " with 2 --set\n"),
            std::string::npos)
      << shipped.out;
  for (const auto* unread : {"the catalogue in some/catalogue", "the deadline rules in ",
                             "the tokens in some/tokens.json", "the store in "}) {
    EXPECT_NE(shipped.out.find(unread), std::string::npos) << shipped.out;
  }
  const auto small = run(folder.path(), {HOTLINED, "--check-config", "--set", "auth.mode=none",
                                         "--set", "storage.engine=memory"});
  EXPECT_NE(small.out.find("right: the defaults with 2 --set\n"), std::string::npos) << small.out;
  EXPECT_EQ(small.out.find("tokens"), std::string::npos) << small.out;
  EXPECT_EQ(small.out.find("store"), std::string::npos) << small.out;
}

TEST(Program, FaultOfTheTokenFileIsNamedByFileAndLine) {
  const StoreFolder folder;
  const auto tokens = (folder.path() / "tokens.json").string();
  std::ofstream(tokens)
      << "[\n  {\"name\": \"a\", \"sha256\": \"12\", \"scopes\": [\"desk\"]}\n]\n";
  const auto catalogue = (source_folder() / "conf" / "catalogue").string();
  const auto ended =
      run(folder.path(),
          {HOTLINED, "--set", "auth.tokens_file=" + tokens, "--set", "http.port=0", "--set",
           "storage.engine=memory", "--set", "catalogue.path=" + catalogue, "--set",
           "deadlines.path=" + (source_folder() / "conf" / "deadlines").string()});
  EXPECT_EQ(ended.code, 1);
  EXPECT_NE(ended.err.find(tokens + ":2: /0/sha256 must be the 64 hex digits"), std::string::npos)
      << ended.err;
  EXPECT_NE(ended.err.find("an entry looks like {"), std::string::npos) << ended.err;
}

TEST(Program, EveryFaultOfAConfigurationIsNamedByFileAndLine) {
  const StoreFolder folder;
  const auto file = folder.path() / "bad.toml";
  std::ofstream(file) << "[http]\nport = 99999\nadress = \"127.0.0.1\"\n[log]\nlevel = \"loud\"\n";
  for (const auto& extra : {std::vector<std::string>{"--check-config"}, {}}) {
    std::vector<std::string> words{HOTLINED, "--config", file.string()};
    words.insert(words.end(), extra.begin(), extra.end());
    const auto ended = run(folder.path(), words);
    EXPECT_EQ(ended.code, 2);
    for (const auto* place : {"bad.toml:2:", "bad.toml:3:", "bad.toml:5:"}) {
      EXPECT_NE(ended.err.find(place), std::string::npos) << place << "\n" << ended.err;
    }
    EXPECT_NE(ended.err.find("did you mean http.address?"), std::string::npos) << ended.err;
  }
}

TEST(Program, MissingConfigurationAndUnknownOptionAreRefused) {
  const StoreFolder folder;
  const auto missing = (folder.path() / "none.toml").string();
  EXPECT_NE(run(folder.path(), {HOTLINED, "--config", missing}).code, 0);
  EXPECT_NE(run(folder.path(), {HOTLINED, "--no-such-option"}).code, 0);
}

TEST(Program, VirtualClockIsForLoopbackOnly) {
  const StoreFolder folder;
  const auto ended = run(folder.path(), {HOTLINED, "--check-config", "--virtual-clock", "now",
                                         "--set", "http.address=0.0.0.0"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_NE(ended.err.find("loopback"), std::string::npos) << ended.err;
}

TEST(Program, ClockCannotBeMovedWithoutAVirtualOne) {
  Rig rig;
  Web web = rig.web();
  EXPECT_EQ(web.post("/v1/admin/clock:advance", {{"to", "2099-01-01T00:00:00Z"}}).status, 404U);
}

TEST(Program, MissingCatalogueStopsTheStartAndIsNamedByItsFolder) {
  const StoreFolder folder;
  const auto missing = (folder.path() / "none").string();
  const auto ended =
      run(folder.path(), {HOTLINED, "--set", "auth.mode=none", "--set", "http.port=0", "--set",
                          "storage.engine=memory", "--set", "catalogue.path=" + missing});
  EXPECT_EQ(ended.code, 1);
  EXPECT_NE(ended.err.find(missing), std::string::npos) << ended.err;
}

TEST(Program, AFaultOfTheDeadlineRulesStopsTheStartAndIsNamed) {
  const StoreFolder folder;
  std::ofstream(folder.path() / "holidays.csv") << "date,name,is_off_day\n2026-10-01,国庆节,1\n";
  std::ofstream(folder.path() / "rules.csv")
      << "limit,type,urgency,category,round,amount,unit,statutory\nresolve,,,,,7,days,\n";
  const auto catalogue = (source_folder() / "conf" / "catalogue").string();
  const auto ended =
      run(folder.path(), {HOTLINED, "--set", "auth.mode=none", "--set", "http.port=0", "--set",
                          "storage.engine=memory", "--set", "catalogue.path=" + catalogue, "--set",
                          "deadlines.path=" + folder.path().string()});
  EXPECT_EQ(ended.code, 1);
  EXPECT_NE(ended.err.find("rules.csv:2:unit: must be one of min, h, wh, d, wd"), std::string::npos)
      << ended.err;
}

/// Intakes and waiting departments under way when the daemon is told to stop.
class UnderWay {
 public:
  static constexpr int waiting = 4;
  static constexpr int posting = 3;

  explicit UnderWay(const Rig& rig) {
    for (int i = 0; i < waiting; ++i) {
      threads_.emplace_back([this, web = rig.web_as("值班员")]() mutable { wait(web); });
    }
    for (int i = 0; i < posting; ++i) {
      threads_.emplace_back([this, i, web = rig.web()]() mutable { post(web, i); });
    }
  }

  int taken_in() const { return taken_in_; }
  void join() { threads_.clear(); }
  int answered_waits() const { return answered_waits_; }
  int odd() const { return odd_; }

 private:
  void note(unsigned status, unsigned good, std::atomic<int>& counter) {
    if (status == good)
      ++counter;
    else if (status != 503)
      ++odd_;
  }

  void wait(Web& web) {
    try {
      const auto status = web.post("/v1/queues/slj/leases", {{"wait_s", 30}}).status;
      note(status == 503 ? 200 : status, 200, answered_waits_);
    } catch (const std::runtime_error&) {
      ++odd_;
    }
  }

  void post(Web& web, int who) {
    try {
      for (int i = 0;; ++i) {
        const auto reply = web.post("/v1/tickets", {{"channel", "phone"},
                                                    {"content", "路灯不亮"},
                                                    {"department", "zjj"},
                                                    {"source", fmt::format("cc{}", who)},
                                                    {"source_id", std::to_string(i)}});
        note(reply.status, 201, taken_in_);
      }
    } catch (const std::runtime_error&) {
      // The door is closed now.
    }
  }

  std::atomic<int> taken_in_ = 0;
  std::atomic<int> answered_waits_ = 0;
  std::atomic<int> odd_ = 0;
  std::vector<std::jthread> threads_;
};

TEST(Program, TermAnswersWhatIsUnderWayEndsWith0AndLosesNothing) {
  Rig rig;
  UnderWay under_way(rig);
  Web web = rig.web();
  ASSERT_TRUE(eventually([&] {
    return under_way.taken_in() >= 50 &&
           number(web.get("/v1/queues/slj").json(), "/waiters") == UnderWay::waiting;
  }));
  rig.stop();
  under_way.join();
  EXPECT_EQ(under_way.answered_waits(), UnderWay::waiting);
  EXPECT_EQ(under_way.odd(), 0);
#ifdef HOTLINE_WITH_ROCKSDB
  rig.start();
  Web after = rig.web();
  EXPECT_GE(static_cast<int>(all_tickets(after).size()), under_way.taken_in());
  EXPECT_LE(static_cast<int>(all_tickets(after).size()), under_way.taken_in() + UnderWay::posting);
#endif
}

class Reload : public ::testing::Test {
 protected:
  Reload() {
    std::filesystem::copy(source_folder() / "conf" / "catalogue", catalogue());
    rig_ =
        std::make_unique<Rig>(RigOptions{.settings = {"catalogue.path=" + catalogue().string()}});
  }
  std::filesystem::path catalogue() const { return folder_.path() / "catalogue"; }
  void write(const char* file, const std::string& words) const {
    std::ofstream(catalogue() / file, std::ios::app) << words;
  }
  std::string version() { return text(rig_->web().get("/v1/catalogue").json(), "/version"); }

  StoreFolder folder_;
  std::unique_ptr<Rig> rig_;
};

TEST_F(Reload, HangUpTakesTheNewCatalogueIntoForce) {
  const auto before = number(rig_->web().get("/v1/catalogue").json(), "/departments");
  write("departments.csv", "xinju,市新设局,szf,\n");
  std::ofstream(catalogue() / "version") << "2031.07\n";
  rig_->process().signal(SIGHUP);
  ASSERT_TRUE(eventually([&] { return version().starts_with("2031.07+"); })) << rig_->log();
  EXPECT_EQ(number(rig_->web().get("/v1/catalogue").json(), "/departments"), before + 1);
  const auto reply = rig_->web().post(
      "/v1/tickets", {{"channel", "phone"}, {"content", "新局的事"}, {"department", "xinju"}});
  EXPECT_EQ(text(reply.json(), "/routing/lead"), "xinju");
  EXPECT_EQ(text(reply.json(), "/classification/catalogue_version"), version());
}

TEST_F(Reload, DepartmentThatLeavesTheCatalogueGivesItsTicketsBackToTriage) {
  const auto without = contents_of(catalogue() / "departments.csv");
  const auto reload_as = [&](const std::string& departments, const std::string& year) {
    std::ofstream(catalogue() / "departments.csv") << departments;
    std::ofstream(catalogue() / "version") << year << '\n';
    rig_->process().signal(SIGHUP);
    return eventually([&] { return version().starts_with(year); });
  };
  ASSERT_TRUE(reload_as(without + "xinju,市新设局,szf,\n", "2031.07")) << rig_->log();
  Web web = rig_->web();
  const auto reply = web.post(
      "/v1/tickets", {{"channel", "phone"}, {"content", "新局的事"}, {"department", "xinju"}});
  const auto id = text(reply.json(), "/id");
  ASSERT_EQ(text(reply.json(), "/status"), "dispatched") << reply.body;
  ASSERT_TRUE(reload_as(without, "2032.07")) << rig_->log();
  EXPECT_TRUE(
      eventually([&] { return text(web.get("/v1/tickets/" + id).json(), "/status") == "triage"; }));
  EXPECT_EQ(text(lease_one(web, "triage"), "/ticket/id"), id);
  EXPECT_EQ(web.get("/v1/queues/xinju").status, 404U);
}

TEST_F(Reload, FaultyCatalogueLeavesTheOldOneInForceAndIsToldByLine) {
  const auto before = version();
  write("departments.csv", "xinju,市新设局,no-such-parent,\n");
  std::ofstream(catalogue() / "version") << "2031.07\n";
  rig_->process().signal(SIGHUP);
  ASSERT_TRUE(
      eventually([&] { return rig_->log().find("the old catalogue stays") != std::string::npos; }));
  EXPECT_EQ(version(), before);
  const auto asked = rig_->web().ask("POST", "/v1/admin/reload");
  EXPECT_EQ(asked.status, 422U) << asked.body;
  EXPECT_NE(asked.body.find("departments.csv"), std::string::npos) << asked.body;
  EXPECT_EQ(rig_->web().post("/v1/tickets", {{"channel", "phone"}, {"content", "路灯不亮"}}).status,
            201U);
}

}  // namespace
}  // namespace hotline::test

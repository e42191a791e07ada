#include <algorithm>
#include <csignal>
#include <fstream>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "rig.hpp"

// A real Prometheus scrapes the daemon and sees what was posted.

namespace hotline::test {
namespace {

constexpr const char* prometheus = "/usr/bin/prometheus";

/// Scrapes `target` every second, with the shipped alerts.
class Server {
 public:
  explicit Server(std::uint16_t target) : port_(free_port()) {
    const auto config = folder_.path() / "prometheus.yml";
    const auto alerts = source_folder() / "conf" / "prometheus" / "alerts.yml";
    std::ofstream(config) << fmt::format(
        "global: {{scrape_interval: 1s, evaluation_interval: 1s}}\n"
        "rule_files: ['{}']\n"
        "scrape_configs:\n"
        "  - job_name: hotlined\n"
        "    static_configs: [{{targets: ['127.0.0.1:{}']}}]\n",
        alerts.string(), target);
    process_ = std::make_unique<Child>(
        std::vector<std::string>{prometheus, "--config.file=" + config.string(),
                                 "--storage.tsdb.path=" + (folder_.path() / "data").string(),
                                 fmt::format("--web.listen-address=127.0.0.1:{}", port_)},
        folder_.path() / "out", folder_.path() / "err");
  }

  /// The value of a query with one sample as its answer; absent while there is none.
  std::optional<std::string> value(const std::string& query) {
    const auto answer = ask("/api/v1/query?query=" + query);
    if (!answer || !has(*answer, "/data/result/0/value/1")) return std::nullopt;
    return text(*answer, "/data/result/0/value/1");
  }

  /// Absent while the server is starting.
  std::optional<json::value> ask(const std::string& target) {
    try {
      const auto reply = Web(port_).get(target);
      if (reply.status != 200) return std::nullopt;
      return reply.json();
    } catch (const std::exception&) {
      return std::nullopt;
    }
  }

  Ended stop() {
    process_->signal(SIGTERM);
    return process_->wait();
  }
  std::string log() const { return contents_of(folder_.path() / "err"); }

 private:
  StoreFolder folder_;
  std::uint16_t port_;
  std::unique_ptr<Child> process_;
};

/// Every rule's state of health, by its name.
std::map<std::string, std::string> healths(Server& server) {
  std::map<std::string, std::string> found;
  const auto answer = server.ask("/api/v1/rules");
  if (!answer) return found;
  for (const auto& group : list(*answer, "/data/groups")) {
    for (const auto& rule : list(group, "/rules")) {
      found[text(rule, "/name")] = text(rule, "/health");
    }
  }
  return found;
}

TEST(Prometheus, SeesWhatWasPostedAndTakesTheShippedAlerts) {
  if (!std::filesystem::exists(prometheus)) {
    GTEST_SKIP() << prometheus << " is not installed: apt-get install prometheus";
  }
  Rig rig;
  Web web = rig.web();
  constexpr int transferred = 5;
  constexpr int answered = 3;
  for (int i = 0; i < transferred; ++i) {
    web.post("/v1/tickets", {{"channel", "phone"}, {"content", "漏水"}, {"department", "zjj"}});
  }
  for (int i = 0; i < answered; ++i) {
    web.post("/v1/tickets", {{"channel", "phone"},
                             {"content", "请问医保卡怎么补办?"},
                             {"handling", "direct"},
                             {"answer", "请到窗口。"}});
  }

  Server server(rig.port());
  ASSERT_TRUE(eventually([&] { return server.value("up") == "1"; })) << server.log();
  EXPECT_EQ(server.value("hotline_tickets_received_total"), "8");
  EXPECT_EQ(server.value("sum(hotline_tickets_taken_in_total)"), "8");
  EXPECT_EQ(server.value("hotline_tickets_taken_in_total{handling=%22direct%22}"), "3");
  EXPECT_EQ(server.value("hotline_tickets_taken_in_total{handling=%22transferred%22}"), "5");
  EXPECT_EQ(server.value("hotline_queue_depth{queue=%22zjj%22}"), "5");
  EXPECT_EQ(server.value("hotline_engine_writable"), "1");

  const auto evaluated = [&] {
    const auto all = healths(server);
    return !all.empty() &&
           std::ranges::none_of(all, [](const auto& rule) { return rule.second == "unknown"; });
  };
  EXPECT_TRUE(eventually(evaluated)) << server.log();
  for (const auto& [rule, health] : healths(server)) EXPECT_EQ(health, "ok") << rule;
  EXPECT_TRUE(healths(server).contains("HotlinedDown"));
  EXPECT_EQ(server.stop().code, 0) << server.log();
}

}  // namespace
}  // namespace hotline::test

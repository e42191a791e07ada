#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "metrics_sample.hpp"

// What operators are given to watch the daemon with: it must be right by Prometheus's own tool, and
// name only what exists.

namespace hotline {
namespace {

const std::filesystem::path source = HOTLINE_SOURCE_DIR;

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string exposition() {
  Metrics metrics;
  fill_sample(metrics);
  return Exposition(metrics, sample_options()).render(sample_readings());
}

/// Names that a query may use: of the families, and of the parts of histograms.
std::set<std::string> existing_names() {
  std::set<std::string> names;
  std::istringstream lines(exposition());
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('#')) names.insert(line.substr(0, line.find_first_of("{ ")));
  }
  return names;
}

/// Every word in `text` that looks like one of the daemon's metrics.
std::set<std::string> used_names(const std::string& text) {
  static const std::regex pattern(R"(\b(hotline|process)_[a-z0-9_]+)");
  std::set<std::string> names;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) {
    names.insert(at->str());
  }
  return names;
}

class ConfFile : public testing::TestWithParam<const char*> {};

TEST_P(ConfFile, NamesOnlyMetricsThatExist) {
  const std::set<std::string> existing = existing_names();
  const std::set<std::string> used = used_names(read(source / "conf" / GetParam()));
  EXPECT_GT(used.size(), 5u);
  for (const std::string& name : used) EXPECT_THAT(existing, testing::Contains(name));
}

INSTANTIATE_TEST_SUITE_P(Shipped, ConfFile,
                         testing::Values("grafana/hotlined.json", "prometheus/alerts.yml"),
                         [](const auto& file) {
                           return std::string(file.index == 0 ? "Dashboard" : "Alerts");
                         });

TEST(Dashboard, ShowsEveryFamilySomewhere) {
  const std::set<std::string> used =
      used_names(read(source / "conf" / "grafana" / "hotlined.json"));
  std::istringstream lines(exposition());
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("# TYPE hotline_")) continue;
    std::string name;
    std::istringstream(line.substr(7)) >> name;
    const bool histogram = line.ends_with(" histogram");
    EXPECT_THAT(used, testing::Contains(name + (histogram ? "_bucket" : "")));
  }
}

struct Outcome {
  int status = 0;
  std::string output;
};

Outcome run(const std::string& command) {
  Outcome outcome;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return {-1, "popen failed"};
  std::array<char, 4096> buffer{};
  while (const std::size_t got = fread(buffer.data(), 1, buffer.size(), pipe)) {
    outcome.output.append(buffer.data(), got);
  }
  outcome.status = WEXITSTATUS(pclose(pipe));
  return outcome;
}

class Promtool : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("command -v promtool >/dev/null") != 0) {
      GTEST_SKIP() << "promtool is not installed (scripts/setup installs it)";
    }
  }
};

TEST_F(Promtool, FindsNothingInTheExposition) {
  std::string file = (std::filesystem::temp_directory_path() / "exposition-XXXXXX").string();
  const int fd = mkstemp(file.data());
  ASSERT_GE(fd, 0);
  close(fd);
  std::ofstream(file) << exposition();
  const Outcome outcome = run("promtool check metrics < '" + file + "'");
  std::filesystem::remove(file);
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, "");
}

TEST_F(Promtool, TakesTheConfiguration) {
  const std::string folder = (source / "conf" / "prometheus").string();
  const Outcome config = run("promtool check config --syntax-only '" + folder + "/prometheus.yml'");
  EXPECT_EQ(config.status, 0) << config.output;
  const Outcome rules = run("promtool check rules '" + folder + "/alerts.yml'");
  EXPECT_EQ(rules.status, 0) << rules.output;
}

TEST_F(Promtool, SeesTheAlertsFire) {
  const Outcome outcome =
      run("promtool test rules '" +
          (source / "tests" / "unit" / "metrics" / "alerts.test.yml").string() + "'");
  EXPECT_EQ(outcome.status, 0) << outcome.output;
}

}  // namespace
}  // namespace hotline

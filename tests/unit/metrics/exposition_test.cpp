#include "metrics/exposition.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "metrics/process.hpp"
#include "metrics_sample.hpp"

namespace hotline {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

double sample(const std::string& text, const std::string& series) {
  const std::size_t at = ("\n" + text).find("\n" + series + " ");
  return at == std::string::npos ? std::nan("") : std::stod(text.substr(at + series.size() + 1));
}

TEST(Exposition, ShowsCountersUnderTheirLabels) {
  Metrics metrics;
  fill_sample(metrics);
  const std::string text = Exposition(metrics, sample_options()).render(sample_readings());

  EXPECT_TRUE(
      has_line(text, R"(hotline_http_requests_total{route="create_ticket",status="2xx"} 3)"));
  EXPECT_TRUE(
      has_line(text, R"(hotline_http_requests_total{route="create_ticket",status="4xx"} 1)"));
  EXPECT_TRUE(has_line(text, R"(hotline_moves_total{move="intake"} 5)"));
  EXPECT_TRUE(has_line(text, R"(hotline_moves_refused_total{move="sign"} 2)"));
  EXPECT_THAT(text, Not(HasSubstr("move=\"\""))) << "indexes without a name are not shown";
  EXPECT_TRUE(has_line(text, "hotline_commits_total 4"));
  EXPECT_TRUE(has_line(text, "hotline_committed_bytes_total 1000"));
  EXPECT_TRUE(has_line(text, "hotline_engine_writable 1"));
  EXPECT_TRUE(has_line(text, R"(hotline_tickets_taken_in_total{handling="transferred"} 3)"));
  EXPECT_TRUE(has_line(text, R"(hotline_ratings_total{level="satisfied",satisfied="true"} 7)"));
  EXPECT_TRUE(has_line(text, R"(hotline_ratings_total{level="none",satisfied="false"} 1)"));
  EXPECT_TRUE(has_line(text, R"(hotline_notices_posted_total{kind="reminder"} 4)"));
  EXPECT_TRUE(has_line(text, R"(hotline_notices_ended_total{outcome="unreachable"} 1)"));
  EXPECT_TRUE(has_line(text, R"(hotline_model_decisions_total{outcome="dispatched"} 6)"));
  EXPECT_TRUE(has_line(text, R"(hotline_model_agreement_total{outcome="department_changed"} 2)"));
  EXPECT_TRUE(has_line(text, R"(hotline_today_tickets{figure="accepted"} 13611)"));
  EXPECT_TRUE(has_line(text, R"(hotline_today_tickets{figure="undecided"} 0)"));
  EXPECT_TRUE(has_line(text, R"(hotline_queue_depth{queue="triage"} 4)"));
  EXPECT_TRUE(has_line(text, R"(hotline_queue_oldest_age_seconds{queue="triage"} 90.5)"));
  EXPECT_TRUE(has_line(text, "hotline_store_disk_bytes 1048576"));
  EXPECT_TRUE(has_line(text, "process_start_time_seconds 1622505600.5"));
  EXPECT_THAT(text, HasSubstr("hotline_build_info{version=\"1.2.3\""));
}

TEST(Exposition, CumulatesHistograms) {
  Metrics metrics;
  metrics.batch_items.observe(1);
  metrics.batch_items.observe(2);
  metrics.batch_items.observe(3);
  metrics.batch_items.observe(1e9);
  const std::string text = Exposition(metrics, sample_options()).render({});
  EXPECT_TRUE(has_line(text, R"(hotline_commit_batch_commands_bucket{le="1"} 1)"));
  EXPECT_TRUE(has_line(text, R"(hotline_commit_batch_commands_bucket{le="2"} 2)"));
  EXPECT_TRUE(has_line(text, R"(hotline_commit_batch_commands_bucket{le="4"} 3)"));
  EXPECT_TRUE(has_line(text, R"(hotline_commit_batch_commands_bucket{le="524288"} 3)"));
  EXPECT_TRUE(has_line(text, R"(hotline_commit_batch_commands_bucket{le="+Inf"} 4)"));
  EXPECT_TRUE(has_line(text, "hotline_commit_batch_commands_count 4"));
  EXPECT_TRUE(has_line(text, "hotline_commit_batch_commands_sum 1000000006"));
}

TEST(Exposition, LeavesOutWhatCouldNotBeRead) {
  Metrics metrics;
  const std::string text = Exposition(metrics, sample_options()).render({});
  EXPECT_THAT(text, Not(HasSubstr("hotline_queue_")));
  EXPECT_THAT(text, Not(HasSubstr("hotline_store_")));
  EXPECT_THAT(text, Not(HasSubstr("hotline_today_")));
  EXPECT_THAT(text, HasSubstr("hotline_engine_writable 1"));
  Readings stalled;
  stalled.writable = false;
  EXPECT_TRUE(
      has_line(Exposition(metrics, sample_options()).render(stalled), "hotline_engine_writable 0"));
}

class QueueBound : public testing::Test {
 protected:
  std::string render(std::vector<QueueGauges> queues, std::size_t max) {
    ExpositionOptions options = sample_options();
    options.queues_max = max;
    Readings readings;
    readings.queues = std::move(queues);
    return Exposition(metrics_, std::move(options)).render(readings);
  }
  Metrics metrics_;
};

TEST_F(QueueBound, KeepsTheDeepestAndSumsTheRest) {
  const std::string text = render({{"a", 1, 1, 0, 1, 10, 2},
                                   {"b", 9, 0, 0, 0, 5, 0},
                                   {"c", 2, 0, 3, 1, 70, 1},
                                   {"d", 5, 0, 0, 0, 1, 0}},
                                  2);
  EXPECT_EQ(sample(text, R"(hotline_queue_depth{queue="b"})"), 9);
  EXPECT_EQ(sample(text, R"(hotline_queue_depth{queue="d"})"), 5);
  EXPECT_THAT(text, Not(HasSubstr(R"(queue="a")")));
  EXPECT_THAT(text, Not(HasSubstr(R"(queue="c")")));
  EXPECT_EQ(sample(text, R"(hotline_queue_depth{queue="other"})"), 3);
  EXPECT_EQ(sample(text, R"(hotline_queue_leased{queue="other"})"), 1);
  EXPECT_EQ(sample(text, R"(hotline_queue_dead_letters{queue="other"})"), 3);
  EXPECT_EQ(sample(text, R"(hotline_queue_overdue{queue="other"})"), 2);
  EXPECT_EQ(sample(text, R"(hotline_queue_oldest_age_seconds{queue="other"})"), 70);
  EXPECT_EQ(sample(text, R"(hotline_queue_waiters{queue="other"})"), 3);
}

TEST_F(QueueBound, HasNoSumWhenAllAreShown) {
  EXPECT_THAT(render({{.queue = "a"}, {.queue = "b"}}, 2), Not(HasSubstr("other")));
}

TEST_F(QueueBound, NeverGivesTwoSeriesOneName) {
  const std::string text = render({{.queue = "other", .depth = 9}, {.queue = "a", .depth = 1}}, 1);
  EXPECT_EQ(sample(text, R"(hotline_queue_depth{queue="a"})"), 1);
  EXPECT_EQ(sample(text, R"(hotline_queue_depth{queue="other"})"), 9);
}

// The number of series must not grow with the number of departments.
TEST_F(QueueBound, BoundsTheNumberOfSeries) {
  std::vector<QueueGauges> queues;
  for (int i = 0; i < 7261; ++i) queues.push_back({.queue = fmt::format("d{}", i), .depth = 1});
  std::set<std::string> shown;
  std::istringstream lines(render(queues, 100));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("hotline_queue_depth{")) shown.insert(line);
  }
  EXPECT_EQ(shown.size(), 101u);
}

TEST(Exposition, EscapesLabels) {
  Metrics metrics;
  Readings readings;
  readings.queues = {{.queue = "a\"b\\c\nd"}};
  EXPECT_THAT(Exposition(metrics, sample_options()).render(readings),
              HasSubstr(R"(hotline_queue_depth{queue="a\"b\\c\nd"} 0)"));
}

// Prometheus's rules: one TYPE and HELP a family, no series twice, and each family's samples
// together.
TEST(Exposition, HasEachSeriesOnceUnderADocumentedFamily) {
  Metrics metrics;
  fill_sample(metrics);
  std::istringstream lines(Exposition(metrics, sample_options()).render(sample_readings()));
  std::set<std::string> families;
  std::set<std::string> series;
  std::set<std::string> helped;
  std::string family;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string hash;
    std::string keyword;
    if (line.starts_with("# ")) {
      words >> hash >> keyword >> family;
      EXPECT_TRUE((keyword == "TYPE" ? families : helped).insert(family).second) << line;
      continue;
    }
    EXPECT_TRUE(line.starts_with(family)) << line;
    EXPECT_TRUE(series.insert(line.substr(0, line.rfind(' '))).second) << line;
  }
  EXPECT_EQ(families, helped);
  EXPECT_GT(families.size(), 40u);
}

TEST(Exposition, IsConsistentWhileOthersCount) {
  Metrics metrics;
  const Exposition exposition(metrics, sample_options());
  std::thread counting([&] {
    for (int i = 0; i < 20'000; ++i) metrics.commit_seconds.observe(0.0001 * (i % 50));
  });
  for (int i = 0; i < 20; ++i) {
    const std::string text = exposition.render({});
    EXPECT_EQ(sample(text, R"(hotline_commit_duration_seconds_bucket{le="+Inf"})"),
              sample(text, "hotline_commit_duration_seconds_count"));
  }
  counting.join();
}

TEST(Process, KnowsItself) {
  const ProcessFigures before = read_process_figures();
  EXPECT_GT(before.resident_bytes, 100'000u);
  EXPECT_GE(before.virtual_bytes, before.resident_bytes);
  EXPECT_GE(before.open_fds, 3u);
  EXPECT_GE(before.max_fds, before.open_fds);
  EXPECT_GT(before.cpu_seconds, 0);
  std::ifstream one_more("/proc/self/stat");
  EXPECT_EQ(read_process_figures().open_fds, before.open_fds + 1);
}

}  // namespace
}  // namespace hotline

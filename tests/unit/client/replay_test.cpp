#include "client/replay.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <sys/stat.h>
#include <thread>

#include <gtest/gtest.h>

#include "client/fields.hpp"
#include "unit/client/fake_server.hpp"

namespace hotline::client {
namespace {

/// Takes tickets in and knows them again by source and source_id, as the daemon does.
class FakeIntake {
 public:
  FakeAnswer operator()(const FakeRequest& request) {
    const std::lock_guard lock(guard_);
    ++requests_;
    if (hang_up_every_ != 0 && requests_ % hang_up_every_ == 0) {
      // Half of the cut connections had done their work: the client cannot know.
      if (requests_ % (2 * hang_up_every_) == 0) take(request);
      return {.hang_up = true};
    }
    return take(request);
  }
  void hang_up_every(unsigned n) { hang_up_every_ = n; }
  std::size_t tickets() const { return tickets_.size(); }

 private:
  FakeAnswer take(const FakeRequest& request) {
    const auto body = parse_json(request.body);
    if (!body || text(*body, "content") == "bad") {
      return {
          400,
          R"({"code":"invalid","detail":"1 field","errors":[{"pointer":"/content","detail":"bad"}]})"};
    }
    const auto key =
        std::string(text(*body, "source")) + '/' + std::string(text(*body, "source_id"));
    const auto [at, fresh] = tickets_.emplace(key, tickets_.size());
    const auto received = text(*body, "received_at");
    return {fresh ? 201U : 200U,
            R"({"received_at":")" +
                std::string(received.empty() ? "2021-06-02T10:00:00+08:00" : received) + "\"}"};
  }

  std::mutex guard_;
  unsigned requests_ = 0;
  unsigned hang_up_every_ = 0;
  std::map<std::string, std::size_t> tickets_;
};

std::string messages(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i)
    lines += R"({"id":)" + std::to_string(i) + R"(,"title":"t","body":"b"})" + "\n";
  return lines;
}

struct Replayed {
  ReplayResult result;
  std::string progress;
};

Replayed post_all(const FakeServer& server, const std::string& lines, std::uint64_t limit = 0) {
  const Daemon daemon{
      server.endpoint(), {}, {.patience = milliseconds{5'000}, .first_delay = milliseconds{1}}};
  ReplayOptions options;
  options.mapping.source = "test";
  options.limit = limit;
  std::istringstream in(lines);
  JsonLines records(in, options.mapping);
  std::ostringstream out;
  std::ostringstream err;
  auto result = replay(daemon, options, records, 0, {out, err});
  return {std::move(result), err.str()};
}

TEST(Replay, EveryLineIsPostedOnce) {
  FakeIntake intake;
  FakeServer server(std::ref(intake));
  const auto [result, progress] = post_all(server, messages(500));
  EXPECT_EQ(result.created, 500U);
  EXPECT_EQ(result.repeated, 0U);
  EXPECT_EQ(result.failed, 0U);
  EXPECT_FALSE(result.lost);
  EXPECT_EQ(intake.tickets(), 500U);
  EXPECT_LE(server.connections(), 8U);
  EXPECT_NE(progress.find("created 500 repeated 0 failed 0"), std::string::npos);
}

TEST(Replay, ARerunRepeatsAndAddsNothing) {
  FakeIntake intake;
  FakeServer server(std::ref(intake));
  EXPECT_EQ(post_all(server, messages(100), 60).result.created, 60U);
  const auto again = post_all(server, messages(100)).result;
  EXPECT_EQ(again.created, 40U);
  EXPECT_EQ(again.repeated, 60U);
  EXPECT_EQ(intake.tickets(), 100U);
}

TEST(Replay, CutConnectionsLoseNothingAndDoubleNothing) {
  FakeIntake intake;
  intake.hang_up_every(7);
  FakeServer server(std::ref(intake));
  const auto result = post_all(server, messages(300)).result;
  EXPECT_EQ(result.created + result.repeated, 300U);
  EXPECT_EQ(result.failed, 0U);
  EXPECT_EQ(intake.tickets(), 300U);
}

TEST(Replay, BadLinesFailAloneWithTheirNumbers) {
  FakeIntake intake;
  FakeServer server(std::ref(intake));
  const auto result =
      post_all(server, "{\"body\":\"a\"}\n\nnonsense\n{\"body\":\"bad\"}\n{\"body\":\"c\"}\n")
          .result;
  EXPECT_EQ(result.created, 2U);
  EXPECT_EQ(result.failed, 2U);
  ASSERT_EQ(result.failures.size(), 2U);
  EXPECT_EQ(result.failures[0].line, 3U);
  EXPECT_EQ(result.failures[1].line, 4U);
  EXPECT_EQ(result.failures[1].detail, "400 invalid: 1 field\n  /content: bad");
}

TEST(Replay, ListsABoundedNumberOfFailures) {
  FakeIntake intake;
  FakeServer server(std::ref(intake));
  std::string lines;
  for (int i = 0; i < 300; ++i) lines += "x\n";
  const auto result = post_all(server, lines).result;
  EXPECT_EQ(result.failed, 300U);
  EXPECT_EQ(result.failures.size(), failures_listed_max);
}

TEST(Replay, GivesUpWhenTooMuchIsBad) {
  FakeIntake intake;
  FakeServer server(std::ref(intake));
  std::string lines;
  for (int i = 0; i < 5'000; ++i) lines += "x\n";
  const auto result = post_all(server, lines).result;
  EXPECT_TRUE(result.gave_up);
  EXPECT_GE(result.failed, ReplayOptions{}.failures_max);
  EXPECT_LE(result.failed, ReplayOptions{}.failures_max + 8);
}

TEST(Replay, TellsThePeriodOfWhatItPosted) {
  FakeIntake intake;
  FakeServer server(std::ref(intake));
  const auto result = post_all(server,
                               "{\"body\":\"a\",\"time\":\"2021-06-01T23:00:00\"}\n"
                               "{\"body\":\"b\",\"time\":\"2021-03-05\"}\n")
                          .result;
  ASSERT_TRUE(result.first_received && result.last_received);
  EXPECT_EQ(format_rfc3339(*result.first_received, china_offset), "2021-03-05T00:00:00+08:00");
  EXPECT_EQ(format_rfc3339(*result.last_received, china_offset), "2021-06-01T23:00:00+08:00");
}

TEST(Replay, StopsWhenTheDaemonStaysAway) {
  FakeServer server([](const FakeRequest&) { return FakeAnswer{.hang_up = true}; });
  const Daemon daemon{server.endpoint(), {}, {.patience = milliseconds{0}}};
  ReplayOptions options;
  options.mapping.source = "test";
  std::istringstream in(messages(1'000));
  JsonLines records(in, options.mapping);
  std::ostringstream out;
  std::ostringstream err;
  const auto result = replay(daemon, options, records, 1'000, {out, err});
  EXPECT_TRUE(result.lost);
  EXPECT_EQ(result.done(), 0U);
}

TEST(Replay, StopsWhenTheTokenMayNotPost) {
  FakeServer server([](const FakeRequest&) {
    return FakeAnswer{403, R"({"code":"forbidden","detail":"intake is needed"})"};
  });
  const auto result = post_all(server, messages(500)).result;
  ASSERT_TRUE(result.lost);
  EXPECT_EQ(result.lost->code, ErrorCode::forbidden);
  EXPECT_EQ(result.done(), 0U);
}

TEST(ReplayCommand, PrintsTheSummaryForPrograms) {
  FakeIntake intake;
  FakeServer server(std::ref(intake));
  const auto file = testing::TempDir() + "replay_command_test.jsonl";
  std::ofstream(file) << messages(3) << "nonsense\n";
  std::ostringstream out;
  std::ostringstream err;
  ReplayOptions options;
  options.file = file;
  options.mapping.source = "f";
  EXPECT_EQ(replay_command({server.endpoint(), {}, {}}, options, {out, err, true}), Exit::failed);
  std::filesystem::remove(file);
  const auto summary = parse_json(out.str());
  ASSERT_TRUE(summary) << out.str();
  EXPECT_EQ(number(*summary, "created"), 3);
  EXPECT_EQ(number(*summary, "failed"), 1);
  EXPECT_EQ(text(*summary, "from"), "2021-06-02");
  EXPECT_EQ(text(*summary, "to"), "2021-06-03");
  EXPECT_EQ(number(list(*summary, "failures")[0], "line"), 4);
}

TEST(ReplayCommand, APipeIsReadOnce) {
  FakeIntake intake;
  FakeServer server(std::ref(intake));
  const auto pipe = testing::TempDir() + "replay_command_test.pipe";
  std::filesystem::remove(pipe);
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::jthread writer([&] { std::ofstream(pipe) << messages(3); });
  std::ostringstream out;
  std::ostringstream err;
  ReplayOptions options;
  options.file = pipe;
  EXPECT_EQ(replay_command({server.endpoint(), {}, {}}, options, {out, err}), Exit::ok);
  std::filesystem::remove(pipe);
  EXPECT_NE(out.str().find("created 3,"), std::string::npos) << out.str();
}

TEST(ReplayCommand, AMissingFileIsAUsageError) {
  std::ostringstream out;
  std::ostringstream err;
  ReplayOptions options;
  options.file = testing::TempDir() + "no/such/file";
  EXPECT_EQ(replay_command({}, options, {out, err}), Exit::usage);
}

TEST(ReplayCommand, BadRowsAreNamedByFileAndLine) {
  FakeIntake intake;
  FakeServer server(std::ref(intake));
  const auto file = testing::TempDir() + "replay_command_test.csv";
  std::ofstream(file) << "编号,主题,时间\n1,路灯不亮,2021/6/1 8:05\n2,,2021/6/1 8:06\n"
                         "3,井盖,昨天\n4,噪音,2021/6/1 8:07\n";
  std::ostringstream out;
  std::ostringstream err;
  ReplayOptions options;
  options.file = file;
  options.columns = {"content=主题", "source_id=编号", "received_at=时间"};
  const Daemon daemon{server.endpoint(), {}, {}};
  EXPECT_EQ(replay_command(daemon, options, {out, err}), Exit::failed);
  EXPECT_NE(out.str().find("created 2, repeated 0, failed 2"), std::string::npos) << out.str();
  EXPECT_NE(err.str().find(file + ":3: content is empty\n"), std::string::npos) << err.str();
  EXPECT_NE(err.str().find(file + ":4: '昨天' is not a time"), std::string::npos) << err.str();
  options.columns = {"content=内容"};
  EXPECT_EQ(replay_command(daemon, options, {out, err}), Exit::usage);
  EXPECT_NE(err.str().find("no column '内容'; the columns are 编号, 主题, 时间"),
            std::string::npos);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace hotline::client

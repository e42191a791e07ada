#include "client/replay.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <fstream>
#include <iostream>
#include <thread>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "client/fields.hpp"
#include "client/progress.hpp"

namespace hotline::client {
namespace {

using namespace std::chrono_literals;
constexpr std::size_t failures_printed_max = 20;

/// What the posting threads share. `guard` protects `result` and `running`.
class Replay {
 public:
  Replay(const Daemon& daemon, const ReplayOptions& options, std::istream& in)
      : daemon_(daemon), options_(options), lines_(in, options.limit) {}

  ReplayResult run(Progress& progress) {
    running_ = options_.connections;
    std::vector<std::jthread> posters;
    for (unsigned i = 0; i < options_.connections; ++i)
      posters.emplace_back([this] { post_lines(); });
    std::unique_lock lock(guard_);
    while (!ended_.wait_for(lock, 100ms, [this] { return running_ == 0; })) {
      progress.show(result_.done(), counts(), Steady::now());
    }
    progress.finish(result_.done(), counts(), Steady::now());
    std::sort(result_.failures.begin(), result_.failures.end(),
              [](const LineFailure& a, const LineFailure& b) { return a.line < b.line; });
    return std::move(result_);
  }

 private:
  void post_lines() {
    HttpClient client = daemon_.client();
    while (!stopped_) {
      auto line = lines_.next();
      if (!line) break;
      post(client, *line);
    }
    const std::lock_guard lock(guard_);
    if (--running_ == 0) ended_.notify_all();
  }

  void post(HttpClient& client, const LineSource::Line& line) {
    auto intake = map_line(line.text, line.number, options_.mapping);
    if (!intake) return note_failure(line.number, intake.error().detail);
    Call call{.method = "POST", .target = "/v1/tickets", .body = std::move(intake->body)};
    call.idempotency_key = std::move(intake->idempotency_key);
    const auto answer = client.send(call);
    if (!answer) return note_lost(answer.error());
    if (answer->status == 503) return note_lost({ErrorCode::unavailable, explain(*answer)});
    if (!answer->ok()) return note_failure(line.number, explain(*answer));
    note_posted(*answer);
  }

  void note_posted(const Answer& answer) {
    std::optional<Time> received;
    if (const auto ticket = parse_json(answer.body)) {
      if (const auto time = parse_rfc3339(text(*ticket, "received_at"))) received = *time;
    }
    const std::lock_guard lock(guard_);
    ++(answer.status == 200 || answer.replayed ? result_.repeated : result_.created);
    if (!received) return;
    result_.first_received = std::min(result_.first_received.value_or(*received), *received);
    result_.last_received = std::max(result_.last_received.value_or(*received), *received);
  }

  void note_failure(std::uint64_t line, const std::string& detail) {
    const std::lock_guard lock(guard_);
    ++result_.failed;
    if (result_.failures.size() < failures_listed_max) result_.failures.push_back({line, detail});
  }

  void note_lost(const Error& error) {
    stopped_ = true;
    const std::lock_guard lock(guard_);
    if (!result_.lost) result_.lost = error;
  }

  std::string counts() const {
    return fmt::format("created {} repeated {} failed {}", result_.created, result_.repeated,
                       result_.failed);
  }

  const Daemon& daemon_;
  const ReplayOptions& options_;
  LineSource lines_;
  std::atomic<bool> stopped_{false};
  std::mutex guard_;
  std::condition_variable ended_;
  unsigned running_ = 0;
  ReplayResult result_;
};

bool blank(const std::string& line) { return line.find_first_not_of(" \t\r") == std::string::npos; }

std::uint64_t count_lines(std::istream& in, std::uint64_t limit) {
  std::uint64_t lines = 0;
  for (std::string line; (limit == 0 || lines < limit) && std::getline(in, line);) {
    if (!blank(line)) ++lines;
  }
  return lines;
}

json::object as_json(const ReplayResult& result, UtcOffset zone) {
  json::array failures;
  for (const auto& failure : result.failures)
    failures.push_back({{"line", failure.line}, {"detail", failure.detail}});
  json::object summary{{"created", result.created},
                       {"repeated", result.repeated},
                       {"failed", result.failed},
                       {"complete", !result.lost},
                       {"failures", std::move(failures)}};
  if (result.first_received && result.last_received) {
    summary["from"] = format_day(local_day(*result.first_received, zone));
    summary["to"] = format_day(local_day(*result.last_received, zone) + std::chrono::days{1});
  }
  return summary;
}

void print_summary(const ReplayResult& result, const ReplayOptions& options,
                   const Terminal& terminal) {
  terminal.out << fmt::format("posted {}: created {}, repeated {}, failed {}\n", result.done(),
                              result.created, result.repeated, result.failed);
  if (result.first_received && result.last_received) {
    const auto zone = options.mapping.zone;
    terminal.out << fmt::format("received from {} to {}\n",
                                format_day(local_day(*result.first_received, zone)),
                                format_day(local_day(*result.last_received, zone)));
  }
  const auto shown = std::min(result.failures.size(), failures_printed_max);
  for (std::size_t i = 0; i < shown; ++i) {
    terminal.err << fmt::format("line {}: {}\n", result.failures[i].line,
                                result.failures[i].detail);
  }
  if (result.failed > shown)
    terminal.err << fmt::format("... and {} more\n", result.failed - shown);
}

}  // namespace

std::optional<LineSource::Line> LineSource::next() {
  const std::lock_guard lock(mutex_);
  std::string line;
  while ((limit_ == 0 || given_ < limit_) && std::getline(in_, line)) {
    ++read_;
    if (blank(line)) continue;
    ++given_;
    return Line{read_, std::move(line)};
  }
  return std::nullopt;
}

ReplayResult replay(const Daemon& daemon, const ReplayOptions& options, std::istream& in,
                    std::uint64_t total, const Terminal& terminal) {
  Progress progress(terminal.err, terminal.interactive, "replay", total, Steady::now());
  return Replay(daemon, options, in).run(progress);
}

Exit replay_command(const Daemon& daemon, const ReplayOptions& options, const Terminal& terminal) {
  std::ifstream file;
  std::uint64_t total = 0;
  if (options.file != "-") {
    file.open(options.file);
    if (!file) {
      terminal.err << fmt::format("cannot open {}: {}\n", options.file,
                                  std::generic_category().message(errno));
      return Exit::usage;
    }
    total = count_lines(file, options.limit);
    file.clear();
    file.seekg(0);
  }
  const auto result =
      replay(daemon, options, options.file == "-" ? std::cin : file, total, terminal);
  if (terminal.json) {
    terminal.out << json::serialize(as_json(result, options.mapping.zone)) << '\n';
  } else {
    print_summary(result, options, terminal);
  }
  if (result.lost) {
    terminal.err << fmt::format(
        "stopped: {}\nrun the same command again to resume; what was posted counts as repeated\n",
        result.lost->detail);
    return Exit::unreachable;
  }
  return result.failed == 0 ? Exit::ok : Exit::failed;
}

}  // namespace hotline::client

#include "client/replay.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "client/csv_records.hpp"
#include "client/fields.hpp"
#include "client/progress.hpp"

namespace hotline::client {
namespace {

using namespace std::chrono_literals;
constexpr std::size_t failures_printed_max = 20;

/// What the posting threads share. `guard_` protects `result_` and `running_`, `order_` the records
/// and whose turn it is.
class Replay {
 public:
  Replay(const Daemon& daemon, const ReplayOptions& options, RecordSource& records)
      : daemon_(daemon),
        options_(options),
        records_(records),
        turn_(make_turn(options.pace, options.speed, daemon)) {}

  ReplayResult run(Progress& progress) {
    running_ = options_.connections;
    std::vector<std::jthread> posters;
    for (unsigned i = 0; i < options_.connections; ++i)
      posters.emplace_back([this] { post_records(); });
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
  void post_records() {
    HttpClient client = daemon_.client();
    while (auto record = take()) post(client, *record);
    const std::lock_guard lock(guard_);
    if (--running_ == 0) ended_.notify_all();
  }

  /// The next record, when its turn has come. Whoever waits for it keeps the others waiting.
  std::optional<Record> take() {
    const std::lock_guard lock(order_);
    if (stopped_ || (options_.limit != 0 && taken_ >= options_.limit)) return std::nullopt;
    auto record = records_.next();
    if (!record) return std::nullopt;
    ++taken_;
    if (turn_ == nullptr || !record->intake || !record->intake->received_at) return record;
    if (auto turn = turn_->wait_for(*record->intake->received_at); !turn) note_lost(turn.error());
    if (stopped_) return std::nullopt;
    return record;
  }

  void post(HttpClient& client, Record& record) {
    if (!record.intake) return note_failure(record.line, record.intake.error().detail);
    Call call{.method = "POST", .target = "/v1/tickets", .body = std::move(record.intake->body)};
    call.idempotency_key = std::move(record.intake->idempotency_key);
    const auto answer = client.send(call);
    if (turn_ != nullptr && record.intake->received_at) {
      turn_->posted(*record.intake->received_at, answer && answer->status == 201);
    }
    if (!answer) return note_lost(answer.error());
    if (answer->status == 503) return note_lost({ErrorCode::unavailable, explain(*answer)});
    // No fault of the record: the token would not do for any other.
    const bool kept_out = answer->status == 401 || answer->status == 403;
    if (kept_out) return note_lost({ErrorCode::forbidden, explain(*answer)});
    if (!answer->ok()) return note_failure(record.line, explain(*answer));
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
    if (result_.failed < options_.failures_max || stopped_) return;
    result_.gave_up = true;
    stop();
  }

  void note_lost(const Error& error) {
    stop();
    const std::lock_guard lock(guard_);
    if (!result_.lost) result_.lost = error;
  }

  void stop() {
    stopped_ = true;
    if (turn_ != nullptr) turn_->stop();
  }

  std::string counts() const {
    return fmt::format("created {} repeated {} failed {}", result_.created, result_.repeated,
                       result_.failed);
  }

  const Daemon& daemon_;
  const ReplayOptions& options_;
  std::mutex order_;
  RecordSource& records_;
  const std::unique_ptr<Turn> turn_;
  std::uint64_t taken_ = 0;
  std::atomic<bool> stopped_{false};
  std::mutex guard_;
  std::condition_variable ended_;
  unsigned running_ = 0;
  ReplayResult result_;
};

bool is_csv(const ReplayOptions& options) {
  return !options.columns.empty() || options.file.ends_with(".csv") ||
         options.file.ends_with(".CSV");
}

using Records = std::unique_ptr<RecordSource>;

Result<Records> open_records(std::istream& in, const ReplayOptions& options) {
  if (!is_csv(options)) return Records(std::make_unique<JsonLines>(in, options.mapping));
  const auto columns = read_column_map(options.columns, intake_fields);
  if (!columns) return tl::make_unexpected(columns.error());
  auto rows = CsvRecords::open(in, *columns, options.mapping);
  if (!rows) return tl::make_unexpected(std::move(rows.error()));
  return Records(std::move(*rows));
}

std::uint64_t count_records(RecordSource& records, std::uint64_t limit) {
  std::uint64_t count = 0;
  while ((limit == 0 || count < limit) && records.skip()) ++count;
  return count;
}

json::object as_json(const ReplayResult& result, UtcOffset zone) {
  json::array failures;
  for (const auto& failure : result.failures)
    failures.push_back({{"line", failure.line}, {"detail", failure.detail}});
  json::object summary{{"created", result.created},
                       {"repeated", result.repeated},
                       {"failed", result.failed},
                       {"complete", !result.lost && !result.gave_up},
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
  const std::string file = options.file == "-" ? "stdin" : options.file;
  const auto shown = std::min(result.failures.size(), failures_printed_max);
  for (std::size_t i = 0; i < shown; ++i) {
    terminal.err << fmt::format("{}:{}: {}\n", file, result.failures[i].line,
                                result.failures[i].detail);
  }
  if (result.failed > shown)
    terminal.err << fmt::format("... and {} more\n", result.failed - shown);
}

Exit ending(const ReplayResult& result, const Terminal& terminal) {
  if (result.gave_up) {
    terminal.err << fmt::format("stopped after {} failures; --max-failures allows more\n",
                                result.failed);
  }
  if (!result.lost) return result.failed == 0 ? Exit::ok : Exit::failed;
  const Exit exit = complain(terminal, *result.lost);
  terminal.err << "the same command resumes; what was posted counts as repeated then\n";
  return exit;
}

}  // namespace

ReplayResult replay(const Daemon& daemon, const ReplayOptions& options, RecordSource& records,
                    std::uint64_t total, const Terminal& terminal) {
  Progress progress(terminal.err, terminal.interactive, "replay", total, Steady::now());
  return Replay(daemon, options, records).run(progress);
}

Exit replay_command(const Daemon& daemon, const ReplayOptions& options, const Terminal& terminal) {
  std::ifstream file;
  const bool standard_input = options.file == "-";
  if (!standard_input) file.open(options.file);
  if (!standard_input && !file) {
    return refuse(terminal, fmt::format("cannot open {}: {}", options.file,
                                        std::generic_category().message(errno)));
  }
  std::istream& in = standard_input ? std::cin : file;
  auto records = open_records(in, options);
  std::uint64_t total = 0;
  // A pipe can be read once only.
  if (records && std::filesystem::is_regular_file(options.file)) {
    total = count_records(**records, options.limit);
    file.clear();
    file.seekg(0);
    records = open_records(in, options);
  }
  if (!records) {
    return refuse(terminal, fmt::format("{}: {}", options.file, records.error().detail));
  }
  const auto result = replay(daemon, options, **records, total, terminal);
  if (terminal.json) {
    terminal.out << json::serialize(as_json(result, options.mapping.zone)) << '\n';
  } else {
    print_summary(result, options, terminal);
  }
  return ending(result, terminal);
}

}  // namespace hotline::client

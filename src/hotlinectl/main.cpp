#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/check_folder.hpp"
#include "client/commands.hpp"
#include "client/replay.hpp"
#include "client/simulate.hpp"

namespace {

using namespace hotline;
using namespace hotline::client;

constexpr const char* exit_codes =
    "Exit codes: 0 done, 1 findings or refused requests, 2 wrong command line, 3 the daemon cannot "
    "be reached.";

struct Options {
  std::string url = "http://127.0.0.1:12345";
  std::string token_file;
  std::string actor;
  std::string zone = "+08:00";
  double patience_s = -1;
  bool json = false;

  PostOptions post;
  std::string ticket;
  bool personal = false;
  ReplayOptions replay;
  SimulateOptions simulate;
  ReportOptions report;
  CheckOptions check;
};

/// What the chosen subcommand does; `patience_s` is that of the command when none was given.
struct Chosen {
  double patience_s = 2;
  std::function<Exit(const Daemon&, const Terminal&)> run;
};

Result<std::string> read_token(const std::string& file) {
  std::string token;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread runs yet
  if (const char* given = std::getenv("HOTLINE_TOKEN"); given != nullptr) token = given;
  if (file.empty()) return token;
  std::ifstream in(file);
  if (!std::getline(in, token)) return fail(ErrorCode::invalid, "cannot read a token from " + file);
  return token;
}

Result<UtcOffset> parse_zone(const std::string& zone) {
  // The start of 1970 in the zone, seen from UTC, is the zone's distance.
  const auto time = parse_rfc3339("1970-01-02T00:00:00" + zone);
  if (!time)
    return fail(ErrorCode::invalid, fmt::format("'{}' is not a zone such as +08:00", zone));
  const Time utc{std::chrono::sys_days{std::chrono::year{1970} / 1 / 2}};
  return std::chrono::duration_cast<UtcOffset>(utc - *time);
}

Result<Findings> check_store(const std::string& folder, UtcOffset zone) {
  const auto report = check_folder(folder, zone);
  if (!report) return tl::make_unexpected(report.error());
  return Findings{report->tickets, report->changes, report->findings, report->details};
}

void add_status(CLI::App& app, Chosen& chosen) {
  auto* command =
      app.add_subcommand("status", "Is the daemon alive and ready; queues in total; catalogue");
  command->callback([&] { chosen.run = status_command; });
}

void add_post(CLI::App& app, Options& options, Chosen& chosen) {
  auto* command = app.add_subcommand("post", "Post one ticket, from options or a JSON file");
  auto* file =
      command->add_option("file", options.post.file, "JSON intake body; '-': standard input");
  const auto member = [&, command](const char* flag, const char* name, const char* help) {
    command
        ->add_option_function<std::string>(
            flag,
            [&options, name](const std::string& value) {
              options.post.fields.emplace_back(name, value);
            },
            help)
        ->excludes(file);
  };
  member("--channel", "channel", "phone, wechat, website, ... (required without a file)");
  member("--content", "content", "what the citizen said (required without a file)");
  member("--title", "title", "short form");
  member("--type", "type", "inquiry, help, complaint, report, suggestion, praise, other");
  member("--urgency", "urgency", "normal, urgent, critical");
  member("--name", "name", "the caller's name");
  member("--phone", "phone", "the caller's number");
  member("--region", "region", "GB/T 2260 code");
  member("--address", "address", "where the matter is");
  member("--category", "category", "catalogue code, overrides the classifier");
  member("--department", "department", "department code, overrides the classifier");
  member("--handling", "handling", "direct or transferred, overrides the classifier");
  member("--answer", "answer", "answered on the spot");
  member("--source", "source", "the posting system; with --source-id posting again is harmless");
  member("--source-id", "source_id", "the ticket's number there");
  member("--received-at", "received_at", "when the citizen called, RFC 3339 with zone");
  command->callback([&] {
    if (options.post.file.empty() && options.post.fields.empty()) {
      throw CLI::ValidationError("post", "give a file, '-', or at least --channel and --content");
    }
    chosen.run = [&](const Daemon& d, const Terminal& t) {
      return post_command(d, options.post, t);
    };
  });
}

void add_ticket(CLI::App& app, Options& options, Chosen& chosen) {
  auto* command = app.add_subcommand("ticket", "One ticket and its story");
  command->add_option("id", options.ticket, "16 digits")->required();
  command->add_flag("--personal", options.personal,
                    "also caller, content and remarks, masked as the daemon masks them");
  command->callback([&] {
    chosen.run = [&](const Daemon& d, const Terminal& t) {
      return ticket_command(d, options.ticket, options.personal, t);
    };
  });
}

void add_queues(CLI::App& app, Chosen& chosen) {
  auto* command = app.add_subcommand("queues", "Every queue that holds something");
  command->callback([&] { chosen.run = queues_command; });
}

void add_replay(CLI::App& app, Options& options, Chosen& chosen) {
  auto* command = app.add_subcommand(
      "replay", "Post a file of JSON lines; running it again resumes and repeats nothing");
  auto& replay = options.replay;
  command
      ->add_option("file", replay.file,
                   "intake bodies, or messages with title, body, id, time; '-': standard input")
      ->required();
  command
      ->add_option("--connections", replay.connections, "posted over so many connections at once")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_option("--limit", replay.limit, "stop after so many lines; 0: none")
      ->capture_default_str();
  command->add_option("--channel", replay.mapping.channel, "of messages")->capture_default_str();
  command->add_option("--source", replay.mapping.source, "of messages; default: the file's name");
  command->add_option("--phone", replay.mapping.phone,
                      "given to messages' callers, so that a rehearsal can call them back");
  command->callback([&] {
    chosen.patience_s = 60;
    if (replay.mapping.source.empty()) replay.mapping.source = source_of_file(replay.file);
    chosen.run = [&](const Daemon& d, const Terminal& t) { return replay_command(d, replay, t); };
  });
}

void add_simulate(CLI::App& app, Options& options, Chosen& chosen) {
  auto* command = app.add_subcommand(
      "simulate", "Play desk, departments and call-back agents until the queues are drained");
  auto& policy = options.simulate.policy;
  const CLI::Range share(0.0, 1.0);
  command->add_option("--seed", policy.seed, "same seed, same decisions")->capture_default_str();
  command->add_option("--workers", options.simulate.workers, "people at work at once")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_option("--satisfied", policy.satisfied, "share content with the first answer")
      ->check(share)
      ->capture_default_str();
  command->add_option("--no-answer", policy.no_answer, "share of calls that nobody takes")
      ->check(share)
      ->capture_default_str();
  command->add_option("--slow", policy.slow, "share of tickets answered days later")
      ->check(share)
      ->capture_default_str();
  command->add_option("--absent", policy.absent, "share of departments away on the first day")
      ->check(share)
      ->capture_default_str();
  command->callback([&] {
    chosen.patience_s = 60;
    chosen.run = [&](const Daemon& d, const Terminal& t) {
      return simulate_command(d, options.simulate, t);
    };
  });
}

void add_report(CLI::App& app, Options& options, Chosen& chosen) {
  static const std::map<std::string, ReportFormat> formats{{"table", ReportFormat::table},
                                                           {"json", ReportFormat::json},
                                                           {"csv", ReportFormat::csv},
                                                           {"sentence", ReportFormat::sentence}};
  auto* command = app.add_subcommand("report", "The figures of a period, by the day of receipt");
  command->add_option("--from", options.report.from, "first day, YYYY-MM-DD; default: today");
  command->add_option("--to", options.report.to,
                      "the day after the last; default: the day after --from");
  command
      ->add_option("--group-by", options.report.group_by,
                   "department, category, region, channel or type")
      ->check(CLI::IsMember({"department", "category", "region", "channel", "type"}));
  command->add_option("--format", options.report.format, "table, json, csv or sentence")
      ->transform(CLI::CheckedTransformer(formats));
  command->callback([&] {
    chosen.run = [&](const Daemon& d, const Terminal& t) {
      if (t.json) options.report.format = ReportFormat::json;
      return report_command(d, options.report, t);
    };
  });
}

void add_check(CLI::App& app, Options& options, Chosen& chosen) {
  auto* command = app.add_subcommand(
      "check", "Recompute every index from the tickets and compare with what is stored");
  command->add_option("--store", options.check.store,
                      "folder of a stopped daemon; default: a checkpoint of the running one");
  command->callback([&] {
    chosen.run = [&](const Daemon& d, const Terminal& t) {
      const auto zone = options.report.zone;
      return check_command(
          d, options.check, [zone](const std::string& folder) { return check_store(folder, zone); },
          t);
    };
  });
}

void add_common(CLI::App& app, Options& options) {
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(exit_codes);
  app.add_option("--url", options.url, "the daemon's base URL")
      ->envname("HOTLINE_URL")
      ->capture_default_str();
  app.add_option("--token-file", options.token_file,
                 "file whose first line is the bearer token; else HOTLINE_TOKEN");
  app.add_option("--actor", options.actor, "the person who asks (Hotline-Actor)")
      ->envname("HOTLINE_ACTOR");
  app.add_option("--zone", options.zone, "zone of days, and of times without one")
      ->capture_default_str();
  app.add_option("--patience", options.patience_s,
                 "seconds to keep trying while the daemon is away or busy")
      ->check(CLI::Range(0.0, 86'400.0));
  app.add_flag("--json", options.json, "results for programs");
}

int usage_error(const Error& error) {
  std::cerr << "hotlinectl: " << error.detail << '\n';
  return static_cast<int>(Exit::usage);
}

int run(Options& options, const Chosen& chosen) {
  auto endpoint = parse_base_url(options.url);
  if (!endpoint) return usage_error(endpoint.error());
  auto token = read_token(options.token_file);
  if (!token) return usage_error(token.error());
  const auto zone = parse_zone(options.zone);
  if (!zone) return usage_error(zone.error());
  options.replay.mapping.zone = options.simulate.zone = options.report.zone = *zone;
  const double patience_s = options.patience_s < 0 ? chosen.patience_s : options.patience_s;
  RetryPolicy retry;
  retry.patience = milliseconds{static_cast<std::int64_t>(patience_s * 1000)};
  const Daemon daemon{std::move(*endpoint), {std::move(*token), options.actor}, retry};
  const Terminal terminal{std::cout, std::cerr, options.json, isatty(STDERR_FILENO) == 1};
  return static_cast<int>(chosen.run(daemon, terminal));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Talks to hotlined: posts, looks, rehearses, reports, checks"};
  Options options;
  Chosen chosen;
  add_common(app, options);
  add_status(app, chosen);
  add_post(app, options, chosen);
  add_ticket(app, options, chosen);
  add_queues(app, chosen);
  add_replay(app, options, chosen);
  add_simulate(app, options, chosen);
  add_report(app, options, chosen);
  add_check(app, options, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(Exit::usage);
  }
  return run(options, chosen);
}

#include "hotlinectl/commands.hpp"

#include <map>

#include <fmt/ranges.h>

#include "app/check_folder.hpp"
#include "app/version.hpp"
#include "client/moves.hpp"
#include "hotlinectl/person.hpp"
#include "hotlinectl/usage.hpp"

namespace hotline::client {
namespace {

constexpr const char* common_footer =
    "Options common to all commands: hotlinectl --help\n"
    "Exit codes: 0 done, 1 findings or refused requests, 2 wrong command line, 3 the daemon cannot "
    "be reached.";

constexpr const char* vendors = "For call centres and rehearsals";
constexpr const char* clerks = "For clerks";
constexpr const char* operators = "For operators";

Result<Findings> check_store(const std::string& folder, UtcOffset zone) {
  const auto report = check_folder(folder, zone);
  if (!report) return tl::make_unexpected(report.error());
  return Findings{report->tickets, report->changes, report->findings, report->details};
}

void add_status(CLI::App& app, Chosen& chosen) {
  auto* command =
      app.add_subcommand("status", "Is the daemon alive and ready; queues in total; catalogue")
          ->group(operators);
  command->callback([&] { chosen.run = status_command; });
}

void add_post(CLI::App& app, Options& options, Chosen& chosen) {
  auto* command =
      app.add_subcommand("post", "Post one ticket, from options or a JSON file")->group(vendors);
  command->add_option("file", options.post.file, "JSON intake body; '-': standard input");
  const auto member = [&, command](const char* flag, const char* name, const char* help) {
    command->add_option_function<std::string>(
        flag,
        [&options, name](const std::string& value) {
          options.post.fields.emplace_back(name, value);
        },
        help);
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
      throw CLI::ValidationError("give a file, '-', or at least --channel and --content");
    }
    if (!options.post.file.empty() && !options.post.fields.empty()) {
      throw CLI::ValidationError("a file holds the whole body; leave its options out");
    }
    chosen.run = [&](const Daemon& d, const Terminal& t) {
      return post_command(d, options.post, t);
    };
  });
}

void add_ticket(CLI::App& app, Options& options, Chosen& chosen) {
  auto* command =
      app.add_subcommand("ticket", "One ticket, its tasks and its story")->group(clerks);
  command->add_option("id", options.ticket.id, "16 digits")->required();
  command->add_flag("--personal", options.ticket.personal,
                    "also caller, content and remarks, masked as the daemon masks them");
  command->add_flag("--unmask", options.ticket.unmask,
                    "the same in full; the daemon records it with --actor");
  command->callback([&] {
    chosen.run = [&](const Daemon& d, const Terminal& t) {
      return ticket_command(d, options.ticket, t);
    };
  });
}

Exit watch_queues(const Daemon& daemon, double interval_s, UtcOffset zone,
                  const Terminal& terminal) {
  const Interruption interruption;
  const WatchOptions watch{milliseconds{static_cast<std::int64_t>(interval_s * 1000)}, zone,
                           [&](milliseconds length) { return interruption.pause(length); },
                           screen_of_output};
  return watch_queues_command(daemon, watch, terminal);
}

void add_queues(CLI::App& app, Options& options, Chosen& chosen) {
  auto* command =
      app.add_subcommand("queues", "Every queue that holds something")->group(operators);
  auto* watch =
      command
          ->add_option("--watch", options.watch_s, "look again every so many seconds, until Ctrl-C")
          ->expected(0, 1)
          ->default_str("2")
          ->check(between(0.1, 3'600.0));
  command->callback([&, watch] {
    chosen.run = queues_command;
    if (watch->count() == 0) return;
    chosen.run = [&](const Daemon& d, const Terminal& t) {
      return watch_queues(d, options.watch_s, options.report.zone, t);
    };
  });
}

void add_lease(CLI::App& app, Options& options, Chosen& chosen) {
  auto* command =
      app.add_subcommand("lease", "Take what waits in a queue, most urgent first")->group(clerks);
  auto& lease = options.lease;
  command->add_option("queue", lease.queue, "a department's code, triage, direct or callback")
      ->required();
  command->add_option("--max", lease.max, "tickets at most")
      ->check(between(1, 200))
      ->capture_default_str();
  command->add_option("--wait", lease.wait_s, "seconds to wait when nothing does")
      ->check(between(0, 30))
      ->capture_default_str();
  command->add_option("--lease", lease.lease_s, "seconds to hold them; then others get them")
      ->check(between(5, 3'600))
      ->capture_default_str();
  command->add_flag("--release", lease.release, "give them back at once: only look");
  command->callback([&] {
    chosen.run = [&](const Daemon& d, const Terminal& t) {
      return lease_command(d, options.lease, t);
    };
  });
}

std::string moves_help() {
  std::string help = "Moves and their fields, [optional]:";
  for (const auto& term : move_terms) {
    help += fmt::format("\n  {:<12} {}: {}", term.name, term.chinese, term.fields);
  }
  return help;
}

void add_move(CLI::App& app, Options& options, Chosen& chosen) {
  auto* command = app.add_subcommand("move", "Make one move of a ticket, such as sign or answer")
                      ->group(clerks);
  command->footer(moves_help() + "\n" + common_footer);
  auto& move = options.move;
  std::vector<std::string> names;
  for (const auto& term : move_terms) names.emplace_back(term.name);
  command->add_option("id", move.ticket, "16 digits")->required();
  command->add_option("move", move.move, "see below")->required()->check(one_of(names));
  auto* fields = command->add_option("field", move.fields, "FIELD=VALUE, such as text=路灯已修复");
  command->add_option("--receipt", move.receipt, "of the lease that the move consumes");
  command
      ->add_option("--json-body", move.body_file, "JSON file with the fields; '-': standard input")
      ->excludes(fields);
  command->callback([&] {
    chosen.run = [&](const Daemon& d, const Terminal& t) {
      return move_command(d, options.move, t);
    };
  });
}

void add_pace(CLI::App& command, ReplayOptions& replay) {
  static const std::map<std::string, Pace> paces{{"asap", Pace::asap}, {"file", Pace::file}};
  auto* pace = command
                   .add_option_function<std::string>(
                       "--pace", [&](const std::string& word) { replay.pace = paces.at(word); },
                       "file: with the distances of the records' own times; default: asap")
                   ->check(one_of({"asap", "file"}));
  command
      .add_option("--speed", replay.speed, "seconds of the file in one second, with --pace file")
      ->check(between(0.001, 1e9))
      ->capture_default_str()
      ->needs(pace);
  command
      .add_flag_callback(
          "--virtual-clock", [&] { replay.pace = Pace::virtual_clock; },
          "as soon as possible, with the daemon's virtual clock moved to each record's time")
      ->excludes(pace);
}

void add_replay(CLI::App& app, Options& options, Chosen& chosen) {
  auto* command =
      app.add_subcommand(
             "replay",
             "Post a file of JSON lines or CSV; running it again resumes and repeats nothing")
          ->group(vendors);
  command->footer(
      fmt::format("Fields for --map: {}\n{}", fmt::join(intake_fields, ", "), common_footer));
  auto& replay = options.replay;
  command
      ->add_option("file", replay.file,
                   "*.csv, or JSON lines: intake bodies, or messages with title, body, id, time; "
                   "'-': standard input")
      ->required();
  command
      ->add_option(
          "--map", replay.columns,
          "FIELD=COLUMN,... of CSV, such as content=主题,received_at=时间; @FILE: one a line")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      ->add_option("--connections", replay.connections, "posted over so many connections at once")
      ->check(between(1, 256))
      ->capture_default_str();
  command->add_option("--limit", replay.limit, "stop after so many records; 0: none")
      ->capture_default_str();
  command->add_option("--max-failures", replay.failures_max, "stop after so many bad records")
      ->check(between(1, 1'000'000'000))
      ->capture_default_str();
  add_pace(*command, replay);
  command->add_option("--channel", replay.mapping.channel, "of messages and rows without one")
      ->capture_default_str();
  command->add_option("--source", replay.mapping.source,
                      "of messages and rows; default: the file's name");
  command->add_option("--phone", replay.mapping.phone,
                      "given to callers without one, so that a rehearsal can call them back");
  command->callback([&] {
    chosen.patience_s = 60;
    if (replay.mapping.source.empty()) replay.mapping.source = source_of_file(replay.file);
    chosen.run = [&](const Daemon& d, const Terminal& t) { return replay_command(d, replay, t); };
  });
}

void add_simulate(CLI::App& app, Options& options, Chosen& chosen) {
  auto* command =
      app.add_subcommand("simulate",
                         "Play desk, departments and call-back agents until the queues are drained")
          ->group(vendors);
  auto& policy = options.simulate.policy;
  const auto share = between(0.0, 1.0);
  command->add_option("--seed", policy.seed, "same seed, same decisions")->capture_default_str();
  command->add_option("--workers", options.simulate.workers, "people at work at once")
      ->check(between(1, 256))
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

void add_rehearse(CLI::App& app, Options& options, Chosen& chosen) {
  auto& rehearse = options.rehearse;
  std::vector<std::string> names;
  std::string help = "Scenarios:";
  for (const auto& scenario : scenarios) {
    names.emplace_back(scenario.name);
    help += fmt::format("\n  {:<10} {}: {} tickets", scenario.name, scenario.title,
                        scenario.direct + scenario.transferred);
  }
  auto* command = app.add_subcommand("rehearse",
                                     "Play a whole period's tickets, invented, step by step on the "
                                     "virtual clock of a new daemon")
                      ->group(vendors);
  command->footer(help + "\n" + common_footer);
  command->add_option("scenario", rehearse.scenario, "see below")->required()->check(one_of(names));
  command->add_option("--seed", rehearse.seed, "same seed, same people")->capture_default_str();
  command->add_option("--scale", rehearse.scale, "so large a share of the tickets")
      ->check(between(0.001, 1.0))
      ->capture_default_str();
  command->add_option("--connections", rehearse.connections, "at work at once")
      ->check(between(1, 256))
      ->capture_default_str();
  command->callback([&] {
    chosen.patience_s = 60;
    chosen.run = [&](const Daemon& d, const Terminal& t) {
      return rehearse_command(d, rehearse, t);
    };
  });
}

void add_report(CLI::App& app, Options& options, Chosen& chosen) {
  static const std::map<std::string, ReportFormat> formats{{"table", ReportFormat::table},
                                                           {"json", ReportFormat::json},
                                                           {"csv", ReportFormat::csv},
                                                           {"sentence", ReportFormat::sentence}};
  auto* command =
      app.add_subcommand("report", "The figures of a period, whole or in rows")->group(operators);
  command->add_option("--from", options.report.from, "first day, YYYY-MM-DD; default: today");
  command->add_option("--to", options.report.to,
                      "the day after the last; default: the day after --from");
  command
      ->add_option("--group-by", options.report.group_by,
                   "department, category, region, channel or type")
      ->check(one_of({"department", "category", "region", "channel", "type"}));
  command
      ->add_option("--by", options.report.by,
                   "a row for each day, week, month, quarter, half_year or year")
      ->check(one_of({"day", "week", "month", "quarter", "half_year", "year"}));
  command->add_flag("--compare", options.report.compared, "beside the period before (环比)");
  command
      ->add_option_function<std::string>(
          "--format", [&](const std::string& word) { options.report.format = formats.at(word); },
          "csv is for spreadsheets, sentence the line of the half-year report; default: table")
      ->check(one_of({"table", "json", "csv", "sentence"}));
  command->callback([&] {
    chosen.run = [&](const Daemon& d, const Terminal& t) {
      if (t.json) options.report.format = ReportFormat::json;
      return report_command(d, options.report, t);
    };
  });
}

void add_export(CLI::App& app, Options& options, Chosen& chosen) {
  auto* command =
      app.add_subcommand("export",
                         "Every ticket, every change or rows to learn from, as JSON lines")
          ->group(operators);
  auto& all = options.exported;
  command
      ->add_option_function<std::string>(
          "what",
          [&](const std::string& word) {
            all.kind = word == "events"     ? ExportKind::events
                       : word == "training" ? ExportKind::training
                                            : ExportKind::tickets;
          },
          "tickets: as they are now; events: what became of them, change by change; training: "
          "texts with what persons decided about them, for hotline-train")
      ->required()
      ->check(one_of({"tickets", "events", "training"}));
  const auto filter = [&, command](const char* name, const char* help) {
    command->add_option_function<std::string>(
        fmt::format("--{}", name),
        [&all, name](const std::string& value) { all.filter.emplace_back(name, value); }, help);
  };
  filter("from", "received on that day or later: YYYY-MM-DD, or RFC 3339");
  filter("to", "received before that day");
  filter("status", "triage, direct, dispatched, in_progress, callback, closed");
  filter("department", "with a task of this department");
  filter("region", "GB/T 2260 code");
  filter("category", "catalogue code");
  filter("type", "inquiry, help, complaint, report, suggestion, praise, other");
  command->add_flag("--csv", all.csv, "a table for spreadsheets instead of JSON lines");
  command->add_option("--output", all.output, "a file instead of standard output");
  command->add_flag("--resume", all.resume, "go on where the file of --output ends");
  command->add_flag("--unmask", all.unmask,
                    "personal data in full; the daemon records it with --actor");
  command->callback([&] {
    chosen.run = [&](const Daemon& d, const Terminal& t) {
      // Two things drawn on one terminal would be neither.
      all.progress = t.interactive && (!all.output.empty() || !screen_of_output());
      return export_command(d, all, t);
    };
  });
}

CheckStore checker(UtcOffset zone) {
  return [zone](const std::string& folder) { return check_store(folder, zone); };
}

void add_check(CLI::App& app, Options& options, Chosen& chosen) {
  auto* command =
      app.add_subcommand("check",
                         "Recompute every index from the tickets and compare with what is stored")
          ->group(operators);
  command->add_option("--store", options.check.store,
                      "folder of a stopped daemon; default: a checkpoint of the running one");
  command->callback([&] {
    chosen.run = [&](const Daemon& d, const Terminal& t) {
      return check_command(d, options.check, checker(options.report.zone), t);
    };
  });
}

void add_checkpoint(CLI::App& app, Options& options, Chosen& chosen) {
  auto* command = app.add_subcommand("checkpoint", "Have the daemon write a copy of its store")
                      ->group(operators);
  command->add_option("name", options.checkpoint,
                      "its folder in storage.path/checkpoints: letters, digits, - and _; default: "
                      "named after the time");
  command->callback([&] {
    chosen.run = [&](const Daemon& d, const Terminal& t) {
      return checkpoint_command(d, options.checkpoint, t);
    };
  });
}

void add_restore(CLI::App& app, Options& options, Chosen& chosen) {
  auto* command =
      app.add_subcommand("restore",
                         "Copy a checkpoint to where a daemon can start on it, and check the copy")
          ->group(operators);
  command->add_option("checkpoint", options.restore.checkpoint, "its folder; stays as it is")
      ->required();
  command
      ->add_option("data", options.restore.data,
                   "the storage.path to be: an empty folder, or one that is not there yet")
      ->required();
  command->callback([&] {
    chosen.run = [&](const Daemon&, const Terminal& t) {
      return restore_command(options.restore, checker(options.report.zone), t);
    };
  });
}

void add_common(CLI::App& app, Options& options) {
  app.require_subcommand(1);
  app.fallthrough();
  app.get_formatter()->label("SUBCOMMAND", "COMMAND");
  app.footer(common_footer);
  app.set_help_all_flag("--help-all", "Print the help of every command and exit");
  app.set_version_flag("--version", std::string(daemon_version));
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
      ->check(between(0.0, 86'400.0));
  app.add_flag("--json", options.json, "results for programs");
}

}  // namespace

void add_commands(CLI::App& app, Options& options, Chosen& chosen) {
  add_common(app, options);
  add_status(app, chosen);
  add_post(app, options, chosen);
  add_ticket(app, options, chosen);
  add_queues(app, options, chosen);
  add_lease(app, options, chosen);
  add_move(app, options, chosen);
  add_replay(app, options, chosen);
  add_simulate(app, options, chosen);
  add_rehearse(app, options, chosen);
  add_report(app, options, chosen);
  add_export(app, options, chosen);
  add_check(app, options, chosen);
  add_checkpoint(app, options, chosen);
  add_restore(app, options, chosen);
}

}  // namespace hotline::client

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "client/layout.hpp"
#include "client/terminal.hpp"

/// The short commands of hotlinectl. Each asks, prints, and says how the program ends. With
/// `Terminal::json` they print what the daemon answered, or an object of the same facts.
namespace hotline::client {

/// Health, queues in total, catalogue.
Exit status_command(const Daemon& daemon, const Terminal& terminal);

struct PostOptions {
  std::string file;  ///< a JSON intake body; `-`: standard input; empty: from `fields`
  /// Members of the body by name; `name`, `phone` and `confidential` go into `caller`.
  std::vector<std::pair<std::string, std::string>> fields;
};
Exit post_command(const Daemon& daemon, const PostOptions& options, const Terminal& terminal);
/// The JSON of `PostOptions::fields`; empty values are left out. Pure.
std::string intake_body(const std::vector<std::pair<std::string, std::string>>& fields);

struct TicketOptions {
  std::string id;
  bool personal = false;  ///< also caller, words and remarks, masked as the daemon masks them
  bool unmask = false;    ///< the same unmasked; the daemon records it with `Access::actor`
};
/// One ticket with its tasks and its story.
Exit ticket_command(const Daemon& daemon, const TicketOptions& options, const Terminal& terminal);

Exit queues_command(const Daemon& daemon, const Terminal& terminal);

struct WatchOptions {
  milliseconds interval{2'000};
  UtcOffset zone = china_offset;            ///< of the time above each table
  std::function<bool(milliseconds)> pause;  ///< false: the person has seen enough
  /// Of `Terminal::out`, asked before each look; absent: it is no terminal, so the tables follow
  /// each other.
  std::function<std::optional<Screen>()> screen;
};
/// The queues again and again, on a terminal in the same place, until `pause` says to end. A daemon
/// that goes away in between is told of and waited for.
Exit watch_queues_command(const Daemon& daemon, const WatchOptions& options,
                          const Terminal& terminal);

struct LeaseOptions {
  std::string queue;       ///< a department's code, `triage`, `direct` or `callback`
  unsigned max = 1;        ///< 1..200
  unsigned wait_s = 0;     ///< 0..30; how long to wait when the queue is empty
  unsigned lease_s = 600;  ///< 5..3600; people type slower than programs ask
  bool release = false;    ///< give everything back at once: only look
};
Exit lease_command(const Daemon& daemon, const LeaseOptions& options, const Terminal& terminal);

struct MoveOptions {
  std::string ticket;
  std::string move;                 ///< one of `move_terms`
  std::string receipt;              ///< of the lease that the move consumes; empty: none
  std::vector<std::string> fields;  ///< see `move_body`
  std::string body_file;            ///< a JSON object instead of `fields`; `-`: standard input
};
/// One move of one ticket, made by the person of `Access::actor`. Safe to repeat after a lost
/// answer.
Exit move_command(const Daemon& daemon, const MoveOptions& options, const Terminal& terminal);

enum class ReportFormat { table, json, csv, sentence };
struct ReportOptions {
  std::string from;       ///< day; empty: today
  std::string to;         ///< day, exclusive; empty: the day after `from`
  std::string group_by;   ///< empty: none
  std::string by;         ///< the step of a series; empty: none
  bool compared = false;  ///< with the period before
  ReportFormat format = ReportFormat::table;
  UtcOffset zone = china_offset;
};
Exit report_command(const Daemon& daemon, const ReportOptions& options, const Terminal& terminal);

/// What a check of a store found. A mirror of the engine's own report, so that the client needs
/// nothing of the engine.
struct Findings {
  std::uint64_t tickets = 0;
  std::uint64_t changes = 0;
  std::uint64_t findings = 0;
  std::vector<std::string> details;
};
/// Opens the store in the folder read-only and checks it.
using CheckStore = std::function<Result<Findings>(const std::string& folder)>;
struct CheckOptions {
  std::string
      store;  ///< the folder of a stopped daemon; empty: a fresh checkpoint of the running one
};
Exit check_command(const Daemon& daemon, const CheckOptions& options, const CheckStore& check,
                   const Terminal& terminal);

/// A checkpoint of the running daemon, kept; `name` as the API takes it, empty: named by the
/// daemon.
Exit checkpoint_command(const Daemon& daemon, const std::string& name, const Terminal& terminal);

struct RestoreOptions {
  std::string checkpoint;  ///< a checkpoint's folder; only read
  std::string data;        ///< becomes a `storage.path`; empty or not there yet
};
/// Copies a checkpoint to where a daemon can start on it. Unless the copy holds tickets and its
/// check finds nothing, nothing stays of it. Works without a daemon.
Exit restore_command(const RestoreOptions& options, const CheckStore& check,
                     const Terminal& terminal);

}  // namespace hotline::client

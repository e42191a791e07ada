#pragma once

#include <string>
#include <utility>
#include <vector>

#include "client/terminal.hpp"

namespace hotline::client {

/// What is exported.
enum class ExportKind {
  tickets,   ///< as they are
  events,    ///< their stories, change by change
  training,  ///< rows to learn from: texts, with what persons decided about them
};

struct ExportOptions {
  ExportKind kind = ExportKind::tickets;
  /// Query parameters of the daemon's filter by name; empty values are left out.
  std::vector<std::pair<std::string, std::string>> filter = {};
  bool csv = false;         ///< of tickets only
  bool unmask = false;      ///< not of events; the daemon records it with `Access::actor`
  std::string output = {};  ///< a file; empty: `Terminal::out`
  /// Goes on where `output` ends: behind its last ticket, or for events from its last ticket on,
  /// whose story may lack its end. Not with `csv`.
  bool resume = false;
  bool progress = false;  ///< tells on `Terminal::err` how far it is
};

/// The command: everything that the filter shows, a line a ticket, a change or a row. The daemon's
/// closing line, which says whether that is all, becomes the exit code. A file in the way is
/// replaced once the first line has come; of an export that broke off it holds whole lines.
Exit export_command(const Daemon& daemon, const ExportOptions& options, const Terminal& terminal);

}  // namespace hotline::client

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "client/terminal.hpp"

namespace hotline::client {

struct ExportOptions {
  bool events = false;  ///< the stories instead of the tickets
  /// Query parameters of the daemon's filter by name; empty values are left out.
  std::vector<std::pair<std::string, std::string>> filter = {};
  bool csv = false;         ///< of tickets only
  bool unmask = false;      ///< of tickets only; the daemon records it with `Access::actor`
  std::string output = {};  ///< a file; empty: `Terminal::out`
  /// Goes on where `output` ends: behind its last ticket, or for events from its last ticket on,
  /// whose story may lack its end. Not with `csv`.
  bool resume = false;
  bool progress = false;  ///< tells on `Terminal::err` how far it is
};

/// The command: everything that the filter shows, a line a ticket or a change. The daemon's closing
/// line, which says whether that is all, becomes the exit code. A file in the way is replaced once
/// the first line has come; of an export that broke off it holds whole lines.
Exit export_command(const Daemon& daemon, const ExportOptions& options, const Terminal& terminal);

}  // namespace hotline::client

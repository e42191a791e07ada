#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "client/terminal.hpp"
#include "learn/history.hpp"

namespace hotline::learn {

/// What `hotline-train` was asked for.
struct SessionOptions {
  std::vector<std::string> files;       ///< the history, see `read_history`
  std::vector<std::string> columns;     ///< see `client::read_column_map`
  std::vector<std::string> added;       ///< later rows, which replace those they correct
  std::optional<Time> since;            ///< of the later rows only those decided from then on
  std::vector<std::string> other_city;  ///< rows to learn from that judge nothing
  std::vector<double> precisions = {0.97, 0.99};  ///< targets, each above 0.5 and below 1
  std::filesystem::path output;                   ///< the model
  std::filesystem::path report;                   ///< the page; empty: none
};

/// Reads, trains, writes the model and the page, and prints the report on `terminal.out`; progress
/// and complaints go to `terminal.err`. What cannot be trained for want of rows is left out and
/// told; nothing is written when that is all, or when a row is wrong.
client::Exit run_session(const SessionOptions& options, const client::Terminal& terminal);

}  // namespace hotline::learn

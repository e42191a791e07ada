#pragma once

#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include "client/commands.hpp"
#include "client/export.hpp"
#include "client/rehearse.hpp"
#include "client/replay.hpp"
#include "client/simulate.hpp"

/// The command line of hotlinectl as a table of its commands.
namespace hotline::client {

/// What was given on the command line.
struct Options {
  std::string url = "http://127.0.0.1:12345";
  std::string token_file;
  std::string actor;
  std::string zone = "+08:00";
  double patience_s = -1;
  bool json = false;

  PostOptions post;
  TicketOptions ticket;
  double watch_s = 2;
  LeaseOptions lease;
  MoveOptions move;
  ReplayOptions replay;
  SimulateOptions simulate;
  RehearseOptions rehearse;
  ReportOptions report;
  ExportOptions exported;
  CheckOptions check;
  std::string checkpoint;
  RestoreOptions restore;
};

/// What the chosen command does; `patience_s` is that of the command when none was given.
struct Chosen {
  double patience_s = 2;
  std::function<Exit(const Daemon&, const Terminal&)> run;
};

/// Declares every command and the options common to all. `options` and `chosen` are filled by the
/// parse and outlive it.
void add_commands(CLI::App& app, Options& options, Chosen& chosen);

}  // namespace hotline::client

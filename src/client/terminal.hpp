#pragma once

#include <ostream>
#include <string_view>

#include "client/http_client.hpp"

namespace hotline::client {

/// What the programs end with; scripts rely on them.
enum class Exit : int {
  ok = 0,
  failed = 1,       ///< findings, refused requests, bad lines
  usage = 2,        ///< the command line
  unreachable = 3,  ///< no answer from the daemon within the patience
};

/// Where a command writes: results to `out`, progress and complaints to `err`.
struct Terminal {
  std::ostream& out;
  std::ostream& err;
  bool json = false;         ///< results as JSON documents for programs
  bool interactive = false;  ///< `err` is a terminal
};

/// How commands reach the daemon.
struct Daemon {
  Endpoint endpoint;
  Access access;
  RetryPolicy retry;

  HttpClient client() const { return HttpClient(endpoint, access, retry); }
  /// As somebody else of the same software.
  HttpClient client_as(std::string actor) const {
    return HttpClient(endpoint, {access.token, std::move(actor)}, retry);
  }
};

/// Prints the error and chooses the exit code.
Exit complain(const Terminal& terminal, const Error& error);
/// The same for what the command line asked for and cannot be.
Exit refuse(const Terminal& terminal, std::string_view fault);

}  // namespace hotline::client

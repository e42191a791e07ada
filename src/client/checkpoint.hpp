#pragma once

#include <string>

#include "client/terminal.hpp"

namespace hotline::client {

/// Has the daemon write a checkpoint and tells its folder, as the daemon's machine names it. `name`
/// as the API takes it; empty: named by the daemon after the time.
Result<std::string> make_checkpoint(const Daemon& daemon, const std::string& name);

}  // namespace hotline::client

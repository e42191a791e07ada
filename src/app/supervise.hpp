#pragma once

#include <functional>

#include "app/daemon.hpp"

namespace hotline {

/// Runs a started daemon until SIGTERM or SIGINT, then stops it. SIGHUP reloads the catalogue.
/// Tells systemd when it is ready, stopping, and, where a watchdog is set, that the engine still
/// answers. `ready` is called once signals are caught; who hears of the daemon by it may signal at
/// once. Call from the main thread.
void run_until_signalled(Daemon& daemon, const std::function<void()>& ready);

}  // namespace hotline

#include "hotlinectl/person.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace hotline::client {

std::optional<Screen> screen_of_output() {
  winsize size{};
  if (isatty(STDOUT_FILENO) != 1) return std::nullopt;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) return Screen{};
  return Screen{size.ws_row, size.ws_col};
}

Interruption::Interruption() {
  sigemptyset(&ending_);
  sigaddset(&ending_, SIGINT);
  sigaddset(&ending_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ending_, nullptr);
}

bool Interruption::pause(std::chrono::milliseconds length) const {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(length);
  const std::chrono::nanoseconds rest = length - seconds;
  const timespec wait{seconds.count(), rest.count()};
  return sigtimedwait(&ending_, nullptr, &wait) < 0;
}

}  // namespace hotline::client

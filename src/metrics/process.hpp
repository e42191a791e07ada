#pragma once

#include <cstdint>

namespace hotline {

/// What the kernel says of this process; 0 where it does not say.
struct ProcessFigures {
  double cpu_seconds = 0;
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t open_fds = 0;
  std::uint64_t max_fds = 0;
};

ProcessFigures read_process_figures();

}  // namespace hotline

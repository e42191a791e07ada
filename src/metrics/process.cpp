#include "metrics/process.hpp"

#include <ctime>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

namespace hotline {
namespace {

double cpu_seconds() {
  timespec used{};
  if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) != 0) return 0;
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

std::uint64_t open_fds() {
  std::error_code code;
  std::uint64_t count = 0;
  for (std::filesystem::directory_iterator fd("/proc/self/fd", code), end; !code && fd != end;
       fd.increment(code)) {
    ++count;
  }
  // The iterator itself holds one.
  return count > 0 ? count - 1 : 0;
}

std::uint64_t max_fds() {
  rlimit limit{};
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

}  // namespace

ProcessFigures read_process_figures() {
  ProcessFigures figures;
  std::uint64_t virtual_pages = 0;
  std::uint64_t resident_pages = 0;
  std::ifstream statm("/proc/self/statm");
  if (statm >> virtual_pages >> resident_pages) {
    const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    figures.virtual_bytes = virtual_pages * page;
    figures.resident_bytes = resident_pages * page;
  }
  figures.cpu_seconds = cpu_seconds();
  figures.open_fds = open_fds();
  figures.max_fds = max_fds();
  return figures;
}

}  // namespace hotline

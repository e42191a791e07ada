#include "child.hpp"

#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace hotline::test {
namespace {

constexpr std::chrono::milliseconds look_pause{1};

/// Between fork and exec: nothing but system calls.
[[noreturn]] void become(char* const* arguments, int out, int err) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  ::close_range(STDERR_FILENO + 1, ~0U, 0);  // the test's connections are no affair of the program
  ::execv(arguments[0], arguments);
  ::_exit(127);
}

int open_for_writing(const std::filesystem::path& file) {
  const int opened = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (opened < 0) throw std::runtime_error("cannot write " + file.string());
  return opened;
}

}  // namespace

bool eventually(const std::function<bool()>& holds, std::chrono::milliseconds within) {
  const auto end = std::chrono::steady_clock::now() + within;
  while (!holds()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(look_pause);
  }
  return true;
}

std::string contents_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  return std::move(all).str();
}

Child::Child(std::vector<std::string> command, std::filesystem::path out, std::filesystem::path err)
    : command_(std::move(command)), out_(std::move(out)), err_(std::move(err)) {
  std::vector<char*> arguments;
  for (auto& word : command_) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const int out_file = open_for_writing(out_);
  const int err_file = open_for_writing(err_);
  pid_ = ::fork();
  if (pid_ == 0) become(arguments.data(), out_file, err_file);
  ::close(out_file);
  ::close(err_file);
  if (pid_ < 0) throw std::runtime_error("cannot fork");
}

Child::~Child() {
  if (!running()) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Child::signal(int number) {
  if (running()) ::kill(pid_, number);
}

bool Child::running() {
  if (code_) return false;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return true;
  code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return false;
}

Ended Child::wait() {
  const auto long_patience = 5 * patience;
  if (!eventually([this] { return !running(); }, long_patience)) {
    throw std::runtime_error(command_.front() + " does not end: " + contents_of(err_));
  }
  return {*code_, contents_of(out_), contents_of(err_)};
}

Ended run(const std::filesystem::path& folder, std::vector<std::string> command) {
  static std::atomic<int> serial = 0;
  const auto name = folder / ("run-" + std::to_string(++serial));
  return Child(std::move(command), name.string() + ".out", name.string() + ".err").wait();
}

}  // namespace hotline::test

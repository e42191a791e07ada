#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace hotline::test {

/// The bound of every wait. Reached only when something is broken; sanitizers on a busy machine are
/// slow.
inline constexpr std::chrono::seconds patience{120};

/// Asks again and again until `holds` or the patience is used up.
[[nodiscard]] bool eventually(const std::function<bool()>& holds,
                              std::chrono::milliseconds within = patience);

std::string contents_of(const std::filesystem::path& file);

struct Ended {
  int code = 0;  ///< the exit code, or 128 + the signal that ended it
  std::string out;
  std::string err;
};

/// A program that runs beside the test, its output in two files. It dies with the thread that made
/// it, so make it in the test's own.
class Child {
 public:
  Child(std::vector<std::string> command, std::filesystem::path out, std::filesystem::path err);
  ~Child();  ///< kills it when it still runs
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  /// To this process and no other; nothing once its end was noticed.
  void signal(int number);
  bool running();
  /// Throws when it does not end in time.
  Ended wait();

 private:
  std::vector<std::string> command_;
  std::filesystem::path out_;
  std::filesystem::path err_;
  pid_t pid_ = -1;
  std::optional<int> code_;
};

/// Runs a program to its end.
Ended run(const std::filesystem::path& folder, std::vector<std::string> command);

}  // namespace hotline::test

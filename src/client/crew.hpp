#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "client/decisions.hpp"
#include "client/terminal.hpp"

namespace hotline::client {

/// What a queue offers at one look: entries that nobody holds and that are not dead letters.
struct QueueLook {
  std::string queue;
  std::int64_t ready = 0;
};

/// A signed ticket whose answer is due.
struct LateTask {
  json::value ticket;
  std::int64_t seq = 0;
};

/// What the crew did, by the name of the move; call-backs by `callback:` and their outcome.
using SimCounts = std::map<std::string, std::uint64_t>;

/// The people of a rehearsal: threads that lease from any queue with work in it, long-poll one of
/// their own when there is none, and do what `decisions.hpp` says. Thread-safe; the constructor
/// starts them, `stop` or the destructor ends them.
class Crew {
 public:
  static constexpr std::uint32_t lease_batch = 20;
  static constexpr std::size_t refusals_listed_max = 20;

  /// `departments`: every code, those who stay away at first included.
  Crew(const Daemon& daemon, const SimPolicy& policy, unsigned workers,
       std::vector<std::string> departments);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// Replaces what is known of the queues and wakes idle workers.
  void show(std::vector<QueueLook> queues);
  void hand_out(std::vector<LateTask> tasks);
  /// From now on the department looks at its queue.
  void wake(const std::string& department);
  bool away(const std::string& queue) const;

  /// Nobody works on anything and nothing handed out waits.
  bool idle() const;
  SimCounts counts() const;
  std::uint64_t moves() const { return moves_; }
  std::uint64_t refused() const { return refused_; }
  std::vector<std::string> refusals() const;
  /// Set when the daemon stayed away too long or does not let this token in; the workers have ended
  /// then.
  std::optional<Error> lost() const;
  void stop();

 private:
  class Worker;
  struct Job {
    std::optional<LateTask> late;
    std::string queue;
  };

  /// Absent: nothing known to do. A job makes its worker busy.
  std::optional<Job> next_job();
  void wait_for_news();
  std::string home_of(unsigned worker) const;

  const Daemon daemon_;
  const SimPolicy policy_;
  const std::vector<std::string> departments_;

  std::atomic<std::uint64_t> moves_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<bool> stopping_{false};

  mutable std::mutex guard_;  ///< of all below but the threads
  std::condition_variable news_;
  std::vector<QueueLook> queues_;
  std::deque<LateTask> late_;
  std::set<std::string, std::less<>> away_;
  unsigned busy_ = 0;
  SimCounts counts_;
  std::vector<std::string> refusals_;
  std::optional<Error> lost_;

  std::vector<std::jthread> threads_;
};

}  // namespace hotline::client

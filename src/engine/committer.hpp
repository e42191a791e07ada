#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "engine/work.hpp"
#include "hotline/metrics.hpp"
#include "hotline/store.hpp"

namespace hotline {

/// What those are told whose batch was lost.
Error not_written();

/// Makes one batch durable on a thread of its own, and answers those who wait for it, while the
/// writer fills the next one. At most one batch is on its way; after a failure none is taken until
/// the writer has asked for it by `settle`. All methods are the writer's.
class Committer {
 public:
  /// Called when the batch is durable (null) or lost.
  using Answer = std::function<void(const Error* failure)>;

  struct Load {
    std::shared_ptr<Work> work;  ///< left alone by the writer, but for reading
    Epoch epoch = 0;
    std::vector<Answer> answers;
    std::function<void()> durable;  ///< called before the answers
  };

  /// `ended` is called on the committer's thread after every batch, written or not.
  Committer(Store& store, Metrics& metrics, std::function<void()> ended);
  ~Committer() { end(); }
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  /// True also after a failure that nobody has asked for.
  bool busy() const;
  bool failed() const;
  /// Takes a batch. Only when not busy.
  void start(Load load);
  /// Waits until nothing is on its way. The failure of the last batch, once. Those who wait for
  /// that batch may not have their answers yet.
  Result<void> settle();
  /// Waits until the last answer was given, and ends the thread.
  void end();

 private:
  enum class State { idle, loaded, failed };

  void run();
  Result<void> write(const Load& load);

  Store& store_;
  Metrics& metrics_;
  const std::function<void()> ended_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Protected by mutex_.
  State state_ = State::idle;
  bool stopping_ = false;
  Load load_;
  Error failure_;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace hotline

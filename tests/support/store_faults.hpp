#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

#include "hotline/store.hpp"

namespace hotline::test {

/// A store whose commits fail or wait when told to, and which counts what it is asked. Wraps any
/// engine, which must outlive it. Thread-safe.
class FaultyStore final : public Store {
 public:
  enum class Fault {
    not_written,  ///< `unavailable`, and nothing was written
    reply_lost,   ///< `unavailable`, although the batch became durable
    slowed_down,  ///< `overloaded`, and nothing was written
  };

  explicit FaultyStore(Store& inner) : inner_(inner) {}

  /// The next `count` commits fail; 0 heals.
  void fail_commits(std::uint64_t count, Fault fault) {
    const std::lock_guard lock(mutex_);
    to_fail_ = count;
    fault_ = fault;
  }
  /// Commits wait, until `release_commits`.
  void hold_commits() {
    const std::lock_guard lock(mutex_);
    held_ = true;
  }
  void release_commits() {
    const std::lock_guard lock(mutex_);
    held_ = false;
    changed_.notify_all();
  }
  /// Returns once a commit is waiting.
  void await_held_commit() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_ > 0; });
  }

  std::uint64_t commits() const { return counted(commits_); }  ///< successful or not
  std::uint64_t reads() const { return counted(reads_); }  ///< of this store, not of its snapshots

  Result<std::vector<std::optional<std::string>>> multi_get(
      std::span<const Key> keys) const override {
    count_read();
    return inner_.multi_get(keys);
  }
  Result<void> scan(Space space, std::string_view from, std::string_view to,
                    const Visit& visit) const override {
    count_read();
    return inner_.scan(space, from, to, visit);
  }
  Result<void> scan_back(Space space, std::string_view from, std::string_view to,
                         const Visit& visit) const override {
    count_read();
    return inner_.scan_back(space, from, to, visit);
  }
  Result<Epoch> acquire_epoch() override { return inner_.acquire_epoch(); }
  std::unique_ptr<StoreReader> snapshot() const override { return inner_.snapshot(); }
  Result<void> checkpoint(const std::filesystem::path& path) override {
    return inner_.checkpoint(path);
  }
  Stats stats() const override { return inner_.stats(); }

  Result<void> commit(const Batch& batch, Epoch epoch) override {
    const auto fault = begin_commit();
    if (fault == Fault::not_written) return fail(ErrorCode::unavailable, "injected: not written");
    if (fault == Fault::slowed_down) return fail(ErrorCode::overloaded, "injected: slowed down");
    auto written = inner_.commit(batch, epoch);
    if (written && fault) return fail(ErrorCode::unavailable, "injected: the reply got lost");
    return written;
  }

 private:
  std::optional<Fault> begin_commit() {
    std::unique_lock lock(mutex_);
    ++commits_;
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
    --waiting_;
    if (to_fail_ == 0) return std::nullopt;
    --to_fail_;
    return fault_;
  }
  void count_read() const {
    const std::lock_guard lock(mutex_);
    ++reads_;
  }
  std::uint64_t counted(const std::uint64_t& counter) const {
    const std::lock_guard lock(mutex_);
    return counter;
  }

  Store& inner_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Protected by mutex_.
  std::uint64_t to_fail_ = 0;
  Fault fault_ = Fault::not_written;
  bool held_ = false;
  std::uint64_t waiting_ = 0;
  std::uint64_t commits_ = 0;
  mutable std::uint64_t reads_ = 0;
};

}  // namespace hotline::test

#include "engine/committer.hpp"

#include <chrono>
#include <pthread.h>
#include <utility>

#include <spdlog/spdlog.h>

namespace hotline {
namespace {

constexpr int stall_tries_max = 250;
constexpr std::chrono::milliseconds stall_pause{20};

}  // namespace

Error not_written() {
  return {
      ErrorCode::unavailable,
      "the store did not take the write; nothing was acknowledged: send it again, with the same "
      "source_id or Idempotency-Key",
      {}};
}

Committer::Committer(Store& store, Metrics& metrics, std::function<void()> ended)
    : store_(store), metrics_(metrics), ended_(std::move(ended)), thread_([this] { run(); }) {}

void Committer::end() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool Committer::busy() const {
  const std::lock_guard lock(mutex_);
  return state_ != State::idle;
}

bool Committer::failed() const {
  const std::lock_guard lock(mutex_);
  return state_ == State::failed;
}

void Committer::start(Load load) {
  {
    const std::lock_guard lock(mutex_);
    load_ = std::move(load);
    state_ = State::loaded;
  }
  changed_.notify_all();
}

Result<void> Committer::settle() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return state_ != State::loaded; });
  if (std::exchange(state_, State::idle) == State::idle) return {};
  return tl::make_unexpected(std::exchange(failure_, {}));
}

void Committer::run() {
  pthread_setname_np(pthread_self(), "commit");
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || state_ == State::loaded; });
    if (state_ != State::loaded) return;
    Load load = std::move(load_);
    lock.unlock();
    const auto done = write(load);
    if (done) load.durable();
    lock.lock();
    state_ = done ? State::idle : State::failed;
    if (!done) failure_ = done.error();
    lock.unlock();
    // Before the answers: whoever gets one finds the writer past this batch.
    changed_.notify_all();
    ended_();
    const Error refusal = not_written();
    for (auto& answer : load.answers) answer(done ? nullptr : &refusal);
    load = {};
    lock.lock();
  }
}

/// A store that stalls certainly wrote nothing: the same batch is offered again while the inbox
/// fills up and its bound turns new requests away.
Result<void> Committer::write(const Load& load) {
  const Batch& batch = load.work->batch();
  const auto begun = std::chrono::steady_clock::now();
  auto done = store_.commit(batch, load.epoch);
  for (int tries = 0; tries < stall_tries_max; ++tries) {
    if (done || done.error().code != ErrorCode::overloaded) break;
    std::this_thread::sleep_for(stall_pause);
    done = store_.commit(batch, load.epoch);
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
  metrics_.commit_seconds.observe(taken.count());
  if (!done) return done;
  metrics_.commits.add();
  metrics_.committed_bytes.add(batch.bytes());
  return done;
}

}  // namespace hotline

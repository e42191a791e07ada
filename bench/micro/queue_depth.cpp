// What a lease costs in a queue of so many tickets: the engine on its store, without HTTP. Deep
// queues must cost what shallow ones do, also when as many tickets have gone through them before.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <benchmark/benchmark.h>

#include "bench/fixtures/busy_engine.hpp"
#include "bench/fixtures/samples.hpp"
#include "bench/fixtures/stores.hpp"
#include "bench/micro/suites.hpp"

namespace bench {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t in_flight = 512;
constexpr int rounds = 20;
constexpr int repetitions = 5;
// RocksDB compacts on for a while after a filling, and that would be measured too.
constexpr std::chrono::microseconds settling_per_ticket{20};
const std::string queue = "cgj-sz";

/// An engine with one queue of `depth` tickets.
class DeepQueue {
 public:
  explicit DeepQueue(std::size_t depth)
      : depth_(depth),
        store_(store_kinds().back()),
        commands_(std::vector<std::string>{queue}),
        engine_(*store_) {
    fill(depth);
    settle();
  }

  std::size_t depth() const { return depth_; }
  BusyEngine& engine() { return engine_; }

  void fill(std::size_t count) {
    in_waves(count, [this](std::size_t wave) {
      engine_.submit(wave, [this](std::size_t) { return commands_.next(); });
    });
  }

  /// Takes all tickets out and puts as many in, once: as many deletions lie before the queue's
  /// head.
  void churn() {
    if (std::exchange(churned_, true)) return;
    in_waves(depth_, [this](std::size_t wave) { engine_.sign(engine_.lease(queue, wave)); });
    fill(depth_);
    settle();
  }

 private:
  void settle() const { std::this_thread::sleep_for(settling_per_ticket * depth_); }

  template <typename Wave>
  void in_waves(std::size_t count, Wave wave) {
    for (std::size_t left = count; left > 0;) {
      const std::size_t size = std::min(left, BusyEngine::wave_max);
      wave(size);
      left -= size;
    }
  }

  std::size_t depth_;
  FreshStore store_;
  IntakeCommands commands_;
  BusyEngine engine_;
  bool churned_ = false;
};

/// Filling takes longer than measuring, so neighbouring benchmarks share a queue: one at a time,
/// and a churned one is not made fresh again.
class SharedQueue {
 public:
  DeepQueue& get(std::size_t depth, bool churned) {
    if (!queue_ || queue_->depth() != depth) {
      queue_.reset();
      queue_ = std::make_unique<DeepQueue>(depth);
    }
    if (churned) queue_->churn();
    return *queue_;
  }

 private:
  std::unique_ptr<DeepQueue> queue_;
};

/// CPU time of the engine's thread so far: unlike time on the wall, neither the disk nor another
/// program lengthens it.
std::chrono::nanoseconds engine_cpu() {
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    std::int64_t nanoseconds = 0;
    std::ifstream(task.path() / "comm") >> name;
    std::ifstream(task.path() / "schedstat") >> nanoseconds;
    if (name == "engine") return std::chrono::nanoseconds{nanoseconds};
  }
  throw std::runtime_error("no thread of the engine");
}

/// Runs rounds of `work` on `in_flight` tickets, with `restore` after each, which is not measured.
/// Reports time per ticket: on the wall, and of the engine's thread.
template <typename Work, typename Restore>
void measure(benchmark::State& state, Work work, Restore restore) {
  std::chrono::duration<double, std::micro> cpu{0};
  for (auto _ : state) {
    const auto cpu_before = engine_cpu();
    const auto begin = steady_clock::now();
    work();
    const std::chrono::duration<double> spent = steady_clock::now() - begin;
    cpu += engine_cpu() - cpu_before;
    state.SetIterationTime(spent.count() / in_flight);
    restore();
  }
  const auto tickets = static_cast<double>(state.iterations()) * in_flight;
  state.counters["engine_cpu_us"] = cpu.count() / tickets;
}

void lease_and_release(benchmark::State& state, DeepQueue& deep) {
  auto& engine = deep.engine();
  measure(
      state, [&] { engine.release(engine.lease(queue, in_flight)); }, [] {});
}

void lease_and_sign(benchmark::State& state, DeepQueue& deep) {
  auto& engine = deep.engine();
  measure(
      state, [&] { engine.sign(engine.lease(queue, in_flight)); },
      [&] { deep.fill(in_flight); });  // so that the depth stays
}

}  // namespace

void register_queue_depth(bool full) {
  const auto shared = std::make_shared<SharedQueue>();
  const auto add = [&](const char* name, auto run, std::size_t depth, bool churned) {
    benchmark::RegisterBenchmark(
        name, [=](benchmark::State& state) { run(state, shared->get(depth, churned)); })
        ->ArgNames({"depth", "churned"})
        ->Args({static_cast<std::int64_t>(depth), churned ? 1 : 0})
        ->Iterations(rounds)
        ->Repetitions(repetitions)
        ->ReportAggregatesOnly()
        ->UseManualTime()
        ->Unit(benchmark::kMicrosecond);
  };
  for (const std::size_t depth : {1'000U, 10'000U, 100'000U, 1'000'000U}) {
    if (depth > 100'000 && !full) continue;
    for (const bool churned : {false, true}) {
      add("queue/lease_and_release", lease_and_release, depth, churned);
      add("queue/lease_and_sign", lease_and_sign, depth, churned);
    }
  }
}

}  // namespace bench

// The store behind its port, with the very keys and values of intakes.
#include <algorithm>
#include <memory>
#include <random>
#include <stdexcept>

#include <benchmark/benchmark.h>

#include "bench/fixtures/stores.hpp"
#include "bench/fixtures/tape.hpp"
#include "bench/micro/suites.hpp"

namespace bench {
namespace {

using hotline::Space;

constexpr std::size_t stored_intakes = 20'000;
constexpr std::size_t written_intakes = 16'000;
constexpr std::size_t fill_batch = 1'000;

void require(const hotline::Result<void>& done) {
  if (!done) throw std::runtime_error(done.error().detail);
}

/// Writes batches that each hold the same number of intakes, none of them twice.
void commit(benchmark::State& state, StoreKind kind) {
  const auto intakes = static_cast<std::size_t>(state.range(0));
  const auto batches = intake_batches(static_cast<std::size_t>(state.max_iterations), intakes);
  const FreshStore fresh(kind);
  const auto epoch = *fresh->acquire_epoch();
  auto batch = batches.begin();
  for (auto _ : state) require(fresh->commit(*batch++, epoch));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

/// A store with intakes in it, for all that reads.
class FilledStore {
 public:
  explicit FilledStore(StoreKind kind) : fresh_(kind) {
    const auto epoch = *fresh_->acquire_epoch();
    for (const auto& batch : intake_batches(stored_intakes / fill_batch, fill_batch)) {
      require(fresh_->commit(batch, epoch));
      for (const auto& op : batch.ops()) {
        if (op.space == Space::ticket) tickets_.push_back({op.space, op.key});
      }
    }
  }
  const hotline::Store& store() const { return *fresh_; }
  const std::vector<hotline::Key>& tickets() const { return tickets_; }

 private:
  FreshStore fresh_;
  std::vector<hotline::Key> tickets_;
};

/// Filling takes longer than reading, so the benchmarks of one kind share a store.
class SharedStore {
 public:
  explicit SharedStore(StoreKind kind) : kind_(kind) {}
  const FilledStore& filled() {
    if (!filled_) filled_ = std::make_unique<FilledStore>(kind_);
    return *filled_;
  }

 private:
  StoreKind kind_;
  std::unique_ptr<FilledStore> filled_;
};

void scan(benchmark::State& state, const FilledStore& filled) {
  for (auto _ : state) {
    auto left = state.range(0);
    require(filled.store().scan(Space::queue, {}, {}, [&](auto key, auto) {
      benchmark::DoNotOptimize(key.data());
      return --left > 0;
    }));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void multi_get(benchmark::State& state, const FilledStore& filled) {
  std::mt19937_64 random(1);
  std::vector<hotline::Key> keys(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    for (auto& key : keys) key = filled.tickets()[random() % filled.tickets().size()];
    const auto values = filled.store().multi_get(keys);
    if (!values) throw std::runtime_error(values.error().detail);
    benchmark::DoNotOptimize(values->data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void register_commits(StoreKind kind) {
  for (const std::size_t intakes : {1U, 64U, 1000U}) {
    benchmark::RegisterBenchmark(("storage/commit/" + name_of(kind)).c_str(), commit, kind)
        ->ArgName("intakes")
        ->Arg(static_cast<std::int64_t>(intakes))
        // Single commits are mostly the wait for the disk: fewer of them say as much.
        ->Iterations(static_cast<std::int64_t>(std::min(written_intakes / intakes, fill_batch)))
        ->Unit(benchmark::kMicrosecond)
        ->UseRealTime();
  }
}

void register_reads(StoreKind kind) {
  const auto shared = std::make_shared<SharedStore>(kind);
  const auto add = [&](const std::string& name, auto run) {
    return benchmark::RegisterBenchmark((name + name_of(kind)).c_str(),
                                        [=](auto& state) { run(state, shared->filled()); })
        ->ArgName("keys")
        ->Unit(benchmark::kMicrosecond);
  };
  add("storage/scan/", scan)->Arg(1000);
  add("storage/multi_get/", multi_get)->Arg(1)->Arg(64);
}

}  // namespace

void register_storage() {
  for (const StoreKind kind : store_kinds()) {
    register_commits(kind);
    register_reads(kind);
  }
}

}  // namespace bench

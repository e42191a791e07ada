// What the engine's thread computes for one move: decide, evolve, and the entries before and after.
#include <benchmark/benchmark.h>

#include "bench/micro/life.hpp"
#include "bench/micro/suites.hpp"
#include "domain/entries.hpp"

namespace bench {
namespace {

void run(benchmark::State& state, const Step& step) {
  const hotline::UtcOffset zone = Life::policy().zone;
  for (auto _ : state) {
    const hotline::Change change = Life::change_of(step);
    const auto after = hotline::evolve(step.before ? *step.before : hotline::Ticket{}, change);
    const auto entries_before = hotline::entries(step.before, zone);
    const auto entries_after = hotline::entries(&after, zone);
    benchmark::DoNotOptimize(&entries_before);
    benchmark::DoNotOptimize(&entries_after);
  }
}

}  // namespace

void register_rules() {
  static const Life life;
  const auto add = [](const char* name, const Step& step) {
    benchmark::RegisterBenchmark(name, [&step](auto& state) { run(state, step); });
  };
  add("rules/intake", life.intake);
  add("rules/sign", life.sign);
  add("rules/answer", life.answer);
  add("rules/callback", life.callback);
}

}  // namespace bench

// The records that a ticket is stored as: value to bytes and back.
#include "records/codec.hpp"

#include <benchmark/benchmark.h>

#include "bench/micro/life.hpp"
#include "bench/micro/suites.hpp"

namespace bench {
namespace {

template <typename Value, typename Decode>
void register_record(const std::string& record, const Value& value, Decode decode) {
  benchmark::RegisterBenchmark(("codec/encode/" + record).c_str(), [&value](auto& state) {
    std::size_t bytes = 0;
    for (auto _ : state) {
      const std::string encoded = hotline::encode(value);
      bytes = encoded.size();
      benchmark::DoNotOptimize(encoded.data());
    }
    state.counters["bytes"] = static_cast<double>(bytes);
  });
  benchmark::RegisterBenchmark(("codec/decode/" + record).c_str(), [&value, decode](auto& state) {
    const std::string bytes = hotline::encode(value);
    for (auto _ : state) {
      auto decoded = decode(bytes);
      if (!decoded) return state.SkipWithError(decoded.error().detail.c_str());
      benchmark::DoNotOptimize(&*decoded);
    }
  });
}

}  // namespace

void register_codec() {
  static const Life life;
  register_record("ticket", life.closed(), hotline::decode_ticket);
  register_record("change", life.intake_change, hotline::decode_change);
  register_record("personal", life.personal, hotline::decode_personal);
}

}  // namespace bench

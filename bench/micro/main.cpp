// Micro-benchmarks. Takes Google Benchmark's options, and --full for queues of a million tickets.
#include <cstring>
#include <iostream>

#include <benchmark/benchmark.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "bench/micro/suites.hpp"

int main(int argc, char** argv) try {
  spdlog::set_default_logger(spdlog::stderr_color_mt("micro"));  // the table has stdout
  bool full = false;
  int kept = 1;
  for (int i = 1; i < argc; ++i) {
    const bool ours = std::strcmp(argv[i], "--full") == 0;
    full = full || ours;
    if (!ours) argv[kept++] = argv[i];
  }
  argc = kept;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  bench::register_codec();
  bench::register_rules();
  bench::register_classify();
  bench::register_storage();
  bench::register_queue_depth(full);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::ClearRegisteredBenchmarks();  // closes what they hold while RocksDB still lives
  return 0;
} catch (const std::exception& error) {
  std::cerr << "micro: " << error.what() << '\n';
  return 2;
}

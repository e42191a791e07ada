// Text to category and department, with the shipped catalogue.
#include <benchmark/benchmark.h>

#include "bench/fixtures/samples.hpp"
#include "bench/micro/suites.hpp"

namespace bench {
namespace {

constexpr std::size_t distinct_texts = 64;

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

/// The first `characters` of UTF-8 text.
std::string cut(const std::string& text, std::size_t characters) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (begins_character(text[at]) && characters-- == 0) break;
  }
  return text.substr(0, at);
}

/// Complaints of exactly that many characters, made of several when one is too short.
std::vector<std::string> texts(std::size_t characters) {
  const std::vector<std::string> departments{"cgj-sz"};
  const auto intakes = sample_intakes(distinct_texts, departments);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < intakes.size(); ++i) {
    std::string text;
    // A character takes three bytes; those that take fewer are few.
    for (std::size_t next = i; text.size() < 3 * characters + 100; ++next) {
      text += intakes[next % intakes.size()].personal.content;
    }
    out.push_back(cut(text, characters));
  }
  return out;
}

void classify(benchmark::State& state) {
  const auto catalogue = shipped_catalogue();
  const auto contents = texts(static_cast<std::size_t>(state.range(0)));
  std::size_t next = 0;
  for (auto _ : state) {
    hotline::ClassifyInput input;
    input.title = "路灯不亮";
    input.content = contents[next++ % contents.size()];
    input.channel = "phone";
    const auto found = catalogue->classify(input);
    benchmark::DoNotOptimize(&found);
  }
}

}  // namespace

void register_classify() {
  benchmark::RegisterBenchmark("classify", classify)
      ->ArgName("characters")
      ->Arg(40)
      ->Arg(400)
      ->Arg(4000)
      ->Unit(benchmark::kMicrosecond);
}

}  // namespace bench

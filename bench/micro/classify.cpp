// Text to category and department, with the shipped catalogue, and with a model that is always
// asked.
#include <filesystem>
#include <fstream>
#include <random>
#include <stdexcept>
#include <unistd.h>

#include <benchmark/benchmark.h>

#include "bench/fixtures/samples.hpp"
#include "bench/micro/suites.hpp"
#include "classify/catalogue_loader.hpp"
#include "classify/model.hpp"

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

/// As large as a city's: 7 categories, 30 departments, inquiries, over 2^17 buckets. Its weights
/// are drawn, which costs what learned ones cost.
std::string drawn_model(const hotline::Catalogue& catalogue) {
  namespace classify = hotline::classify;
  constexpr std::size_t buckets = std::size_t{1} << 17U;
  std::mt19937 random(1);
  classify::ModelContents contents;
  contents.version = "drawn";
  const auto add = [&](classify::HeadKind kind, const std::vector<std::string>& labels) {
    classify::HeadInfo head{
        .kind = kind, .slope = 1, .rows = 10'000, .thresholds = {}, .classes = {}};
    for (const auto& label : labels) head.classes.push_back({label, 0.1F, 0});
    contents.heads.push_back(std::move(head));
    contents.term_weights.emplace_back(buckets, 10);
    auto& weights = contents.weights.emplace_back(buckets * labels.size());
    for (auto& weight : weights) weight = static_cast<std::int8_t>(random() % 255 - 127);
  };
  std::vector<std::string> categories;
  for (const auto& category : catalogue.categories()) {
    if (!category.parent.empty() && categories.size() < 7) categories.push_back(category.code);
  }
  std::vector<std::string> departments;
  for (std::size_t i = 0; i < 30; ++i) departments.push_back(catalogue.departments()[i].code);
  add(classify::HeadKind::category, categories);
  add(classify::HeadKind::department, departments);
  add(classify::HeadKind::inquiry, {"inquiry"});
  return classify::model_bytes(contents);
}

/// With a model that proposes on every ticket, whatever the rules say.
std::shared_ptr<const hotline::Catalogue> learned_catalogue() {
  const auto file =
      std::filesystem::temp_directory_path() / ("drawn-model-" + std::to_string(::getpid()));
  std::ofstream(file, std::ios::binary) << drawn_model(*shipped_catalogue());
  auto loaded =
      hotline::load_catalogue(HOTLINE_SOURCE_DIR "/conf/catalogue", hotline::china_offset,
                              {.file = file, .precision = 1, .rules_confidence = 2, .tell = {}});
  std::filesystem::remove(file);
  if (!loaded) throw std::runtime_error(loaded.error().detail);
  return std::move(*loaded);
}

void classify(benchmark::State& state) {
  const auto catalogue = state.range(1) == 0 ? shipped_catalogue() : learned_catalogue();
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
      ->ArgNames({"characters", "model"})
      ->ArgsProduct({{40, 400, 4000}, {0, 1}})
      ->Unit(benchmark::kMicrosecond);
}

}  // namespace bench

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "bench/accuracy/measures.hpp"
#include "bench/accuracy/rows.hpp"
#include "classify/model.hpp"

namespace hotline::bench {
namespace {

void add_head(classify::ModelContents& contents, classify::HeadKind kind, const Set& set,
              std::uint16_t classes, double c) {
  const learn::Head head = learn::train_head(set.texts, set.samples, {.classes = classes, .c = c});
  classify::HeadInfo info{.kind = kind, .slope = 1, .rows = 0, .thresholds = {}, .classes = {}};
  for (std::size_t i = 0; i < classes; ++i) {
    info.classes.push_back({std::to_string(i), head.gains[i], head.biases[i]});
  }
  contents.heads.push_back(std::move(info));
  contents.term_weights.push_back(head.term_weights);
  contents.weights.push_back(head.weights);
}

/// 400 different characters in the manner of a text: some common, most not.
std::string text_of_400(unsigned seed) {
  std::string text;
  for (int i = 0; i < 400; ++i) {
    seed = seed * 1664525U + 1013904223U;
    const unsigned point = 0x4E00 + (seed >> 8U) % 3'000;
    text += {static_cast<char>(0xE0U | (point >> 12U)),
             static_cast<char>(0x80U | ((point >> 6U) & 0x3FU)),
             static_cast<char>(0x80U | (point & 0x3FU))};
  }
  return text;
}

}  // namespace

void measure_cost(const Options& options) {
  constexpr std::uint16_t departments = 30;
  classify::ModelContents contents;
  contents.version = "cost";
  contents.settings = feature_settings();
  add_head(contents, classify::HeadKind::category, read_routing(options.tickets), 7, options.c);
  add_head(contents, classify::HeadKind::department, read_departments(options.tickets), departments,
           options.c);
  add_head(contents, classify::HeadKind::inquiry, read_inquiries(options.tickets), 1, options.c);
  const auto model = *classify::Model::from_bytes(classify::model_bytes(contents));
  constexpr unsigned texts_count = 500;
  std::vector<std::string> texts;
  for (unsigned i = 0; i < texts_count; ++i) texts.push_back(text_of_400(i));
  const auto bag = std::make_unique<classify::FeatureBag>();
  const auto scores = std::make_unique<classify::Model::Scores>();
  double least_us = 1e9;
  float sink = 0;
  for (int round = 0; round < 20; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    for (const std::string& text : texts) {
      bag->read({.title = text.substr(0, 60), .content = text, .channel = "", .region = ""},
                model->settings());
      model->score(*bag, *scores);
      for (std::size_t head = 0; head < 3; ++head)
        sink += model->guess(*scores, head).best[0].probability;
    }
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
    least_us = std::min(least_us, took.count() / texts_count);
  }
  fmt::print(
      "model: {:.2f} MiB (wanted at most 8), features, 38 scores and guesses of 400 "
      "characters: {:.1f} us, best of 20 rounds (wanted with all rules 20); check {:.0f}\n",
      static_cast<double>(model->bytes()) / (1 << 20), least_us, static_cast<double>(sink));
}

}  // namespace hotline::bench

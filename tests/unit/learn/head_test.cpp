#include "learn/head.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "classify/model.hpp"
#include "learn/folds.hpp"

namespace hotline::learn {
namespace {

constexpr classify::FeatureSettings settings{
    .buckets_log2 = 14, .title_weight = 3, .title_characters = 100, .content_characters = 600};

constexpr std::string_view places[] = {"东门", "南街", "西站", "北桥", "河口", "山前"};
constexpr std::string_view lights[] = {"路灯不亮", "路灯坏了没人修", "夜里路灯全灭"};
constexpr std::string_view wages[] = {"公司拖欠工资", "老板不发工资", "工资三个月没发"};

/// Invented: 18 texts about street lights (0), 18 about wages (1).
struct Invented {
  Texts texts{settings};
  std::vector<Sample> samples;

  Invented() {
    for (const std::string_view place : places) {
      for (const std::string_view light : lights) add(std::string(place) + std::string(light), 0);
      for (const std::string_view wage : wages) add(std::string(place) + std::string(wage), 1);
    }
  }
  void add(const std::string& content, std::uint16_t label) {
    samples.push_back({static_cast<std::uint32_t>(texts.size()), label, true});
    texts.add({.title = "", .content = content, .channel = "", .region = ""});
  }
  std::uint32_t asked(const std::string& content) {
    texts.add({.title = "", .content = content, .channel = "", .region = ""});
    return static_cast<std::uint32_t>(texts.size() - 1);
  }
};

TEST(Heads, decide_texts_that_they_never_saw) {
  Invented invented;
  const Head head = train_head(invented.texts, invented.samples, {.classes = 2});
  const auto light = head.scores(invented.texts[invented.asked("村口的路灯灭了")]);
  const auto wage = head.scores(invented.texts[invented.asked("厂里欠我工资")]);
  EXPECT_GT(light[0], light[1]);
  EXPECT_GT(wage[1], wage[0]);
}

TEST(Heads, of_one_class_say_yes_or_no) {
  Invented invented;
  const Head head = train_head(invented.texts, invented.samples, {.classes = 1});
  EXPECT_LT(head.scores(invented.texts[invented.asked("村口的路灯灭了")])[0], 0);
  EXPECT_GT(head.scores(invented.texts[invented.asked("厂里欠我工资")])[0], 0);
}

TEST(Heads, are_the_same_for_the_same_seed) {
  const Invented invented;
  const Head one = train_head(invented.texts, invented.samples, {.classes = 2, .seed = 7});
  const Head two = train_head(invented.texts, invented.samples, {.classes = 2, .seed = 7});
  EXPECT_EQ(one.weights, two.weights);
  EXPECT_EQ(one.biases, two.biases);
}

TEST(Heads, never_propose_a_class_without_samples) {
  Invented invented;
  const Head head = train_head(invented.texts, invented.samples, {.classes = 3});
  const auto scores = head.scores(invented.texts[invented.asked("树倒了")]);
  EXPECT_LT(scores[2], std::min(scores[0], scores[1]) - 10);
}

TEST(Heads, follow_the_own_city_where_cities_disagree) {
  // Elsewhere the office for wages cares for lights too.
  Invented invented;
  const std::size_t own = invented.samples.size();
  for (std::size_t i = 0; i < own; ++i) {
    const Sample sample = invented.samples[i];
    if (sample.label == 0) invented.samples.push_back({sample.text, 1, false});
  }
  const Head head = train_head(invented.texts, invented.samples, {.classes = 2, .own_times = 2});
  const auto light = head.scores(invented.texts[invented.asked("村口的路灯灭了")]);
  EXPECT_GT(light[0], light[1]);
}

TEST(Heads, score_as_the_model_file_scores) {
  Invented invented;
  const Head head = train_head(invented.texts, invented.samples, {.classes = 2});
  classify::ModelContents contents;
  contents.settings = settings;
  contents.heads.push_back({.kind = classify::HeadKind::category,
                            .slope = 1,
                            .rows = 36,
                            .thresholds = {},
                            .classes = {}});
  for (std::size_t i = 0; i < 2; ++i) {
    contents.heads[0].classes.push_back({std::to_string(i), head.gains[i], head.biases[i]});
  }
  contents.term_weights = {head.term_weights};
  contents.weights = {head.weights};
  const auto model = *classify::Model::from_bytes(classify::model_bytes(contents));
  const auto bag = std::make_unique<classify::FeatureBag>();
  const auto scores = std::make_unique<classify::Model::Scores>();
  for (const char* text : {"村口的路灯灭了", "厂里欠我工资", ""}) {
    bag->read({.title = "", .content = text, .channel = "", .region = ""}, settings);
    model->score(*bag, *scores);
    const auto expected = head.scores(invented.texts[invented.asked(text)]);
    EXPECT_NEAR(scores->of_head(0)[0], expected[0], 1e-5) << text;
    EXPECT_NEAR(scores->of_head(0)[1], expected[1], 1e-5) << text;
  }
}

TEST(Folds, keep_groups_together_and_level) {
  std::vector<std::uint32_t> groups;
  for (std::uint32_t i = 0; i < 1'000; ++i) groups.push_back(i < 100 ? 5'000 : i / 3);
  const auto folds = grouped_folds(groups, 5, 1);
  std::vector<std::set<int>> folds_of(6'000);
  std::vector<int> filled(5);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    folds_of[groups[i]].insert(folds[i]);
    ++filled[folds[i]];
  }
  for (const auto& seen : folds_of) EXPECT_LE(seen.size(), 1U);
  EXPECT_LE(*std::max_element(filled.begin(), filled.end()), 201);
  EXPECT_EQ(folds, grouped_folds(groups, 5, 1));
  EXPECT_NE(folds, grouped_folds(groups, 5, 2));
}

TEST(Folds, score_every_own_sample_and_no_other) {
  Invented invented;
  invented.samples[0].own = false;
  std::vector<std::uint32_t> groups;
  for (std::uint32_t i = 0; i < invented.samples.size(); ++i) groups.push_back(i / 6);
  const auto folds = grouped_folds(groups, 3, 1);
  const auto scores = held_out_scores(invented.texts, invented.samples, folds, {.classes = 2});
  EXPECT_TRUE(scores[0].empty());
  std::size_t right = 0;
  for (std::size_t i = 1; i < scores.size(); ++i) {
    ASSERT_EQ(scores[i].size(), 2U);
    right += (scores[i][1] > scores[i][0]) == (invented.samples[i].label == 1) ? 1 : 0;
  }
  EXPECT_EQ(right, scores.size() - 1);
}

}  // namespace
}  // namespace hotline::learn

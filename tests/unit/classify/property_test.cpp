#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "unit/classify/folder.hpp"

// What holds for every text, however strange.

namespace hotline::classify {
namespace {

const Catalogue& shipped() {
  static const std::shared_ptr<const Catalogue> catalogue =
      load_catalogue(HOTLINE_SOURCE_DIR "/conf/catalogue").value();
  return *catalogue;
}

void expect_sane(const Classification& result) {
  EXPECT_GE(result.confidence, 0);
  EXPECT_LE(result.confidence, 1);
  ASSERT_LE(result.candidates.size(), candidates_max);
  ASSERT_LE(result.reasons.size(), reasons_max);
  double sum = 0;
  for (const Candidate& candidate : result.candidates) {
    EXPECT_NE(shipped().category(candidate.category), nullptr);
    sum += candidate.score;
  }
  EXPECT_LE(sum, 1 + 1e-9);
  EXPECT_TRUE(std::is_sorted(result.candidates.begin(), result.candidates.end(),
                             [](const auto& a, const auto& b) { return a.score > b.score; }));
  EXPECT_TRUE(std::is_sorted(result.reasons.begin(), result.reasons.end(),
                             [](const auto& a, const auto& b) { return a.weight > b.weight; }));
  EXPECT_EQ(result.category.empty(), result.candidates.empty());
  if (!result.category.empty()) {
    EXPECT_EQ(result.category, result.candidates.front().category);
  }
  if (!result.lead.empty()) {
    EXPECT_NE(shipped().department(result.lead), nullptr);
    EXPECT_EQ(result.handling, Handling::transferred);
  }
  if (!result.region.empty()) {
    EXPECT_NE(shipped().region(result.region), nullptr);
  }
}

std::string random_bytes(std::mt19937& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

/// Pieces of the catalogue's own language in random order, with noise between.
std::string babble(std::mt19937& random, std::size_t pieces) {
  constexpr std::string_view words[] = {"路灯不亮", "着火了",   "去年",     "。",     "😀",
                                        "请问",     "医保报销", "东关街道", "前刘村", "投诉",
                                        "\xFF",     "物业费",   "法院",     "，，，", "公交车",
                                        "ＷｉＦｉ", "表扬",     "拖欠工资", "\n",     "垃圾"};
  std::string text;
  for (std::size_t i = 0; i < pieces; ++i) text += words[random() % std::size(words)];
  return text;
}

TEST(ClassifyProperty, random_bytes_and_babble_give_sane_results) {
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const std::string title = babble(random, random() % 5);
    const std::string content =
        seed % 3 == 0 ? random_bytes(random, random() % 2'000) : babble(random, random() % 200);
    const std::string address = babble(random, random() % 5);
    ClassifyInput input;
    input.title = title;
    input.content = content;
    input.address = address;
    const Classification result = shipped().classify(input);
    expect_sane(result);
    EXPECT_EQ(shipped().classify(input), result);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(ClassifyProperty, a_cut_anywhere_is_survived) {
  const std::string whole = "请问东关街道文昌社区路灯不亮😀，物业费太高？";
  for (std::size_t from = 0; from < whole.size(); ++from) {
    for (std::size_t size = 0; from + size <= whole.size(); size += 5) {
      expect_sane(shipped().classify(test::content_of(std::string_view(whole).substr(from, size))));
    }
  }
}

TEST(ClassifyProperty, repeating_a_phrase_does_not_make_it_certain) {
  std::string text;
  for (int i = 0; i < 2'000; ++i) text += "马路，";
  const Classification once = shipped().classify(test::content_of("马路"));
  const Classification often = shipped().classify(test::content_of(text));
  EXPECT_EQ(once.category, often.category);
  EXPECT_LT(often.confidence, 0.75);
}

TEST(ClassifyProperty, the_longest_texts_are_taken) {
  std::mt19937 random(1);
  for (const std::size_t pieces : {20'000U, 200'000U}) {
    const std::string text = babble(random, pieces);
    ClassifyInput input = test::content_of(text);
    input.title = text;
    input.address = text;
    expect_sane(shipped().classify(input));
  }
}

TEST(ClassifyProperty, more_of_the_same_category_never_lowers_it) {
  const std::string_view phrases[] = {"路灯不亮", "路灯损坏", "没有路灯", "路灯杆", "亮化工程"};
  std::string text;
  double before = 0;
  for (const std::string_view phrase : phrases) {
    text += std::string(phrase) + "，";
    const double confidence = shipped().classify(test::content_of(text)).confidence;
    EXPECT_GE(confidence, before);
    before = confidence;
  }
}

}  // namespace
}  // namespace hotline::classify

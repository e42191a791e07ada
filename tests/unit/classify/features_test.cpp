#include "classify/features.hpp"

#include <algorithm>
#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace hotline::classify {
namespace {

constexpr FeatureSettings settings;

std::uint32_t times(const FeatureBag& bag, char32_t first, char32_t second) {
  const std::uint32_t bucket = hash_of_ngram(first, second) >> (32U - settings.buckets_log2);
  for (const Feature& feature : bag.features()) {
    if (feature.bucket(settings.buckets_log2) == bucket) return feature.count;
  }
  return 0;
}

std::string repeated(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

class Features : public testing::Test {
 protected:
  std::size_t read(const FeatureText& text) {
    bag_->read(text, settings);
    return bag_->features().size();
  }
  std::unique_ptr<FeatureBag> bag_ = std::make_unique<FeatureBag>();
};

TEST_F(Features, count_the_titles_ngrams_several_times) {
  read({.title = "路灯", .content = "路灯坏", .channel = "", .region = ""});
  EXPECT_EQ(times(*bag_, U'路', 0), 4U);
  EXPECT_EQ(times(*bag_, U'路', U'灯'), 4U);
  EXPECT_EQ(times(*bag_, U'灯', U'坏'), 1U);
  EXPECT_EQ(times(*bag_, U'坏', U'灯'), 0U);
}

TEST_F(Features, read_numbers_of_any_length_and_width_as_one_symbol) {
  read({.title = "", .content = "共１２３４５元", .channel = "", .region = ""});
  EXPECT_EQ(times(*bag_, U'共', U'0'), 1U);
  EXPECT_EQ(times(*bag_, U'0', U'元'), 1U);
  EXPECT_EQ(times(*bag_, U'0', U'0'), 0U);
}

TEST_F(Features, read_masked_numbers_as_numbers) {
  for (const std::string_view text : {"拨138xxxx5678通", "拨138XXXXXXXX通", "拨13812345678通"}) {
    read({.title = "", .content = text, .channel = "", .region = ""});
    EXPECT_EQ(times(*bag_, U'拨', U'0'), 1U) << text;
    EXPECT_EQ(times(*bag_, U'0', U'通'), 1U) << text;
  }
  read({.title = "", .content = "张xxx说", .channel = "", .region = ""});
  EXPECT_EQ(times(*bag_, U'张', U'x'), 1U);
  EXPECT_EQ(times(*bag_, U'x', U'说'), 1U);
}

TEST_F(Features, read_traditional_as_simplified) {
  read({.title = "", .content = "路燈壞", .channel = "", .region = ""});
  EXPECT_EQ(times(*bag_, U'路', U'灯'), 1U);
  EXPECT_EQ(times(*bag_, U'灯', U'坏'), 1U);
}

TEST_F(Features, tell_the_frame_from_the_text) {
  const std::size_t text = read({.title = "", .content = "网", .channel = "", .region = ""});
  EXPECT_EQ(read({.title = "", .content = "网", .channel = "网", .region = "网"}), text + 2);
}

TEST_F(Features, read_nothing_out_of_nothing) {
  for (const std::string_view nothing : {"", " ", "\n\t", "。。。", "\xFF\xFE"}) {
    EXPECT_EQ(read({.title = nothing, .content = nothing, .channel = "", .region = ""}), 0U);
  }
}

TEST_F(Features, keep_every_bound_whatever_the_text) {
  std::string distinct;
  for (int i = 0; i < 20'000; ++i) {
    const int point = 0x4E00 + i;
    distinct +=
        {static_cast<char>(0xE0 | (point >> 12)), static_cast<char>(0x80 | ((point >> 6) & 0x3F)),
         static_cast<char>(0x80 | (point & 0x3F))};
  }
  const FeatureSettings widest{
      .buckets_log2 = 20, .title_weight = 16, .title_characters = 200, .content_characters = 1'500};
  bag_->read({.title = distinct, .content = distinct.substr(900), .channel = "a", .region = "b"},
             widest);
  EXPECT_GT(bag_->features().size(), 3'000U);
  for (const std::string_view part : {"啊", "啊！", "1", " ", "😀", "a", "\x80"}) {
    const std::string text = repeated(part, 20'000);
    EXPECT_LE(read({.title = text, .content = text, .channel = "", .region = ""}), 20U) << part;
  }
}

TEST_F(Features, are_the_same_on_every_machine) {
  // These are stored in model files: another number here needs another `features_version`.
  EXPECT_EQ(hash_of_ngram(U'路', 0), 0xf65418b9U);
  EXPECT_EQ(hash_of_ngram(U'路', U'灯'), 0x5bd309e8U);
}

}  // namespace
}  // namespace hotline::classify

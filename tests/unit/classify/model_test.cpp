#include "classify/model.hpp"

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "classify/model_layout.hpp"

namespace hotline::classify {
namespace {

using testing::HasSubstr;

constexpr FeatureSettings settings{
    .buckets_log2 = 12, .title_weight = 3, .title_characters = 100, .content_characters = 600};
constexpr std::size_t buckets = std::size_t{1} << settings.buckets_log2;

std::size_t bucket_of(char32_t first, char32_t second) {
  return hash_of_ngram(first, second) >> (32U - settings.buckets_log2);
}

Word word_of(char32_t first, char32_t second, std::string_view text) {
  Word word;
  word.hash = hash_of_ngram(first, second);
  std::memcpy(word.text.data(), text.data(), text.size());
  return word;
}

/// Two categories, 路灯 speaks for the first and 工资 for the second; 请问 makes an inquiry.
ModelContents invented() {
  ModelContents contents;
  contents.version = "2026-11-25 test";
  contents.settings = settings;
  HeadInfo category{
      .kind = HeadKind::category, .slope = 2, .rows = 40, .thresholds = {}, .classes = {}};
  category.thresholds.push_back({0.97F, 0.8F, 0.5F, 99});
  category.classes = {{"light", 0.1F, -0.5F}, {"wages", 0.1F, -0.5F}};
  HeadInfo inquiry{
      .kind = HeadKind::inquiry, .slope = 1, .rows = 40, .thresholds = {}, .classes = {}};
  inquiry.classes = {{"咨询", 0.1F, -0.2F}};
  contents.heads = {category, inquiry};
  contents.term_weights = {std::vector<std::uint8_t>(buckets, 10),
                           std::vector<std::uint8_t>(buckets, 10)};
  contents.weights = {std::vector<std::int8_t>(2 * buckets), std::vector<std::int8_t>(buckets)};
  contents.weights[0][2 * bucket_of(U'路', U'灯')] = 127;
  contents.weights[0][2 * bucket_of(U'工', U'资') + 1] = 127;
  contents.weights[1][bucket_of(U'请', U'问')] = 127;
  contents.words = {word_of(U'路', U'灯', "路灯"), word_of(U'工', U'资', "工资")};
  return contents;
}

class Models : public testing::Test {
 protected:
  Models() : model_(*Model::from_bytes(model_bytes(invented()))) {}

  Guess best(std::string_view content, HeadKind kind) {
    bag_->read({.title = "", .content = content, .channel = "", .region = ""}, settings);
    model_->score(*bag_, *scores_);
    return model_->guess(*scores_, *model_->head(kind)).best[0];
  }

  std::shared_ptr<const Model> model_;
  std::unique_ptr<FeatureBag> bag_ = std::make_unique<FeatureBag>();
  std::unique_ptr<Model::Scores> scores_ = std::make_unique<Model::Scores>();
};

TEST_F(Models, read_back_what_was_written) {
  EXPECT_EQ(model_->version(), "2026-11-25 test");
  EXPECT_EQ(model_->settings(), settings);
  ASSERT_EQ(model_->heads().size(), 2U);
  const HeadInfo& head = model_->heads()[0];
  EXPECT_EQ(head.classes[1].label, "wages");
  EXPECT_EQ(head.rows, 40U);
  ASSERT_EQ(head.thresholds.size(), 1U);
  EXPECT_EQ(head.thresholds[0].rows, 99U);
  EXPECT_FALSE(model_->head(HeadKind::department));
}

TEST_F(Models, decide_by_the_words_of_the_text) {
  EXPECT_EQ(best("路灯不亮", HeadKind::category).of_class, 0);
  EXPECT_EQ(best("拖欠工资", HeadKind::category).of_class, 1);
  EXPECT_GT(best("请问", HeadKind::inquiry).probability, 0.5F);
  EXPECT_LT(best("路灯不亮", HeadKind::inquiry).probability, 0.5F);
}

TEST_F(Models, score_by_the_formula_of_the_format) {
  best("路灯", HeadKind::category);
  // 路, 灯, 路灯 and the two edges: five features of equal weight.
  const double expected = -0.5 + 0.1 * 127 * 16 / std::sqrt(5 * 160.0 * 160.0);
  EXPECT_NEAR(scores_->of_head(0)[0], expected, 1e-5);
}

TEST_F(Models, give_even_chances_where_the_text_says_nothing) {
  for (const char* text : {"", "。", "hello", "\xFF\xFF"}) {
    EXPECT_FLOAT_EQ(best(text, HeadKind::category).probability, 0.5F) << text;
  }
}

TEST_F(Models, name_the_words_that_spoke_for_a_class) {
  best("路灯不亮，拖欠工资", HeadKind::category);
  std::array<Spoke, 3> spoke;
  ASSERT_EQ(model_->explain(*bag_, 0, 1, spoke), 1U);
  EXPECT_STREQ(spoke[0].word->text.data(), "工资");
  EXPECT_GT(spoke[0].weight, 0);
}

std::string reason(const std::string& bytes) {
  auto model = Model::from_bytes(bytes);
  return model ? "" : model.error().detail;
}

TEST_F(Models, are_refused_with_a_reason) {
  const std::string good = model_bytes(invented());
  EXPECT_THAT(reason(""), HasSubstr("is not a model file"));
  EXPECT_THAT(reason(std::string(500, 'x')), HasSubstr("is not a model file"));
  std::string other = good;
  other[8] = 9;
  EXPECT_THAT(reason(other), HasSubstr("train again"));
  EXPECT_THAT(reason(good.substr(0, good.size() - 1)), HasSubstr("copy it again"));
  other = good;
  other[good.size() / 2] ^= 1;
  EXPECT_THAT(reason(other), HasSubstr("damaged"));
}

/// Damage that the checksum does not show: never more than a refusal.
TEST_F(Models, with_any_wrong_byte_are_refused_or_read_within_their_bounds) {
  const std::string good = model_bytes(invented());
  for (std::size_t at = checked_from; at < 256; ++at) {
    for (const char value : {'\x00', '\x7F', '\xFF'}) {
      std::string bad = good;
      bad[at] = value;
      const std::uint64_t checksum = model_checksum(bad);
      std::memcpy(bad.data() + checksum_at, &checksum, sizeof checksum);
      auto model = Model::from_bytes(bad);
      if (!model) continue;
      bag_->read({.title = "路灯", .content = "工资", .channel = "", .region = ""},
                 (*model)->settings());
      (*model)->score(*bag_, *scores_);
    }
  }
}

TEST_F(Models, are_mapped_from_their_file) {
  const auto file =
      std::filesystem::temp_directory_path() /
      ("model_test." + std::to_string(testing::UnitTest::GetInstance()->random_seed()) + "." +
       std::to_string(::getpid()));
  EXPECT_THAT(Model::open(file).error().detail, HasSubstr(file.string() + " cannot be read"));
  std::ofstream(file, std::ios::binary) << model_bytes(invented());
  const auto mapped = Model::open(file);
  std::filesystem::remove(file);
  ASSERT_TRUE(mapped);
  EXPECT_EQ((*mapped)->heads()[0].classes[0].label, "light");
  EXPECT_THAT(Model::open(std::filesystem::temp_directory_path()).error().detail,
              HasSubstr("is not a file"));
}

}  // namespace
}  // namespace hotline::classify

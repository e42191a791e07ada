#include "classify/learned.hpp"

#include <algorithm>
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/classify/folder.hpp"

// A model beside the rules: who decides, and what is refused.

namespace hotline::classify {
namespace {

using test::content_of;
using test::Folder;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::Not;

constexpr FeatureSettings settings{
    .buckets_log2 = 14, .title_weight = 3, .title_characters = 100, .content_characters = 600};
constexpr std::size_t buckets = std::size_t{1} << settings.buckets_log2;

/// A word of two characters that speaks for one class.
struct Telling {
  std::size_t of_class;
  std::u32string_view symbols;
  std::string_view text;
};

/// One head after the other, each with words that no rule of the folder knows.
class ModelMaker {
 public:
  ModelMaker() {
    contents_.version = "m1";
    contents_.settings = settings;
  }
  ModelMaker& head(HeadKind kind, const std::vector<std::string>& labels,
                   const std::vector<PrecisionThreshold>& thresholds,
                   const std::vector<Telling>& words) {
    HeadInfo info{.kind = kind, .slope = 2, .rows = 400, .thresholds = thresholds, .classes = {}};
    for (const std::string& label : labels) info.classes.push_back({label, 1, -1});
    std::vector<std::int8_t> weights(labels.size() * buckets);
    for (const Telling& word : words) {
      const std::uint32_t hash = hash_of_ngram(word.symbols[0], word.symbols[1]);
      weights[(hash >> (32U - settings.buckets_log2)) * labels.size() + word.of_class] = 127;
      Word entry;
      entry.hash = hash;
      std::memcpy(entry.text.data(), word.text.data(), word.text.size());
      contents_.words.push_back(entry);
    }
    std::ranges::sort(contents_.words, {}, &Word::hash);
    contents_.heads.push_back(std::move(info));
    contents_.term_weights.emplace_back(buckets, 10);
    contents_.weights.push_back(std::move(weights));
    return *this;
  }
  std::string bytes() const { return model_bytes(contents_); }

 private:
  ModelContents contents_;
};

const std::vector<PrecisionThreshold> proven{{0.97F, 0.8F, 0.6F, 99}};
const std::vector<PrecisionThreshold> not_proven{{0.9F, 0.6F, 0.8F, 29},
                                                 {0.97F, out_of_reach, 0, 99}};

ModelMaker with_categories(const std::vector<PrecisionThreshold>& thresholds = proven) {
  return ModelMaker().head(HeadKind::category, {"C101", "C102", "C103"}, thresholds,
                           {{0, U"灯杆", "灯杆"}, {1, U"井盖", "井盖"}, {2, U"吵架", "吵架"}});
}

class Learning : public testing::Test {
 protected:
  void use(const ModelMaker& maker, double precision = 0.97) {
    const auto loaded = load(maker.bytes(), precision);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    catalogue_ = *loaded;
  }
  Result<std::shared_ptr<const Catalogue>> load(std::string_view bytes, double precision = 0.97) {
    folder_.write("model", bytes);
    notes_.clear();
    return load_catalogue(folder_.path(), china_offset,
                          {.file = folder_.path() / "model",
                           .precision = precision,
                           .rules_confidence = 0.75,
                           .tell = [this](std::string_view note) { notes_ += note; }});
  }
  std::string refusal(std::string_view bytes, double precision = 0.97) {
    const auto loaded = load(bytes, precision);
    return loaded ? "" : loaded.error().detail;
  }
  Classification of(const ClassifyInput& input) const { return catalogue_->classify(input); }
  Classification of(std::string_view content) const { return of(content_of(content)); }

  Folder folder_;
  std::string notes_;
  std::shared_ptr<const Catalogue> catalogue_;
};

auto reason_of(std::string_view rule) { return Contains(Field(&Reason::rule, rule)); }

TEST_F(Learning, decides_where_rules_are_silent_and_says_why) {
  use(with_categories());
  const Classification found = of("灯杆歪了");
  EXPECT_EQ(found.category, "C101");
  EXPECT_EQ(found.lead, "lamps");
  EXPECT_EQ(found.handling, Handling::transferred);
  EXPECT_GT(found.confidence, 0.9);
  EXPECT_NEAR(found.automatic_from.value(), 0.8, 1e-6);
  EXPECT_EQ(found.model_version, "m1");
  ASSERT_EQ(found.candidates.size(), 3U);
  EXPECT_EQ(found.candidates[0].department, "lamps");
  EXPECT_GT(found.candidates[0].score, found.candidates[1].score);
  EXPECT_THAT(found.reasons, Contains(testing::AllOf(Field(&Reason::rule, "model.category"),
                                                     Field(&Reason::words, "灯杆"))));
}

TEST_F(Learning, leaves_what_it_is_unsure_of_to_a_person_with_the_best_candidates) {
  use(with_categories());
  const Classification found = of("灯杆和井盖都坏了");
  EXPECT_LT(found.confidence, found.automatic_from.value());
  ASSERT_EQ(found.candidates.size(), 3U);
  EXPECT_EQ(found.candidates[0].department, "lamps");
  EXPECT_EQ(found.candidates[1].department, "roads");
  EXPECT_NEAR(found.candidates[0].score, 0.5, 0.05);
}

TEST_F(Learning, is_not_asked_where_rules_or_the_operator_are_sure) {
  use(with_categories());
  const Classification by_rules = of("路面破损，灯杆灯杆");
  EXPECT_EQ(by_rules.category, "C102");
  EXPECT_EQ(by_rules.automatic_from, std::nullopt);
  EXPECT_EQ(by_rules.model_version, "m1");
  EXPECT_THAT(by_rules.reasons, Not(reason_of("model.category")));
  ClassifyInput operated = content_of("灯杆歪了");
  operated.category = "C104";
  EXPECT_EQ(of(operated).category, "C104");
  EXPECT_EQ(of(operated).automatic_from, std::nullopt);
  ClassifyInput sent = content_of("灯杆歪了");
  sent.department = "east";
  EXPECT_EQ(of(sent).lead, "east");
  EXPECT_EQ(of(sent).confidence, 1);
  EXPECT_EQ(of(sent).automatic_from, std::nullopt);
}

TEST_F(Learning, does_not_decide_against_louder_rules) {
  folder_.write("rules.csv",
                "id,category,phrases,weight,types,channels,unless\n"
                "hint,C102,马路,1,,,\nnearly,C102,人行道,2.3,,,\n");
  use(with_categories());
  EXPECT_EQ(of("马路灯杆歪了").category, "C101");  // a hint
  const Classification torn = of("人行道灯杆歪了");
  EXPECT_EQ(torn.category, "C102");
  EXPECT_EQ(torn.automatic_from, std::nullopt);
  EXPECT_LT(torn.confidence, 0.75);
  EXPECT_EQ(torn.candidates[1].category, "C101");
}

TEST_F(Learning, never_decides_what_is_special) {
  use(with_categories());
  const Classification court = of("法院判决以后灯杆歪了");
  EXPECT_GT(court.automatic_from.value_or(2), 1);
  for (const std::string_view text : {"着火了，灯杆歪了", "灯杆歪了 煤氣泄漏", "灯杆边打群架"}) {
    EXPECT_NE(of(text).emergency, "") << text;
  }
}

TEST_F(Learning, only_proposes_when_the_office_wants_that) {
  use(with_categories(not_proven), 1);
  const Classification found = of("灯杆歪了");
  EXPECT_EQ(found.category, "C101");
  EXPECT_GT(found.automatic_from.value(), 1);
  EXPECT_EQ(notes_, "");
}

TEST_F(Learning, refuses_a_precision_that_its_rows_do_not_prove) {
  EXPECT_THAT(refusal(with_categories(not_proven).bytes()),
              AllOf(HasSubstr("does not prove a precision of 0.97"), HasSubstr("at least 99"),
                    HasSubstr("to the 0.9 that it proves"), HasSubstr("400 rows")));
  EXPECT_THAT(refusal(with_categories(not_proven).bytes(), 0.99),
              HasSubstr("has no threshold for a precision of 0.99"));
  EXPECT_EQ(refusal(with_categories(not_proven).bytes(), 0.9), "");
}

TEST_F(Learning, refuses_a_model_of_another_catalogue_and_leaves_out_single_classes) {
  const auto foreign =
      ModelMaker().head(HeadKind::category, {"X1", "X2"}, proven, {{0, U"灯杆", "灯杆"}});
  EXPECT_THAT(refusal(foreign.bytes()), AllOf(HasSubstr("2 of the 2 classes"), HasSubstr("X1, X2"),
                                              HasSubstr("another catalogue")));
  use(ModelMaker().head(HeadKind::category, {"C101", "X2"}, proven,
                        {{0, U"灯杆", "灯杆"}, {1, U"井盖", "井盖"}}));
  EXPECT_THAT(notes_, HasSubstr("1 of the 2 classes"));
  const Classification found = of("井盖坏了");
  EXPECT_EQ(found.automatic_from, std::nullopt);
  EXPECT_LT(found.confidence, 0.1);
}

TEST_F(Learning, refuses_damaged_files_by_name) {
  std::string bytes = with_categories().bytes();
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] + 1);
  EXPECT_THAT(refusal(bytes), AllOf(HasSubstr("model file"), HasSubstr("damaged")));
  EXPECT_THAT(refusal("nothing"), HasSubstr("model"));
}

TEST_F(Learning, does_not_propose_a_category_out_of_force) {
  folder_.write("categories.csv",
                "code,name,parent,department,handling,answerable,effective_from,effective_to\n"
                "C101,路灯,,lamps,,,2030-01-01,\nC102,道路,,roads,,,,\nC103,邻里,,east,,,,\n");
  folder_.write("rules.csv",
                "id,category,phrases,weight,types,channels,unless\nr1,C102,坑洼,4,,,\n");
  use(with_categories());
  const Classification found = of("灯杆歪了");
  EXPECT_NE(found.category, "C101");
  EXPECT_EQ(found.automatic_from, std::nullopt);
}

TEST_F(Learning, names_departments_where_the_catalogue_names_none) {
  auto maker = with_categories();
  maker.head(HeadKind::department, {"city-office", "east", "gone"}, proven,
             {{1, U"楼上", "楼上"}, {0, U"吵架", "吵架"}});
  use(maker);
  EXPECT_THAT(notes_, HasSubstr("department head"));
  const Classification found = of("楼上吵架吵架吵架楼上楼上");  // @region, and no place named
  EXPECT_EQ(found.category, "C103");
  EXPECT_THAT(found.lead, testing::AnyOf("east", "city-office"));
  EXPECT_EQ(found.handling, Handling::transferred);
  EXPECT_THAT(found.reasons, reason_of("model.department"));
  const Classification placed = of("东关街道吵架");
  EXPECT_EQ(placed.lead, "east");
  EXPECT_THAT(placed.reasons, Not(reason_of("model.department")));
}

TEST_F(Learning, decides_by_department_alone_where_nobody_knows_categories) {
  use(ModelMaker().head(HeadKind::department, {"lamps", "roads"}, proven,
                        {{0, U"灯杆", "灯杆"}, {1, U"井盖", "井盖"}}));
  const Classification found = of("灯杆歪了");
  EXPECT_EQ(found.category, "");
  EXPECT_EQ(found.lead, "lamps");
  EXPECT_EQ(found.handling, Handling::transferred);
  EXPECT_GE(found.confidence, found.automatic_from.value());
  ASSERT_FALSE(found.candidates.empty());
  EXPECT_EQ(found.candidates[0].department, "lamps");
  EXPECT_EQ(of("坑洼灯杆").lead, "roads");  // by the rules
}

TEST_F(Learning, hears_inquiries_that_no_phrase_knows) {
  auto maker = with_categories();
  maker.head(HeadKind::inquiry, {"inquiry"}, proven, {{0, U"想问", "想问"}});
  use(maker);
  const Classification asked = of("想问坑洼谁管");
  EXPECT_EQ(asked.type, TicketType::inquiry);
  EXPECT_EQ(asked.handling, Handling::direct);  // answerable by the catalogue: policy, not model
  EXPECT_THAT(asked.reasons, reason_of("model.inquiry"));
  EXPECT_EQ(of("投诉：想问坑洼谁管").type, TicketType::complaint);
  EXPECT_EQ(of("坑洼谁管").type, TicketType::help);
}

TEST_F(Learning, answers_any_text) {
  auto maker = with_categories();
  maker.head(HeadKind::department, {"lamps", "roads"}, not_proven, {{0, U"灯杆", "灯杆"}});
  maker.head(HeadKind::inquiry, {"inquiry"}, not_proven, {{0, U"想问", "想问"}});
  use(maker);
  const auto repeated = [](std::string_view text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
  };
  const std::string texts[] = {"",
                               "灯",
                               " ",
                               "\xFF\xFE\x80",
                               repeated("井", 20'000),
                               repeated("灯杆", 10'000),
                               repeated("路灯不亮，", 4'000),
                               repeated("a b", 7'000),
                               "The lamp in front of my house is broken, please help.",
                               "Фонарь не горит",
                               repeated("😀", 5'000),
                               repeated("着", 9'999) + "着火了",
                               repeated("\xE8\xB7", 10'000)};
  for (const std::string& text : texts) {
    for (const bool titled : {false, true}) {
      ClassifyInput input = content_of(text);
      if (titled) input.title = text;
      const Classification found = of(input);
      const std::string shown = text.substr(0, 30);
      EXPECT_GE(found.confidence, 0) << shown;
      EXPECT_LE(found.confidence, 1) << shown;
      EXPECT_LE(found.candidates.size(), candidates_max) << shown;
      EXPECT_LE(found.reasons.size(), reasons_max) << shown;
      EXPECT_TRUE(std::ranges::is_sorted(found.candidates, std::greater{}, &Candidate::score));
      EXPECT_TRUE(std::ranges::is_sorted(found.reasons, std::greater{}, &Reason::weight));
      EXPECT_EQ(of(input), found) << shown;
    }
  }
}

}  // namespace
}  // namespace hotline::classify

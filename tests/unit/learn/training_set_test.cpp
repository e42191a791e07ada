#include "learn/training_set.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hotline::learn {
namespace {

using classify::HeadKind;
using testing::ElementsAre;
using testing::HasSubstr;

HistoryRow row(std::string id, std::string content, std::string category) {
  HistoryRow out;
  out.id = std::move(id);
  out.content = std::move(content);
  out.category = std::move(category);
  return out;
}

/// Texts that are alike in nothing.
std::string text(unsigned number) {
  std::string out;
  for (unsigned i = 0; i < 12; ++i) {
    const unsigned point = 0x4E00 + (number * 131 + i * 977) % 20'000;
    out += {static_cast<char>(0xE0U | (point >> 12U)),
            static_cast<char>(0x80U | ((point >> 6U) & 0x3FU)),
            static_cast<char>(0x80U | (point & 0x3FU))};
  }
  return out;
}

Time at(const char* written) { return *parse_rfc3339(written); }

Histories history() {
  Histories all;
  for (unsigned i = 0; i < 20; ++i) {
    all.own.push_back(row(std::to_string(i), text(i), i % 2 == 0 ? "0101" : "0202"));
  }
  return all;
}

TEST(AddRows, replace_by_number_and_add_the_rest) {
  std::vector<HistoryRow> all{row("1", "a", "x"), row("", "b", "x"), row("2", "c", "x")};
  const Added told =
      add_rows(all, {row("2", "c", "y"), row("", "d", "y"), row("3", "e", "y"), row("3", "e", "z")},
               std::nullopt);
  EXPECT_EQ(told.added, 2U);
  EXPECT_EQ(told.replaced, 2U);
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all[2].category, "y");
  EXPECT_EQ(all[4].category, "z");
}

TEST(AddRows, leave_out_what_was_decided_earlier) {
  auto old = row("1", "a", "x");
  auto late = row("2", "b", "x");
  old.labelled_at = at("2025-12-31T23:59:59+08:00");
  late.labelled_at = at("2026-01-01T00:00:00+08:00");
  std::vector<HistoryRow> all;
  const Added told =
      add_rows(all, {old, late, row("3", "c", "x")}, at("2026-01-01T00:00:00+08:00"));
  EXPECT_EQ(told.added, 1U);
  EXPECT_EQ(told.earlier, 2U);
  EXPECT_EQ(all.front().id, "2");
}

TEST(TrainingSet, has_a_head_for_each_decision_that_rows_have) {
  Histories all = history();
  for (unsigned i = 0; i < 20; ++i) all.own[i].type = i < 5 ? "咨询" : "投诉/求助";
  all.own[0].category_name = "路灯";
  const auto set = make_training_set(all);
  ASSERT_TRUE(set);
  ASSERT_EQ(set->heads.size(), 2U);
  EXPECT_THAT(set->heads[0].task.labels, ElementsAre("0101", "0202"));
  EXPECT_THAT(set->heads[0].names, ElementsAre("路灯", "0202"));
  EXPECT_EQ(set->heads[0].task.samples.size(), 20U);
  EXPECT_EQ(set->heads[1].task.kind, HeadKind::inquiry);
  EXPECT_EQ(std::count_if(set->heads[1].task.samples.begin(), set->heads[1].task.samples.end(),
                          [](const Sample& sample) { return sample.label == 1; }),
            5);
}

TEST(TrainingSet, leaves_out_rare_labels_and_rows_without_text) {
  Histories all = history();
  all.own.push_back(row("x", text(100), "0303"));
  all.own.push_back(row("y", "", "0101"));
  const auto set = make_training_set(all);
  ASSERT_TRUE(set);
  EXPECT_EQ(set->heads[0].task.labels.size(), 2U);
  EXPECT_EQ(set->heads[0].rare_labels, 1U);
  EXPECT_EQ(set->heads[0].rare_rows, 1U);
  EXPECT_EQ(set->textless, 1U);
  EXPECT_EQ(set->rows, 21U);
}

TEST(TrainingSet, groups_like_texts_and_what_the_office_groups) {
  Histories all = history();
  all.own.push_back(row("copy", text(3) + "!", "0202"));
  all.own[5].group = all.own[6].group = "same";
  const auto set = make_training_set(all);
  ASSERT_TRUE(set);
  EXPECT_EQ(set->matters, 19U);
}

TEST(TrainingSet, takes_nothing_from_another_city_that_it_is_judged_by) {
  Histories all = history();
  all.other_city = {row("", text(4), "0101"), row("", text(500), "0202"), row("", "", "0202")};
  const auto set = make_training_set(all);
  ASSERT_TRUE(set);
  EXPECT_EQ(set->copies, 1U);
  EXPECT_EQ(set->borrowed, 1U);
  const auto& samples = set->heads[0].task.samples;
  EXPECT_EQ(std::count_if(samples.begin(), samples.end(), [](const Sample& s) { return !s.own; }),
            1);
}

TEST(TrainingSet, is_named_by_its_last_day_and_its_rows) {
  Histories all = history();
  all.own[3].labelled_at = at("2026-03-05T23:00:00Z");
  const auto set = make_training_set(all);
  EXPECT_THAT(set->version, HasSubstr("2026-03-06+"));
  EXPECT_EQ(make_training_set(all)->version, set->version);
  all.own[7].category = "0101";
  EXPECT_NE(make_training_set(all)->version, set->version);
}

TEST(TrainingSet, takes_fewer_buckets_for_more_labels) {
  Histories all;
  for (unsigned label = 0; label < 200; ++label) {
    for (unsigned i = 0; i < label_rows_min; ++i) {
      all.own.push_back(row("", text(label * 10 + i), std::to_string(10'000 + label)));
    }
  }
  const auto set = make_training_set(all);
  ASSERT_TRUE(set);
  EXPECT_EQ(set->heads[0].task.labels.size(), 200U);
  EXPECT_EQ(set->texts.settings().buckets_log2, 15);
}

TEST(TrainingSet, refuses_rows_without_any_decision) {
  Histories all;
  all.own.push_back(row("1", text(1), ""));
  EXPECT_THAT(make_training_set(all).error().detail, HasSubstr("--map category=COLUMN"));
}

}  // namespace
}  // namespace hotline::learn

#include "learn/near_duplicates.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hotline::learn {
namespace {

using testing::ElementsAre;

constexpr const char* light =
    "东门小区门口的路灯已经坏了半个月，晚上出行非常不方便，打了物业电话没有人管，请尽快派人来修";

std::vector<std::uint32_t> groups_of(const std::vector<std::string>& texts) {
  return near_duplicate_groups(texts);
}

TEST(NearDuplicates, are_one_group_whatever_punctuation_and_small_changes) {
  const std::string copy = std::string("您好！") + light + "。谢谢";
  EXPECT_THAT(groups_of({light, "公司拖欠工资三个月不发，老板说没有钱，电话也不接", copy, light}),
              ElementsAre(0, 1, 0, 0));
}

TEST(NearDuplicates, are_not_texts_about_one_matter_in_other_words) {
  EXPECT_THAT(groups_of({light, "路灯不亮很久了，夜里一片漆黑，老人摔倒过两次，希望有关部门处理"}),
              ElementsAre(0, 1));
}

TEST(NearDuplicates, leave_empty_texts_alone_and_join_short_equal_ones) {
  EXPECT_THAT(groups_of({"", "。。。", "路灯", "路灯！", "停水"}), ElementsAre(0, 1, 2, 2, 3));
  EXPECT_TRUE(groups_of({}).empty());
}

TEST(NearDuplicates, of_thousands_of_equal_texts_are_one_group) {
  for (const std::uint32_t group : groups_of(std::vector<std::string>(3'000, light))) {
    ASSERT_EQ(group, 0U);
  }
}

}  // namespace
}  // namespace hotline::learn

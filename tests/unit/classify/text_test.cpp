#include "classify/text.hpp"

#include <gtest/gtest.h>

namespace hotline::classify {
namespace {

struct NormaliseCase {
  std::string_view text;
  std::u32string_view folded;
};

TEST(Text, normalises) {
  const NormaliseCase cases[] = {
      {"", U""},
      {"路灯", U"路灯"},
      {"ＷｉＦｉ１２３", U"wifi123"},
      {"路 灯\t不　亮\n", U"路灯不亮"},
      {"路灯，。！不亮", U"路灯 不亮"},
      {"——路灯……", U"路灯"},
      {"4S店", U"4s店"},
      {"路\u200B灯\uFEFF", U"路灯"},
      {"𠮷野家😀", U"𠮷野家😀"},
      {"路燈不亮，醫療費", U"路灯不亮 医疗费"},
      {"電話138****1234", U"电话138 1234"},
      {"車牌×××、○○路□号", U"车牌 路 号"},
      {"乾隆壹号薴麻", U"干隆壹号苎麻"},  // one by one, and to the end of a chain
      {"👨‍👩‍👧🏽🚒", U"👨👩👧🏽🚒"},
      {"二〇二六年①", U"二〇二六年①"},
      {"路\xFF灯", U"路 灯"},
      {"路\xE7\x81", U"路"},                  // cut in the middle of a character
      {"\xC0\xAF\xED\xA0\x80\xF5\x80", U""},  // overlong, surrogate, beyond the last plane
  };
  for (const NormaliseCase& each : cases) {
    EXPECT_EQ(normalise(each.text), each.folded) << each.text;
  }
}

TEST(Text, takes_code_points_of_every_length_and_bad_bytes_one_at_a_time) {
  std::string_view text = "a\xC2\xA9路😀\x80\xE8\xB7";
  const char32_t expected[] = {
      U'a', 0xA9, U'路', U'😀', invalid_code_point, invalid_code_point, invalid_code_point};
  for (const char32_t code_point : expected) {
    ASSERT_FALSE(text.empty());
    EXPECT_EQ(take_code_point(text), code_point);
  }
  EXPECT_TRUE(text.empty());
}

TEST(Text, folding_twice_changes_nothing) {
  for (char32_t code_point = 1; code_point < 0x20000; ++code_point) {
    const char32_t folded = fold(code_point);
    if (folded == dropped || folded == break_symbol) continue;
    ASSERT_EQ(fold(folded), folded) << static_cast<std::uint32_t>(code_point);
  }
}

}  // namespace
}  // namespace hotline::classify

#include "api/mask.hpp"

#include <gtest/gtest.h>

namespace hotline::api {
namespace {

TEST(Mask, Names) {
  EXPECT_EQ(mask_name("张三丰"), "张**");
  EXPECT_EQ(mask_name("Ann"), "A**");
  EXPECT_EQ(mask_name(""), "");
}

TEST(Mask, Phones) {
  EXPECT_EQ(mask_phone("13800005678"), "138****5678");
  EXPECT_EQ(mask_phone("0558-4812345"), "055****2345");
  EXPECT_EQ(mask_phone("4812345"), "*****45");
  EXPECT_EQ(mask_phone("110"), "***");
}

TEST(Mask, Texts) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"请打13800005678联系", "请打138****5678联系"},
      {"电话138 0000 5678。", "电话138****5678。"},
      {"电话138-0000-5678", "电话138****5678"},
      {"座机(0558)4812345", "座机(055****2345"},
      {"身份证34128219900101123X,", "身份证341*************3X,"},
      {"１３８００００５６７８", "１３８****５６７８"},
      {"一三八零零零零五六七八", "一三八****五六七八"},
      {"2021-06-01停水", "2021-06-01停水"},
      {"2021-06-01 13800005678", "2021-06-01 138****5678"},
      {"13800005678 2021-06-01", "138****5678 2021-06-01"},
      {"三号楼123456室", "三号楼123456室"},
      {"路灯不亮", "路灯不亮"},
      {"", ""},
  };
  for (const auto& [plain, masked] : cases) EXPECT_EQ(mask_text(plain), masked) << plain;
}

}  // namespace
}  // namespace hotline::api

#include <algorithm>

#include <gtest/gtest.h>

#include "classify/evidence.hpp"
#include "unit/classify/folder.hpp"

namespace hotline::classify {
namespace {

using test::content_of;
using test::Folder;

class Classify : public testing::Test {
 protected:
  Classification of(const ClassifyInput& input) const { return catalogue_->classify(input); }
  Classification of(std::string_view content) const { return of(content_of(content)); }
  void reload() { catalogue_ = folder_.load(); }

  Folder folder_;
  std::shared_ptr<const Catalogue> catalogue_ = folder_.load();
};

TEST_F(Classify, nothing_said_is_nothing_claimed) {
  for (const std::string_view text : {"", "你好", "\xFF\xFE", "，。！", "路灯巷"}) {
    const Classification result = of(text);
    EXPECT_EQ(result.category, "");
    EXPECT_EQ(result.confidence, 0);
    EXPECT_EQ(result.handling, std::nullopt);
    EXPECT_EQ(result.lead, "");
    EXPECT_TRUE(result.candidates.empty());
    EXPECT_EQ(result.type, TicketType::help);
    EXPECT_EQ(result.catalogue_version, catalogue_->version());
  }
}

TEST_F(Classify, finds_words_however_they_are_written) {
  for (const std::string_view text :
       {"路灯不亮", "路 灯 不\n亮", "门口路灯！", "坏了😀路灯", "\xE8\xB7路灯\xE8"}) {
    EXPECT_EQ(of(text).category, "C101") << text;
  }
  EXPECT_EQ(of("路，灯").category, "");
}

TEST_F(Classify, confidence_means_something) {
  const double hint = of("马路").confidence;
  const double clear = of("路灯").confidence;
  ClassifyInput titled = content_of("马路");
  titled.title = "路灯不亮";
  EXPECT_NEAR(hint, strength(1), 1e-9);
  EXPECT_NEAR(clear, strength(4), 1e-9);
  EXPECT_LT(hint, 0.5);
  EXPECT_GT(clear, 0.75);
  EXPECT_GT(of(titled).confidence, clear);
  const Classification torn = of("路灯和路面破损");
  EXPECT_LT(torn.confidence, 0.5);
  ASSERT_EQ(torn.candidates.size(), 2U);
  EXPECT_DOUBLE_EQ(torn.candidates[0].score, 0.5);
  EXPECT_EQ(torn.candidates[0].category, "C101");  // the lower code on equal evidence
  EXPECT_EQ(torn.candidates[0].department, "lamps");
  EXPECT_EQ(torn.candidates[1].department, "roads");
}

TEST_F(Classify, two_categories_of_one_department_are_not_torn) {
  folder_.write("categories.csv",
                "code,name,parent,department,handling,answerable,effective_from,effective_to\n"
                "C101,路灯,,roads,,,,\nC102,道路,,roads,,yes,,\n");
  folder_.write("rules.csv",
                "id,category,phrases,weight,types,channels,unless\n"
                "r1,C101,路灯,4,,,\nr2,C102,坑洼,4,,,\n");
  reload();
  EXPECT_NEAR(of("路灯和坑洼").confidence, strength(4) * 0.75, 1e-9);
  ClassifyInput inquiry = content_of("路灯和坑洼");
  inquiry.type = TicketType::inquiry;  // one would be answered by the centre, the other not
  EXPECT_NEAR(of(inquiry).confidence, strength(4) * 0.5, 1e-9);
}

TEST_F(Classify, repeats_saturate) {
  const double once = of("马路").confidence;
  std::string text;
  double before = 0;
  for (int i = 0; i < 30; ++i) {
    text += "马路，";
    const double confidence = of(text).confidence;
    EXPECT_GE(confidence, before);
    before = confidence;
  }
  EXPECT_GT(before, once);
  EXPECT_LT(before, 0.75);
}

TEST_F(Classify, late_words_weigh_less) {
  std::string late;
  for (std::uint32_t i = 0; i < full_weight_characters; ++i) late += "好";
  EXPECT_LT(of(late + "路灯").confidence, of("路灯").confidence);
  EXPECT_EQ(of(late + "路灯").category, "C101");
}

TEST_F(Classify, reasons_are_the_catalogue_s_words_heaviest_first) {
  ClassifyInput input = content_of("投诉：马路中间路面破损");
  input.address = "东关街道123号";
  const Classification result = of(input);
  ASSERT_EQ(result.reasons.size(), 4U);
  EXPECT_EQ(result.reasons[0], (Reason{"r2", "路面破损", 4}));
  EXPECT_EQ(result.reasons[1], (Reason{"t2", "投诉", 3}));
  EXPECT_EQ(result.reasons[2], (Reason{"gazetteer", "东关街道", 1}));
  EXPECT_EQ(result.reasons[3], (Reason{"r3", "马路", 1}));
}

TEST_F(Classify, type_comes_from_the_poster_else_from_the_words) {
  EXPECT_EQ(of("请问路灯").type, TicketType::inquiry);
  EXPECT_EQ(of("投诉路灯").type, TicketType::complaint);
  EXPECT_EQ(of("路灯").type, TicketType::help);
  ClassifyInput input = content_of("投诉路灯");
  input.type = TicketType::suggestion;
  EXPECT_EQ(of(input).type, TicketType::suggestion);
}

struct HandlingCase {
  std::string_view content;
  std::optional<Handling> handling;
  std::string_view lead;
};

TEST_F(Classify, handling_follows_the_catalogue_and_the_type) {
  const HandlingCase cases[] = {
      {"请问路面破损", Handling::direct, ""},            // answerable
      {"投诉路面破损", Handling::transferred, "roads"},  // not an inquiry
      {"请问路灯", Handling::transferred, "lamps"},      // not answerable
      {"提出表扬", Handling::direct, ""},                // laid down
  };
  for (const HandlingCase& each : cases) {
    const Classification result = of(each.content);
    EXPECT_EQ(result.handling, each.handling) << each.content;
    EXPECT_EQ(result.lead, each.lead) << each.content;
  }
}

struct PlaceCase {
  std::string_view region;
  std::string_view address;
  std::string_view title;
  std::string_view content;
  std::string_view found;
};

TEST_F(Classify, finds_the_place) {
  const PlaceCase cases[] = {
      {"", "", "", "", ""},
      {"", "东城市东关街道12号", "", "", "990001001"},
      {"", "东关街办文昌社区", "", "", "990001001002"},
      {"", "东城市", "西关街道的路", "", "990001002"},  // a township anywhere above the district
      {"", "东关街道", "西关街道", "西关街道", "990001001"},  // the address first
      {"", "", "西关街道", "东关街道", "990001002"},          // then the title
      {"", "", "", "东关街道和西关街道交界", "990001001"},
      {"", "", "", "文昌居委会，在东关街道", "990001001002"},
      {"", "", "", "东关街道和西关街道的前刘村", "990001001"},  // which one cannot be told
      {"", "", "", "我住文昌居委会", "990001001002"},
      {"", "前刘村", "", "", ""},  // two villages of that name
      {"", "西关街道前刘村", "", "", "990001002001"},
      {"", "前刘村", "", "东关街道", "990001001001"},
      {"990001002", "东关街道", "", "", "990001002"},           // the posted code stands
      {"990001002", "前刘村", "西关街道", "", "990001002001"},  // and is made narrower
      {"990001", "东关街道", "", "", "990001001"},
      {"999999", "东关街道", "", "", "990001001"},  // unknown: as if absent
  };
  for (const PlaceCase& each : cases) {
    ClassifyInput input;
    input.region = each.region;
    input.address = each.address;
    input.title = each.title;
    input.content = each.content;
    EXPECT_EQ(of(input).region, each.found)
        << each.region << "|" << each.address << "|" << each.title << "|" << each.content;
  }
}

TEST_F(Classify, an_address_names_no_matter) {
  ClassifyInput input;
  input.address = "路灯厂旁";
  EXPECT_EQ(of(input).category, "");
}

TEST_F(Classify, the_place_s_own_unit_leads_and_its_district_is_copied) {
  ClassifyInput input = content_of("和邻居吵架");
  input.address = "东关街道文昌社区";
  const Classification found = of(input);
  EXPECT_EQ(found.lead, "east");
  EXPECT_EQ(found.copy, std::vector<std::string>{"city-office"});
  EXPECT_GT(found.confidence, 0.75);
  const Classification nowhere = of("和邻居吵架");
  EXPECT_EQ(nowhere.lead, "");
  EXPECT_LE(nowhere.confidence, lead_unknown_confidence_max);
  input.address = "西关街道";  // has no unit of its own: the district's leads
  EXPECT_EQ(of(input).lead, "city-office");
  EXPECT_TRUE(of(input).copy.empty());
}

TEST_F(Classify, the_operator_stands_above_everything) {
  ClassifyInput input = content_of("路面破损，着火了");
  input.category = "C101";
  Classification result = of(input);
  EXPECT_EQ(result.category, "C101");
  EXPECT_EQ(result.lead, "lamps");
  EXPECT_EQ(result.confidence, 1);
  EXPECT_EQ(result.candidates.front(), (Candidate{"C101", "lamps", 1}));
  EXPECT_EQ(result.reasons.front().rule, "operator");
  EXPECT_EQ(result.emergency, "119");  // a category does not say that nothing burns

  input.department = "east";
  result = of(input);
  EXPECT_EQ(result.lead, "east");
  EXPECT_EQ(result.copy, std::vector<std::string>{"city-office"});
  EXPECT_EQ(result.handling, Handling::transferred);
  EXPECT_EQ(result.emergency, "");
  EXPECT_EQ(result.confidence, 1);

  input.handling = Handling::direct;
  result = of(input);
  EXPECT_EQ(result.handling, Handling::direct);
  EXPECT_EQ(result.lead, "");
  EXPECT_TRUE(result.copy.empty());
}

TEST_F(Classify, a_department_or_the_centre_suffices_without_a_category) {
  ClassifyInput input = content_of("你好");
  input.department = "east";
  EXPECT_EQ(of(input).confidence, 1);
  EXPECT_EQ(of(input).category, "");
  EXPECT_EQ(of(input).handling, Handling::transferred);
  input.department = "";
  input.handling = Handling::direct;
  EXPECT_EQ(of(input).confidence, 1);
  input.handling = Handling::transferred;  // but to whom?
  EXPECT_EQ(of(input).confidence, 0);
}

TEST_F(Classify, unknown_overrides_count_as_absent) {
  ClassifyInput input = content_of("路灯");
  const Classification plain = of(input);
  input.category = "C999";
  input.department = "nowhere";
  EXPECT_EQ(of(input), plain);
}

TEST_F(Classify, a_category_without_a_unit_is_not_confident) {
  ClassifyInput input = content_of("吵架");
  input.category = "C103";
  EXPECT_LE(of(input).confidence, lead_unknown_confidence_max);
}

TEST_F(Classify, effective_days_pick_the_row_in_force) {
  folder_.write("categories.csv",
                "code,name,parent,department,handling,answerable,effective_from,effective_to\n"
                "C101,路灯,,roads,,,2024-01-01,2024-12-31\n"
                "C101,照明,,lamps,,,2025-01-01,\n");
  folder_.write("rules.csv",
                "id,category,phrases,weight,types,channels,unless\nr1,C101,路灯,4,,,\n");
  reload();
  const auto lead_at = [&](std::string_view time) {
    ClassifyInput input = content_of("路灯");
    input.at = parse_rfc3339(time).value();
    return of(input).lead;
  };
  EXPECT_EQ(lead_at("2023-12-31T23:59:59+08:00"), "");
  EXPECT_EQ(lead_at("2024-01-01T00:00:00+08:00"), "roads");
  EXPECT_EQ(lead_at("2024-12-31T23:59:59+08:00"), "roads");
  EXPECT_EQ(lead_at("2024-12-31T16:00:00Z"), "lamps");  // midnight in the zone
  EXPECT_EQ(lead_at("2030-01-01T00:00:00+08:00"), "lamps");
  ASSERT_EQ(catalogue_->categories().size(), 1U);
  EXPECT_EQ(catalogue_->categories()[0].name, "照明");
}

TEST_F(Classify, rules_keep_to_their_conditions) {
  folder_.write("rules.csv",
                "id,category,phrases,weight,types,channels,unless\n"
                "r1,C101,路灯,4,complaint;report,,\n"
                "r2,C102,坑洼,4,,phone|letter,\n"
                "r3,C104,花灯,4,,,元宵\n");
  reload();
  ClassifyInput lamp = content_of("路灯");
  EXPECT_EQ(of(lamp).category, "");
  lamp.type = TicketType::report;
  EXPECT_EQ(of(lamp).category, "C101");
  ClassifyInput road = content_of("坑洼");
  EXPECT_EQ(of(road).category, "");
  road.channel = "letter";
  EXPECT_EQ(of(road).category, "C102");
  EXPECT_EQ(of("花灯").category, "C104");
  EXPECT_EQ(of("闹元宵看花灯").category, "");
}

struct SpecialCase {
  std::string_view content;
  std::string_view emergency;
};

TEST_F(Classify, emergencies_and_what_only_sounds_like_one) {
  const SpecialCase cases[] = {
      {"楼下着火了", "119"},
      {"有人打群架", "110"},
      {"煤气泄漏！快来", "119"},
      {"如果着火了怎么办", ""},
      {"去年着火了", ""},
      {"着火了。去年也有过", "119"},                                // another sentence
      {"如果没有人管这件事情的话后果不堪设想，现在着火了", "119"},  // too far away
      {"安装煤气泄漏报警器", ""},
      {"煤气泄漏报警器响了，着火了", "119"},
      {"表扬：着火了他冲进去", ""},
  };
  for (const SpecialCase& each : cases) {
    EXPECT_EQ(of(each.content).emergency, each.emergency) << each.content;
  }
  std::string story;
  for (std::uint32_t i = 0; i < opening_characters; ++i) story += "好";
  EXPECT_EQ(of(story + "着火了").emergency, "");
  ClassifyInput titled = content_of(story);
  titled.title = "着火了";
  EXPECT_EQ(of(titled).emergency, "119");
}

TEST_F(Classify, matters_for_other_channels_when_they_outweigh_ours) {
  EXPECT_EQ(of("不服法院判决").channel_to_tell, "法院");
  EXPECT_EQ(of("不解决就要法院判决，否则").channel_to_tell, "");
  const Classification mixed = of("法院判决后路灯仍不亮，路灯不亮影响出行，坑洼");
  EXPECT_EQ(mixed.channel_to_tell, "");
  EXPECT_LT(mixed.confidence, 0.75);
  const bool told = std::any_of(mixed.reasons.begin(), mixed.reasons.end(),
                                [](const Reason& reason) { return reason.rule == "x1"; });
  EXPECT_TRUE(told);  // the clerk sees what speaks against our own categories
  ClassifyInput fixed = content_of("不服法院判决");
  fixed.category = "C101";
  EXPECT_EQ(of(fixed).channel_to_tell, "");
}

}  // namespace
}  // namespace hotline::classify

#include <algorithm>

#include <gtest/gtest.h>

#include "classify/catalogue_loader.hpp"
#include "unit/classify/folder.hpp"

namespace hotline::classify {
namespace {

using test::Folder;

constexpr std::string_view category_header =
    "code,name,parent,department,handling,answerable,effective_from,effective_to\n";
constexpr std::string_view rule_header = "id,category,phrases,weight,types,channels,unless\n";
constexpr std::string_view region_header = "code,name,parent,department,aliases\n";
constexpr std::string_view special_header = "id,kind,to,phrases,weight\n";

struct FaultCase {
  std::string_view file;
  std::string_view header;
  std::string_view rows;
  std::string_view place;
  std::string_view detail;  ///< part of it
};

const FaultCase fault_cases[] = {
    {"departments.csv", "code,name,parent\n", "a,A,\na,B,\n", "departments.csv:3:code", "twice"},
    {"departments.csv", "code,name,parent\n", "a,A,b\n", "departments.csv:2:parent", "not a code"},
    {"departments.csv", "code,name,parent\n", "a,A,a\n", "departments.csv:2:parent", "leads back"},
    {"departments.csv", "code,name,parent\n", "a,A,b\nb,B,a\n", "departments.csv:3:parent",
     "leads back"},
    {"departments.csv", "code,name,parent\n", "a,,\n", "departments.csv:2:name", "empty"},
    {"departments.csv", "code,name,parent\n", "a b,A,\n", "departments.csv:2:code", "letters"},
    {"departments.csv", "code,name,parent\n", "triage,A,\n", "departments.csv:2:code", "queue"},
    {"departments.csv", "code,name\n", "a,A\n", "departments.csv:1:parent", "missing"},
    {"departments.csv", "code,name,parent,colour\n", "a,A,,\n", "departments.csv:1:colour",
     "not a column"},
    {"departments.csv", "code,name,parent,name\n", "a,A,,\n", "departments.csv:1:name", "twice"},
    {"departments.csv", "code,name,parent\n", "a,A,,b\n", "departments.csv:2", "more cells"},
    {"departments.csv", "code,name,parent\n", "a,\"A\n", "departments.csv:2", "not closed"},
    {"departments.csv", "code,name,parent\n", "a,\"A\"B,\n", "departments.csv:2", "quoting"},
    {"departments.csv", "code,name,parent\n", "a,\xB3\xC7,\n", "departments.csv:2", "UTF-8"},
    {"departments.csv", "", "", "departments.csv", "empty"},
    {"departments.csv", "# only words\n", "", "departments.csv", "no header"},
    {"categories.csv", category_header, "C1,A,,nowhere,,,,\n", "categories.csv:2:department",
     "nowhere"},
    {"categories.csv", category_header, "C1,A,,,perhaps,,,\n", "categories.csv:2:handling",
     "direct"},
    {"categories.csv", category_header, "C1,A,,,,maybe,,\n", "categories.csv:2:answerable", "yes"},
    {"categories.csv", category_header, "C1,A,,,,,2025-02-30,\n", "categories.csv:2:effective_from",
     "date"},
    {"categories.csv", category_header, "C1,A,,,,,2025-02-03,2025-02-02\n",
     "categories.csv:2:effective_to", "before"},
    {"categories.csv", category_header, "C1,A,,,,,,\nC1,B,,,,,2025-01-01,\n",
     "categories.csv:3:code", "overlapping"},
    {"categories.csv", category_header, "C1,A,,,,,,2024-12-31\nC1,B,,,,,2024-12-31,\n",
     "categories.csv:3:code", "overlapping"},
    {"categories.csv", category_header, "C1,A,,,,,2025-01-01,\nC1,B,,,,,,2025-01-01\n",
     "categories.csv:3:code", "overlapping"},
    {"categories.csv", category_header,
     "C0,Z,,,,,,\nC1,A,,,,,,2024-12-31\nC1,B,C0,,,,2025-01-01,\n", "categories.csv:4:parent",
     "differs"},
    {"rules.csv", rule_header, "r1,C9,路灯,1,,,\n", "rules.csv:2:category", "C9"},
    {"rules.csv", rule_header, "r1,C1,路灯,1,,,\n", "rules.csv:2:category", "below"},
    {"rules.csv", rule_header, "r1,C101,路灯,many,,,\n", "rules.csv:2:weight", "number"},
    {"rules.csv", rule_header, "r1,C101,路灯,0,,,\n", "rules.csv:2:weight", "number"},
    {"rules.csv", rule_header, "r1,C101,路灯,nan,,,\n", "rules.csv:2:weight", "number"},
    {"rules.csv", rule_header, "r1,C101,路灯,10.5,,,\n", "rules.csv:2:weight", "number"},
    {"rules.csv", rule_header, "r1,C101,灯,1,,,\n", "rules.csv:2:phrases", "2 to 64"},
    {"rules.csv", rule_header, "r1,C101,、,1,,,\n", "rules.csv:2:phrases", "empty"},
    {"rules.csv", rule_header, "r1,C101,路灯,1,wish,,\n", "rules.csv:2:types", "wish"},
    {"rules.csv", rule_header, "r1,C101,路灯,1,,,\nr1,C101,路灯,1,,,\n", "rules.csv:3:id", "twice"},
    {"regions.csv", region_header, "3.49901E+11,东城市,,,\n", "regions.csv:2:code", "text"},
    {"regions.csv", region_header, "990001,东城市,,nowhere,\n", "regions.csv:2:department",
     "nowhere"},
    {"regions.csv", region_header, "990001,东城市,99,,\n", "regions.csv:2:parent", "not a code"},
    {"regions.csv", region_header, "990001,东城市,,,\n990001,西城市,,,\n", "regions.csv:3:code",
     "twice"},
    {"special.csv", special_header, "s1,emergency,911,着火了,1\n", "special.csv:2:to", "119"},
    {"special.csv", special_header, "s1,alarm,119,着火了,1\n", "special.csv:2:kind", "emergency"},
    {"special.csv", special_header, "s1,type,wish,希望,1\n", "special.csv:2:to", "type"},
    {"special.csv", special_header, "s1,elsewhere,,判决,1\n", "special.csv:2:to", "channel"},
    {"special.csv", special_header, "s1,guard,anything,去年,1\n", "special.csv:2:to", "elsewhere"},
};

TEST(Loader, names_file_line_and_column_of_every_fault) {
  for (const FaultCase& each : fault_cases) {
    const Folder folder;
    folder.write(std::string(each.file), std::string(each.header) + std::string(each.rows));
    const auto catalogue = load_catalogue(folder.path());
    ASSERT_FALSE(catalogue) << each.rows;
    EXPECT_EQ(catalogue.error().code, ErrorCode::invalid);
    const auto& errors = catalogue.error().errors;
    const bool listed = std::any_of(errors.begin(), errors.end(), [&](const FieldError& error) {
      return error.pointer == each.place && error.detail.find(each.detail) != std::string::npos;
    });
    EXPECT_TRUE(listed) << each.place << " " << each.detail << "\n" << catalogue.error().detail;
  }
}

TEST(Loader, the_small_catalogue_of_these_tests_has_no_fault) {
  const Folder folder;
  const auto catalogue = load_catalogue(folder.path());
  ASSERT_TRUE(catalogue) << catalogue.error().detail;
}

TEST(Loader, says_every_fault_of_every_file_at_once) {
  const Folder folder;
  folder.remove("regions.csv");
  folder.write("rules.csv", std::string(rule_header) + "r1,C9,灯,x,,,\n");
  const auto catalogue = load_catalogue(folder.path());
  ASSERT_FALSE(catalogue);
  EXPECT_EQ(catalogue.error().errors.size(), 4U) << catalogue.error().detail;
}

TEST(Loader, bounds_what_it_says) {
  const Folder folder;
  std::string rows(rule_header);
  for (int i = 0; i < 500; ++i) rows += "r" + std::to_string(i) + ",C9,路灯,1,,,\n";
  folder.write("rules.csv", rows);
  const auto catalogue = load_catalogue(folder.path());
  ASSERT_FALSE(catalogue);
  EXPECT_EQ(catalogue.error().errors.size(), 50U);
  EXPECT_NE(catalogue.error().detail.find("500 faults"), std::string::npos);
}

TEST(Loader, takes_what_spreadsheets_write) {
  const Folder folder;
  folder.write("rules.csv",
               "\xEF\xBB\xBF# 说明\r\n"
               "\"# 说明, 带逗号\",,,,,,\r\n"
               ",,,,,,\r\n"
               "weight,id,category,phrases,types,channels,unless,note\r\n"
               "4 ,r1,C101,\" 路灯 、照明|灯杆；灯柱;\"\"高杆\"\"\",,,,\"two\r\nlines\"\r\n"
               "# 4,r2,C101,路面破损,,,\r\n"
               "4,r3,C102,坑洼\r\n");
  const auto catalogue = load_catalogue(folder.path());
  ASSERT_TRUE(catalogue) << catalogue.error().detail;
  for (const std::string_view word : {"路灯", "照明", "灯杆", "灯柱", "高杆"}) {
    EXPECT_EQ((*catalogue)->classify(test::content_of(word)).category, "C101") << word;
  }
  EXPECT_EQ((*catalogue)->classify(test::content_of("坑洼")).category, "C102");
  EXPECT_EQ((*catalogue)->classify(test::content_of("路面破损")).category, "");
}

TEST(Loader, version_follows_the_contents) {
  const Folder folder;
  const std::string first = folder.load()->version();
  EXPECT_EQ(folder.load()->version(), first);
  folder.write("version", "2026.01\n");
  const std::string labelled = folder.load()->version();
  EXPECT_TRUE(labelled.starts_with("2026.01+")) << labelled;
  folder.write("regions.csv", folder.read("regions.csv") + "# a word\n");
  EXPECT_NE(folder.load()->version(), labelled);
  folder.write("version", "no spaces here\n");
  EXPECT_FALSE(load_catalogue(folder.path()));
}

TEST(Loader, lists_are_sorted_and_found_by_code) {
  const Folder folder;
  const auto catalogue = folder.load();
  const auto by_code = [](const auto& a, const auto& b) { return a.code < b.code; };
  EXPECT_TRUE(
      std::is_sorted(catalogue->departments().begin(), catalogue->departments().end(), by_code));
  EXPECT_TRUE(
      std::is_sorted(catalogue->categories().begin(), catalogue->categories().end(), by_code));
  EXPECT_TRUE(std::is_sorted(catalogue->regions().begin(), catalogue->regions().end(), by_code));
  ASSERT_NE(catalogue->department("lamps"), nullptr);
  EXPECT_EQ(catalogue->department("lamps")->parent, "roads");
  EXPECT_EQ(catalogue->department("lamp"), nullptr);
  EXPECT_EQ(catalogue->category("C103")->department, "@region");
  EXPECT_EQ(catalogue->region("990001001")->department, "east");
  EXPECT_EQ(catalogue->region(""), nullptr);
  EXPECT_EQ(catalogue->subtree("roads"), (std::vector<std::string>{"roads", "lamps"}));
  EXPECT_EQ(catalogue->subtree("city").size(), 5U);
  EXPECT_TRUE(catalogue->subtree("nowhere").empty());
}

}  // namespace
}  // namespace hotline::classify

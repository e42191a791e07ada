#include "api/auth.hpp"

#include <gtest/gtest.h>

#include "api_harness.hpp"

namespace hotline::api {
namespace {

std::string entry(std::string_view name, std::string_view token, std::string_view scopes) {
  return R"({"name":")" + std::string(name) + R"(","sha256":")" + sha256_hex(token) +
         R"(","scopes":)" + std::string(scopes) + "}";
}

TEST(Auth, KnowsATokenByItsHash) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const auto auth = Authenticator::from_json(
      "[" + entry("a", "secret-a", R"(["intake"])") + "," +
      entry("b", "secret-b", R"(["department:D01/*","department:T01"])") + "]");
  ASSERT_TRUE(auth);
  const auto a = auth->authenticate("Bearer secret-a");
  ASSERT_TRUE(a);
  EXPECT_EQ((*a)->name, "a");
  EXPECT_TRUE((*a)->has(Scope::intake));
  EXPECT_FALSE((*a)->has(Scope::desk | Scope::admin));
  const auto b = auth->authenticate("bearer secret-b");
  ASSERT_TRUE(b);
  const test::SmallCatalogue catalogue;
  const std::set<std::string, std::less<>> expected{"D01", "D07", "D08", "T01"};
  EXPECT_EQ(*(*b)->expand(catalogue), expected);
}

TEST(Auth, RefusesWhatItDoesNotKnow) {
  const auto auth = Authenticator::from_json("[" + entry("a", "secret-a", R"(["intake"])") + "]");
  ASSERT_TRUE(auth);
  for (const std::string_view header : {"", "Bearer", "Bearer ", "Bearer secret-b",
                                        "Basic secret-a", "secret-a", "Bearer secret-a "}) {
    const auto found = auth->authenticate(header);
    ASSERT_FALSE(found) << header;
    EXPECT_EQ(found.error().code, ErrorCode::unauthenticated);
    EXPECT_EQ(found.error().detail.find("secret"), std::string::npos);
  }
}

TEST(Auth, OpenHouseHasEveryScope) {
  const auto auth = Authenticator::none();
  const auto found = auth.authenticate("");
  ASSERT_TRUE(found);
  EXPECT_EQ((*found)->name, "anonymous");
  EXPECT_TRUE((*found)->has(Scope::admin));
  EXPECT_TRUE((*found)->sees_all());
  EXPECT_EQ((*found)->expand(test::SmallCatalogue()), nullptr);
}

TEST(Auth, NamesFileAndLineAndShowsWhatAnEntryLooksLike) {
  const std::string good = entry("a", "x", R"(["desk"])");
  const std::string file = "[\n" + good +
                           ",\n\n  {\"name\": \"b, {[\\\"\",\n   \"rights\": [\"desk\"]},\n" +
                           entry("c", "y", R"(["root"])") + "\n]\n";
  const auto auth = Authenticator::from_json(file, "conf/tokens.json");
  ASSERT_FALSE(auth);
  EXPECT_NE(auth.error().detail.find(R"({"name": "callcenter-1", "sha256": )"), std::string::npos);
  EXPECT_EQ(auth.error().detail.find("call;"), std::string::npos) << auth.error().detail;
  std::vector<std::string> places;
  for (const auto& fault : auth.error().errors) {
    places.push_back(fault.pointer + " " + fault.detail.substr(0, fault.detail.find(' ')));
    EXPECT_EQ(fault.detail.find("of this call"), std::string::npos) << fault.detail;
  }
  const std::vector<std::string> expected{
      "conf/tokens.json:4 /1/sha256", "conf/tokens.json:4 /1/scopes",
      "conf/tokens.json:4 /1/rights", "conf/tokens.json:6 /2/scopes"};
  EXPECT_EQ(places, expected);
}

TEST(Auth, NamesTheLineWhereJsonEnds) {
  for (const std::string_view file : {"[\n{\"name\": \"a\",\n]", "[\n\n", "[]\n\n[]", "[\n\n\"a"}) {
    const auto auth = Authenticator::from_json(file, "tokens.json");
    ASSERT_FALSE(auth) << file;
    EXPECT_EQ(auth.error().detail.find("tokens.json:3: is not JSON"), 0U) << auth.error().detail;
    EXPECT_NE(auth.error().detail.find("an entry looks like"), std::string::npos);
  }
}

TEST(Auth, ReadsTheWholeFileBeforeItComplains) {
  const std::string hash = sha256_hex("x");
  const std::pair<std::string, std::string_view> cases[] = {
      {"{", "not JSON"},
      {"{}", "must be a JSON array"},
      {R"([{"name":"a","name":"b","sha256":")" + hash + R"(","scopes":["desk"]}])",
       "/0/name stands twice"},
      {"[1]", "/0"},
      {R"([{"name":"a","scopes":["desk"]}])", "/0/sha256"},
      {R"([{"name":"a","sha256":"12","scopes":["desk"]}])", "/0/sha256"},
      {R"([{"name":"a","sha256":")" + hash + R"(","scopes":["root"]}])", "root"},
      {R"([{"name":"a","sha256":")" + hash + R"(","scopes":["department:"]}])", "/0/scopes"},
      {R"([{"name":"a","sha256":")" + hash + R"(","scopes":[]}])", "names no scope"},
      {R"([{"name":"a","sha256":")" + hash + R"(","scopes":["desk"],"token":"x"}])", "/0/token"},
      {"[" + entry("a", "x", R"(["desk"])") + "," + entry("a", "y", R"(["desk"])") + "]", "twice"},
      {"[" + entry("a", "x", R"(["desk"])") + "," + entry("b", "x", R"(["desk"])") + "]", "twice"},
  };
  for (const auto& [file, part] : cases) {
    const auto auth = Authenticator::from_json(file);
    ASSERT_FALSE(auth) << file;
    std::string all = auth.error().detail;
    for (const auto& field : auth.error().errors) all += field.pointer + field.detail;
    EXPECT_NE(all.find(part), std::string::npos) << file << ": " << all;
  }
}

}  // namespace
}  // namespace hotline::api

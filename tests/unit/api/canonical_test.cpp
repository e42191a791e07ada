#include "api/canonical.hpp"

#include <set>

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace hotline::api {
namespace {

std::uint64_t hash(std::string_view body, std::string_view operation = "intake") {
  return canonical_hash(operation, boost::json::parse(body));
}

TEST(Canonical, SpellingDoesNotMatter) {
  const auto expected = hash(R"({"a":"x","b":[1,{"c":33.5,"d":null}]})");
  EXPECT_EQ(hash(R"({"b":[1,{"d":null,"c":33.5}],"a":"x"})"), expected);
  EXPECT_EQ(hash(" { \"a\" : \"\\u0078\" ,\n \"b\" : [ 1.0 , { \"c\":3.35e1,\"d\":null } ] } "),
            expected);
}

TEST(Canonical, WhatItSaysMatters) {
  const std::set<std::uint64_t> hashes{hash(R"({})"),
                                       hash(R"({"a":1})"),
                                       hash(R"({"a":"1"})"),
                                       hash(R"({"a":true})"),
                                       hash(R"({"a":null})"),
                                       hash(R"({"a":[]})"),
                                       hash(R"({"a":[1,2]})"),
                                       hash(R"({"a":[2,1]})"),
                                       hash(R"({"a":[12]})"),
                                       hash(R"({"a":"b","c":"d"})"),
                                       hash(R"({"a":"bc","":"d"})"),
                                       hash(R"({"a":{"b":1}})"),
                                       hash(R"({"a":1.5})"),
                                       hash(R"({"a":-1})"),
                                       hash(R"({"a":1})", "sign")};
  EXPECT_EQ(hashes.size(), 15U);
}

/// Stored beside idempotency keys: another value here would turn every repeat across the change
/// into a conflict.
TEST(Canonical, NeverChanges) {
  EXPECT_EQ(hash(R"({"channel":"phone","content":"路灯不亮","location":{"lat":33.26,"lon":115}})"),
            1430679229915299502U);
}

}  // namespace
}  // namespace hotline::api

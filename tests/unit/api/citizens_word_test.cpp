#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api_harness.hpp"

namespace hotline::api {
namespace {

using testing::HasSubstr;
using testing::Not;

// :amend, :supplement and :withdraw.
class CitizensWord : public testing::Test {
 protected:
  http::Response move(const std::string& id, const std::string& move, const std::string& body) {
    return harness.move("/v1/tickets/" + id + ":" + move, body);
  }

  test::ApiHarness harness;
};

TEST_F(CitizensWord, AnAmendmentIsInTheTicketAndItsNamesInTheStory) {
  const std::string id = harness.take_in("路灯不亮");
  const auto answer = move(id, "amend",
                           R"({"urgency":"urgent","region":"341282001","content":"两盏路灯不亮",)"
                           R"("caller":{"phone":"13800000001"}})");
  EXPECT_EQ(answer.status, 200U) << answer.body;
  EXPECT_EQ(harness.text(answer, "/urgency"), "urgent");
  EXPECT_EQ(harness.text(answer, "/region"), "341282001");
  const auto ticket = harness.get("/v1/tickets/" + id);
  EXPECT_EQ(harness.text(ticket, "/personal/content"), "两盏路灯不亮");
  EXPECT_EQ(harness.text(ticket, "/personal/remarks/0/text"), "路灯不亮");
  const auto story = harness.get("/v1/tickets/" + id + "/events");
  EXPECT_THAT(story.body, HasSubstr(R"("personal":["content","caller"])"));
  EXPECT_THAT(story.body, Not(HasSubstr("两盏")));
  harness.expect_clean();
}

TEST_F(CitizensWord, WhatCannotBeAmendedIsNamed) {
  const std::string id = harness.take_in();
  const auto faults = move(id, "amend", R"({"region":"999","category":"none","type":"song"})");
  EXPECT_EQ(faults.status, 422U);
  for (const char* field : {"/region", "/category", "/type"}) {
    EXPECT_THAT(faults.body, HasSubstr(field));
  }
  EXPECT_EQ(move(id, "amend", "{}").status, 422U) << "nothing at all";
  EXPECT_EQ(move(id, "supplement", "{}").status, 422U);
  EXPECT_EQ(move(id, "withdraw", R"({"reason":""})").status, 422U);
}

TEST_F(CitizensWord, WhoHoldsTheTicketSeesWhatWasAdded) {
  const std::string id = harness.take_in();
  EXPECT_EQ(move(id, "supplement", R"({"text":"旁边一盏也不亮"})").status, 200U);
  const auto leased = harness.move("/v1/queues/D07/leases", R"({"max":1,"wait_s":0})");
  EXPECT_THAT(leased.body, HasSubstr("旁边一盏也不亮"));
}

TEST_F(CitizensWord, AWithdrawalEndsTheTicketAlsoUnderALease) {
  const std::string id = harness.take_in();
  harness.move("/v1/queues/D07/leases", R"({"max":1,"wait_s":0})");
  const auto answer = move(id, "withdraw", R"({"reason":"自行解决"})");
  EXPECT_EQ(answer.status, 200U) << answer.body;
  EXPECT_EQ(harness.text(answer, "/status"), "closed");
  EXPECT_EQ(harness.text(answer, "/outcome"), "withdrawn");
  EXPECT_EQ(move(id, "withdraw", R"({"reason":"again"})").status, 409U);
  harness.expect_clean();
}

}  // namespace
}  // namespace hotline::api

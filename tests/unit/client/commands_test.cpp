#include "client/commands.hpp"

#include <filesystem>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "client/fields.hpp"
#include "unit/client/fake_server.hpp"

namespace hotline::client {
namespace {

/// Answers by method and target; anything else is 404.
class Canned {
 public:
  std::map<std::string, FakeAnswer> answers;
  std::vector<FakeRequest> seen;

  /// While a command runs; before one, `answers` may be written plainly.
  void change(const std::string& call, FakeAnswer answer) {
    const std::lock_guard lock(guard_);
    answers[call] = std::move(answer);
  }

  FakeAnswer operator()(const FakeRequest& request) {
    const std::lock_guard lock(guard_);
    seen.push_back(request);
    const auto found = answers.find(request.method + " " + request.target);
    return found != answers.end()
               ? found->second
               : FakeAnswer{404, R"({"code":"not_found","detail":"nothing here"})"};
  }

 private:
  std::mutex guard_;
};

class Commands : public testing::Test {
 protected:
  Canned canned;
  FakeServer server{std::ref(canned)};
  Daemon daemon{server.endpoint(), {}, {.patience = milliseconds{0}}};
  std::ostringstream out;
  std::ostringstream err;
  Terminal people{out, err};
  Terminal programs{out, err, true};
};

constexpr const char* queues = R"({"queues":[
  {"queue":"triage","name":"待派单","depth":3,"leased":1,"dead_letters":0,"overdue":0,"oldest_age_s":59,"waiters":0},
  {"queue":"d-urban","name":"城市管理局","depth":12,"leased":0,"dead_letters":2,"overdue":4,"oldest_age_s":90061,"waiters":1}]})";

TEST_F(Commands, QueuesAreATableWithChineseNames) {
  canned.answers["GET /v1/queues"] = {200, queues};
  EXPECT_EQ(queues_command(daemon, people), Exit::ok);
  EXPECT_EQ(out.str(),
            "队列     名称        在队  已租出  死信  超期  最久等待  等候者\n"
            "-------  ----------  ----  ------  ----  ----  --------  ------\n"
            "triage   待派单         3       1     0     0      59秒       0\n"
            "d-urban  城市管理局    12       0     2     4    1天1时       1\n");
}

TEST_F(Commands, QueuesForProgramsAreTheDaemonsAnswer) {
  canned.answers["GET /v1/queues"] = {200, queues};
  EXPECT_EQ(queues_command(daemon, programs), Exit::ok);
  EXPECT_EQ(out.str(), std::string(queues) + "\n");
}

TEST_F(Commands, WatchedQueuesFollowEachOtherWhereNoTerminalIs) {
  canned.answers["GET /v1/queues"] = {200, queues};
  int looks = 0;
  const auto pause = [&](milliseconds interval) {
    EXPECT_EQ(interval, milliseconds{1'500});
    // Gone at the second look, back at the third.
    canned.change("GET /v1/queues",
                  looks++ == 0 ? FakeAnswer{.hang_up = true} : FakeAnswer{200, queues});
    return looks < 3;
  };
  // For programs not even a terminal is drawn on.
  const WatchOptions watch{milliseconds{1'500}, china_offset, pause, [] { return Screen{}; }};
  EXPECT_EQ(watch_queues_command(daemon, watch, programs), Exit::ok);
  EXPECT_EQ(out.str(), std::string(queues) + "\n" + queues + "\n");
  EXPECT_NE(err.str().find("cannot hear from"), std::string::npos) << err.str();
}

TEST_F(Commands, WatchedQueuesStayInTheirPlaceOnATerminal) {
  canned.answers["GET /v1/queues"] = {200, queues};
  int looks = 0;
  const WatchOptions watch{milliseconds{1}, china_offset, [&](milliseconds) { return ++looks < 2; },
                           [] {
                             return Screen{24, 80};
                           }};
  EXPECT_EQ(watch_queues_command(daemon, watch, people), Exit::ok);
  // Time, title, rule and two queues: up by five lines before the second look.
  const auto second = out.str().find("\x1b[5F");
  ASSERT_NE(second, std::string::npos) << out.str();
  EXPECT_EQ(out.str().find("triage"), out.str().substr(0, second).rfind("triage"));
  EXPECT_NE(out.str().find("triage", second), std::string::npos);
}

TEST_F(Commands, WatchingEndsAtOnceWhenNobodyAnswersAtFirst) {
  canned.answers["GET /v1/queues"] = {.hang_up = true};
  const WatchOptions watch{milliseconds{1}, china_offset, {}, {}};
  EXPECT_EQ(watch_queues_command(daemon, watch, people), Exit::unreachable);
}

TEST_F(Commands, StatusAddsTheQueuesUp) {
  canned.answers["GET /livez"] = {};
  canned.answers["GET /readyz"] = {};
  canned.answers["GET /v1/queues"] = {200, queues};
  canned.answers["GET /v1/catalogue"] = {200, R"({"version":"2021-06"})"};
  EXPECT_EQ(status_command(daemon, people), Exit::ok);
  EXPECT_NE(out.str().find("catalogue  2021-06\n"), std::string::npos);
  EXPECT_NE(out.str().find("2 with 15 entries, 1 leased, 2 dead letters, 4 overdue"),
            std::string::npos);
}

TEST_F(Commands, StatusTellsWhyTheDaemonIsNotReady) {
  canned.answers["GET /livez"] = {};
  canned.answers["GET /readyz"] = {
      503, R"({"code":"unavailable","detail":"the store does not take writes"})"};
  EXPECT_EQ(status_command(daemon, people), Exit::failed);
  EXPECT_NE(out.str().find("the store does not take writes"), std::string::npos);
}

TEST(Unreachable, EveryCommandSaysSoWithItsOwnCode) {
  Endpoint gone;
  {
    gone = FakeServer([](const FakeRequest&) { return FakeAnswer{}; }).endpoint();
  }
  const Daemon daemon{gone, {}, {.patience = milliseconds{0}}};
  std::ostringstream out;
  std::ostringstream err;
  const Terminal terminal{out, err};
  EXPECT_EQ(status_command(daemon, terminal), Exit::unreachable);
  EXPECT_EQ(queues_command(daemon, terminal), Exit::unreachable);
  EXPECT_EQ(ticket_command(daemon, {"2106010000000001"}, terminal), Exit::unreachable);
  EXPECT_EQ(post_command(daemon, {.file = {}, .fields = {{"channel", "phone"}}}, terminal),
            Exit::unreachable);
  EXPECT_EQ(report_command(daemon, {}, terminal), Exit::unreachable);
  EXPECT_EQ(check_command(daemon, {}, {}, terminal), Exit::unreachable);
  EXPECT_EQ(lease_command(daemon, {.queue = "triage"}, terminal), Exit::unreachable);
  EXPECT_NE(err.str().find("--url"), std::string::npos);
  EXPECT_EQ(out.str(), "");
}

TEST(IntakeBody, OptionsBecomeMembers) {
  const auto body = parse_json(
      intake_body({{"channel", "phone"}, {"title", ""}, {"name", "张某"}, {"phone", "138"}}));
  EXPECT_EQ(*body, *parse_json(R"({"channel":"phone","caller":{"name":"张某","phone":"138"}})"));
}

TEST_F(Commands, PostTellsWhereTheTicketWent) {
  canned.answers["POST /v1/tickets"] = {
      201, R"({"id":"2106010000000001","status":"dispatched","handling":"transferred",
               "assignments":[{"seq":1,"role":"lead","department":"d-urban","department_name":"城市管理局"}],
               "warnings":[{"code":"unknown_region","pointer":"/region","detail":"not in the catalogue"}]})"};
  EXPECT_EQ(post_command(daemon, {.file = {}, .fields = {{"channel", "phone"}, {"content", "c"}}},
                         people),
            Exit::ok);
  EXPECT_EQ(out.str(),
            "created 2106010000000001  待签收 (dispatched)  办理方式 转办 (transferred)\n  主办 "
            "城市管理局\n");
  EXPECT_NE(err.str().find("unknown_region"), std::string::npos);
  EXPECT_EQ(canned.seen.at(0).body, R"({"channel":"phone","content":"c"})");
}

TEST_F(Commands, PostExplainsARefusalFieldByField) {
  canned.answers["POST /v1/tickets"] = {
      400,
      R"({"code":"invalid","detail":"1 field","errors":[{"pointer":"/content","detail":"is missing"}]})"};
  EXPECT_EQ(post_command(daemon, {.file = {}, .fields = {{"channel", "phone"}}}, people),
            Exit::failed);
  EXPECT_EQ(err.str(), "hotlinectl: 400 invalid: 1 field\n  /content: is missing\n");
}

constexpr const char* one_lease =
    R"({"leases":[{"receipt":"r/1","leased_until":"2026-03-02T12:10:00+08:00",
  "delivery":2,"seq":1,"ticket":{"id":"2603020000000001","urgency":"urgent",
  "deadlines":{"resolve":"2026-03-09T12:00:00+08:00","sign":"2026-03-03T12:00:00+08:00"},
  "personal":{"title":"","content":"路灯不亮"}}}]})";

TEST_F(Commands, LeaseShowsTheReceiptAndHowToGoOn) {
  canned.answers["POST /v1/queues/d-urban/leases"] = {200, one_lease};
  EXPECT_EQ(lease_command(daemon, {.queue = "d-urban", .max = 5, .wait_s = 1}, people), Exit::ok);
  EXPECT_EQ(canned.seen.at(0).body, R"({"max":5,"wait_s":1,"lease_s":600})");
  EXPECT_EQ(out.str(),
            "工单              紧急程度  标题      最近时限     投递  租约至       凭证\n"
            "----------------  --------  --------  -----------  ----  -----------  ----\n"
            "2603020000000001  紧急      路灯不亮  03-03 12:00     2  03-02 12:10  r/1\n"
            "\nread it:  hotlinectl ticket 2603020000000001 --personal\n"
            "move it:  hotlinectl move 2603020000000001 sign --receipt r/1 --actor 姓名\n");
}

TEST_F(Commands, LookingWithReleaseHoldsNothing) {
  canned.answers["POST /v1/queues/triage/leases"] = {200, one_lease};
  canned.answers["POST /v1/leases/r%2F1:release"] = {};
  EXPECT_EQ(lease_command(daemon, {.queue = "triage", .release = true}, people), Exit::ok);
  EXPECT_EQ(canned.seen.size(), 2U);
  EXPECT_EQ(out.str().find("move it"), std::string::npos);
}

TEST_F(Commands, AnEmptyQueueIsNoFailure) {
  canned.answers["POST /v1/queues/triage/leases"] = {200, R"({"leases":[]})"};
  EXPECT_EQ(lease_command(daemon, {.queue = "triage"}, people), Exit::ok);
  EXPECT_EQ(out.str(), "nothing waits in triage\n");
}

TEST_F(Commands, MoveTellsWhereTheTicketStandsAndWhatComesNext) {
  canned.answers["POST /v1/tickets/2603020000000001:sign"] = {
      200, R"({"id":"2603020000000001","status":"in_progress","allowed":["contact","answer"]})"};
  daemon.access.actor = "张三";
  const MoveOptions sign{"2603020000000001", "sign", "r1", {}, {}};
  EXPECT_EQ(move_command(daemon, sign, people), Exit::ok);
  EXPECT_EQ(out.str(), "签收 2603020000000001  办理中\n可做  contact (联系群众)  answer (答复)\n");
  EXPECT_EQ(canned.seen.at(0).body, R"({"receipt":"r1"})");
  EXPECT_EQ(canned.seen.at(0).actor, "张三");
  EXPECT_FALSE(canned.seen.at(0).idempotency_key.empty());
}

TEST_F(Commands, MoveNeedsAPersonATicketAndFields) {
  const std::string id = "2603020000000001";
  EXPECT_EQ(move_command(daemon, {id, "sign", {}, {}, {}}, people), Exit::usage);
  EXPECT_NE(err.str().find("--actor"), std::string::npos);
  daemon.access.actor = "张三";
  EXPECT_EQ(move_command(daemon, {"17", "sign", {}, {}, {}}, people), Exit::usage);
  EXPECT_EQ(move_command(daemon, {id, "answer", {}, {"好"}, {}}, people), Exit::usage);
  EXPECT_EQ(move_command(daemon, {id, "answer", {}, {}, "/no/such/file"}, people), Exit::usage);
  EXPECT_TRUE(canned.seen.empty());
}

class TicketCommand : public Commands {
 protected:
  TicketCommand() {
    canned.answers["GET /v1/tickets/2106010000000001"] = {
        200,
        R"({"id":"2106010000000001","status":"in_progress","handling":"transferred","outcome":null,"type":"complaint",
                 "urgency":"normal","category_name":"路灯照明","channel":"phone","received_at":"2021-06-01T08:00:00+08:00",
                 "deadlines":{"resolve":"2021-06-08T08:00:00+08:00"},
                 "assignments":[{"seq":1,"role":"lead","department":"d-urban","department_name":"城市管理局",
                 "signed_at":"2021-06-01T09:00:00+08:00","deadlines":{"sign":"2021-06-02T08:00:00+08:00"}}],
                 "personal":{"caller":{"name":"张**","phone":"138****5678"},"title":"路灯","content":"不亮","remarks":[]}})"};
    canned.answers["GET /v1/tickets/2106010000000001/events"] = {
        200,
        R"({"events":[{"version":1,"at":"2021-06-01T08:00:01+08:00","move":"intake","principal":"callcenter","events":[
                   {"event":"received","channel":"phone"},
                   {"event":"dispatched","assignment":{"seq":1,"role":"lead","department_name":"城市管理局"}}]},
                 {"version":2,"at":"2021-06-01T09:00:00+08:00","move":"sign","principal":"dept","person":"王五","events":[
                   {"event":"signed","seq":1},{"event":"from_the_future","what":5,"until":"2021-06-02T00:00:00+08:00"}]}]})"};
  }
  const std::string id = "2106010000000001";
};

TEST_F(TicketCommand, ShowsTheStoryAsATimeLine) {
  EXPECT_EQ(ticket_command(daemon, {id}, people), Exit::ok);
  const auto shown = out.str();
  for (const char* line :
       {"状态      办理中\n", "事项      路灯照明\n", "   1  主办  城市管理局  ",
        "   1  2021-06-01 08:00:01  受理  callcenter  受理             ",
        "   2  2021-06-01 09:00:00  签收  王五        签收             城市管理局  按时\n",
        "from_the_future              what=5 until=2021-06-02 00:00:00\n"}) {
    EXPECT_NE(shown.find(line), std::string::npos) << line << "\nin\n" << shown;
  }
}

TEST_F(TicketCommand, UnmaskingAsksAsAPersonAndShowsEverything) {
  EXPECT_EQ(ticket_command(daemon, {.id = id, .unmask = true}, people), Exit::usage);
  EXPECT_TRUE(canned.seen.empty());
  daemon.access.actor = "李四";
  canned.answers["GET /v1/tickets/" + id + "?unmask=true"] = {
      200, R"({"id":"2106010000000001","personal":{"caller":{"phone":"13812345678"}}})"};
  EXPECT_EQ(ticket_command(daemon, {.id = id, .unmask = true}, people), Exit::ok);
  EXPECT_EQ(canned.seen.at(0).actor, "李四");
  EXPECT_NE(out.str().find("13812345678"), std::string::npos) << out.str();
}

TEST_F(TicketCommand, PersonalDataOnlyWhenAskedFor) {
  EXPECT_EQ(ticket_command(daemon, {id}, people), Exit::ok);
  EXPECT_EQ(ticket_command(daemon, {id}, programs), Exit::ok);
  EXPECT_EQ(out.str().find("138****5678"), std::string::npos);
  EXPECT_EQ(out.str().find("不亮"), std::string::npos);
  EXPECT_EQ(ticket_command(daemon, {id, true}, people), Exit::ok);
  EXPECT_NE(out.str().find("张** 138****5678"), std::string::npos);
}

TEST_F(TicketCommand, AWrongNumberIsAUsageErrorAndAsksNothing) {
  EXPECT_EQ(ticket_command(daemon, {"../admin"}, people), Exit::usage);
  EXPECT_TRUE(canned.seen.empty());
}

TEST_F(Commands, ReportIsATableOfCountsAndRates) {
  canned.answers["GET /v1/reports/summary?from=2021-06-01&to=2021-07-01&group_by=department"] = {
      200,
      R"({"from":"2021-06-01","to":"2021-07-01","total":{"received":10,"rejected":0,"accepted":10,"direct":6,"transferred":4,
               "ratings":{"satisfied":3},"rates":{"direct_rate":{"numerator":6,"denominator":10,"percent":"60.0"},
               "satisfaction_rate":{"numerator":0,"denominator":0,"percent":null}}},
               "groups":[{"value":"d-urban","name":"城市管理局","accepted":4,"transferred":4,"rates":{}},{"value":"","accepted":6}]})"};
  const ReportOptions options{
      .from = "2021-06-01", .to = "2021-07-01", .group_by = "department", .by = {}};
  EXPECT_EQ(report_command(daemon, options, people), Exit::ok);
  const auto shown = out.str();
  for (const char* part : {"2021-06-01 至 2021-06-30\n", "直办             6\n",
                           "直办率       60.0%       6/10\n", "回访满意率       -        0/0\n",
                           "城市管理局 d-urban         0     4     0     4", "(无)"}) {
    EXPECT_NE(shown.find(part), std::string::npos) << part << "\nin\n" << shown;
  }
}

TEST_F(Commands, ReportSentenceIsTheDaemonsText) {
  canned.answers["GET /v1/reports/summary?from=2021-01-01&to=2021-07-01"] = {
      200, "2021年上半年,受理13611件。"};
  const ReportOptions options{.from = "2021-01-01",
                              .to = "2021-07-01",
                              .group_by = {},
                              .by = {},
                              .format = ReportFormat::sentence};
  EXPECT_EQ(report_command(daemon, options, people), Exit::ok);
  EXPECT_EQ(out.str(), "2021年上半年,受理13611件。\n");
}

TEST_F(Commands, ReportRefusesDaysThatDoNotExist) {
  EXPECT_EQ(
      report_command(daemon, {.from = "2021-02-30", .to = {}, .group_by = {}, .by = {}}, people),
      Exit::usage);
  EXPECT_NE(err.str().find("--from: '2021-02-30' is not a day"), std::string::npos) << err.str();
  EXPECT_EQ(
      report_command(daemon, {.from = "2021-02-03", .to = "2021-02-03", .group_by = {}, .by = {}},
                     people),
      Exit::usage);
  EXPECT_NE(err.str().find("--to 2021-02-03 is not after"), std::string::npos) << err.str();
  EXPECT_TRUE(canned.seen.empty());
}

TEST_F(Commands, CheckRemovesTheCheckpointThatItAskedFor) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "commands_test_checkpoint";
  std::filesystem::create_directory(folder);
  canned.answers["POST /v1/admin/checkpoint"] = {200, R"({"path":")" + folder.string() + R"("})"};
  std::string checked;
  const CheckStore check = [&](const std::string& path) -> Result<Findings> {
    checked = path;
    EXPECT_TRUE(std::filesystem::exists(path));
    return Findings{5, 17, 0, {}};
  };
  EXPECT_EQ(check_command(daemon, {}, check, people), Exit::ok);
  EXPECT_EQ(checked, folder.string());
  EXPECT_FALSE(std::filesystem::exists(folder));
  EXPECT_EQ(out.str(), "checked 5 tickets and 17 changes: nothing found\n");
}

TEST_F(Commands, CheckLeavesAGivenStoreAndEndsWithItsFindings) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "commands_test_store";
  std::filesystem::create_directory(folder);
  const CheckStore check = [](const std::string&) -> Result<Findings> {
    return Findings{5, 17, 1, {"queue triage: x"}};
  };
  EXPECT_EQ(check_command(daemon, {folder.string()}, check, people), Exit::failed);
  EXPECT_TRUE(std::filesystem::exists(folder));
  EXPECT_EQ(out.str(), "queue triage: x\nchecked 5 tickets and 17 changes: 1 findings\n");
  std::filesystem::remove(folder);
  EXPECT_EQ(check_command(daemon, {folder.string()}, check, people), Exit::usage);
}

TEST_F(Commands, CheckNeedsTheCheckpointOnThisMachine) {
  canned.answers["POST /v1/admin/checkpoint"] = {200, R"({"path":"/no/such/folder"})"};
  const CheckStore check = [](const std::string&) -> Result<Findings> { return Findings{}; };
  EXPECT_EQ(check_command(daemon, {}, check, people), Exit::failed);
  EXPECT_NE(err.str().find("--store"), std::string::npos);
}

}  // namespace
}  // namespace hotline::client

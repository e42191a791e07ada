#include "client/time_line.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hotline::client {
namespace {

/// One assignment with deadlines at noon of the 3rd (sign, contact) and the 9th (resolve).
json::value ticket_with(const std::string& fields) {
  return *parse_json(R"({"assignments":[{"seq":1,"department_name":"市城市管理局",
    "dispatched_at":"2026-03-02T12:00:00+08:00","deadlines":{"sign":"2026-03-03T12:00:00+08:00",
    "contact":"2026-03-03T12:00:00+08:00","resolve":"2026-03-09T12:00:00+08:00"},)" +
                     fields + "}]}");
}

json::value story_of(const std::string& event) {
  return *parse_json(R"({"events":[{"version":3,"at":"2026-03-03T12:00:00+08:00","move":"tick",
    "principal":"engine","events":[)" +
                     event + "]}]}");
}

std::string last_line(const std::string& table) {
  const auto end = table.size() - 1;
  return table.substr(table.rfind('\n', end - 1) + 1, end - table.rfind('\n', end - 1) - 1);
}

TEST(TaskTable, SaysWhetherEachDeadlineWasMet) {
  struct Case {
    const char* fields;
    const char* event;
    const char* line;
  };
  const auto passed = R"({"event":"deadline_passed","deadline":"sign","seq":1})";
  const auto other = R"({"event":"deadline_passed","deadline":"sign","seq":2})";
  for (const auto& [fields, event, line] :
       {Case{R"("role":"lead")", other,
             "   1  主办  市城市管理局  03-02 12:00  限03-03 12:00  限03-03 12:00  限03-09 12:00"},
        Case{R"("role":"lead")", passed,
             "   1  主办  市城市管理局  03-02 12:00  限03-03 12:00 已超期  限03-03 12:00  "
             "限03-09 12:00"},
        Case{R"("role":"assist","signed_at":"2026-03-03T12:00:00+08:00")", other,
             "   1  协办  市城市管理局  03-02 12:00  03-03 12:00 按时  限03-03 12:00  "
             "限03-09 12:00"},
        Case{
            R"("role":"lead","signed_at":"2026-03-03T15:20:00+08:00","ending":"withdrawn")", passed,
            "   1  主办  市城市管理局  03-02 12:00  03-03 15:20 超期3时20分                  收回"},
        Case{R"("role":"copy","signed_at":"2026-03-05T12:00:00+08:00","ending":"noted")", other,
             "   1  抄送  市城市管理局  03-02 12:00  03-05 12:00                  已阅"}}) {
    EXPECT_EQ(last_line(task_table(ticket_with(fields), story_of(event))), line);
  }
}

TEST(TaskTable, IsEmptyWithoutTasks) {
  EXPECT_EQ(task_table(*parse_json("{}"), *parse_json("{}")), "");
}

TEST(StoryTable, HasChineseWordsForEveryEvent) {
  struct Case {
    const char* event;
    const char* line;
  };
  const auto ticket = ticket_with(
      R"("role":"lead","signed_at":"2026-03-03T12:00:00+08:00","answered_at":"2026-03-10T12:00:00+08:00")");
  const std::string begin = "   3  2026-03-03 12:00:00  到时  engine  ";
  for (
      const auto& [event, line] :
      {Case{R"({"event":"received","channel":"phone","type":"complaint","urgency":"urgent",
                 "category":"C1","category_name":"路灯照明","region":"x"})",
            "受理        电话 投诉 紧急 路灯照明 x"},
       Case{R"({"event":"sent_to_triage","deadline":"2026-03-02T14:00:00+08:00"})",
            "转人工派单        限03-02 14:00"},
       Case{R"({"event":"signed","seq":1})", "签收  市城市管理局  按时"},
       Case{R"({"event":"answered","seq":1})", "答复  市城市管理局  超期1天0时"},
       Case{R"({"event":"assignment_ended","seq":1,"ending":"answered"})",
            "任务结束  市城市管理局  已答复"},
       Case{R"({"event":"deadline_passed","seq":1,"deadline":"contact"})",
            "时限已过  市城市管理局  联系时限"},
       Case{R"({"event":"deadline_passed","seq":0,"deadline":"dispatch"})",
            "时限已过        派单时限"},
       Case{R"({"event":"callback_scheduled","at":"2026-03-04T09:00:00+08:00","ready":false})",
            "安排回访        定于03-04 09:00"},
       Case{
           R"({"event":"callback_made","outcome":"reached","resolved":"partly","satisfaction":"dissatisfied"})",
           "回访        接通 部分解决 不满意"},
       Case{R"({"event":"redo_ordered","supervised":true})", "重办        督办"},
       Case{R"({"event":"finished","outcome":"redirected"})", "办结        告知渠道"},
       Case{R"({"event":"handed_over","service":"119"})", "转警        119"},
       Case{R"({"event":"notice_posted","notice":1001,"kind":"reminder","seq":1})",
            "通知  市城市管理局  催办"},
       Case{R"({"event":"notice_posted","notice":1002,"kind":"received","seq":0})",
            "通知        受理告知"},
       Case{R"({"event":"notice_sent","notice":1002,"outcome":"unreachable"})",
            "通知结果        无法送达"},
       Case{R"({"event":"closed"})", "结案"},
       Case{R"({"event":"merged","into":"2603020000000001"})",
            "merged        into=2603020000000001"}}) {
    EXPECT_EQ(last_line(story_table(ticket, story_of(event))), begin + line);
  }
}

TEST(StoryTable, DispatchNamesDepartmentAndDeadlines) {
  const auto table = story_table(*parse_json("{}"), story_of(R"({"event":"dispatched","assignment":
    {"seq":1,"role":"lead","department":"cgj","deadlines":{"sign":"2026-03-03T12:00:00+08:00",
    "contact":"2026-03-03T12:00:00+08:00","resolve":"2026-03-09T12:00:00+08:00"}}})"));
  EXPECT_EQ(last_line(table),
            "   3  2026-03-03 12:00:00  到时  engine  派单  cgj   主办 "
            "限03-03 12:00签收、03-03 12:00联系、03-09 12:00办结");
}

TEST(TicketHead, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ(ticket_head(*parse_json(
                R"({"id":"2603020000000001","status":"in_progress","supervised":true,"outcome":null,
                    "channel":"wechat","received_at":"2026-03-02T12:00:00+08:00"})")),
            "工单      2603020000000001\n状态      办理中 督办\n来源      微信\n"
            "受理时间  2026-03-02 12:00:00\n");
}

TEST(PersonalLines, ShowWhatTheDaemonShowed) {
  EXPECT_EQ(personal_lines(*parse_json(
                R"({"caller":{"name":"张**"},"title":"","content":"路灯不亮","remarks":[
                    {"version":3,"kind":"note","text":"已电话联系"},
                    {"version":6,"kind":"citizen","text":"还没有亮"}]})")),
            "来电人    张**\n内容      路灯不亮\n备注 v3   已电话联系\n群众 v6   还没有亮\n");
}

}  // namespace
}  // namespace hotline::client

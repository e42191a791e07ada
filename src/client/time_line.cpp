#include "client/time_line.hpp"

#include <array>
#include <utility>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "base/time.hpp"
#include "client/layout.hpp"
#include "client/moves.hpp"
#include "domain/vocabulary.hpp"

namespace hotline::client {
namespace {

using Titles = std::pair<std::string_view, std::string_view>;

constexpr std::array<Titles, 29> event_titles{{{"received", "受理"},
                                               {"sent_to_triage", "转人工派单"},
                                               {"taken_direct", "中心直办"},
                                               {"dispatched", "派单"},
                                               {"assignment_ended", "任务结束"},
                                               {"signed", "签收"},
                                               {"contacted", "联系群众"},
                                               {"answered", "答复"},
                                               {"handed_over", "转警"},
                                               {"handover_acknowledged", "接警确认"},
                                               {"finished", "办结"},
                                               {"callback_scheduled", "安排回访"},
                                               {"callback_ready", "回访到时"},
                                               {"callback_made", "回访"},
                                               {"redo_ordered", "重办"},
                                               {"deadline_passed", "时限已过"},
                                               {"closed", "结案"},
                                               {"amended", "更正"},
                                               {"supplemented", "补充"},
                                               {"return_raised", "退单申请"},
                                               {"return_ruled", "退单裁定"},
                                               {"designated", "指定承办"},
                                               {"notice_posted", "通知"},
                                               {"notice_sent", "通知结果"},
                                               {"paused", "暂停计时"},
                                               {"resumed", "恢复计时"},
                                               {"extension_requested", "申请延期"},
                                               {"extension_ruled", "延期审批"},
                                               {"deadlines_moved", "时限变更"}}};

/// Who speaks in a remark.
constexpr std::array<Titles, 7> remark_titles{{{"answer", "答复"},
                                               {"note", "备注"},
                                               {"citizen", "群众"},
                                               {"supplement", "补充"},
                                               {"amended", "更正前"},
                                               {"return", "退单依据"},
                                               {"ruling", "裁定"}}};

/// What an assignment has to do: deadline's name, when it was done, the event that it passed.
struct Duty {
  std::string_view deadline;
  std::string_view done;
};
constexpr Duty sign_duty{"sign", "signed_at"};
constexpr Duty contact_duty{"contact", "contacted_at"};
constexpr Duty resolve_duty{"resolve", "answered_at"};

template <std::size_t Size>
std::string_view title_of(const std::array<Titles, Size>& titles, std::string_view name) {
  for (const auto& [known, title] : titles) {
    if (known == name) return title;
  }
  return name;
}

/// `2021-06-01 08:00:00`.
std::string clock_time(std::string_view rfc3339) {
  std::string time(rfc3339.substr(0, 19));
  if (time.size() > 10) time[10] = ' ';
  return time;
}

/// `06-01 08:00`.
std::string short_time(std::string_view rfc3339) {
  const auto time = clock_time(rfc3339);
  return time.size() < 16 ? time : time.substr(5, 11);
}

bool looks_like_time(std::string_view text) {
  return text.size() >= 20 && text[4] == '-' && text[10] == 'T';
}

std::string_view or_code(const json::value& value, std::string_view name, std::string_view code) {
  const auto found = text(value, name);
  return found.empty() ? text(value, code) : found;
}

template <typename Enum>
std::string_view word(const json::value& object, std::string_view key) {
  const auto code = text(object, key);
  const auto value = parse<Enum>(code);
  return value ? chinese(*value) : code;
}

std::string joined(std::initializer_list<std::string_view> words) {
  std::string line;
  for (const auto next : words) {
    if (next.empty()) continue;
    if (!line.empty()) line += ' ';
    line += next;
  }
  return line;
}

const json::value& task_of(const json::value& ticket, std::int64_t seq) {
  static const json::value none;
  for (const auto& task : list(ticket, "assignments")) {
    if (number(task, "seq") == seq) return task;
  }
  return none;
}

/// 按时, 超期3时20分, or nothing when either time is not known.
std::string in_time(std::string_view done, std::string_view deadline) {
  const auto at = parse_rfc3339(done);
  const auto limit = parse_rfc3339(deadline);
  if (!at || !limit) return {};
  if (*at <= *limit) return "按时";
  return "超期" + span_words(std::chrono::floor<std::chrono::seconds>(*at - *limit).count());
}

std::string in_time(const json::value& task, const Duty& duty) {
  return in_time(text(task, duty.done), text(at(task, "deadlines"), duty.deadline));
}

bool has_passed(const json::value& story, std::int64_t seq, std::string_view deadline) {
  for (const auto& change : list(story, "events")) {
    for (const auto& event : list(change, "events")) {
      const bool passed = text(event, "event") == "deadline_passed";
      if (passed && number(event, "seq") == seq && text(event, "deadline") == deadline) return true;
    }
  }
  return false;
}

std::string duty_cell(const json::value& task, const json::value& story, const Duty& duty) {
  // A copy is for information: its deadlines bind nobody.
  const bool binds = text(task, "role") != "copy";
  const auto done = text(task, duty.done);
  if (!done.empty()) return joined({short_time(done), binds ? in_time(task, duty) : ""});
  if (!binds || !text(task, "ending").empty()) return {};
  const bool passed = has_passed(story, number(task, "seq"), duty.deadline);
  return joined({fmt::format("限{}", short_time(text(at(task, "deadlines"), duty.deadline))),
                 passed ? "已超期" : ""});
}

std::string channel_words(const json::value& event) {
  return std::string(title_of(known_channels, text(event, "channel")));
}

std::string deadlines_words(const json::value& task) {
  const auto& deadlines = at(task, "deadlines");
  if (text(task, "role") == "copy" || !deadlines.is_object()) return {};
  return fmt::format("限{}签收、{}联系、{}办结", short_time(text(deadlines, "sign")),
                     short_time(text(deadlines, "contact")),
                     short_time(text(deadlines, "resolve")));
}

/// The members of an event that this client has no own words for.
std::string plain_fields(const json::value& event) {
  std::string words;
  for (const auto& [key, value] : event.as_object()) {
    if (key == "event" || key.ends_with("_name") || value.is_structured()) continue;
    const auto shown = value.is_string() ? text(event, key) : std::string_view{};
    words += fmt::format(" {}={}", std::string_view(key),
                         looks_like_time(shown) ? clock_time(shown)
                         : value.is_string()    ? std::string(shown)
                                                : json::serialize(value));
  }
  return words.empty() ? words : words.substr(1);
}

std::string centre_words(const json::value& event) {
  const auto name = text(event, "event");
  if (name == "received") {
    return joined({channel_words(event), word<TicketType>(event, "type"),
                   word<Urgency>(event, "urgency"), or_code(event, "category_name", "category"),
                   or_code(event, "region_name", "region")});
  }
  if (name == "sent_to_triage" || name == "taken_direct") {
    return joined({fmt::format("限{}", short_time(text(event, "deadline"))),
                   or_code(event, "category_name", "category")});
  }
  if (name == "callback_scheduled") return "定于" + short_time(text(event, "at"));
  if (name == "callback_made") {
    return joined({word<CallbackOutcome>(event, "outcome"), word<Resolved>(event, "resolved"),
                   word<Satisfaction>(event, "satisfaction")});
  }
  if (name == "notice_posted") return std::string(word<NoticeKind>(event, "kind"));
  if (name == "notice_sent") return std::string(word<NoticeOutcome>(event, "outcome"));
  if (name == "finished") return std::string(word<Outcome>(event, "outcome"));
  if (name == "handed_over") return std::string(text(event, "service"));
  if (name == "return_raised") {
    const auto suggested = or_code(event, "suggested_name", "suggested");
    return joined({word<ReturnReason>(event, "reason"),
                   suggested.empty() ? "" : fmt::format("建议{}", suggested),
                   flag(event, "arbitration") ? "提请仲裁" : ""});
  }
  if (name == "return_ruled") return flag(event, "granted") ? "同意退单" : "不同意退单";
  if (name == "extension_requested") return fmt::format("{}个工作日", number(event, "days"));
  if (name == "extension_ruled") {
    return flag(event, "granted") ? fmt::format("同意{}个工作日", number(event, "days")) : "不同意";
  }
  if (name == "deadlines_moved") {
    const auto decide = text(event, "decide");
    return decide.empty() ? fmt::format("限{}办结", short_time(text(event, "resolve")))
                          : fmt::format("限{}", short_time(decide));
  }
  if (name == "redo_ordered") return flag(event, "supervised") ? "督办" : "";
  return plain_fields(event);
}

/// `标题      路灯不亮`, a line; nothing without a value.
std::string titled(std::string_view title, std::string_view value) {
  if (value.empty()) return {};
  const auto width = display_width(title);
  return fmt::format("{}{}{}\n", title, std::string(width < 10 ? 10 - width : 1, ' '), value);
}

/// What an event says beside its title; `task` is the assignment that it is about, or null.
std::string event_words(const json::value& event, const json::value& task) {
  const auto name = text(event, "event");
  if (name == "dispatched") return joined({word<Role>(task, "role"), deadlines_words(task)});
  if (name == "assignment_ended") return std::string(word<Ending>(event, "ending"));
  if (name == "deadline_passed") return std::string(word<Deadline>(event, "deadline"));
  if (name == "signed" && text(task, "role") == "copy") return {};
  if (name == "signed") return in_time(task, sign_duty);
  if (name == "contacted") return in_time(task, contact_duty);
  if (name == "answered") return in_time(task, resolve_duty);
  return centre_words(event);
}

/// A green light is nothing to tell.
std::string_view light_words(const json::value& ticket) {
  return text(ticket, "light") == "green" ? std::string_view() : word<Light>(ticket, "light");
}

}  // namespace

std::string ticket_head(const json::value& ticket) {
  std::string head;
  const auto line = [&](std::string_view title, std::string_view value) {
    head += titled(title, value);
  };
  line("工单", text(ticket, "id"));
  line("状态", joined({word<Status>(ticket, "status"), flag(ticket, "supervised") ? "督办" : "",
                       flag(ticket, "designated") ? "指定承办" : "", light_words(ticket)}));
  line("办理方式", word<Handling>(ticket, "handling"));
  line("办理结果", word<Outcome>(ticket, "outcome"));
  line("诉求类型", word<TicketType>(ticket, "type"));
  line("紧急程度", word<Urgency>(ticket, "urgency"));
  line("事项", or_code(ticket, "category_name", "category"));
  line("区域", or_code(ticket, "region_name", "region"));
  line("来源", joined({channel_words(ticket), text(ticket, "source"), text(ticket, "source_id")}));
  line("受理时间", clock_time(text(ticket, "received_at")));
  line("办结时间", clock_time(text(ticket, "finished_at")));
  line("派单时限", clock_time(text(at(ticket, "deadlines"), "decide")));
  return head;
}

std::string task_table(const json::value& ticket, const json::value& story) {
  Table table({{"任务", Align::right},
               {"角色"},
               {"单位"},
               {"派单"},
               {"签收"},
               {"联系群众"},
               {"办结"},
               {"结束"}});
  for (const auto& task : list(ticket, "assignments")) {
    table.row({std::to_string(number(task, "seq")), std::string(word<Role>(task, "role")),
               std::string(or_code(task, "department_name", "department")),
               short_time(text(task, "dispatched_at")), duty_cell(task, story, sign_duty),
               duty_cell(task, story, contact_duty), duty_cell(task, story, resolve_duty),
               std::string(word<Ending>(task, "ending"))});
  }
  return table.empty() ? "" : table.str();
}

std::string story_table(const json::value& ticket, const json::value& story) {
  Table table(
      {{"版本", Align::right}, {"时间"}, {"操作"}, {"操作者"}, {"事件"}, {"单位"}, {"说明"}});
  for (const auto& change : list(story, "events")) {
    bool first = true;
    for (const auto& event : list(change, "events")) {
      const bool dispatched = text(event, "event") == "dispatched";
      const auto& task =
          dispatched ? at(event, "assignment") : task_of(ticket, number(event, "seq"));
      table.row({first ? std::to_string(number(change, "version")) : "",
                 first ? clock_time(text(change, "at")) : "",
                 first ? std::string(move_title(text(change, "move"))) : "",
                 first ? std::string(or_code(change, "person", "principal")) : "",
                 std::string(title_of(event_titles, text(event, "event"))),
                 std::string(or_code(task, "department_name", "department")),
                 event_words(event, task)});
      first = false;
    }
  }
  return table.str();
}

std::string personal_lines(const json::value& personal) {
  const auto& caller = at(personal, "caller");
  auto lines = titled("来电人", joined({text(caller, "name"), text(caller, "phone")}));
  lines += titled("标题", text(personal, "title"));
  lines += titled("内容", text(personal, "content"));
  lines += titled("地址", text(personal, "address"));
  for (const auto& remark : list(personal, "remarks")) {
    const auto kind = title_of(remark_titles, text(remark, "kind"));
    lines += titled(fmt::format("{} v{}", kind, number(remark, "version")), text(remark, "text"));
  }
  return lines;
}

}  // namespace hotline::client

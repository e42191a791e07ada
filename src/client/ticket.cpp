#include <array>
#include <utility>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "base/ids.hpp"
#include "client/commands.hpp"
#include "client/fields.hpp"
#include "client/layout.hpp"
#include "domain/vocabulary.hpp"

namespace hotline::client {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 17> event_titles{
    {{"received", "受理"},
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
     {"closed", "结案"}}};

std::string_view event_title(std::string_view event) {
  for (const auto& [name, title] : event_titles) {
    if (name == event) return title;
  }
  return event;
}

/// `2021-06-01 08:00:00`, in the zone in which the daemon wrote it.
std::string clock_time(std::string_view rfc3339) {
  std::string time(rfc3339.substr(0, 19));
  if (time.size() > 10) time[10] = ' ';
  return time;
}

bool looks_like_time(std::string_view text) {
  return text.size() >= 20 && text[4] == '-' && text[10] == 'T';
}

std::string_view or_code(const json::value& value, std::string_view name, std::string_view code) {
  const auto found = text(value, name);
  return found.empty() ? text(value, code) : found;
}

std::string task_words(const json::value& task) {
  const auto role = parse<Role>(text(task, "role"));
  return fmt::format("{} {}", role ? chinese(*role) : "",
                     or_code(task, "department_name", "department"));
}

template <typename Enum>
std::string_view word(const json::value& object, std::string_view key) {
  const auto code = text(object, key);
  const auto value = parse<Enum>(code);
  return value ? chinese(*value) : code;
}

std::string callback_words(const json::value& event) {
  std::string words(word<CallbackOutcome>(event, "outcome"));
  if (const auto resolved = word<Resolved>(event, "resolved"); !resolved.empty())
    words += fmt::format(" {}", resolved);
  if (const auto level = word<Satisfaction>(event, "satisfaction"); !level.empty())
    words += fmt::format(" {}", level);
  return words;
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

std::string event_words(const json::value& event) {
  const auto name = text(event, "event");
  if (name == "dispatched") return task_words(at(event, "assignment"));
  if (name == "callback_made") return callback_words(event);
  if (name == "finished") return std::string(word<Outcome>(event, "outcome"));
  if (name == "deadline_passed") return std::string(word<Deadline>(event, "deadline"));
  return plain_fields(event);
}

void print_head(const json::value& ticket, const Terminal& terminal) {
  const auto line = [&](std::string_view title, std::string_view value) {
    if (value.empty()) return;
    const auto width = display_width(title);
    terminal.out << title << std::string(width < 10 ? 10 - width : 1, ' ') << value << '\n';
  };
  line("工单", text(ticket, "id"));
  line("状态", word<Status>(ticket, "status"));
  line("办理方式", word<Handling>(ticket, "handling"));
  line("办理结果", word<Outcome>(ticket, "outcome"));
  line("诉求类型", word<TicketType>(ticket, "type"));
  line("紧急程度", word<Urgency>(ticket, "urgency"));
  line("事项", or_code(ticket, "category_name", "category"));
  line("区域", or_code(ticket, "region_name", "region"));
  line("来源", fmt::format("{} {} {}", text(ticket, "channel"), text(ticket, "source"),
                           text(ticket, "source_id")));
  line("受理时间", clock_time(text(ticket, "received_at")));
  for (const auto& task : list(ticket, "assignments")) {
    const auto ending = word<Ending>(task, "ending");
    line(fmt::format("承办{}", number(task, "seq")),
         task_words(task) + (ending.empty() ? "" : fmt::format(" ({})", ending)));
  }
  if (const auto* deadlines = at(ticket, "deadlines").if_object()) {
    for (const auto& [name, time] : *deadlines)
      line(fmt::format("时限 {}", std::string_view(name)),
           clock_time(text(at(ticket, "deadlines"), name)));
  }
}

void print_personal(const json::value& personal, const Terminal& terminal) {
  const auto& caller = at(personal, "caller");
  terminal.out << fmt::format("来电人    {} {}\n", text(caller, "name"), text(caller, "phone"));
  terminal.out << fmt::format("标题      {}\n内容      {}\n", text(personal, "title"),
                              text(personal, "content"));
  for (const auto& remark : list(personal, "remarks")) {
    terminal.out << fmt::format("v{} {}  {}\n", number(remark, "version"), text(remark, "kind"),
                                text(remark, "text"));
  }
}

void print_story(const json::value& story, const Terminal& terminal) {
  Table table({{"版本", Align::right}, {"时间"}, {"操作"}, {"操作者"}, {"事件"}, {"说明"}});
  for (const auto& change : list(story, "events")) {
    bool first = true;
    for (const auto& event : list(change, "events")) {
      const auto who = or_code(change, "person", "principal");
      table.row({first ? std::to_string(number(change, "version")) : "",
                 first ? clock_time(text(change, "at")) : "",
                 first ? std::string(text(change, "move")) : "", first ? std::string(who) : "",
                 std::string(event_title(text(event, "event"))), event_words(event)});
      first = false;
    }
  }
  terminal.out << '\n' << table.str();
}

}  // namespace

Exit ticket_command(const Daemon& daemon, const std::string& id, bool personal,
                    const Terminal& terminal) {
  if (const auto number = parse_ticket_id(id); !number) {
    return refuse(terminal, fmt::format("'{}': {}", id, number.error().detail));
  }
  HttpClient client = daemon.client();
  const auto ticket =
      body_of(client.send(Call{.target = "/v1/tickets/" + id})).and_then(parse_json);
  if (!ticket) return complain(terminal, ticket.error());
  const auto story =
      body_of(client.send(Call{.target = "/v1/tickets/" + id + "/events"})).and_then(parse_json);
  if (!story) return complain(terminal, story.error());
  if (terminal.json) {
    auto shown = ticket->as_object();
    if (!personal) shown.erase("personal");
    terminal.out << json::serialize(
                        json::object{{"ticket", shown}, {"events", at(*story, "events")}})
                 << '\n';
    return Exit::ok;
  }
  print_head(*ticket, terminal);
  if (personal) print_personal(at(*ticket, "personal"), terminal);
  print_story(*story, terminal);
  return Exit::ok;
}

}  // namespace hotline::client

#include "api/notice_text.hpp"

#include <fmt/format.h>

namespace hotline::api {
namespace {

/// 2021年6月8日10:00.
std::string chinese_time(Time at, UtcOffset zone) {
  const std::string rfc3339 = format_rfc3339(at, zone);
  const std::string_view text = rfc3339;
  const auto plain = [](std::string_view two) { return two.substr(two.front() == '0' ? 1 : 0); };
  return fmt::format("{}年{}月{}日{}", text.substr(0, 4), plain(text.substr(5, 2)),
                     plain(text.substr(8, 2)), text.substr(11, 5));
}

/// (路灯), or nothing when the category has no name.
std::string category_words(const Ticket& ticket, const Catalogue& catalogue) {
  const auto* category = catalogue.category(ticket.category);
  return category == nullptr ? std::string() : fmt::format("({})", category->name);
}

/// ,将于2026年3月2日23:59前答复, while a department still has it.
std::string until_when(const Ticket& ticket, UtcOffset zone) {
  const Assignment* lead = ticket.lead();
  if (lead == nullptr) return {};
  return fmt::format(",将于{}前答复", chinese_time(lead->resolve_deadline, zone));
}

}  // namespace

std::string notice_text(const Ticket& ticket, const Notice& notice, const ViewContext& context) {
  const std::string id = to_string(ticket.id);
  const std::string about = category_words(ticket, *context.catalogue);
  const Assignment* task = ticket.assignment(notice.assignment);
  const std::string limit =
      task == nullptr ? std::string() : chinese_time(task->resolve_deadline, context.zone);
  switch (notice.kind) {
    case NoticeKind::reminder:
      return fmt::format("12345热线催办:工单{}{}须于{}前办结,请抓紧办理并答复群众。", id, about,
                         limit);
    case NoticeKind::overdue:
      return fmt::format("12345热线超期通知:工单{}{}的办结时限{}已过,请尽快办结并答复群众。", id,
                         about, limit);
    case NoticeKind::received:
      return fmt::format(
          "12345热线已受理您于{}反映的事项,工单号{},查询办理进度请拨打12345并告知工单号。",
          chinese_time(ticket.received_at, context.zone), id);
    case NoticeKind::answered:
      return fmt::format("您于{}向12345热线反映的事项(工单号{})已办结,如仍有疑问请拨打12345。",
                         chinese_time(ticket.received_at, context.zone), id);
    case NoticeKind::extended:
      return fmt::format("您于{}向12345热线反映的事项(工单号{})经批准延期办理{}。",
                         chinese_time(ticket.received_at, context.zone), id,
                         until_when(ticket, context.zone));
  }
  return {};
}

}  // namespace hotline::api

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

// The field's closed vocabularies. The numbers are stored and never change; the names are the
// API's. Adding a value takes the next free number. Chinese terms as the field writes them.

namespace hotline {

/// Where a ticket stands (状态). ARCHITECTURE.md draws the moves.
enum class Status : std::uint8_t {
  triage = 1,         ///< 待派单: a person must dispatch
  direct = 2,         ///< 直办中: the centre answers itself
  dispatched = 3,     ///< 待签收: waits in its department's queue
  in_progress = 4,    ///< 办理中: signed
  return_review = 5,  ///< 退单审核: its department returned it, the centre rules
  callback = 8,       ///< 待回访: answered, the citizen is to be called
  closed = 9,         ///< 已结案
};

/// 办理方式. Absent until decided.
enum class Handling : std::uint8_t {
  direct = 1,       ///< 直办
  transferred = 2,  ///< 转办: once ever dispatched to a department or handed to 110/119/120
};

/// How a finished ticket ended (办理结果).
enum class Outcome : std::uint8_t {
  answered = 1,    ///< 已答复
  redirected = 2,  ///< 告知渠道: the citizen was told the proper channel
  emergency = 3,   ///< 转110/119/120
  rejected = 4,    ///< 不予受理: received, not accepted
  withdrawn = 6,   ///< 撤单: the citizen took it back
};

/// 诉求类型.
enum class TicketType : std::uint8_t {
  inquiry = 1,     ///< 咨询
  help = 2,        ///< 求助
  complaint = 3,   ///< 投诉
  report = 4,      ///< 举报
  suggestion = 5,  ///< 建议
  praise = 6,      ///< 表扬
  other = 7,       ///< 其他
};

/// 紧急程度.
enum class Urgency : std::uint8_t {
  normal = 1,    ///< 一般
  urgent = 2,    ///< 紧急
  critical = 3,  ///< 特急
};

/// A department's part in a ticket (承办角色).
enum class Role : std::uint8_t {
  lead = 1,    ///< 主办: its state is the ticket's
  assist = 2,  ///< 协办
  copy = 3,    ///< 抄送: informed, nothing to do
};

/// How an assignment ended.
enum class Ending : std::uint8_t {
  answered = 1,
  withdrawn = 2,  ///< 收回: another department took the lead, or the ticket ended without this one
  noted = 3,      ///< 已阅: a copy was read
  returned = 4,   ///< 退单: its return was granted
};

/// Why a department returns a ticket (退单理由).
enum class ReturnReason : std::uint8_t {
  not_competent = 1,   ///< 不属本单位职责
  other_area = 2,      ///< 不属本辖区
  several_units = 3,   ///< 需多单位共同办理, another should lead
  unclear = 4,         ///< 诉求要素不全
  outside_duties = 5,  ///< 不属政府职责
  repeated = 6,        ///< 重复工单
};

/// What came of calling a citizen back (回访结果).
enum class CallbackOutcome : std::uint8_t {
  reached = 1,       ///< 接通
  no_answer = 2,     ///< 无人接听; tried again
  busy = 3,          ///< 占线; tried again
  refused = 4,       ///< 拒访: closes the ticket unrated
  wrong_number = 5,  ///< 号码有误: closes the ticket unrated
};

/// 是否解决.
enum class Resolved : std::uint8_t { yes = 1, partly = 2, no = 3 };

/// 满意度, five levels.
enum class Satisfaction : std::uint8_t {
  very_satisfied = 1,       ///< 非常满意
  satisfied = 2,            ///< 满意
  basically_satisfied = 3,  ///< 基本满意
  dissatisfied = 4,         ///< 不满意
  very_dissatisfied = 5,    ///< 非常不满意
};

/// What a notice (通知) is about; to whom it goes follows from it, see `audience`.
enum class NoticeKind : std::uint8_t {
  reminder = 1,   ///< 催办: the time to resolve ends soon
  overdue = 2,    ///< 超期: it has ended
  received = 3,   ///< 受理告知: the ticket's number, to the citizen
  answered = 4,   ///< 办结告知: the matter has its answer, and nobody will call back
  extended = 10,  ///< 延期告知: the department was granted more time, to the citizen
};

/// Who reads a notice (通知对象).
enum class Audience : std::uint8_t { citizen = 1, department = 2 };

/// What came of a notice (通知结果). Each ends it; one to be tried again is not told of yet.
enum class NoticeOutcome : std::uint8_t {
  sent = 1,         ///< 已发送
  unreachable = 2,  ///< 无法送达: the number does not exist, or takes no messages
};

/// The moments that a ticket's clocks can reach. Each fires once a round or assignment.
enum class Deadline : std::uint8_t {
  dispatch = 1,          ///< triage should have dispatched
  sign = 2,              ///< 签收
  contact = 3,           ///< 联系群众
  resolve_reminder = 4,  ///< 催办, some time before `resolve`
  resolve = 5,           ///< 办结
  callback_due = 6,      ///< the next call-back attempt may be made
  overdue_notice = 7,    ///< 超期通知, some time after `resolve`
  supervision = 8,       ///< 督办升级, later: the ticket is supervised from then on
  return_review = 13,    ///< 退单审核: a return should have been ruled on
};

/// How the time of an open matter stands (红黄灯).
enum class Light : std::uint8_t {
  green = 1,   ///< 正常
  yellow = 2,  ///< 黄灯: the reminder's time has come
  red = 3,     ///< 红灯: a deadline has passed and nobody did what it asks for
};

template <typename Enum>
struct Term {
  Enum value;
  std::string_view name;     ///< in the API, logs and metrics
  std::string_view chinese;  ///< in what citizens, clerks and reports read
};

inline constexpr std::array<Term<Status>, 7> status_terms{
    {{Status::triage, "triage", "待派单"},
     {Status::direct, "direct", "直办中"},
     {Status::dispatched, "dispatched", "待签收"},
     {Status::in_progress, "in_progress", "办理中"},
     {Status::return_review, "return_review", "退单审核"},
     {Status::callback, "callback", "待回访"},
     {Status::closed, "closed", "已结案"}}};
inline constexpr std::array<Term<Handling>, 2> handling_terms{
    {{Handling::direct, "direct", "直办"}, {Handling::transferred, "transferred", "转办"}}};
inline constexpr std::array<Term<Outcome>, 5> outcome_terms{
    {{Outcome::answered, "answered", "已答复"},
     {Outcome::redirected, "redirected", "告知渠道"},
     {Outcome::emergency, "emergency", "转110/119/120"},
     {Outcome::rejected, "rejected", "不予受理"},
     {Outcome::withdrawn, "withdrawn", "撤单"}}};
inline constexpr std::array<Term<TicketType>, 7> type_terms{
    {{TicketType::inquiry, "inquiry", "咨询"},
     {TicketType::help, "help", "求助"},
     {TicketType::complaint, "complaint", "投诉"},
     {TicketType::report, "report", "举报"},
     {TicketType::suggestion, "suggestion", "建议"},
     {TicketType::praise, "praise", "表扬"},
     {TicketType::other, "other", "其他"}}};
inline constexpr std::array<Term<Urgency>, 3> urgency_terms{
    {{Urgency::normal, "normal", "一般"},
     {Urgency::urgent, "urgent", "紧急"},
     {Urgency::critical, "critical", "特急"}}};
inline constexpr std::array<Term<Role>, 3> role_terms{
    {{Role::lead, "lead", "主办"}, {Role::assist, "assist", "协办"}, {Role::copy, "copy", "抄送"}}};
inline constexpr std::array<Term<Ending>, 4> ending_terms{{{Ending::answered, "answered", "已答复"},
                                                           {Ending::withdrawn, "withdrawn", "收回"},
                                                           {Ending::noted, "noted", "已阅"},
                                                           {Ending::returned, "returned", "退单"}}};
inline constexpr std::array<Term<ReturnReason>, 6> return_reason_terms{
    {{ReturnReason::not_competent, "not_competent", "不属本单位职责"},
     {ReturnReason::other_area, "other_area", "不属本辖区"},
     {ReturnReason::several_units, "several_units", "需多单位共同办理"},
     {ReturnReason::unclear, "unclear", "诉求要素不全"},
     {ReturnReason::outside_duties, "outside_duties", "不属政府职责"},
     {ReturnReason::repeated, "repeated", "重复工单"}}};
inline constexpr std::array<Term<CallbackOutcome>, 5> callback_outcome_terms{
    {{CallbackOutcome::reached, "reached", "接通"},
     {CallbackOutcome::no_answer, "no_answer", "无人接听"},
     {CallbackOutcome::busy, "busy", "占线"},
     {CallbackOutcome::refused, "refused", "拒访"},
     {CallbackOutcome::wrong_number, "wrong_number", "号码有误"}}};
inline constexpr std::array<Term<Resolved>, 3> resolved_terms{
    {{Resolved::yes, "yes", "已解决"},
     {Resolved::partly, "partly", "部分解决"},
     {Resolved::no, "no", "未解决"}}};
inline constexpr std::array<Term<Satisfaction>, 5> satisfaction_terms{
    {{Satisfaction::very_satisfied, "very_satisfied", "非常满意"},
     {Satisfaction::satisfied, "satisfied", "满意"},
     {Satisfaction::basically_satisfied, "basically_satisfied", "基本满意"},
     {Satisfaction::dissatisfied, "dissatisfied", "不满意"},
     {Satisfaction::very_dissatisfied, "very_dissatisfied", "非常不满意"}}};
inline constexpr std::array<Term<Deadline>, 9> deadline_terms{
    {{Deadline::dispatch, "dispatch", "派单时限"},
     {Deadline::sign, "sign", "签收时限"},
     {Deadline::contact, "contact", "联系时限"},
     {Deadline::resolve_reminder, "resolve_reminder", "催办"},
     {Deadline::resolve, "resolve", "办结时限"},
     {Deadline::callback_due, "callback_due", "回访"},
     {Deadline::overdue_notice, "overdue_notice", "超期通知"},
     {Deadline::supervision, "supervision", "督办升级"},
     {Deadline::return_review, "return_review", "退单审核时限"}}};
inline constexpr std::array<Term<Light>, 3> light_terms{{{Light::green, "green", "正常"},
                                                         {Light::yellow, "yellow", "黄灯"},
                                                         {Light::red, "red", "红灯"}}};

inline constexpr std::array<Term<NoticeKind>, 5> notice_kind_terms{
    {{NoticeKind::reminder, "reminder", "催办"},
     {NoticeKind::overdue, "overdue", "超期通知"},
     {NoticeKind::received, "received", "受理告知"},
     {NoticeKind::answered, "answered", "办结告知"},
     {NoticeKind::extended, "extended", "延期告知"}}};
inline constexpr std::array<Term<Audience>, 2> audience_terms{
    {{Audience::citizen, "citizen", "群众"}, {Audience::department, "department", "承办单位"}}};
inline constexpr std::array<Term<NoticeOutcome>, 2> notice_outcome_terms{
    {{NoticeOutcome::sent, "sent", "已发送"},
     {NoticeOutcome::unreachable, "unreachable", "无法送达"}}};

constexpr const auto& terms(Status) { return status_terms; }
constexpr const auto& terms(Handling) { return handling_terms; }
constexpr const auto& terms(Outcome) { return outcome_terms; }
constexpr const auto& terms(TicketType) { return type_terms; }
constexpr const auto& terms(Urgency) { return urgency_terms; }
constexpr const auto& terms(Role) { return role_terms; }
constexpr const auto& terms(Ending) { return ending_terms; }
constexpr const auto& terms(ReturnReason) { return return_reason_terms; }
constexpr const auto& terms(CallbackOutcome) { return callback_outcome_terms; }
constexpr const auto& terms(Resolved) { return resolved_terms; }
constexpr const auto& terms(Satisfaction) { return satisfaction_terms; }
constexpr const auto& terms(Deadline) { return deadline_terms; }
constexpr const auto& terms(Light) { return light_terms; }
constexpr const auto& terms(NoticeKind) { return notice_kind_terms; }
constexpr const auto& terms(Audience) { return audience_terms; }
constexpr const auto& terms(NoticeOutcome) { return notice_outcome_terms; }

constexpr Audience audience(NoticeKind kind) {
  const bool department = kind == NoticeKind::reminder || kind == NoticeKind::overdue;
  return department ? Audience::department : Audience::citizen;
}

/// The API's word for a value; empty for a number that is none.
template <typename Enum>
constexpr std::string_view name(Enum value) {
  for (const auto& term : terms(value)) {
    if (term.value == value) return term.name;
  }
  return {};
}

/// The field's Chinese word for a value.
template <typename Enum>
constexpr std::string_view chinese(Enum value) {
  for (const auto& term : terms(value)) {
    if (term.value == value) return term.chinese;
  }
  return {};
}

template <typename Enum>
constexpr std::optional<Enum> parse(std::string_view name) {
  for (const auto& term : terms(Enum{})) {
    if (term.name == name) return term.value;
  }
  return std::nullopt;
}

/// Channels (来源渠道) are open codes: one that is not in this list is taken in with a warning.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 10> known_channels{
    {{"phone", "电话"},
     {"wechat", "微信"},
     {"mini_program", "小程序"},
     {"website", "网站及书记市长信箱"},
     {"app", "客户端"},
     {"letter", "来信"},
     {"visit", "来访"},
     {"police_110", "110转来"},
     {"superior", "上级交办"},
     {"service_review", "好差评"}}};

}  // namespace hotline

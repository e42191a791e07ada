#include "client/decisions.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "domain/vocabulary.hpp"

namespace hotline::client {
namespace {

constexpr double keeps_unclear =
    0.4;  ///< share of tickets without a candidate that the centre answers itself
constexpr double very_slow_share = 0.2;  ///< of the slow ones: beyond a week
constexpr double content_after_redo = 0.4;
constexpr double refuses = 0.02;
constexpr double wrong_number = 0.01;
constexpr double busy = 0.04;
constexpr double takes_no_message = 0.02;
constexpr double will_not_rate = 0.03;

std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
  return value ^ (value >> 31U);
}

/// Distinguishes the rounds and attempts of one ticket.
std::string subject(const json::value& ticket) {
  return fmt::format("{}/{}/{}", text(ticket, "id"), number(ticket, "round"),
                     number(at(ticket, "callback"), "attempts"));
}

std::string subject(const json::value& ticket, const json::value& task) {
  return fmt::format("{}#{}", text(ticket, "id"), number(task, "seq"));
}

json::string_view quoted(std::string_view text) { return {text.data(), text.size()}; }

std::string best_department(const json::value& found) {
  if (const auto lead = text(found, "lead"); !lead.empty()) return std::string(lead);
  for (const auto& candidate : list(found, "candidates")) {
    if (const auto code = text(candidate, "department"); !code.empty()) return std::string(code);
  }
  return {};
}

/// The best candidate's department that is not `department`.
std::string_view other_candidate(const json::value& found, std::string_view department) {
  for (const auto& candidate : list(found, "candidates")) {
    const auto code = text(candidate, "department");
    if (!code.empty() && code != department) return code;
  }
  return {};
}

SimMove dispatch(const std::string& department, std::string_view note) {
  return {"dispatch", {{"department", department}, {"note", quoted(note)}}};
}

bool handed_over(const json::value& ticket) {
  const auto* handover = member(ticket, "handover");
  return handover != nullptr && handover->is_object() &&
         member(*handover, "acknowledged_at") == nullptr;
}

bool slow(const json::value& ticket, const json::value& task, const SimPolicy& policy) {
  return Dice(policy.seed, subject(ticket, task), "slow").chance(policy.slow);
}

std::string_view department_name(const json::value& task) {
  const auto name = text(task, "department_name");
  return name.empty() ? text(task, "department") : name;
}

std::string_view matter(const json::value& ticket) {
  const auto name = text(ticket, "category_name");
  return name.empty() ? std::string_view{"所反映事项"} : name;
}

std::string department_answer(const json::value& ticket, const json::value& task, Dice dice) {
  constexpr std::array<std::string_view, 5> done{
      "工作人员已到现场核实,情况属实,已督促责任单位整改,目前整改完毕。",
      "经现场查看,已安排施工队伍处理,现场已恢复正常,我单位将加强日常巡查。",
      "已与您电话沟通,相关手续和办理时限已向您说明,请按约定时间前来办理。",
      "经调查核实,已对相关责任人进行约谈并限期改正,后续将持续跟踪。",
      "已列入本月工作计划,先行采取临时措施消除隐患,彻底治理完成后再次告知您。"};
  constexpr std::array<std::string_view, 3> again{
      "针对您回访时反映的未解决问题,我单位再次到场复核,已补充处理到位。",
      "我单位负责人已带队上门说明情况,遗留问题已当场解决。",
      "已重新核查并调整处理方案,处理结果已当面向您说明。"};
  const bool redo = number(task, "round") > 1;
  const auto sentence = redo ? again[dice.below(again.size())] : done[dice.below(done.size())];
  return fmt::format("您好!您反映的“{}”问题,{}已收悉。{}感谢您对12345热线工作的支持。",
                     matter(ticket), department_name(task), sentence);
}

std::string_view citizen_words(std::string_view level, Dice dice) {
  constexpr std::array<std::string_view, 3> content{
      "处理得很及时,谢谢。", "问题已经解决,比较满意。", "工作人员态度很好。"};
  constexpr std::array<std::string_view, 3> angry{
      "只是打了个电话,问题还在。", "拖得太久,没有真正解决。", "答复是套话,请重新处理。"};
  const bool unhappy = level == "dissatisfied" || level == "very_dissatisfied";
  return unhappy ? angry[dice.below(angry.size())] : content[dice.below(content.size())];
}

std::string_view rate(const json::value& ticket, const SimPolicy& policy, Dice& dice) {
  // Who was cross once is hard to please: that is why a rate of satisfaction stays below 100 %.
  const double content = number(ticket, "round") > 1 ? content_after_redo : policy.satisfied;
  const double roll = dice.unit();
  if (!dice.chance(content)) return roll < 0.7 ? "dissatisfied" : "very_dissatisfied";
  if (roll < 0.45) return "very_satisfied";
  return roll < 0.85 ? "satisfied" : "basically_satisfied";
}

SimMove reached(const json::value& ticket, const SimPolicy& policy, Dice dice) {
  if (dice.chance(will_not_rate)) {
    return {"callback", {{"outcome", "reached"}, {"contacted", true}, {"resolved", "yes"}}};
  }
  const auto level = rate(ticket, policy, dice);
  const bool unhappy = level == "dissatisfied" || level == "very_dissatisfied";
  const std::string_view resolved =
      unhappy ? (dice.chance(0.6) ? "no" : "partly") : (dice.chance(0.06) ? "partly" : "yes");
  return {"callback",
          {{"outcome", "reached"},
           {"contacted", !unhappy || dice.chance(0.7)},
           {"resolved", quoted(resolved)},
           {"satisfaction", quoted(level)},
           {"words", quoted(citizen_words(level, dice))}}};
}

SimMove not_reached(std::string_view outcome) {
  return {"callback", {{"outcome", quoted(outcome)}}};
}

}  // namespace

Dice::Dice(std::uint64_t seed, std::string_view subject, std::string_view question)
    : state_(mix(seed + 0x9E3779B97F4A7C15ULL)) {
  for (const auto part : {subject, question}) {
    for (const char c : part) state_ = mix(state_ ^ static_cast<unsigned char>(c)) + 1;
    state_ = mix(state_ + 0xFF);
  }
}

std::uint64_t Dice::next() {
  state_ += 0x9E3779B97F4A7C15ULL;
  return mix(state_);
}

double Dice::unit() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }

std::size_t Dice::below(std::size_t end) { return end == 0 ? 0 : next() % end; }

SimMove at_the_desk(const json::value& ticket, const std::vector<std::string>& departments,
                    const SimPolicy& policy) {
  Dice dice(policy.seed, subject(ticket), "desk");
  const auto& found = at(ticket, "classification");
  if (handed_over(ticket)) {
    return {"acknowledge", {{"reference", fmt::format("JJ-{:06}", dice.below(1'000'000))}}};
  }
  if (const auto channel = text(found, "channel_to_tell"); !channel.empty()) {
    return {"redirect", {{"channel", quoted(channel)}, {"note", "已向来电人说明受理渠道"}}};
  }
  if (text(found, "handling") == "direct") return {"direct", {{"note", "知识库可答复"}}};
  if (const auto best = best_department(found); !best.empty()) {
    return dispatch(best, "按派单目录派单");
  }
  if (departments.empty() || dice.chance(keeps_unclear)) {
    return {"direct", {{"note", "由中心了解情况后答复"}}};
  }
  return dispatch(departments[dice.below(departments.size())], "目录未列,人工研判派单");
}

SimMove answer_direct(const json::value& ticket, const SimPolicy& policy) {
  constexpr std::array<std::string_view, 4> answers{
      "根据现行政策规定,您可携带身份证件到政务服务大厅窗口办理,"
      "办理时间为工作日上午九点至下午五点。",
      "相关办理流程、所需材料和收费标准已向您逐项说明,也可在政务服务网查询。",
      "您的意见建议已详细记录并反馈主管部门研究,感谢您的关心。",
      "经查询,您咨询事项的办理进度和联系电话已告知,如有疑问可再次拨打12345。"};
  Dice dice(policy.seed, subject(ticket), "direct");
  const auto sentence = answers[dice.below(answers.size())];
  return {"answer", {{"text", fmt::format("您好!关于您反映的“{}”:{}", matter(ticket), sentence)}}};
}

const json::value* assignment(const json::value& ticket, std::int64_t seq) {
  const auto& all = list(ticket, "assignments");
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const json::value& task) { return number(task, "seq") == seq; });
  return found == all.end() ? nullptr : &*found;
}

const json::value* open_lead(const json::value& ticket) {
  const auto& all = list(ticket, "assignments");
  const auto found = std::find_if(all.begin(), all.end(), [](const json::value& task) {
    return text(task, "role") == "lead" && member(task, "ending") == nullptr;
  });
  return found == all.end() ? nullptr : &*found;
}

std::optional<SimMove> return_of(const json::value& ticket, const json::value* task, Time now,
                                 const SimPolicy& policy) {
  const auto until = parse_rfc3339(text(at(ticket, "deadlines"), "return"));
  const bool may = until && now <= *until && number(ticket, "disputes") == 0;
  if (task == nullptr || !may || text(*task, "role") != "lead") return std::nullopt;
  const auto other = other_candidate(at(ticket, "classification"), text(*task, "department"));
  Dice dice(policy.seed, subject(ticket, *task), "return");
  if (other.empty() || !dice.chance(policy.returns)) return std::nullopt;
  return SimMove{"return",
                 {{"department", quoted(text(*task, "department"))},
                  {"reason", "not_competent"},
                  {"suggested", quoted(other)},
                  {"basis", "依据部门职责清单,该事项不属本单位职责。"}}};
}

SimMove rule_on_return(const json::value& ticket) {
  const auto suggested = text(at(ticket, "objection"), "suggested");
  if (suggested.empty()) return {"rule", {{"granted", false}, {"note", "未建议承办单位"}}};
  return {"rule", {{"granted", true}, {"department", quoted(suggested)}, {"note", "同意改派"}}};
}

SimMove grant_extension() {
  return {"rule-extension", {{"granted", true}, {"reason", "情况属实"}}};
}

std::vector<SimMove> after_signing(const json::value& ticket, const json::value& task,
                                   const SimPolicy& policy) {
  if (text(task, "role") == "copy" || slow(ticket, task, policy)) return {};
  return finish_task(ticket, task, policy);
}

std::vector<SimMove> finish_task(const json::value& ticket, const json::value& task,
                                 const SimPolicy& policy) {
  const auto department = quoted(text(task, "department"));
  Dice dice(policy.seed, subject(ticket, task), "answer");
  std::vector<SimMove> moves;
  if (member(task, "contacted_at") == nullptr) {
    moves.push_back({"contact", {{"department", department}, {"note", "已电话联系来电人"}}});
  }
  moves.push_back(
      {"answer", {{"department", department}, {"text", department_answer(ticket, task, dice)}}});
  return moves;
}

Time answer_due(const json::value& ticket, const json::value& task, const SimPolicy& policy) {
  const auto dispatched = parse_rfc3339(text(task, "dispatched_at"));
  const Time begin = dispatched ? *dispatched : Time{};
  if (!slow(ticket, task, policy)) return begin;
  Dice dice(policy.seed, subject(ticket, task), "when");
  const int days = dice.chance(very_slow_share) ? 8 : 1 + static_cast<int>(dice.below(3));
  return begin + std::chrono::days{days};
}

bool absent_at_first(std::string_view department, const SimPolicy& policy) {
  return Dice(policy.seed, department, "absent").chance(policy.absent);
}

SimMove send_notice(const json::value& lease, const SimPolicy& policy) {
  const auto notice = number(lease, "seq");
  const auto subject = fmt::format("{}!{}", text(at(lease, "ticket"), "id"), notice);
  const bool citizen = text(at(lease, "notice"), "audience") == "citizen";
  const bool lost = citizen && Dice(policy.seed, subject, "message").chance(takes_no_message);
  return {"notified", {{"notice", notice}, {"outcome", lost ? "unreachable" : "sent"}}};
}

SimMove call_back(const json::value& ticket, const SimPolicy& policy) {
  Dice dice(policy.seed, subject(ticket), "call");
  double roll = dice.unit();
  const auto takes = [&roll](double share) {
    roll -= share;
    return roll < 0;
  };
  if (takes(policy.no_answer)) return not_reached("no_answer");
  if (takes(busy)) return not_reached("busy");
  if (takes(refuses)) return not_reached("refused");
  if (takes(wrong_number)) return not_reached("wrong_number");
  return reached(ticket, policy, dice);
}

}  // namespace hotline::client

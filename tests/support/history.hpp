#pragma once

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "domain/command.hpp"
#include "domain/rules.hpp"
#include "domain/ticket.hpp"

namespace hotline::test {

/// Seeded moves of all the people around a ticket, sensible and senseless ones mixed. The same seed
/// gives the same moves on every machine: only the engine's raw numbers are used, never a library's
/// distribution.
class History {
 public:
  explicit History(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  bool chance(std::uint64_t percent) { return below(100) < percent; }
  template <typename T>
  const T& one_of(const std::vector<T>& values) {
    return values[below(values.size())];
  }

  Intake intake() {
    Intake move;
    move.channel = one_of(channels_);
    move.source = chance(70) ? "call-centre" : "";
    if (!move.source.empty()) move.source_id = "s" + std::to_string(++serial_);
    if (chance(30)) move.urgency = static_cast<Urgency>(1 + below(3));
    move.confidential = chance(10);
    move.personal.content = "路灯不亮" + std::to_string(serial_);
    if (chance(80)) move.personal.caller.phone = "13800000000";
    if (chance(15)) move.answer = "已答复";
    if (chance(10)) move.warnings.push_back({"unknown_region", "/region", "no such region"});
    move.classification = classification();
    if (chance(10)) move.handling = static_cast<Handling>(1 + below(2));
    if (move.answer) move.handling.reset();
    return move;
  }

  Classification classification() {
    Classification found;
    found.type = static_cast<TicketType>(1 + below(7));
    found.category = chance(85) ? one_of(categories_) : "";
    found.region = chance(60) ? "349901001" : "";
    found.confidence = static_cast<double>(below(101)) / 100;
    if (chance(40))
      found.handling = Handling::direct;
    else if (chance(90))
      found.lead = one_of(departments_);
    if (chance(20) && !found.lead.empty()) found.copy = {one_of(departments_)};
    if (chance(5)) found.emergency = "119";
    if (chance(5)) found.channel_to_tell = "人民法院";
    return found;
  }

  /// Any move at all, whatever the ticket's state.
  Move any_move() {
    switch (below(21)) {
      case 0:
        return dispatch();
      case 1:
        return TakeDirect{chance(50) ? one_of(categories_) : "", ""};
      case 2:
        return Sign{department()};
      case 3:
        return Contact{department(), "电话联系"};
      case 4:
        return Answer{department(), "已修复"};
      case 5:
        return Redirect{"人民法院", ""};
      case 6:
        return Reject{"内容不清"};
      case 7:
        return Acknowledge{"119-1"};
      case 8:
        return Tick{};
      case 9:
        return Recall{one_of(departments_)};
      case 10:
        return amend();
      case 11:
        return Supplement{"还有一盏也不亮"};
      case 12:
        return Withdraw{"已经自行解决"};
      case 13:
        return give_back();
      case 14:
        return rule();
      case 15:
        return notified();
      case 16:
        return PauseClocks{department(), "送检"};
      case 17:
        return ResumeClocks{department(), "报告已出"};
      case 18:
        return RequestExtension{department(), {}, "需协调"};
      case 19:
        return rule_on_extension();
      default:
        return callback();
    }
  }

  /// A move that the ticket's state allows, most of the time.
  Move likely_move(const Ticket& ticket) {
    if (chance(15)) return any_move();
    if (!ticket.notices.empty() && chance(20)) return notified();
    switch (ticket.status) {
      case Status::triage:
        if (ticket.handover && chance(70)) return Acknowledge{"119-1"};
        if (chance(60)) return dispatch();
        return chance(50) ? Move(TakeDirect{}) : any_move();
      case Status::direct:
        return chance(80) ? Move(Answer{"", "请携带身份证"}) : any_move();
      case Status::dispatched:
        if (chance(20)) return give_back();
        return chance(80) ? Move(Sign{}) : any_move();
      case Status::return_review:
        return chance(70) ? Move(rule()) : any_move();
      case Status::in_progress:
        if (chance(25)) return about_time();
        if (chance(30)) return Contact{"", ""};
        return chance(60) ? Move(Answer{"", "已修复"}) : any_move();
      case Status::callback:
        return chance(70) ? Move(callback()) : Move(Tick{});
      case Status::closed:
        return any_move();
    }
    return any_move();
  }

 private:
  Amend amend() {
    Amend move;
    if (chance(50)) move.type = static_cast<TicketType>(1 + below(7));
    if (chance(30)) move.urgency = static_cast<Urgency>(1 + below(3));
    if (chance(50)) move.category = one_of(categories_);
    if (chance(30)) move.content = "路灯不亮,已三天";
    if (chance(20)) move.caller_phone = "13800000001";
    return move;
  }

  Return give_back() {
    return {department(), static_cast<ReturnReason>(1 + below(6)),
            chance(60) ? one_of(departments_) : "", "依据职责清单第三条"};
  }
  Rule rule() {
    Rule move;
    move.granted = chance(60);
    if (move.granted && chance(60)) move.department = one_of(departments_);
    return move;
  }

  RuleExtension rule_on_extension() { return {department(), chance(60), {}, "情况属实"}; }

  Move about_time() {
    switch (below(4)) {
      case 0:
        return PauseClocks{"", "送检"};
      case 1:
        return ResumeClocks{"", "报告已出"};
      case 2:
        return RequestExtension{"", static_cast<std::uint32_t>(1 + below(5)), "需协调"};
      default:
        return rule_on_extension();
    }
  }

  Notified notified() {
    Notified move;
    move.notice = static_cast<std::uint16_t>(first_notice + below(4));
    move.outcome = static_cast<NoticeOutcome>(1 + below(2));
    return move;
  }

  std::string department() { return chance(70) ? "" : one_of(departments_); }

  Dispatch dispatch() {
    Dispatch move{one_of(departments_), {}, {}, chance(30) ? one_of(categories_) : "", ""};
    if (chance(25)) move.assist.push_back(one_of(departments_));
    if (chance(15)) move.copy.push_back(one_of(departments_));
    return move;
  }

  CallbackAttempt callback() {
    CallbackAttempt move;
    move.outcome =
        chance(60) ? CallbackOutcome::reached : static_cast<CallbackOutcome>(1 + below(5));
    if (move.outcome != CallbackOutcome::reached) return move;
    move.contacted = chance(90);
    move.resolved = static_cast<Resolved>(1 + below(3));
    if (chance(90)) move.satisfaction = static_cast<Satisfaction>(1 + below(5));
    move.words = chance(20) ? "谢谢" : "";
    return move;
  }

  std::mt19937_64 random_;
  std::uint64_t serial_ = 0;
  std::vector<std::string> departments_{"ZJ", "CG", "GA", "JT", "SW"};
  std::vector<std::string> categories_{"0101", "0102", "0203", "0501"};
  std::vector<std::string> channels_{"phone", "wechat", "app"};
};

}  // namespace hotline::test

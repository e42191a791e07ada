#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

/// The moves of a ticket as people type and read them.
namespace hotline::client {

struct MoveTerm {
  std::string_view name;     ///< in the API
  std::string_view chinese;  ///< in what clerks read
  std::string_view fields;   ///< what the move asks for, for its help; optional ones in brackets
};
inline constexpr std::array<MoveTerm, 19> move_terms{
    {{"sign", "签收", "[department=]"},
     {"contact", "联系群众", "[note=] [department=]"},
     {"answer", "答复", "text= [department=]"},
     {"return", "退单", "reason= basis= [suggested=] [department=]"},
     {"rule", "退单裁定", "granted=true|false [department=] [note=]"},
     {"pause", "暂停计时", "reason= [department=]"},
     {"resume", "恢复计时", "reason= [department=]"},
     {"request-extension", "申请延期", "reason= [days=] [department=]"},
     {"rule-extension", "延期审批", "granted=true|false [days=] [reason=] [department=]"},
     {"dispatch", "派单", "department= [assist=A,B] [copy=A,B] [category=] [note=]"},
     {"direct", "转为直办", "[category=] [note=]"},
     {"redirect", "告知渠道", "channel= [note=]"},
     {"reject", "不予受理", "reason="},
     {"acknowledge", "接警确认", "reference="},
     {"callback", "回访", "outcome= [contacted=true resolved= satisfaction= words=]"},
     {"amend", "更正", "[type=] [urgency=] [category=] [region=] [title=] [content=] [address=]"},
     {"supplement", "补充", "text="},
     {"withdraw", "撤单", "reason="},
     {"notified", "通知结果", "notice= outcome= [note=]"}}};

/// The Chinese word of a move, also of those that the daemon makes itself; the name when it has
/// none.
std::string_view move_title(std::string_view name);

/// The JSON body of a move from words like `text=路灯已修复`. `assist` and `copy` are lists with
/// commas, `contacted` and `granted` are true or false; `notice` and `days`
/// numbers; `outcome`, `resolved` and
/// `satisfaction` may be Chinese terms. Fails with `invalid` on a word without `=`. Pure.
Result<std::string> move_body(const std::vector<std::string>& fields, const std::string& receipt);
/// The same from a JSON object; the receipt is added to it.
Result<std::string> move_body(const std::string& object, const std::string& receipt);

}  // namespace hotline::client

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "domain/calendar.hpp"
#include "domain/vocabulary.hpp"

namespace hotline {

/// What a deadline rule lays down (时限种类).
enum class Limit : std::uint8_t {
  decide,       ///< 派单, or the centre's own answer; from when the ticket lies with the centre
  sign,         ///< 签收; this and the next two from dispatch, never from signing
  contact,      ///< 联系群众
  resolve,      ///< 办结
  reminder,     ///< 催办, so long before `resolve`
  notice,       ///< 超期通知, so long after `resolve`
  supervision,  ///< 督办升级, so long after `resolve`
  extension,    ///< 延期: the most that may be granted; in working days
};
inline constexpr std::array<Term<Limit>, 8> limit_terms{
    {{Limit::decide, "decide", "派单时限"},
     {Limit::sign, "sign", "签收时限"},
     {Limit::contact, "contact", "联系时限"},
     {Limit::resolve, "resolve", "办结时限"},
     {Limit::reminder, "reminder", "催办"},
     {Limit::notice, "notice", "超期通知"},
     {Limit::supervision, "supervision", "督办升级"},
     {Limit::extension, "extension", "延期"}}};
constexpr const auto& terms(Limit) { return limit_terms; }

inline constexpr std::array<Term<TimeUnit>, 5> time_unit_terms{
    {{TimeUnit::minutes, "min", "分钟"},
     {TimeUnit::hours, "h", "小时"},
     {TimeUnit::working_hours, "wh", "工作小时"},
     {TimeUnit::days, "d", "自然日"},
     {TimeUnit::working_days, "wd", "工作日"}}};
constexpr const auto& terms(TimeUnit) { return time_unit_terms; }

/// Whom a rule is for. What is absent says nothing.
struct RuleScope {
  bool statutory = false;  ///< 法定: goes before every rule that is not
  std::string category;    ///< a code, or the beginning of codes and `*`; empty: any
  std::optional<Urgency> urgency;
  std::uint32_t round = 1;  ///< from this round on; 2 is the first redo (重办)
  std::optional<TicketType> type;
  bool operator==(const RuleScope&) const = default;
};

struct DeadlineRule {
  Limit limit = Limit::resolve;
  RuleScope scope;
  TimeSpan span;
  bool operator==(const DeadlineRule&) const = default;
};

/// The ticket as the rules see it.
struct RuleSubject {
  TicketType type = TicketType::other;
  Urgency urgency = Urgency::normal;
  std::string_view category;
  std::uint32_t round = 1;
};

/// The deadline rules and the working calendar that they count on: what
/// conf/deadlines/rules.csv and holidays.csv say. Made once, never changed, thread-safe; a reload
/// makes new ones.
///
/// Of the rules that fit a ticket the most specific wins: a statutory one before the others, then
/// by category (a whole code, then longer beginnings of it), by urgency, by the later round, by
/// type.
class Deadlines {
 public:
  /// Every limit has a rule without any condition, so that `span` always has an answer, and no two
  /// rules have the same limit and scope; throws `std::logic_error` otherwise.
  Deadlines(Calendar calendar, std::vector<DeadlineRule> rules);

  TimeSpan span(Limit limit, const RuleSubject& subject) const;
  const Calendar& calendar() const { return calendar_; }
  const std::vector<DeadlineRule>& rules() const { return rules_; }

  /// Equal for equal rules and calendars, on every machine.
  std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  /// The rules of one limit, statutory or not. Inside a list the more specific one comes first.
  struct Rank {
    std::map<std::string, std::vector<DeadlineRule>, std::less<>> codes;
    std::map<std::string, std::vector<DeadlineRule>, std::less<>> beginnings;
    std::vector<std::size_t> lengths;  ///< of the beginnings, longest first
    const DeadlineRule* find(const RuleSubject& subject) const;
  };

  void place(const DeadlineRule& rule);

  Calendar calendar_;
  std::vector<DeadlineRule> rules_;
  std::array<std::array<Rank, 2>, limit_terms.size()> ranks_;  ///< by limit; statutory first
  std::uint64_t fingerprint_ = 0;
};

/// The rules of conf/deadlines/rules.csv as it is shipped, which names the source of each; a test
/// holds both equal.
const std::vector<DeadlineRule>& shipped_deadline_rules();

/// They, on a calendar without a published year. One object.
std::shared_ptr<const Deadlines> shipped_deadlines();

}  // namespace hotline

#include "domain/deadlines.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <tuple>

namespace hotline {
namespace {

bool fits(const RuleScope& scope, const RuleSubject& subject) {
  return (!scope.urgency || *scope.urgency == subject.urgency) && scope.round <= subject.round &&
         (!scope.type || *scope.type == subject.type);
}

/// Among rules that fit one ticket and speak of the same categories no two have the same rank.
auto specificity(const DeadlineRule& rule) {
  const RuleScope& scope = rule.scope;
  return std::tuple(scope.urgency.has_value(), scope.round, scope.type.has_value());
}

const DeadlineRule* first_that_fits(const std::vector<DeadlineRule>& rules,
                                    const RuleSubject& subject) {
  const auto found = std::ranges::find_if(
      rules, [&](const DeadlineRule& rule) { return fits(rule.scope, subject); });
  return found == rules.end() ? nullptr : &*found;
}

/// FNV-1a, 64 bits: the same number everywhere, for noticing a change.
class Fingerprint {
 public:
  Fingerprint& add(std::string_view text) {
    for (const char c : text) byte(static_cast<unsigned char>(c));
    return add(static_cast<std::int64_t>(text.size()));
  }
  Fingerprint& add(std::int64_t number) {
    for (unsigned shift = 0; shift < 64; shift += 8) {
      byte(static_cast<unsigned char>(static_cast<std::uint64_t>(number) >> shift));
    }
    return *this;
  }
  std::uint64_t value() const { return value_; }

 private:
  void byte(unsigned char one) { value_ = (value_ ^ one) * 0x100000001b3ULL; }
  std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

template <typename Enum>
std::int64_t number(Enum value) {
  return static_cast<std::int64_t>(value);
}

std::uint64_t fingerprint_of(const std::vector<DeadlineRule>& rules, const Calendar& calendar) {
  Fingerprint print;
  for (const DeadlineRule& rule : rules) {
    print.add(number(rule.limit)).add(rule.scope.statutory ? 1 : 0).add(rule.scope.category);
    print.add(rule.scope.urgency ? number(*rule.scope.urgency) : 0).add(rule.scope.round);
    print.add(rule.scope.type ? number(*rule.scope.type) : 0);
    print.add(rule.span.amount).add(number(rule.span.unit));
  }
  const WorkingHours& hours = calendar.hours();
  for (const Duration time :
       {hours.morning_from, hours.morning_to, hours.afternoon_from, hours.afternoon_to}) {
    print.add(time.count());
  }
  for (const CalendarDay& day : calendar.exceptions()) {
    print.add(day.day.time_since_epoch().count()).add(day.off ? 1 : 0);
  }
  return print.value();
}

}  // namespace

const DeadlineRule* Deadlines::Rank::find(const RuleSubject& subject) const {
  const auto among = [&](const auto& lists, std::string_view key) -> const DeadlineRule* {
    const auto list = lists.find(key);
    return list == lists.end() ? nullptr : first_that_fits(list->second, subject);
  };
  if (const auto* exact = among(codes, subject.category)) return exact;
  for (const std::size_t length : lengths) {
    if (length > subject.category.size()) continue;
    if (const auto* rule = among(beginnings, subject.category.substr(0, length))) return rule;
  }
  return nullptr;
}

Deadlines::Deadlines(Calendar calendar, std::vector<DeadlineRule> rules)
    : calendar_(std::move(calendar)),
      rules_(std::move(rules)),
      fingerprint_(fingerprint_of(rules_, calendar_)) {
  for (const DeadlineRule& rule : rules_) place(rule);
  for (const auto& term : limit_terms) {
    const bool general = std::ranges::any_of(rules_, [&](const DeadlineRule& rule) {
      return rule.limit == term.value && rule.scope == RuleScope{};
    });
    if (!general) throw std::logic_error("no general rule for " + std::string(term.name));
  }
}

void Deadlines::place(const DeadlineRule& rule) {
  Rank& rank = ranks_[static_cast<std::size_t>(rule.limit)][rule.scope.statutory ? 0 : 1];
  const std::string& category = rule.scope.category;
  const bool whole = !category.empty() && !category.ends_with('*');
  const std::string key = whole ? category : category.substr(0, category.find('*'));
  auto& list = whole ? rank.codes[key] : rank.beginnings[key];
  const auto at = std::ranges::lower_bound(list, specificity(rule), std::greater<>{}, specificity);
  const bool doubled =
      std::ranges::any_of(list, [&](const DeadlineRule& one) { return one.scope == rule.scope; });
  if (doubled) throw std::logic_error("two rules for one case");
  list.insert(at, rule);
  if (!whole && std::ranges::find(rank.lengths, key.size()) == rank.lengths.end()) {
    rank.lengths.insert(std::ranges::lower_bound(rank.lengths, key.size(), std::greater<>{}),
                        key.size());
  }
}

TimeSpan Deadlines::span(Limit limit, const RuleSubject& subject) const {
  for (const Rank& rank : ranks_[static_cast<std::size_t>(limit)]) {
    if (const DeadlineRule* rule = rank.find(subject)) return rule->span;
  }
  throw std::logic_error("no rule fits");  // the constructor has seen to it
}

const std::vector<DeadlineRule>& shipped_deadline_rules() {
  const auto general = [](Limit limit, TimeSpan span) { return DeadlineRule{limit, {}, span}; };
  const auto of = [](Limit limit, Urgency urgency, TimeSpan span) {
    return DeadlineRule{limit, {.category = "", .urgency = urgency, .type = {}}, span};
  };
  using enum TimeUnit;
  static const std::vector<DeadlineRule> rules{
      general(Limit::decide, {24, hours}),
      of(Limit::decide, Urgency::urgent, {2, hours}),
      of(Limit::decide, Urgency::critical, {1, hours}),
      general(Limit::sign, {24, hours}),
      of(Limit::sign, Urgency::urgent, {4, hours}),
      of(Limit::sign, Urgency::critical, {1, hours}),
      general(Limit::contact, {24, hours}),
      of(Limit::contact, Urgency::urgent, {4, hours}),
      of(Limit::contact, Urgency::critical, {1, hours}),
      general(Limit::resolve, {7, days}),
      of(Limit::resolve, Urgency::urgent, {24, hours}),
      of(Limit::resolve, Urgency::critical, {2, hours}),
      {Limit::resolve, {.category = "", .urgency = {}, .round = 2, .type = {}}, {3, working_days}},
      general(Limit::reminder, {24, hours}),
      general(Limit::notice, {1, days}),
      general(Limit::supervision, {3, working_days}),
      general(Limit::extension, {5, working_days}),
  };
  return rules;
}

std::shared_ptr<const Deadlines> shipped_deadlines() {
  static const auto shipped =
      std::make_shared<const Deadlines>(Calendar{}, shipped_deadline_rules());
  return shipped;
}

}  // namespace hotline

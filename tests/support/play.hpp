#pragma once

#include <string>
#include <utility>
#include <vector>

#include "domain/rules.hpp"

namespace hotline::test {

/// Tuesday 2021-06-01, 10:00 in China: within calling hours.
inline Time a_morning() { return *parse_rfc3339("2021-06-01T10:00:00+08:00"); }

/// Plays moves on one ticket, through the rules alone, and keeps its story.
class Play {
 public:
  explicit Play(Policy policy = {}) : policy_(policy) {}

  Result<void> move(const Move& move, const Actor& actor = {"test", "张三", nullptr}) {
    const TicketId id = make_ticket_id(local_day(a_morning(), policy_.zone), 0, 1);
    const Ticket* before = ticket.version == 0 ? nullptr : &ticket;
    auto events = decide(before, move, actor, {now, id, policy_});
    if (!events) return tl::make_unexpected(events.error());
    const Change change{ticket.version + 1,      now,    actor.principal, actor.person,
                        std::string(name(move)), *events};
    ticket = evolve(std::move(ticket), change);
    story.push_back(change);
    return {};
  }

  Ticket ticket;
  std::vector<Change> story;
  Time now = a_morning();

 private:
  Policy policy_;
};

/// A telephone call about a street light, which the classifier is sure `department` leads.
inline Intake confident(std::string department) {
  Intake move;
  move.channel = "phone";
  move.personal.content = "路灯不亮";
  move.personal.caller.phone = "13800000000";
  move.classification.edit().category = "0101";
  move.classification.edit().lead = std::move(department);
  move.classification.edit().handling = Handling::transferred;
  move.classification.edit().confidence = 0.95;
  return move;
}

}  // namespace hotline::test

#pragma once

#include <memory>
#include <vector>

#include "domain/deadlines.hpp"

namespace hotline::test {

/// The shipped rules, with `changed` in place of those for the same case, or beside them.
inline std::shared_ptr<const Deadlines> deadlines_with(const std::vector<DeadlineRule>& changed,
                                                       Calendar calendar = {}) {
  std::vector<DeadlineRule> rules = shipped_deadline_rules();
  for (const DeadlineRule& rule : changed) {
    std::erase_if(rules, [&](const DeadlineRule& one) {
      return one.limit == rule.limit && one.scope == rule.scope;
    });
    rules.push_back(rule);
  }
  return std::make_shared<const Deadlines>(std::move(calendar), std::move(rules));
}

}  // namespace hotline::test

#include "domain/agreement.hpp"

#include <algorithm>
#include <string_view>

namespace hotline {
namespace {

/// Who led last; empty when nobody ever did.
std::string_view last_lead(const Ticket& ticket) {
  const auto& all = ticket.assignments;
  const auto found = std::find_if(all.rbegin(), all.rend(),
                                  [](const Assignment& a) { return a.role == Role::lead; });
  return found == all.rend() ? std::string_view() : std::string_view(found->department);
}

bool keeps_category(const Ticket& ticket) {
  return ticket.category == ticket.classification->category;
}

bool keeps_lead(const Ticket& ticket) {
  const std::string_view lead = last_lead(ticket);
  return lead.empty() || lead == ticket.classification->lead;
}

/// As `decide_intake` does.
bool sent_by_machine(const Ticket& ticket) {
  const Classification& found = *ticket.classification;
  return found.confidence >= *found.automatic_from && !found.lead.empty() &&
         found.emergency.empty() && found.channel_to_tell.empty() && ticket.warnings.empty();
}

bool sent_by_person(const Ticket& before, const Ticket& after) {
  return before.status == Status::triage && last_lead(before).empty() &&
         (after.status == Status::dispatched || after.status == Status::direct);
}

}  // namespace

std::optional<Agreement> agreement(const Ticket& before, const Ticket& after) {
  const Classification& proposed = *after.classification;
  if (!proposed.automatic_from || !keeps_category(before) || !keeps_lead(before)) {
    return std::nullopt;
  }
  if (!proposed.category.empty() && !keeps_category(after)) return Agreement::category_changed;
  if (!proposed.lead.empty() && !keeps_lead(after)) return Agreement::department_changed;
  if (sent_by_person(before, after)) return Agreement::confirmed;
  const bool answered = !before.finished_at && after.outcome == Outcome::answered;
  if (answered && sent_by_machine(after)) return Agreement::stood;
  return std::nullopt;
}

}  // namespace hotline

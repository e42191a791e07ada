#include "domain/ticket.hpp"

#include <algorithm>

namespace hotline {

void Assignment::set(const DueTimes& due) {
  sign_deadline = due.sign;
  contact_deadline = due.contact;
  resolve_deadline = due.resolve;
  remind_at = due.remind;
  notice_at = due.notice;
  supervise_at = due.supervise;
}

const Assignment* Ticket::lead() const {
  const auto found = std::ranges::find_if(
      assignments, [](const Assignment& a) { return a.role == Role::lead && !a.ending; });
  return found == assignments.end() ? nullptr : &*found;
}

const Assignment* Ticket::assignment(std::uint16_t seq) const {
  // Sequence numbers are places in the append-only list, counted from one.
  return seq == 0 || seq > assignments.size() ? nullptr : &assignments[seq - 1U];
}

const Notice* Ticket::notice(std::uint16_t number) const {
  const bool known =
      number >= first_notice && static_cast<std::size_t>(number - first_notice) < notices.size();
  return known ? &notices[static_cast<std::size_t>(number - first_notice)] : nullptr;
}

}  // namespace hotline

#pragma once

#include <algorithm>

#include "api/auth.hpp"
#include "api/views.hpp"
#include "domain/ticket.hpp"

namespace hotline::api {

/// Whether one of `departments` has or had a task in the ticket; null: all departments.
inline bool concerns(const Ticket& ticket, const DepartmentSet& departments) {
  if (!departments) return true;
  return std::ranges::any_of(ticket.assignments, [&](const Assignment& assignment) {
    return departments->contains(assignment.department);
  });
}

/// The centre and the posting systems see every ticket, a department only those in which it has or
/// had a task.
inline bool may_see(const Principal& principal, const Ticket& ticket, const Catalogue& catalogue) {
  if (principal.sees_all() || principal.has(Scope::intake)) return true;
  return concerns(ticket, principal.expand(catalogue));
}

inline Privacy privacy_of(const Principal& principal) {
  return principal.sees_all() ? Privacy::masked : Privacy::department;
}

/// The same for a ticket that does not exist and one that the caller may not see.
inline tl::unexpected<Error> no_such_ticket() {
  return fail(ErrorCode::not_found,
              "there is no ticket with this number, or none that you may see");
}

}  // namespace hotline::api

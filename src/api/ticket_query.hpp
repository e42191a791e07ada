#pragma once

#include <initializer_list>
#include <string_view>

#include "api/call.hpp"
#include "engine/reader.hpp"

namespace hotline::api {

/// Which tickets a list or an export shows.
struct TicketQuery {
  TicketFilter filter;
  TicketId begin;  ///< the first number that is looked at
};

/// Reads status, department, region, category, type, from, to and overdue; `more` are the call's
/// own parameters, which it reads itself. All faults at once. A department's token gets tickets of
/// one of its departments.
Result<TicketQuery> ticket_query(const Call& call, const Catalogue& catalogue,
                                 std::initializer_list<std::string_view> more);

}  // namespace hotline::api

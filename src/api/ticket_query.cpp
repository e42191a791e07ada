#include "api/ticket_query.hpp"

#include <vector>

#include <fmt/format.h>

namespace hotline::api {
namespace {

/// A day or a time; a day means its first moment.
Result<std::optional<Time>> query_time(const http::Request& request, std::string_view name,
                                       UtcOffset zone) {
  const std::string* text = request.query_value(name);
  if (text == nullptr) return std::nullopt;
  if (const auto day = parse_day(*text)) return start_of_day(*day, zone);
  if (const auto time = parse_rfc3339(*text)) return *time;
  return invalid_field(name,
                       "must be a day like 2021-06-01 or a time with zone like "
                       "2021-06-01T08:00:00+08:00 (+ is %2B in a query)");
}

template <typename Enum>
Result<std::optional<Enum>> query_term(const http::Request& request, std::string_view name) {
  const std::string* text = request.query_value(name);
  if (text == nullptr) return std::nullopt;
  const auto value = parse<Enum>(*text);
  if (!value) return invalid_field(name, "must be one of " + ObjectReader::term_names<Enum>());
  return value;
}

std::string query_text(const http::Request& request, std::string_view name) {
  const std::string* text = request.query_value(name);
  return text == nullptr ? std::string() : *text;
}

/// A department's token lists one of its own departments; it names which when it has several.
Result<std::string> listed_department(const Call& call, const Catalogue& catalogue) {
  std::string asked = query_text(call.request, "department");
  if (call.principal.sees_all()) return asked;
  const DepartmentSet own = call.principal.expand(catalogue);
  if (!asked.empty() && own->contains(asked)) return asked;
  if (asked.empty() && own->size() == 1) return *own->begin();
  return invalid_field("department", asked.empty() ? "name one of this token's departments"
                                                   : "is not one of this token's departments");
}

}  // namespace

Result<TicketQuery> ticket_query(const Call& call, const Catalogue& catalogue,
                                 std::initializer_list<std::string_view> more) {
  const http::Request& request = call.request;
  FieldErrors errors;
  TicketQuery out;
  std::vector<std::string_view> names{"status", "department", "region",  "category", "type",
                                      "from",   "to",         "overdue", "light"};
  names.insert(names.end(), more);
  const auto known = known_query(request, names);
  if (!known) errors.add(known.error());
  take(query_term<Status>(request, "status"), out.filter.status, errors);
  take(query_term<TicketType>(request, "type"), out.filter.type, errors);
  take(query_term<Light>(request, "light"), out.filter.light, errors);
  out.filter.now = call.engine().now();
  take(query_time(request, "from", call.api.zone()), out.filter.from, errors);
  take(query_time(request, "to", call.api.zone()), out.filter.to, errors);
  take(listed_department(call, catalogue), out.filter.department, errors);
  out.filter.region = query_text(request, "region");
  out.filter.category = query_text(request, "category");
  const std::string overdue = query_text(request, "overdue");
  if (overdue == "true") out.filter.overdue_at = out.filter.now;
  if (!overdue.empty() && overdue != "true" && overdue != "false") {
    errors.add("overdue", "must be true or false");
  }
  if (!errors.empty()) return tl::make_unexpected(errors.take());
  return out;
}

}  // namespace hotline::api

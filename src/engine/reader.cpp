#include "engine/reader.hpp"

#include <algorithm>

#include "domain/clocks.hpp"
#include "records/codec.hpp"
#include "records/keys.hpp"

namespace hotline {
namespace {

constexpr std::size_t looked_at_max = 5'000;

/// Reads the values of one space for `ids`; absent where there is none.
template <typename MakeKey>
Result<std::vector<std::optional<std::string>>> get_all(const StoreReader& store, Space space,
                                                        std::span<const TicketId> ids,
                                                        MakeKey make_key) {
  std::vector<Key> keys;
  keys.reserve(ids.size());
  for (const TicketId id : ids) keys.push_back({space, make_key(id)});
  return store.multi_get(keys);
}

template <typename T, typename Decode>
Result<std::optional<T>> get_one(const StoreReader& store, Space space, std::string key,
                                 Decode decode) {
  const std::array<Key, 1> keys{Key{space, std::move(key)}};
  auto values = store.multi_get(keys);
  if (!values) return tl::make_unexpected(values.error());
  if (!values->front()) return std::nullopt;
  return decode(*values->front()).map([](T value) { return std::optional<T>(std::move(value)); });
}

/// The deadline that the ticket stands under now; absent when none runs.
std::optional<Time> present_deadline(const Ticket& ticket) {
  if (ticket.finished_at && ticket.status != Status::dispatched &&
      ticket.status != Status::in_progress && ticket.status != Status::direct) {
    return std::nullopt;
  }
  if (const Assignment* lead = ticket.lead()) return lead->resolve_deadline;
  return ticket.decide_deadline;
}

bool shows(const TicketFilter& filter, const Ticket& ticket) {
  const auto holds = [&](const Assignment& a) {
    return a.department == filter.department && a.ending != Ending::withdrawn;
  };
  if (filter.status && ticket.status != *filter.status) return false;
  if (!filter.region.empty() && ticket.region != filter.region) return false;
  if (!filter.category.empty() && ticket.category != filter.category) return false;
  if (filter.type && ticket.type != *filter.type) return false;
  if (filter.from && ticket.received_at < *filter.from) return false;
  if (filter.to && ticket.received_at >= *filter.to) return false;
  if (!filter.department.empty() && std::ranges::none_of(ticket.assignments, holds)) return false;
  if (filter.light && light_of(ticket, filter.now) != filter.light) return false;
  if (!filter.overdue_at) return true;
  const auto deadline = present_deadline(ticket);
  return deadline && *deadline < *filter.overdue_at;
}

/// Times are of 1970 and later in their own zone (base/time.hpp).
constexpr Day earliest_day{std::chrono::year{1969} / std::chrono::January / 1};

/// Rows of one span that cover [from, to).
struct Part {
  Span span = Span::day;
  Day from{};
  Day to{};
};

std::vector<Part> parts_of(Day from, Day to) {
  const Day first_month = month_of(from) == from ? from : span_end(Span::month, from);
  const Day last_month = month_of(to);
  if (first_month >= last_month) return {{Span::day, from, to}};
  return {{Span::day, from, first_month},
          {Span::month, first_month, last_month},
          {Span::day, last_month, to}};
}

}  // namespace

Result<std::optional<Ticket>> TicketReader::ticket(TicketId id) const {
  return get_one<Ticket>(store_, Space::ticket, ticket_key(id), decode_ticket);
}

Result<std::optional<Personal>> TicketReader::personal(TicketId id) const {
  return get_one<Personal>(store_, Space::personal, personal_key(id), decode_personal);
}

Result<std::vector<Change>> TicketReader::story(TicketId id) const {
  std::vector<Change> out;
  std::optional<Error> broken;
  const KeyRange range = event_range(id);
  auto scanned = store_.scan(Space::event, range.from, range.to, [&](auto, std::string_view value) {
    auto change = decode_change(value);
    if (!change)
      broken = change.error();
    else
      out.push_back(std::move(*change));
    return !broken;
  });
  if (!scanned) return tl::make_unexpected(scanned.error());
  if (broken) return tl::make_unexpected(*broken);
  return out;
}

Result<std::vector<TicketReader::Full>> TicketReader::full(std::span<const TicketId> ids) const {
  auto tickets = get_all(store_, Space::ticket, ids, ticket_key);
  if (!tickets) return tl::make_unexpected(tickets.error());
  auto personals = get_all(store_, Space::personal, ids, personal_key);
  if (!personals) return tl::make_unexpected(personals.error());
  std::vector<Full> out;
  out.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!(*tickets)[i]) continue;
    auto ticket = decode_ticket(*(*tickets)[i]);
    if (!ticket) return tl::make_unexpected(ticket.error());
    Full full{std::move(*ticket), {}};
    if ((*personals)[i]) {
      auto personal = decode_personal(*(*personals)[i]);
      if (!personal) return tl::make_unexpected(personal.error());
      full.personal = std::move(*personal);
    }
    out.push_back(std::move(full));
  }
  return out;
}

Result<TicketPage> TicketReader::list(const TicketFilter& filter, TicketId begin,
                                      std::size_t limit) const {
  TicketPage page;
  std::optional<Error> broken;
  std::size_t looked_at = 0;
  auto scanned = store_.scan(Space::ticket, ticket_key(begin), {},
                             [&](std::string_view key, std::string_view value) {
                               if (page.tickets.size() >= limit || ++looked_at > looked_at_max) {
                                 page.next = parse_ticket_key(key);
                                 return false;
                               }
                               auto ticket = decode_ticket(value);
                               if (!ticket)
                                 broken = ticket.error();
                               else if (shows(filter, *ticket))
                                 page.tickets.push_back(std::move(*ticket));
                               return !broken;
                             });
  if (!scanned) return tl::make_unexpected(scanned.error());
  if (broken) return tl::make_unexpected(*broken);
  return page;
}

Result<std::vector<Ticket>> TicketReader::work(const std::string& department,
                                               std::size_t limit) const {
  std::vector<TicketId> ids;
  const KeyRange range = work_range(department);
  auto scanned = store_.scan(Space::work, range.from, range.to, [&](std::string_view key, auto) {
    if (const auto parsed = parse_work_key(key)) ids.push_back(parsed->ticket);
    return ids.size() < limit;
  });
  if (!scanned) return tl::make_unexpected(scanned.error());
  auto values = get_all(store_, Space::ticket, ids, ticket_key);
  if (!values) return tl::make_unexpected(values.error());
  std::vector<Ticket> out;
  for (const auto& value : *values) {
    if (!value) continue;
    auto ticket = decode_ticket(*value);
    if (!ticket) return tl::make_unexpected(ticket.error());
    out.push_back(std::move(*ticket));
  }
  return out;
}

Result<TicketReader::TotalsByValue> TicketReader::counters(Day from, Day to,
                                                           Dimension dimension) const {
  TotalsByValue out;
  std::optional<Error> broken;
  const auto add = [&](std::string_view key, std::string_view value) {
    const auto parsed = parse_counter_key(key);
    const auto row = decode_counter_row(value);
    if (parsed && row)
      out[parsed->value].add(*parsed, *row, to);
    else
      broken = Error{ErrorCode::internal, "a counter row is damaged", {}};
    return !broken;
  };
  for (const auto& part : parts_of(from, to)) {
    const KeyRange range = counter_range(dimension, part.span, part.from, part.to);
    auto scanned = store_.scan(Space::counter, range.from, range.to, add);
    if (!scanned) return tl::make_unexpected(scanned.error());
    if (broken) return tl::make_unexpected(*broken);
  }
  return out;
}

Result<TicketReader::TotalsByValue> TicketReader::counters_before(Day day,
                                                                  Dimension dimension) const {
  return counters(std::min(earliest_day, day), day, dimension);
}

}  // namespace hotline

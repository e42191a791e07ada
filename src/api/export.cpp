#include <algorithm>
#include <chrono>
#include <stdexcept>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "api/accept.hpp"
#include "api/call.hpp"
#include "api/csv.hpp"
#include "api/ticket_query.hpp"
#include "api/unmasking.hpp"
#include "domain/labels.hpp"

// GET /v1/export/...: everything that a filter shows, streamed. Each ticket is as it was when its
// line was made; a ticket that comes in meanwhile may be in it or not.

namespace hotline::api {
namespace {

constexpr std::string_view lines_media = "application/x-ndjson";
constexpr std::string_view csv_media = "text/csv";
constexpr std::size_t tickets_together = 100;
/// Others who read are let pass.
constexpr std::chrono::milliseconds pause_when_full{100};

/// What an export was asked for, once everybody may know of it.
struct Order {
  TicketQuery query;
  Privacy privacy = Privacy::masked;
};

/// `after` is the last ticket that came whole: where a broken export goes on.
Result<TicketId> begin_of(const http::Request& request) {
  const std::string* after = request.query_value("after");
  if (after == nullptr) return TicketId{};
  const auto last = parse_ticket_id(*after);
  if (!last) return invalid_field("after", "must be the number of a ticket, as in the export");
  return TicketId{last->value + 1};
}

asio::awaitable<Result<Order>> take_order(const Call& call, std::string action) {
  const ViewContext context = call.view_context();
  FieldErrors errors;
  Order order;
  std::string person;
  std::optional<Actor> unmasker;
  take(ticket_query(call, *context.catalogue, {"after", "unmask"}), order.query, errors);
  take(begin_of(call.request), order.query.begin, errors);
  take(required_person(call.request), person, errors);
  if (!errors.empty()) co_return tl::make_unexpected(errors.take());
  auto unmasking = unmasker_of(call);
  if (!unmasking) co_return tl::make_unexpected(std::move(unmasking.error()));
  if (*unmasking) order.privacy = Privacy::unmasked;
  if (*unmasking) action += ".unmasked";
  const Actor actor{call.principal.name, std::move(person), nullptr};
  constexpr TicketId many;
  const auto audited = co_await audit(call, actor, std::move(action), many);
  if (!audited) co_return tl::make_unexpected(audited.error());
  co_return order;
}

// --- pages --------------------------------------------------------------------------------------

template <typename Entry>
struct Page {
  std::vector<Entry> entries;
  std::optional<TicketId> next;
};

using FullTicket = TicketReader::Full;
using TicketStory = std::pair<TicketId, std::vector<Change>>;

Result<Page<FullTicket>> read_tickets(const TicketReader& reader, const TicketQuery& query) {
  auto page = reader.list(query.filter, query.begin, tickets_together);
  if (!page) return tl::make_unexpected(std::move(page.error()));
  std::vector<TicketId> ids;
  for (const auto& ticket : page->tickets) ids.push_back(ticket.id);
  auto full = reader.full(ids);
  if (!full) return tl::make_unexpected(std::move(full.error()));
  return Page<FullTicket>{std::move(*full), page->next};
}

Result<Page<TicketStory>> read_stories(const TicketReader& reader, const TicketQuery& query) {
  auto page = reader.list(query.filter, query.begin, tickets_together);
  if (!page) return tl::make_unexpected(std::move(page.error()));
  Page<TicketStory> out{{}, page->next};
  for (const auto& ticket : page->tickets) {
    auto story = reader.story(ticket.id);
    if (!story) return tl::make_unexpected(std::move(story.error()));
    out.entries.emplace_back(ticket.id, std::move(*story));
  }
  return out;
}

/// A ticket with what persons decided about it.
struct LabelledTicket {
  FullTicket full;
  Labels labels;
};

Result<Page<LabelledTicket>> read_labelled(const TicketReader& reader, const TicketQuery& query) {
  auto page = read_stories(reader, query);
  if (!page) return tl::make_unexpected(std::move(page.error()));
  Page<LabelledTicket> out{{}, page->next};
  for (const auto& [id, story] : page->entries) {
    Labels labels = labels_of(story);
    if (!labels.at()) continue;
    auto full = reader.full(std::span(&id, 1));
    if (!full) return tl::make_unexpected(std::move(full.error()));
    if (!full->empty()) out.entries.push_back({std::move(full->front()), std::move(labels)});
  }
  return out;
}

/// How one kind of entry is read and written.
template <typename Entry>
struct Export {
  using Read = Result<Page<Entry>> (*)(const TicketReader&, const TicketQuery&);
  using Write = std::string (*)(const Entry&, const ViewContext&, Privacy);
  Read read;
  Write write;
};

std::string done_line(std::size_t entries) {
  JsonWriter out;
  out.begin_object().field("done", true).field("tickets", entries).end_object();
  return out.take() + '\n';
}

/// In place of the last line: the export is not whole.
std::string broken_line(const Error& error, const http::Request& request) {
  JsonWriter out;
  out.begin_object().field("done", false).key("problem");
  out.raw(http::problem(error, request).body).end_object();
  return out.take() + '\n';
}

/// Sends every entry, a page at a time; then, when `closing` is wanted, whether it is all.
template <typename Entry>
asio::awaitable<void> send_all(Call call, http::Stream& stream, Order order, Export<Entry> how,
                               bool closing) {
  const ViewContext context = call.view_context();
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer pause(executor);
  std::size_t count = 0;
  bool more = true;
  while (more) {
    auto read = [&reader = call.reader(), query = order.query, how] {
      return how.read(reader, query);
    };
    auto page = co_await call.api.reads.run<Page<Entry>>(std::move(read));
    std::string text;
    if (page) {
      for (const Entry& entry : page->entries) text += how.write(entry, context, order.privacy);
      count += page->entries.size();
      more = page->next.has_value();
      order.query.begin = page->next.value_or(TicketId{});
      if (!more && closing) text += done_line(count);
    } else if (page.error().code == ErrorCode::overloaded) {
      pause.expires_after(pause_when_full);
      co_await pause.async_wait(asio::use_awaitable);
    } else {
      // A CSV has no place for it: it is cut off, so that nobody takes it for whole.
      if (!closing) throw std::runtime_error(page.error().detail);
      text = broken_line(page.error(), call.request);
      more = false;
    }
    auto received = co_await stream.write(std::move(text));
    more = more && received;
  }
}

// --- forms --------------------------------------------------------------------------------------

std::string ticket_line(const FullTicket& full, const ViewContext& context, Privacy privacy) {
  JsonWriter out(4'096);
  write_ticket(out, full.ticket, context, &full.personal, privacy);
  return out.take() + '\n';
}

std::string story_lines(const TicketStory& story, const ViewContext& context, Privacy) {
  std::string text;
  for (const Change& change : story.second) {
    JsonWriter out;
    out.begin_object().field("ticket", to_string(story.first)).key("change");
    write_change(out, change, context);
    out.end_object();
    text += out.take() + '\n';
  }
  return text;
}

void write_label(JsonWriter& out, std::string_view head, const std::optional<Label>& label) {
  if (!label) return;
  out.field(head, label->value).field(fmt::format("{}_by", head), label->by);
}

/// One row to train from, flat, so that a column mapping can name every field.
std::string training_line(const LabelledTicket& labelled, const ViewContext& context,
                          Privacy privacy) {
  const Ticket& ticket = labelled.full.ticket;
  const Personal shown = shown_personal(labelled.full.personal, privacy);
  JsonWriter out(2'048);
  out.begin_object().field("id", to_string(ticket.id));
  out.field("received_at", format_rfc3339(ticket.received_at, context.zone));
  out.field("labelled_at", format_rfc3339(*labelled.labels.at(), context.zone));
  out.field("channel", ticket.channel).field("region", ticket.region);
  out.field("title", shown.title).field("content", shown.content);
  write_label(out, "category", labelled.labels.category);
  write_label(out, "department", labelled.labels.department);
  write_label(out, "type", labelled.labels.type);
  out.end_object();
  return out.take() + '\n';
}

constexpr std::string_view csv_columns =
    "id,status,handling,outcome,channel,type,urgency,category,category_name,region,region_name,"
    "received_at,created_at,finished_at,closed_at,round,supervised,lead,lead_name,dispatched_at,"
    "signed_at,contacted_at,answered_at,resolve_deadline,callback_attempts,resolved,satisfaction,"
    "source,source_id,caller,phone,title,content,address\r\n";

/// One line of the CSV in the making.
class CsvLine {
 public:
  explicit CsvLine(UtcOffset zone) : zone_(zone) {}

  CsvLine& add(std::string_view text) {
    line_ += csv_field(text);
    line_ += ',';
    return *this;
  }
  CsvLine& add(const std::optional<Time>& time) {
    return add(time ? format_rfc3339(*time, zone_) : std::string());
  }
  template <typename Enum>
  CsvLine& add_term(const std::optional<Enum>& term) {
    return add(term ? name(*term) : std::string_view());
  }
  std::string take() {
    line_.pop_back();
    return std::move(line_) + "\r\n";
  }

 private:
  UtcOffset zone_;
  std::string line_;
};

const Assignment* last_lead(const Ticket& ticket) {
  const auto& all = ticket.assignments;
  const auto found = std::find_if(all.rbegin(), all.rend(),
                                  [](const Assignment& a) { return a.role == Role::lead; });
  return found == all.rend() ? nullptr : &*found;
}

template <typename Info>
std::string_view name_of(const Info* info) {
  return info == nullptr ? std::string_view() : std::string_view(info->name);
}

void add_lead(CsvLine& line, const Ticket& ticket, const Catalogue& catalogue) {
  static const Assignment nobody;
  const Assignment* found = last_lead(ticket);
  const Assignment& lead = found == nullptr ? nobody : *found;
  const auto given = [&](Time time) {
    return found == nullptr ? std::optional<Time>() : std::optional(time);
  };
  line.add(lead.department).add(name_of(catalogue.department(lead.department)));
  line.add(given(lead.dispatched_at)).add(lead.signed_at).add(lead.contacted_at);
  line.add(lead.answered_at).add(given(lead.resolve_deadline));
}

void add_rating(CsvLine& line, const CallbackState& callback) {
  const auto& rating = callback.rating;
  line.add(fmt::format("{}", callback.attempts));
  line.add(rating ? name(rating->resolved) : std::string_view());
  line.add_term(rating ? rating->satisfaction : std::nullopt);
}

std::string ticket_row(const FullTicket& full, const ViewContext& context, Privacy privacy) {
  const Ticket& ticket = full.ticket;
  const Catalogue& catalogue = *context.catalogue;
  CsvLine line(context.zone);
  line.add(to_string(ticket.id)).add(name(ticket.status)).add_term(ticket.handling);
  line.add_term(ticket.outcome).add(ticket.channel).add(name(ticket.type));
  line.add(name(ticket.urgency)).add(ticket.category);
  line.add(name_of(catalogue.category(ticket.category))).add(ticket.region);
  line.add(name_of(catalogue.region(ticket.region))).add(std::optional(ticket.received_at));
  line.add(std::optional(ticket.created_at)).add(ticket.finished_at).add(ticket.closed_at);
  line.add(fmt::format("{}", ticket.round)).add(ticket.supervised ? "true" : "false");
  add_lead(line, ticket, catalogue);
  add_rating(line, ticket.callback);
  line.add(ticket.source).add(ticket.source_id);
  const Personal shown = shown_personal(full.personal, privacy);
  line.add(shown.caller.name).add(shown.caller.phone).add(shown.title).add(shown.content);
  line.add(shown.address);
  return line.take();
}

// --- calls --------------------------------------------------------------------------------------

Answering export_tickets(Call call, http::Stream& stream) {
  const auto media = preferred(call.request.header("Accept"), {lines_media, csv_media});
  if (!media) {
    co_return fail(ErrorCode::not_acceptable, "Accept must allow application/x-ndjson or text/csv");
  }
  auto order = co_await take_order(call, "tickets.exported");
  if (!order) co_return tl::make_unexpected(std::move(order.error()));
  const bool csv = *media == csv_media;
  http::Response head;
  head.content_type = csv ? "text/csv; charset=utf-8" : std::string(lines_media);
  stream.begin(std::move(head));
  std::string columns(csv ? csv_columns : std::string_view());
  co_await stream.write(std::move(columns));
  const Export<FullTicket> how{read_tickets, csv ? ticket_row : ticket_line};
  co_await send_all(call, stream, *order, how, !csv);
  co_return http::Response{};
}

Answering export_events(Call call, http::Stream& stream) {
  auto order = co_await take_order(call, "events.exported");
  if (!order) co_return tl::make_unexpected(std::move(order.error()));
  http::Response head;
  head.content_type = lines_media;
  stream.begin(std::move(head));
  const Export<TicketStory> how{read_stories, story_lines};
  co_await send_all(call, stream, *order, how, true);
  co_return http::Response{};
}

Answering export_training(Call call, http::Stream& stream) {
  auto order = co_await take_order(call, "training.exported");
  if (!order) co_return tl::make_unexpected(std::move(order.error()));
  http::Response head;
  head.content_type = lines_media;
  stream.begin(std::move(head));
  const Export<LabelledTicket> how{read_labelled, training_line};
  co_await send_all(call, stream, *order, how, true);
  co_return http::Response{};
}

}  // namespace

void add_export_routes(const std::shared_ptr<Api>& api, std::vector<http::Route>& routes) {
  const Scopes exporters = Scope::supervisor | Scope::admin;
  routes.push_back(guarded_stream(api, http::Verb::get, "/v1/export/tickets", "exportTickets",
                                  exporters, export_tickets));
  routes.push_back(guarded_stream(api, http::Verb::get, "/v1/export/events", "exportEvents",
                                  exporters, export_events));
  routes.push_back(guarded_stream(api, http::Verb::get, "/v1/export/training", "exportTraining",
                                  exporters, export_training));
}

}  // namespace hotline::api

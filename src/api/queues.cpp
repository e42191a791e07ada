#include <algorithm>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "api/body.hpp"
#include "api/call.hpp"
#include "api/unmasking.hpp"
#include "api/visibility.hpp"
#include "domain/entries.hpp"

// Queues, leases, work in hand and dead letters.

namespace hotline::api {
namespace {

constexpr Scopes queue_readers = Scope::department | Scope::desk | Scope::callback | Scope::notice |
                                 Scope::supervisor | Scope::admin | Scope::metrics;
constexpr Scopes lease_holders =
    Scope::department | Scope::desk | Scope::supervisor | Scope::callback | Scope::notice;

tl::unexpected<Error> no_such_queue(std::string_view queue) {
  return fail(
      ErrorCode::not_found,
      fmt::format("there is no queue \"{}\"; GET /v1/queues lists those that hold something, "
                  "GET /v1/departments the departments, which have one each",
                  queue.size() <= code_bytes_max ? queue : "..."));
}

bool may_lease(const Principal& principal, const std::string& queue, const Catalogue& catalogue) {
  if (queue == callback_queue) return principal.has(Scope::callback);
  const bool ruled_on = queue == returns_queue || queue == extensions_queue;
  if (ruled_on) return principal.has(Scope::desk | Scope::supervisor);
  if (queue == notice_queue) return principal.has(Scope::notice);
  if (is_centre_queue(queue)) return principal.has(Scope::desk);
  const DepartmentSet own = principal.expand(catalogue);
  return principal.has(Scope::department) && (!own || own->contains(queue));
}

bool may_look(const Principal& principal, const std::string& queue, const Catalogue& catalogue) {
  return principal.sees_all() || principal.has(Scope::metrics) ||
         may_lease(principal, queue, catalogue);
}

asio::awaitable<Result<std::vector<QueueStats>>> stats_of(Engine& engine,
                                                          std::optional<std::string> queue) {
  return completion<std::vector<QueueStats>>(
      [&engine, queue = std::move(queue)](Engine::Reply<std::vector<QueueStats>> reply) mutable {
        engine.queue_stats(std::move(queue), std::move(reply));
      });
}

void write_stats(JsonWriter& out, const QueueStats& stats, const ViewContext& context, Time now) {
  out.begin_object().field("queue", stats.queue);
  out.field("name", queue_name(stats.queue, *context.catalogue));
  out.field("depth", stats.depth).field("leased", stats.leased);
  out.field("dead_letters", stats.dead_letters).field("overdue", stats.overdue);
  Duration age{};
  if (stats.oldest) {
    out.field("oldest", std::string_view(format_rfc3339(*stats.oldest, context.zone)));
    age = std::max(now - *stats.oldest, Duration::zero());
  }
  out.field("oldest_age_s", std::chrono::floor<std::chrono::seconds>(age).count());
  out.field("waiters", stats.waiters).end_object();
}

Answering list_queues(Call call) {
  std::optional<std::string> every;
  auto all = co_await stats_of(call.engine(), std::move(every));
  if (!all) co_return tl::make_unexpected(std::move(all.error()));
  const ViewContext context = call.view_context();
  JsonWriter out;
  out.begin_object().key("queues").begin_array();
  for (const auto& stats : *all) {
    if (!may_look(call.principal, stats.queue, *context.catalogue)) continue;
    write_stats(out, stats, context, call.engine().now());
  }
  out.end_array().end_object();
  co_return json_answer(out.take());
}

/// One queue's figures: all zero when it is empty, `not_found` when neither the catalogue nor the
/// engine knows it. A department that a reform took out of the catalogue keeps its queue until it
/// is drained.
asio::awaitable<Result<QueueStats>> queue_of(Call call, std::string queue) {
  auto found = co_await stats_of(call.engine(), queue);
  if (!found) co_return tl::make_unexpected(std::move(found.error()));
  const auto catalogue = call.api.parts.catalogue();
  const bool named = is_centre_queue(queue) || catalogue->department(queue) != nullptr;
  const bool holds = !found->empty() && found->front().depth > 0;
  const bool visible = may_look(call.principal, queue, *catalogue);
  if (!visible || (!named && !holds)) co_return no_such_queue(queue);
  if (!found->empty()) co_return std::move(found->front());
  QueueStats empty;
  empty.queue = std::move(queue);
  co_return empty;
}

Answering get_queue(Call call) {
  std::string queue(call.request.parameter("queue"));
  const auto stats = co_await queue_of(call, std::move(queue));
  if (!stats) co_return tl::make_unexpected(stats.error());
  JsonWriter out;
  write_stats(out, *stats, call.view_context(), call.engine().now());
  co_return json_answer(out.take());
}

struct LeaseOrder {
  LeaseRequest request;
  std::chrono::seconds wait{};
};

Result<LeaseOrder> lease_order(const Call& call, std::string queue) {
  FieldErrors errors;
  LeaseOrder order;
  take(actor_of(call), order.request.actor, errors);
  const auto parsed = parse_body(call.request, errors);
  if (!parsed) return tl::make_unexpected(parsed.error());
  ObjectReader body(parsed->get_object(), errors);
  order.request.queue = std::move(queue);
  order.request.max = static_cast<std::uint32_t>(body.integer("max", 1, 200).value_or(1));
  order.wait = std::chrono::seconds(body.integer("wait_s", 0, 30).value_or(0));
  order.request.lease = std::chrono::seconds(body.integer("lease_s", 5, 3'600).value_or(60));
  body.finish();
  if (!errors.empty()) return tl::make_unexpected(errors.take());
  return order;
}

/// Gives leases back that nobody will ever work on; what the engine says to it does not matter any
/// more.
void release_all(Engine& engine, const Actor& actor, const std::vector<std::string>& receipts) {
  for (const auto& receipt : receipts) engine.give_back(receipt, actor);
}

std::vector<std::string> receipts_of(const std::vector<Lease>& leases) {
  std::vector<std::string> receipts;
  for (const auto& lease : leases) receipts.push_back(lease.receipt);
  return receipts;
}

std::vector<TicketId> tickets_of(const std::vector<Lease>& leases) {
  std::vector<TicketId> ids;
  for (const auto& lease : leases) ids.push_back(lease.ticket);
  return ids;
}

http::Response leases_answer(const Call& call, const std::vector<Lease>& leases,
                             const std::vector<TicketReader::Full>& full) {
  const ViewContext context = call.view_context();
  JsonWriter out(64 + leases.size() * 4'096);
  out.begin_object().key("leases").begin_array();
  for (const auto& lease : leases) {
    const auto found = std::ranges::find_if(
        full, [&](const TicketReader::Full& item) { return item.ticket.id == lease.ticket; });
    if (found == full.end()) continue;
    write_lease(out, lease, context, &found->ticket, &found->personal, privacy_of(call.principal));
  }
  out.end_array().end_object();
  return json_answer(out.take());
}

/// A gateway is given the citizen's number: on record before it is.
asio::awaitable<Result<std::monostate>> audit_numbers(Call call, Actor actor,
                                                      std::vector<TicketReader::Full> full,
                                                      std::vector<Lease> leases) {
  for (const auto& lease : leases) {
    if (lease.queue != notice_queue) continue;
    const auto found = std::ranges::find_if(
        full, [&](const TicketReader::Full& item) { return item.ticket.id == lease.ticket; });
    if (found == full.end() || !goes_to_citizen(found->ticket, lease)) continue;
    std::string action = "notice.number";
    auto audited = co_await audit(call, actor, std::move(action), lease.ticket);
    if (!audited) co_return tl::make_unexpected(std::move(audited.error()));
  }
  co_return std::monostate();
}

/// Leases that nobody has got yet: they go back with it, also when something throws.
class Undelivered {
 public:
  Undelivered(Engine& engine, Actor actor, std::vector<std::string> receipts)
      : engine_(engine), actor_(std::move(actor)), receipts_(std::move(receipts)) {}
  ~Undelivered() { release_all(engine_, actor_, receipts_); }
  Undelivered(const Undelivered&) = delete;
  Undelivered& operator=(const Undelivered&) = delete;

  /// From now on they go back when the answer could not be written.
  std::function<void(bool)> deliver() {
    return
        [&engine = engine_, actor = actor_, receipts = std::exchange(receipts_, {})](bool written) {
          if (!written) release_all(engine, actor, receipts);
        };
  }

 private:
  Engine& engine_;
  const Actor actor_;
  std::vector<std::string> receipts_;
};

/// Reads the tickets of `leases` and answers; whenever nobody gets the answer, the leases go back.
Answering answer_leases(Call call, Actor actor, std::vector<Lease> leases) {
  Undelivered undelivered(call.engine(), actor, receipts_of(leases));
  auto read = [&reader = call.reader(), ids = tickets_of(leases)] { return reader.full(ids); };
  const auto full = co_await call.api.reads.run<std::vector<TicketReader::Full>>(std::move(read));
  if (!full) co_return tl::make_unexpected(full.error());
  const auto audited = co_await audit_numbers(call, actor, *full, leases);
  if (!audited) co_return tl::make_unexpected(audited.error());
  http::Response response = leases_answer(call, leases, *full);
  if (!call.request.peer_gone()) response.sent = undelivered.deliver();
  co_return response;
}

Answering lease_queue(Call call) {
  const std::string queue(call.request.parameter("queue"));
  const auto catalogue = call.api.parts.catalogue();
  if (!is_centre_queue(queue) && catalogue->department(queue) == nullptr) {
    const auto known = co_await queue_of(call, queue);
    if (!known) co_return tl::make_unexpected(known.error());
  }
  if (!may_lease(call.principal, queue, *catalogue)) {
    co_return fail(ErrorCode::forbidden, fmt::format("this token may not lease from {}", queue));
  }
  auto order = lease_order(call, queue);
  if (!order) co_return tl::make_unexpected(std::move(order.error()));
  const Actor actor = order->request.actor;
  auto leases = co_await lease(call.engine(), std::move(order->request), order->wait);
  if (!leases) co_return tl::make_unexpected(std::move(leases.error()));
  if (leases->empty()) co_return json_answer(R"({"leases":[]})");
  co_return co_await answer_leases(call, actor, std::move(*leases));
}

asio::awaitable<Result<Lease>> move_lease(Engine& engine, LeaseMove move) {
  return completion<Lease>([&engine, move = std::move(move)](Engine::Reply<Lease> reply) mutable {
    engine.move_lease(std::move(move), std::move(reply));
  });
}

Result<LeaseMove> lease_move(const Call& call, LeaseMoveKind kind) {
  FieldErrors errors;
  LeaseMove move;
  take(actor_of(call), move.actor, errors);
  const auto parsed = parse_body(call.request, errors);
  if (!parsed) return tl::make_unexpected(parsed.error());
  ObjectReader body(parsed->get_object(), errors);
  move.kind = kind;
  move.receipt = call.request.parameter("receipt");
  if (kind == LeaseMoveKind::extend) {
    move.lease = std::chrono::seconds(body.integer("lease_s", 5, 3'600).value_or(60));
  }
  if (kind == LeaseMoveKind::fail) {
    move.reason = body.required_text("reason", {.characters_max = 500}).value_or("");
  }
  body.finish();
  if (!errors.empty()) return tl::make_unexpected(errors.take());
  return move;
}

Answering answer_lease_move(Call call, LeaseMoveKind kind) {
  auto move = lease_move(call, kind);
  if (!move) co_return tl::make_unexpected(std::move(move.error()));
  const auto moved = co_await move_lease(call.engine(), std::move(*move));
  if (!moved) co_return tl::make_unexpected(moved.error());
  JsonWriter out;
  write_lease(out, *moved, call.view_context());
  co_return json_answer(out.take());
}

Answering extend_lease(Call call) { return answer_lease_move(call, LeaseMoveKind::extend); }
Answering release_lease(Call call) { return answer_lease_move(call, LeaseMoveKind::release); }
Answering fail_lease(Call call) { return answer_lease_move(call, LeaseMoveKind::fail); }

Answering list_work(Call call) {
  std::string code(call.request.parameter("code"));
  const ViewContext context = call.view_context();
  const bool known = context.catalogue->department(code) != nullptr;
  const DepartmentSet own = call.principal.expand(*context.catalogue);
  const bool visible = call.principal.sees_all() || !own || own->contains(code);
  if (!known || !visible) {
    co_return fail(ErrorCode::not_found,
                   "no such department that you may see; see /v1/departments");
  }
  const auto limit = query_integer(call.request, "limit", 1, 200, 50);
  if (!limit) co_return tl::make_unexpected(limit.error());
  auto read = [&reader = call.reader(), code = std::move(code),
               most = static_cast<std::size_t>(*limit)] { return reader.work(code, most); };
  const auto tickets = co_await call.api.reads.run<std::vector<Ticket>>(std::move(read));
  if (!tickets) co_return tl::make_unexpected(tickets.error());
  JsonWriter out(2'048 * (tickets->size() + 1));
  out.begin_object().key("tickets").begin_array();
  for (const auto& ticket : *tickets) write_ticket(out, ticket, context);
  out.end_array().end_object();
  co_return json_answer(out.take());
}

void write_dead_letter(JsonWriter& out, const DeadLetter& letter) {
  const std::string ticket = to_string(letter.ticket);
  out.begin_object().field("id", std::string_view(fmt::format("{}-{}", ticket, letter.seq)));
  out.field("queue", letter.queue).field("ticket", std::string_view(ticket));
  out.field("seq", letter.seq).field("delivery", letter.delivery);
  out.field("reason", letter.reason).end_object();
}

Answering list_dead_letters(Call call) {
  auto ask = [&engine = call.engine()](Engine::Reply<std::vector<DeadLetter>> reply) {
    engine.dead_letters(std::move(reply));
  };
  const auto letters = co_await completion<std::vector<DeadLetter>>(std::move(ask));
  if (!letters) co_return tl::make_unexpected(letters.error());
  JsonWriter out;
  out.begin_object().key("dead_letters").begin_array();
  for (const auto& letter : *letters) write_dead_letter(out, letter);
  out.end_array().end_object();
  co_return json_answer(out.take());
}

struct DeadLetterId {
  TicketId ticket;
  std::uint16_t seq = 0;
};

/// `2106010000000001-1`, as listed.
Result<DeadLetterId> dead_letter_id(std::string_view text) {
  const auto hyphen = text.find('-');
  const auto ticket = parse_ticket_id(text.substr(0, hyphen));
  const std::string_view seq = hyphen == text.npos ? "" : text.substr(hyphen + 1);
  const bool digits = seq.find_first_not_of("0123456789") == seq.npos;
  if (!ticket || seq.empty() || seq.size() > 4 || !digits) {
    return fail(ErrorCode::not_found, "no such dead letter; GET /v1/dead-letters lists them");
  }
  return DeadLetterId{*ticket, static_cast<std::uint16_t>(std::stoul(std::string(seq)))};
}

Answering redrive(Call call) {
  const auto id = dead_letter_id(call.request.parameter("id"));
  if (!id) co_return tl::make_unexpected(id.error());
  FieldErrors errors;
  const auto body = parse_body(call.request, errors);
  if (!body) co_return tl::make_unexpected(body.error());
  ObjectReader(body->get_object(), errors).finish();
  if (!errors.empty()) co_return tl::make_unexpected(errors.take());
  auto ask = [&engine = call.engine(), letter = *id](Engine::Reply<DeadLetter> reply) {
    engine.redrive(letter.ticket, letter.seq, std::move(reply));
  };
  const auto letter = co_await completion<DeadLetter>(std::move(ask));
  if (!letter) co_return tl::make_unexpected(letter.error());
  JsonWriter out;
  write_dead_letter(out, *letter);
  co_return json_answer(out.take());
}

}  // namespace

void add_queue_routes(const std::shared_ptr<Api>& api, std::vector<http::Route>& routes) {
  using http::Verb;
  const auto add = [&](Verb method, std::string pattern, std::string name, Scopes scopes,
                       Action action) {
    routes.push_back(guarded(api, method, std::move(pattern), std::move(name), scopes, action));
  };
  add(Verb::get, "/v1/queues", "listQueues", queue_readers, list_queues);
  add(Verb::get, "/v1/queues/{queue}", "getQueue", queue_readers, get_queue);
  add(Verb::post, "/v1/queues/{queue}/leases", "leaseQueue", lease_holders, lease_queue);
  add(Verb::post, "/v1/leases/{receipt}:extend", "extendLease", lease_holders, extend_lease);
  add(Verb::post, "/v1/leases/{receipt}:release", "releaseLease", lease_holders, release_lease);
  add(Verb::post, "/v1/leases/{receipt}:fail", "failLease", lease_holders, fail_lease);
  add(Verb::get, "/v1/departments/{code}/work", "listWork",
      Scope::department | Scope::desk | Scope::supervisor | Scope::admin, list_work);
  add(Verb::get, "/v1/dead-letters", "listDeadLetters",
      Scope::desk | Scope::supervisor | Scope::admin, list_dead_letters);
  add(Verb::post, "/v1/dead-letters/{id}:redrive", "redriveDeadLetter",
      Scope::desk | Scope::supervisor, redrive);
}

}  // namespace hotline::api

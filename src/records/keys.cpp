#include "records/keys.hpp"

#include <limits>

#include "base/bytes.hpp"

namespace hotline {
namespace {

std::int64_t millis(Time time) { return time.time_since_epoch().count(); }
Time time_of(std::int64_t value) { return Time{Duration{value}}; }

KeyRange range_of(std::string prefix) {
  auto end = prefix_end(prefix);
  return {std::move(prefix), std::move(end)};
}

KeyWriter counter_prefix(Dimension dimension, Span span, Day day) {
  KeyWriter writer;
  writer.u8(static_cast<std::uint8_t>(dimension)).u8(static_cast<std::uint8_t>(span));
  writer.i64(day.time_since_epoch().count());
  return writer;
}

}  // namespace

std::string ticket_key(TicketId ticket) { return KeyWriter{}.u64(ticket.value).take(); }
std::optional<TicketId> parse_ticket_key(std::string_view key) {
  KeyReader reader(key);
  const TicketId ticket{reader.u64()};
  if (!reader.finished()) return std::nullopt;
  return ticket;
}

std::string personal_key(TicketId ticket) { return ticket_key(ticket); }
std::optional<TicketId> parse_personal_key(std::string_view key) { return parse_ticket_key(key); }

std::string event_key(EventKey key) {
  return KeyWriter{}.u64(key.ticket.value).u32(key.version).take();
}
std::optional<EventKey> parse_event_key(std::string_view key) {
  KeyReader reader(key);
  EventKey parsed;
  parsed.ticket = TicketId{reader.u64()};
  parsed.version = reader.u32();
  if (!reader.finished()) return std::nullopt;
  return parsed;
}
KeyRange event_range(TicketId ticket) { return range_of(ticket_key(ticket)); }

std::string queue_key(const QueueKey& key) {
  KeyWriter writer;
  writer.text(key.queue).i64(millis(key.order)).u64(key.ticket.value).u16(key.seq);
  return writer.take();
}
std::optional<QueueKey> parse_queue_key(std::string_view key) {
  KeyReader reader(key);
  QueueKey parsed;
  parsed.queue = reader.text();
  parsed.order = time_of(reader.i64());
  parsed.ticket = TicketId{reader.u64()};
  parsed.seq = reader.u16();
  if (!reader.finished()) return std::nullopt;
  return parsed;
}
KeyRange queue_range(std::string_view queue) { return range_of(KeyWriter{}.text(queue).take()); }

std::string timer_key(TimerKey key) {
  return KeyWriter{}.i64(millis(key.due)).u64(key.ticket.value).take();
}
std::optional<TimerKey> parse_timer_key(std::string_view key) {
  KeyReader reader(key);
  TimerKey parsed;
  parsed.due = time_of(reader.i64());
  parsed.ticket = TicketId{reader.u64()};
  if (!reader.finished()) return std::nullopt;
  return parsed;
}
KeyRange timer_range_due(Time now) { return {{}, prefix_end(KeyWriter{}.i64(millis(now)).view())}; }

std::string lease_key(LeaseKey key) {
  return KeyWriter{}.u64(key.ticket.value).u16(key.seq).take();
}
std::optional<LeaseKey> parse_lease_key(std::string_view key) {
  KeyReader reader(key);
  LeaseKey parsed;
  parsed.ticket = TicketId{reader.u64()};
  parsed.seq = reader.u16();
  if (!reader.finished()) return std::nullopt;
  return parsed;
}

std::string idempotency_key(std::string_view principal, std::string_view key) {
  return KeyWriter{}.text(principal).text(key).take();
}
std::optional<IdempotencyKey> parse_idempotency_key(std::string_view key) {
  KeyReader reader(key);
  IdempotencyKey parsed;
  parsed.principal = reader.text();
  parsed.key = reader.text();
  if (!reader.finished()) return std::nullopt;
  return parsed;
}

std::string source_key(std::string_view source, std::string_view source_id) {
  return KeyWriter{}.text(source).text(source_id).take();
}
std::optional<SourceKey> parse_source_key(std::string_view key) {
  KeyReader reader(key);
  SourceKey parsed;
  parsed.source = reader.text();
  parsed.source_id = reader.text();
  if (!reader.finished()) return std::nullopt;
  return parsed;
}

std::string work_key(const WorkKey& key) {
  KeyWriter writer;
  writer.text(key.department).i64(millis(key.resolve_deadline));
  return writer.u64(key.ticket.value).u16(key.seq).take();
}
std::optional<WorkKey> parse_work_key(std::string_view key) {
  KeyReader reader(key);
  WorkKey parsed;
  parsed.department = reader.text();
  parsed.resolve_deadline = time_of(reader.i64());
  parsed.ticket = TicketId{reader.u64()};
  parsed.seq = reader.u16();
  if (!reader.finished()) return std::nullopt;
  return parsed;
}
KeyRange work_range(std::string_view department) {
  return range_of(KeyWriter{}.text(department).take());
}

std::string counter_key(const CounterKey& key) {
  return counter_prefix(key.dimension, key.span, key.day).text(key.value).take();
}
std::optional<CounterKey> parse_counter_key(std::string_view key) {
  KeyReader reader(key);
  const auto dimension = reader.u8();
  const auto span = reader.u8();
  const auto day = reader.i64();
  CounterKey parsed;
  parsed.value = reader.text();
  using Limits = std::numeric_limits<std::int32_t>;
  const bool known = dimension <= static_cast<std::uint8_t>(Dimension::type) &&
                     span <= static_cast<std::uint8_t>(Span::month);
  if (!reader.finished() || !known) return std::nullopt;
  if (day < Limits::min() || day > Limits::max()) return std::nullopt;
  parsed.dimension = static_cast<Dimension>(dimension);
  parsed.span = static_cast<Span>(span);
  parsed.day = Day{std::chrono::days{day}};
  return parsed;
}
KeyRange counter_range(Dimension dimension, Span span, Day from, Day to) {
  return {counter_prefix(dimension, span, from).take(), counter_prefix(dimension, span, to).take()};
}

std::string audit_key(AuditKey key) {
  return KeyWriter{}.i64(millis(key.at)).u64(key.sequence).take();
}
std::optional<AuditKey> parse_audit_key(std::string_view key) {
  KeyReader reader(key);
  AuditKey parsed;
  parsed.at = time_of(reader.i64());
  parsed.sequence = reader.u64();
  if (!reader.finished()) return std::nullopt;
  return parsed;
}

std::string outbox_key(std::uint64_t sequence) { return KeyWriter{}.u64(sequence).take(); }
std::optional<std::uint64_t> parse_outbox_key(std::string_view key) {
  KeyReader reader(key);
  const auto sequence = reader.u64();
  if (!reader.finished()) return std::nullopt;
  return sequence;
}

std::string meta_key(std::string_view name) { return KeyWriter{}.text(name).take(); }
std::optional<std::string> parse_meta_key(std::string_view key) {
  KeyReader reader(key);
  auto name = reader.text();
  if (!reader.finished()) return std::nullopt;
  return name;
}

}  // namespace hotline

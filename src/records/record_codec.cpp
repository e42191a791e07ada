#include "records/codec.hpp"
#include "records/records.pb.h"
#include "records/wire.hpp"

namespace hotline {

using wire::millis;
using wire::time_of;

namespace {
constexpr std::uint64_t counter_days_late_max = std::numeric_limits<std::uint32_t>::max();
}

Result<void> check_format(std::uint32_t format) {
  if (format == format_number) return {};
  const auto numbers = "the store has format " + std::to_string(format) +
                       ", this version of hotlined reads and writes format " +
                       std::to_string(format_number);
  if (format > format_number) {
    return fail(ErrorCode::invalid, numbers + ": start it with the newer version that wrote it");
  }
  return fail(ErrorCode::invalid,
              numbers + (format == 0 ? ": no such format was ever released"
                                     : ": start hotlined on it once, it brings it up to date"));
}

std::string encode(const CounterRow& row) {
  auto& message = wire::scratch<records::Counter>();
  for (const auto& cell : row.cells()) {
    message.add_cells(wire::number(cell.figure));
    message.add_cells(cell.days_late);
    message.add_cells(static_cast<std::uint64_t>(cell.count));
  }
  return message.SerializeAsString();
}
Result<CounterRow> decode_counter_row(std::string_view bytes) {
  const auto read = [](auto& decoding, const records::Counter& from, CounterRow& to) {
    decoding.require(from.cells_size() % 3 == 0, "cells", "a cell is cut");
    std::pair<std::uint64_t, std::uint64_t> last;
    for (int i = 0; i + 2 < from.cells_size(); i += 3) {
      const std::pair place(from.cells(i), from.cells(i + 1));
      const auto count = static_cast<std::int64_t>(from.cells(i + 2));
      decoding.require(place.first < figures_end, "cells", "a figure of another version");
      decoding.require(place > last && place.second <= counter_days_late_max, "cells",
                       "out of order or range");
      decoding.require(count > 0, "cells", "a count that is none");
      last = place;
      to.add(static_cast<Figure>(place.first), static_cast<std::uint32_t>(place.second), count);
    }
  };
  return wire::decode<CounterRow, records::Counter>(Space::counter, bytes, read);
}

std::string encode(const MetaRecord& record) {
  auto& message = wire::scratch<records::Meta>();
  message.set_format(record.format);
  message.set_last_time(millis(record.last_time));
  message.set_batch(record.batch);
  message.set_zone_minutes(record.zone_minutes);
  return message.SerializeAsString();
}
Result<MetaRecord> decode_meta(std::string_view bytes) {
  const auto read = [](auto& decoding, const records::Meta& from, MetaRecord& to) {
    decoding.require(from.format() != 0, "format", "missing");
    to = {from.format(), time_of(from.last_time()), from.batch(), from.zone_minutes()};
  };
  return wire::decode<MetaRecord, records::Meta>(Space::meta, bytes, read);
}

std::string encode(const QueueValue& value) {
  auto& message = wire::scratch<records::QueueValue>();
  message.set_since(millis(value.since));
  return message.SerializeAsString();
}
Result<QueueValue> decode_queue_value(std::string_view bytes) {
  const auto read = [](auto&, const records::QueueValue& from, QueueValue& to) {
    to.since = time_of(from.since());
  };
  return wire::decode<QueueValue, records::QueueValue>(Space::queue, bytes, read);
}

std::string encode(const LeaseRecord& record) {
  auto& message = wire::scratch<records::Lease>();
  message.set_queue(record.queue);
  message.set_principal(record.principal);
  message.set_nonce(record.nonce);
  if (record.leased_until) message.set_leased_until(millis(*record.leased_until));
  message.set_delivery(record.delivery);
  message.set_dead(record.dead);
  message.set_reason(record.reason);
  message.set_order(millis(record.order));
  return message.SerializeAsString();
}
Result<LeaseRecord> decode_lease(std::string_view bytes) {
  const auto read = [](auto& decoding, const records::Lease& from, LeaseRecord& to) {
    decoding.require(!from.queue().empty(), "queue", "missing");
    to.queue = from.queue();
    to.principal = from.principal();
    to.nonce = from.nonce();
    if (from.has_leased_until()) to.leased_until = time_of(from.leased_until());
    to.delivery = from.delivery();
    to.dead = from.dead();
    to.reason = from.reason();
    to.order = time_of(from.order());
  };
  return wire::decode<LeaseRecord, records::Lease>(Space::lease, bytes, read);
}

std::string encode(const IdempotencyRecord& record) {
  auto& message = wire::scratch<records::Idempotency>();
  message.set_body_hash(record.body_hash);
  message.set_ticket(record.ticket.value);
  message.set_version(record.version);
  message.set_at(millis(record.at));
  return message.SerializeAsString();
}
Result<IdempotencyRecord> decode_idempotency(std::string_view bytes) {
  const auto read = [](auto& decoding, const records::Idempotency& from, IdempotencyRecord& to) {
    decoding.require(from.ticket() != 0, "ticket", "missing");
    to = {from.body_hash(), TicketId{from.ticket()}, from.version(), time_of(from.at())};
  };
  return wire::decode<IdempotencyRecord, records::Idempotency>(Space::idempotency, bytes, read);
}

std::string encode(const SourceRecord& record) {
  auto& message = wire::scratch<records::Source>();
  message.set_ticket(record.ticket.value);
  message.set_body_hash(record.body_hash);
  return message.SerializeAsString();
}
Result<SourceRecord> decode_source(std::string_view bytes) {
  const auto read = [](auto& decoding, const records::Source& from, SourceRecord& to) {
    decoding.require(from.ticket() != 0, "ticket", "missing");
    to = {TicketId{from.ticket()}, from.body_hash()};
  };
  return wire::decode<SourceRecord, records::Source>(Space::source, bytes, read);
}

std::string encode(const OutboxRecord& record) {
  auto& message = wire::scratch<records::Outbox>();
  message.set_recall_department(record.recall_department);
  if (const auto& task = record.recompute) {
    message.mutable_recompute()->set_listed(task->listed);
    message.mutable_recompute()->set_from(task->from);
  }
  return message.SerializeAsString();
}
Result<OutboxRecord> decode_outbox(std::string_view bytes) {
  const auto read = [](auto& decoding, const records::Outbox& from, OutboxRecord& to) {
    decoding.require(from.recall_department().empty() == from.has_recompute(), "value",
                     "not one task");
    to.recall_department = from.recall_department();
    if (!from.has_recompute()) return;
    decoding.whole(from.recompute(), "recompute");
    to.recompute = RecomputeTask{from.recompute().listed(), from.recompute().from()};
  };
  return wire::decode<OutboxRecord, records::Outbox>(Space::outbox, bytes, read);
}

std::string encode(const DeadlinesMark& mark) {
  auto& message = wire::scratch<records::DeadlinesMark>();
  message.set_fingerprint(mark.fingerprint);
  return message.SerializeAsString();
}
Result<DeadlinesMark> decode_deadlines_mark(std::string_view bytes) {
  const auto read = [](auto&, const records::DeadlinesMark& from, DeadlinesMark& to) {
    to.fingerprint = from.fingerprint();
  };
  return wire::decode<DeadlinesMark, records::DeadlinesMark>(Space::meta, bytes, read);
}

std::string encode(const AuditEntry& entry) {
  auto& message = wire::scratch<records::Audit>();
  message.set_at(millis(entry.at));
  message.set_principal(entry.principal);
  message.set_person(entry.person);
  message.set_action(entry.action);
  message.set_ticket(entry.ticket.value);
  message.set_request_id(entry.request_id);
  return message.SerializeAsString();
}
Result<AuditEntry> decode_audit(std::string_view bytes) {
  const auto read = [](auto& decoding, const records::Audit& from, AuditEntry& to) {
    decoding.require(!from.action().empty(), "action", "missing");
    to = {time_of(from.at()), from.principal(),        from.person(),
          from.action(),      TicketId{from.ticket()}, from.request_id()};
  };
  return wire::decode<AuditEntry, records::Audit>(Space::audit, bytes, read);
}

}  // namespace hotline

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/entries.hpp"
#include "domain/event.hpp"
#include "domain/personal.hpp"
#include "domain/ticket.hpp"

namespace hotline {

// The values of each space, to bytes and back. FORMAT.md describes them. Encoding is deterministic:
// equal values give equal bytes on every machine. Decoding fails with `internal`, naming the space
// and the field, on anything that this version would not have written: broken bytes, unknown
// fields, numbers outside their vocabulary. Thread-safe; a thread keeps scratch memory about as
// large as the largest record it has handled.

/// Number of the format that this version reads and writes. Raised by any change after which an
/// older daemon would misread or drop something: a new field, event, vocabulary number, space or
/// key form.
inline constexpr std::uint32_t format_number = 2;

/// Whether this version may open a store whose MetaRecord bears `format`. `invalid` with a text for
/// the operator if not.
Result<void> check_format(std::uint32_t format);

/// Space `meta`, key `state`.
struct MetaRecord {
  std::uint32_t format = format_number;
  Time last_time{};         ///< engine time of the last committed batch
  std::uint64_t batch = 0;  ///< its number, +1 for each
  std::int32_t zone_minutes =
      0;  ///< distance from UTC of the zone by whose days counters were kept
  bool operator==(const MetaRecord&) const = default;
};

/// Space `queue`.
struct QueueValue {
  Time since{};  ///< when it came into the queue
  bool operator==(const QueueValue&) const = default;
};

/// Space `lease`: what is remembered of handing out a queue entry; kept until the entry leaves its
/// queue.
struct LeaseRecord {
  std::string queue;
  std::string principal;             ///< who holds it, or held it last
  std::uint64_t nonce = 0;           ///< the part of the receipt that cannot be guessed
  std::optional<Time> leased_until;  ///< absent: not leased
  std::uint32_t delivery = 0;        ///< how often it was handed out
  bool dead = false;                 ///< a dead letter
  std::string reason;                ///< of the last failure
  Time order{};                      ///< as in the entry's QueueKey
  bool operator==(const LeaseRecord&) const = default;
};

/// Space `idempotency`.
struct IdempotencyRecord {
  std::uint64_t body_hash = 0;
  TicketId ticket;
  std::uint32_t version = 0;  ///< of the ticket after the command
  Time at{};
  bool operator==(const IdempotencyRecord&) const = default;
};

/// Space `source`.
struct SourceRecord {
  TicketId ticket;
  std::uint64_t body_hash = 0;
  bool operator==(const SourceRecord&) const = default;
};

/// How far a walk over everything open has come: through the queues, then the departments' lists.
struct RecomputeTask {
  bool listed = false;  ///< the queues are done
  std::string from;     ///< the key to go on from
  bool operator==(const RecomputeTask&) const = default;
};

/// Space `meta`: by which rules and calendar the open deadlines were counted.
struct DeadlinesMark {
  std::uint64_t fingerprint = 0;
  bool operator==(const DeadlinesMark&) const = default;
};

/// Space `outbox`: work on other tickets that a command left behind, done later in bounded pieces.
struct OutboxRecord {
  std::string recall_department;  ///< take every open assignment back from this department
  /// In place of it: count the deadlines of everything open anew.
  std::optional<RecomputeTask> recompute = {};
  bool operator==(const OutboxRecord&) const = default;
};

/// Space `audit`: one look at personal data, or another act that leaves no event.
struct AuditEntry {
  Time at{};
  std::string principal;
  std::string person;
  std::string action;
  TicketId ticket;
  std::string request_id;
  bool operator==(const AuditEntry&) const = default;
};

std::string encode(const Ticket& ticket);
Result<Ticket> decode_ticket(std::string_view bytes);

std::string encode(const Personal& personal);
Result<Personal> decode_personal(std::string_view bytes);

std::string encode(const Change& change);
Result<Change> decode_change(std::string_view bytes);

std::string encode(const CounterRow& row);
Result<CounterRow> decode_counter_row(std::string_view bytes);

std::string encode(const MetaRecord& record);
Result<MetaRecord> decode_meta(std::string_view bytes);

std::string encode(const QueueValue& value);
Result<QueueValue> decode_queue_value(std::string_view bytes);

std::string encode(const LeaseRecord& record);
Result<LeaseRecord> decode_lease(std::string_view bytes);

std::string encode(const IdempotencyRecord& record);
Result<IdempotencyRecord> decode_idempotency(std::string_view bytes);

std::string encode(const SourceRecord& record);
Result<SourceRecord> decode_source(std::string_view bytes);

std::string encode(const OutboxRecord& record);
Result<OutboxRecord> decode_outbox(std::string_view bytes);

std::string encode(const DeadlinesMark& mark);
Result<DeadlinesMark> decode_deadlines_mark(std::string_view bytes);

std::string encode(const AuditEntry& entry);
Result<AuditEntry> decode_audit(std::string_view bytes);

}  // namespace hotline

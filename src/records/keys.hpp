#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "domain/entries.hpp"

namespace hotline {

// The keys of each space, made and read back. FORMAT.md has the grammar. The structs compare as
// their keys do. A parser answers nothing for any other bytes. Texts hold no zero byte: the edge
// has refused them.

/// The keys of [from, to).
struct KeyRange {
  std::string from;
  std::string to;
};

std::string ticket_key(TicketId ticket);
std::optional<TicketId> parse_ticket_key(std::string_view key);

std::string personal_key(TicketId ticket);
std::optional<TicketId> parse_personal_key(std::string_view key);

struct EventKey {
  TicketId ticket;
  std::uint32_t version = 0;
  auto operator<=>(const EventKey&) const = default;
};
std::string event_key(EventKey key);
std::optional<EventKey> parse_event_key(std::string_view key);
/// The whole story of a ticket.
KeyRange event_range(TicketId ticket);

struct QueueKey {
  std::string queue;
  Time order{};
  TicketId ticket;
  std::uint16_t seq = 0;
  auto operator<=>(const QueueKey&) const = default;
};
std::string queue_key(const QueueKey& key);
std::optional<QueueKey> parse_queue_key(std::string_view key);
/// All entries of one queue.
KeyRange queue_range(std::string_view queue);

struct TimerKey {
  Time due{};
  TicketId ticket;
  auto operator<=>(const TimerKey&) const = default;
};
std::string timer_key(TimerKey key);
std::optional<TimerKey> parse_timer_key(std::string_view key);
/// Every timer that is due at `now`.
KeyRange timer_range_due(Time now);

struct LeaseKey {
  TicketId ticket;
  std::uint16_t seq = 0;
  auto operator<=>(const LeaseKey&) const = default;
};
std::string lease_key(LeaseKey key);
std::optional<LeaseKey> parse_lease_key(std::string_view key);

struct IdempotencyKey {
  std::string principal;
  std::string key;
  auto operator<=>(const IdempotencyKey&) const = default;
};
std::string idempotency_key(std::string_view principal, std::string_view key);
std::optional<IdempotencyKey> parse_idempotency_key(std::string_view key);

struct SourceKey {
  std::string source;
  std::string source_id;
  auto operator<=>(const SourceKey&) const = default;
};
std::string source_key(std::string_view source, std::string_view source_id);
std::optional<SourceKey> parse_source_key(std::string_view key);

struct WorkKey {
  std::string department;
  Time resolve_deadline{};
  TicketId ticket;
  std::uint16_t seq = 0;
  auto operator<=>(const WorkKey&) const = default;
};
std::string work_key(const WorkKey& key);
std::optional<WorkKey> parse_work_key(std::string_view key);
/// All that one department has in hand.
KeyRange work_range(std::string_view department);

std::string counter_key(const CounterKey& key);
std::optional<CounterKey> parse_counter_key(std::string_view key);
/// The rows of one dimension and span that begin in [from, to).
KeyRange counter_range(Dimension dimension, Span span, Day from, Day to);

struct AuditKey {
  Time at{};
  std::uint64_t sequence = 0;
  auto operator<=>(const AuditKey&) const = default;
};
std::string audit_key(AuditKey key);
std::optional<AuditKey> parse_audit_key(std::string_view key);

std::string outbox_key(std::uint64_t sequence);
std::optional<std::uint64_t> parse_outbox_key(std::string_view key);

/// `state` holds the MetaRecord, `deadlines` the DeadlinesMark.
inline constexpr std::string_view meta_state = "state";
inline constexpr std::string_view meta_deadlines = "deadlines";
std::string meta_key(std::string_view name);
std::optional<std::string> parse_meta_key(std::string_view key);

}  // namespace hotline

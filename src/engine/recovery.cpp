#include "engine/recovery.hpp"

#include <array>
#include <optional>

#include <fmt/format.h>

#include "records/codec.hpp"
#include "records/keys.hpp"

namespace hotline {
namespace {

tl::unexpected<Error> damaged(Space space) {
  return fail(ErrorCode::internal,
              fmt::format("space `{}` of the store holds a key that this version does not know; "
                          "run `hotlinectl check`",
                          name(space)));
}

/// Scans a whole space; `take` answers false for an entry that cannot be understood.
template <typename Take>
Result<void> load_all(const StoreReader& store, Space space, Take take) {
  bool understood = true;
  auto scanned = store.scan(space, {}, {}, [&](std::string_view key, std::string_view value) {
    understood = take(key, value);
    return understood;
  });
  if (!scanned) return scanned;
  if (!understood) return damaged(space);
  return {};
}

Result<void> load_meta(const StoreReader& store, UtcOffset zone, Memory& memory) {
  const std::array<Key, 1> keys{Key{Space::meta, meta_key(meta_state)}};
  auto values = store.multi_get(keys);
  if (!values) return tl::make_unexpected(values.error());
  if (!values->front()) return {};  // a fresh store
  auto meta = decode_meta(*values->front());
  if (!meta) return tl::make_unexpected(meta.error());
  if (auto known = check_format(meta->format); !known) return known;
  if (meta->zone_minutes != zone.count()) {
    return fail(ErrorCode::invalid,
                fmt::format("this store counts days at UTC{:+d} min, the configuration says "
                            "UTC{:+d} min; set the zone back, reports depend on it",
                            meta->zone_minutes, zone.count()));
  }
  memory.last_time = meta->last_time;
  memory.batch_number = meta->batch;
  return {};
}

Result<void> load_deadlines_mark(const StoreReader& store, Memory& memory) {
  const std::array<Key, 1> keys{Key{Space::meta, meta_key(meta_deadlines)}};
  auto values = store.multi_get(keys);
  if (!values) return tl::make_unexpected(values.error());
  if (!values->front()) return {};
  const auto mark = decode_deadlines_mark(*values->front());
  if (!mark) return tl::make_unexpected(mark.error());
  memory.deadlines = mark->fingerprint;
  return {};
}

Result<void> load_leases(const StoreReader& store, Memory& memory) {
  return load_all(store, Space::lease, [&](std::string_view key, std::string_view value) {
    const auto parsed = parse_lease_key(key);
    auto record = decode_lease(value);
    if (parsed && record) memory.queues.load(*parsed, std::move(*record));
    return parsed && record;
  });
}

Result<void> load_queues(const StoreReader& store, Memory& memory) {
  return load_all(store, Space::queue, [&](std::string_view key, std::string_view value) {
    const auto parsed = parse_queue_key(key);
    const auto entry = decode_queue_value(value);
    if (parsed && entry) memory.queues.load(*parsed, *entry);
    return parsed && entry;
  });
}

Result<void> load_timers(const StoreReader& store, Memory& memory) {
  return load_all(store, Space::timer, [&](std::string_view key, std::string_view) {
    const auto parsed = parse_timer_key(key);
    if (parsed) memory.timers.insert(*parsed);
    return parsed.has_value();
  });
}

Result<void> load_outbox(const StoreReader& store, Memory& memory) {
  return load_all(store, Space::outbox, [&](std::string_view key, std::string_view value) {
    const auto sequence = parse_outbox_key(key);
    auto record = decode_outbox(value);
    if (sequence && record) memory.outbox.emplace(*sequence, std::move(*record));
    return sequence && record;
  });
}

Result<void> load_audit_sequence(const StoreReader& store, Memory& memory) {
  return store.scan_back(Space::audit, {}, {}, [&](std::string_view key, std::string_view) {
    if (const auto last = parse_audit_key(key)) memory.audit_sequence = last->sequence + 1;
    return false;
  });
}

}  // namespace

Result<void> recover(const StoreReader& store, UtcOffset zone, Memory& memory) {
  if (auto done = load_meta(store, zone, memory); !done) return done;
  if (auto done = load_deadlines_mark(store, memory); !done) return done;
  // Leases before entries: an entry that is leased or dead is not ready.
  if (auto done = load_leases(store, memory); !done) return done;
  if (auto done = load_queues(store, memory); !done) return done;
  if (auto done = load_timers(store, memory); !done) return done;
  if (auto done = load_outbox(store, memory); !done) return done;
  return load_audit_sequence(store, memory);
}

}  // namespace hotline

#include "engine/migration.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>

#include <spdlog/spdlog.h>

#include "domain/entries.hpp"
#include "records/codec.hpp"
#include "records/keys.hpp"

namespace hotline {
namespace {

constexpr std::size_t batch_bytes_max = 4U << 20U;

Result<std::optional<MetaRecord>> read_meta(const StoreReader& store) {
  const std::array<Key, 1> keys{Key{Space::meta, meta_key(meta_state)}};
  auto values = store.multi_get(keys);
  if (!values) return tl::make_unexpected(values.error());
  if (!values->front()) return std::nullopt;
  return decode_meta(*values->front()).map([](auto meta) { return std::optional(meta); });
}

/// Commits in pieces, so that a store of any size fits.
class Rewriting {
 public:
  Rewriting(Store& store, Epoch epoch) : store_(store), epoch_(epoch) {}

  Result<void> put(Space space, std::string key, std::string value) {
    batch_.put(space, std::move(key), std::move(value));
    return batch_.bytes() < batch_bytes_max ? Result<void>{} : flush();
  }
  Result<void> erase(Space space, std::string key) {
    batch_.erase(space, std::move(key));
    return batch_.bytes() < batch_bytes_max ? Result<void>{} : flush();
  }
  Result<void> flush() {
    auto done = store_.commit(batch_, epoch_);
    batch_ = {};
    return done;
  }

 private:
  Store& store_;
  const Epoch epoch_;
  Batch batch_;
};

Result<void> erase_counters(const StoreReader& frozen, Rewriting& out) {
  Result<void> done;
  auto scanned = frozen.scan(Space::counter, {}, {}, [&](std::string_view key, std::string_view) {
    done = out.erase(Space::counter, std::string(key));
    return done.has_value();
  });
  return scanned ? done : scanned;
}

Result<std::map<std::string, CounterRow>> count_tickets(const StoreReader& frozen, UtcOffset zone) {
  std::map<std::string, CounterRow> rows;
  std::optional<Error> broken;
  const auto count = [&](std::string_view, std::string_view value) {
    const auto ticket = decode_ticket(value);
    if (!ticket) {
      broken = ticket.error();
      return false;
    }
    recount({}, contributions(*ticket, zone),
            [&rows](const CounterKey& key) { return &rows[counter_key(key)]; });
    return true;
  };
  if (auto scanned = frozen.scan(Space::ticket, {}, {}, count); !scanned) {
    return tl::make_unexpected(scanned.error());
  }
  if (broken) return tl::make_unexpected(*broken);
  return rows;
}

/// From 1 to 2: figures stand by the days of their events, in rows for days and months.
Result<void> rewrite_counters(Store& store, Epoch epoch, UtcOffset zone) {
  const auto frozen = store.snapshot();
  Rewriting out(store, epoch);
  auto rows = count_tickets(*frozen, zone);
  if (!rows) return tl::make_unexpected(rows.error());
  if (auto done = erase_counters(*frozen, out); !done) return done;
  for (const auto& [key, row] : *rows) {
    if (auto done = out.put(Space::counter, key, encode(row)); !done) return done;
  }
  return out.flush();
}

}  // namespace

Result<void> migrate(Store& store, Epoch epoch, UtcOffset zone) {
  auto meta = read_meta(store);
  if (!meta) return tl::make_unexpected(meta.error());
  const bool older = *meta && (*meta)->format >= 1 && (*meta)->format < format_number;
  if (!older || (*meta)->zone_minutes != zone.count()) return {};  // what is wrong, `recover` says
  spdlog::info("store: format {} is brought up to {}; this reads every ticket once",
               (*meta)->format, format_number);
  if (auto done = rewrite_counters(store, epoch, zone); !done) return done;
  (*meta)->format = format_number;
  Batch last;
  last.put(Space::meta, meta_key(meta_state), encode(**meta));
  return store.commit(last, epoch);
}

}  // namespace hotline

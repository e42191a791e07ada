// Of the writer: leases, and what is looked at or changed beside the tickets.

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/receipt.hpp"
#include "engine/writer.hpp"

namespace hotline {

void Writer::handle(LeaseItem& item) {
  if (!memory_) return answer(std::move(item.reply), Result<std::vector<Lease>>());
  auto granted = grant(item.request);
  const bool nothing = granted && granted->empty();
  if (!nothing) return answer(std::move(item.reply), std::move(granted));
  if (memory_->queues.must_wait_for_refill(item.request.queue)) {
    again_.emplace_back(std::move(item));
    return;
  }
  if (!item.request.wait) return answer(std::move(item.reply), std::move(granted));
  if (memory_->queues.waiters() >= options_.waiters_max) {
    metrics_.overloads.add();
    return answer(
        std::move(item.reply),
        Result<std::vector<Lease>>(fail(
            ErrorCode::overloaded,
            fmt::format("{} requests wait already; poll without wait_s", options_.waiters_max))));
  }
  memory_->queues.wait(std::move(item));
}

void Writer::handle(CancelItem& item) {
  if (!memory_) return;
  const auto asked_again = std::ranges::find_if(again_, [&](const Item& one) {
    const auto* lease = std::get_if<LeaseItem>(&one);
    return lease != nullptr && lease->id == item.id;
  });
  if (asked_again != again_.end()) {
    answer(std::move(std::get<LeaseItem>(*asked_again).reply),
           Result<std::vector<Lease>>(std::vector<Lease>{}));
    again_.erase(asked_again);
    return;
  }
  if (auto waiter = memory_->queues.cancel(item.id)) {
    answer(std::move(waiter->reply), Result<std::vector<Lease>>(std::vector<Lease>{}));
  }
}

Result<std::vector<Lease>> Writer::grant(const LeaseRequest& request) {
  Queues& queues = memory_->queues;
  const std::uint64_t live = queues.live_leases(request.queue);
  if (live >= options_.leases_per_queue_max) {
    return fail(ErrorCode::overloaded,
                fmt::format("queue {} has {} live leases, its bound: act on them or release them",
                            request.queue, live));
  }
  const std::uint64_t room = options_.leases_per_queue_max - live;
  std::vector<Lease> out;
  while (out.size() < std::min<std::uint64_t>(request.max, room)) {
    const auto place = queues.take(request.queue);
    if (!place) break;
    const LeaseKey key{place->ticket, place->seq};
    const LeaseRecord* earlier = queues.lease(key);
    LeaseRecord record{request.queue,
                       request.actor.principal,
                       random_(),
                       time_ + request.lease,
                       (earlier ? earlier->delivery : 0) + 1,
                       false,
                       {},
                       place->order};
    queues.set_lease(key, record);
    work_->put_lease(key, record);
    metrics_.leases_granted.add();
    out.push_back({to_string(Receipt{key, record.nonce}), request.queue, key.ticket, key.seq,
                   *record.leased_until, record.delivery});
  }
  return out;
}

void Writer::serve_waiters() {
  Queues& queues = memory_->queues;
  for (const auto& queue : queues.takeable()) {
    while (queues.has_ready(queue) && queues.live_leases(queue) < options_.leases_per_queue_max) {
      auto waiter = queues.next_waiter(queue);
      if (!waiter) break;
      answer(std::move(waiter->reply), grant(waiter->request));
    }
  }
}

void Writer::handle(LeaseMoveItem& item) {
  if (!memory_) return answer(std::move(item.reply), Result<Lease>());
  answer(std::move(item.reply), move_lease(item.move));
}

Result<Lease> Writer::move_lease(const LeaseMove& move) {
  const auto receipt = parse_receipt(move.receipt);
  if (!receipt) {
    return fail(ErrorCode::stale_receipt,
                "this is no receipt: send the one that came with a lease");
  }
  const LeaseRecord* found = memory_->queues.lease(receipt->entry);
  if (found == nullptr || !found->leased_until || found->nonce != receipt->nonce) {
    return fail(ErrorCode::stale_receipt,
                "the lease of this receipt has ended: its time ran out, or it was given back or "
                "used");
  }
  if (found->principal != move.actor.principal) {
    return fail(ErrorCode::stale_receipt, "the lease of this receipt was given to another token");
  }
  const LeaseKey key = receipt->entry;
  LeaseRecord record = *found;
  Lease lease{move.receipt, record.queue, key.ticket, key.seq, time_, record.delivery};
  if (move.kind == LeaseMoveKind::extend) {
    record.leased_until = time_ + move.lease;
    memory_->queues.set_lease(key, record);
    work_->put_lease(key, record);
    lease.leased_until = *record.leased_until;
    return lease;
  }
  if (move.kind == LeaseMoveKind::release)
    --record.delivery;
  else
    record.reason = move.reason;
  metrics_.leases_ended.add();
  end_lease(key, std::move(record));
  return lease;
}

/// The entry goes back to its queue; one that was handed out too often without result is put aside
/// for a person to look at.
void Writer::end_lease(const LeaseKey& key, LeaseRecord record) {
  record.leased_until.reset();
  record.dead = record.delivery >= options_.deliveries_max;
  if (record.dead) metrics_.dead_letters.add();
  memory_->queues.end_lease(key, record);
  work_->put_lease(key, record);
}

// --- looking and small changes ------------------------------------------------------------------

void Writer::handle(StatsItem& item) {
  if (!memory_) return answer(std::move(item.reply), Result<std::vector<QueueStats>>());
  std::vector<std::string> names;
  if (item.queue)
    names.push_back(*item.queue);
  else
    names = memory_->queues.names();
  std::vector<QueueStats> out;
  out.reserve(names.size());
  for (const auto& name : names) out.push_back(memory_->queues.stats(name, time_));
  answer(std::move(item.reply), Result<std::vector<QueueStats>>(std::move(out)));
}

void Writer::handle(DeadLettersItem& item) {
  if (!memory_) return answer(std::move(item.reply), Result<std::vector<DeadLetter>>());
  constexpr std::size_t listed_max = 1'000;
  answer(std::move(item.reply),
         Result<std::vector<DeadLetter>>(memory_->queues.dead_letters(listed_max)));
}

void Writer::handle(RedriveItem& item) {
  if (!memory_) return answer(std::move(item.reply), Result<DeadLetter>());
  const LeaseKey key{item.ticket, item.seq};
  const LeaseRecord* found = memory_->queues.lease(key);
  if (found == nullptr || !found->dead) {
    return answer(std::move(item.reply),
                  Result<DeadLetter>(fail(ErrorCode::not_found, "there is no such dead letter")));
  }
  LeaseRecord record = *found;
  DeadLetter letter{record.queue, key.ticket, key.seq, record.delivery, record.reason};
  record.delivery = 0;
  end_lease(key, std::move(record));
  answer(std::move(item.reply), Result<DeadLetter>(std::move(letter)));
}

void Writer::handle(AuditItem& item) {
  if (!memory_) return answer(std::move(item.reply), Result<std::monostate>());
  const AuditRecord& record = item.record;
  const AuditEntry entry{time_,         record.actor.principal, record.actor.person,
                         record.action, record.ticket,          record.request_id};
  work_->batch().put(Space::audit, audit_key({time_, memory_->audit_sequence++}), encode(entry));
  answer(std::move(item.reply), Result<std::monostate>(std::monostate{}));
}

}  // namespace hotline

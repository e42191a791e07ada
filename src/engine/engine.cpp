#include "engine/engine.hpp"

#include <atomic>
#include <pthread.h>
#include <thread>
#include <type_traits>

#include "engine/inbox.hpp"
#include "engine/writer.hpp"

namespace hotline {

class Engine::Impl {
 public:
  Impl(Store& store, const Clock& clock, Policy policy, EngineOptions options, Metrics& metrics,
       std::uint64_t random_seed)
      : inbox_(options.queue_items_max, options.queue_bytes_max, metrics),
        writer_(store, clock, std::move(policy), options, metrics, random_seed,
                [this] { inbox_.wake(); }),
        metrics_(metrics) {}

  Result<void> start() {
    auto opened = writer_.open();
    if (opened) thread_ = std::thread([this] { run(); });
    return opened;
  }

  void stop() {
    inbox_.close();
    if (thread_.joinable()) thread_.join();
  }

  /// Puts an item with a reply into the inbox, or answers at once why not.
  template <typename ItemType>
  void push(ItemType item) {
    Item boxed(std::move(item));
    const Inbox::Door door = inbox_.push(boxed);
    if (door == Inbox::Door::open) return;
    metrics_.overloads.add(door == Inbox::Door::full ? 1 : 0);
    auto& refused = std::get<ItemType>(boxed);
    refused.reply(
        door == Inbox::Door::full
            ? fail(ErrorCode::overloaded, "too much waits to be written; try again in a second")
            : fail(ErrorCode::unavailable, "the daemon is stopping"));
  }

  void push_always(Item item) { inbox_.push_always(std::move(item)); }

  WaitId next_wait_id() { return wait_ids_.fetch_add(1, std::memory_order_relaxed); }
  Writer& writer() { return writer_; }

 private:
  void run() {
    pthread_setname_np(pthread_self(), "engine");
    while (!inbox_.drained()) {
      auto items = inbox_.take(writer_.options().batch_items_max, writer_.enough(), writer_.idle());
      auto again = writer_.run(std::move(items));
      if (!again.empty()) inbox_.put_back(std::move(again));
    }
    writer_.finish();
  }

  Inbox inbox_;
  Writer writer_;
  Metrics& metrics_;
  std::atomic<WaitId> wait_ids_{1};
  std::thread thread_;
};

Engine::Engine(Store& store, const Clock& clock, Policy policy, EngineOptions options,
               Metrics& metrics, std::uint64_t random_seed)
    : impl_(
          std::make_unique<Impl>(store, clock, std::move(policy), options, metrics, random_seed)) {}
Engine::~Engine() { stop(); }

Result<void> Engine::start() { return impl_->start(); }
void Engine::stop() { impl_->stop(); }

void Engine::submit(Command command, Reply<Applied> reply) {
  impl_->push(CommandItem{std::move(command), std::move(reply), std::chrono::steady_clock::now()});
}

Engine::WaitId Engine::lease(LeaseRequest request, Reply<std::vector<Lease>> reply) {
  const WaitId id = impl_->next_wait_id();
  impl_->push(LeaseItem{std::move(request), id, std::move(reply)});
  return id;
}
void Engine::cancel_wait(WaitId id) { impl_->push_always(CancelItem{id}); }

void Engine::move_lease(LeaseMove move, Reply<Lease> reply) {
  impl_->push(LeaseMoveItem{std::move(move), std::move(reply)});
}
void Engine::give_back(std::string receipt, Actor actor) {
  LeaseMove move{LeaseMoveKind::release, std::move(receipt), std::move(actor), {}, {}};
  impl_->push_always(LeaseMoveItem{std::move(move), [](const Result<Lease>&) {}});
}
void Engine::probe(Reply<std::vector<QueueStats>> reply) {
  impl_->push_always(StatsItem{std::string(), std::move(reply)});
}
void Engine::queue_stats(std::optional<std::string> queue, Reply<std::vector<QueueStats>> reply) {
  impl_->push(StatsItem{std::move(queue), std::move(reply)});
}
void Engine::dead_letters(Reply<std::vector<DeadLetter>> reply) {
  impl_->push(DeadLettersItem{std::move(reply)});
}
void Engine::redrive(TicketId ticket, std::uint16_t seq, Reply<DeadLetter> reply) {
  impl_->push(RedriveItem{ticket, seq, std::move(reply)});
}
void Engine::recall_unknown(std::set<std::string, std::less<>> known, Reply<std::size_t> reply) {
  impl_->push(RecallItem{std::move(known), std::move(reply)});
}
void Engine::change_deadlines(std::shared_ptr<const Deadlines> deadlines, Reply<bool> reply) {
  impl_->push(DeadlinesItem{std::move(deadlines), std::move(reply)});
}
void Engine::audit(AuditRecord record, Reply<std::monostate> reply) {
  impl_->push(AuditItem{std::move(record), std::move(reply)});
}
void Engine::advance(Time to, Reply<Time> reply) { impl_->push(AdvanceItem{to, std::move(reply)}); }

Time Engine::now() const { return impl_->writer().now(); }
bool Engine::writable() const { return impl_->writer().writable(); }
std::shared_ptr<const Policy> Engine::policy() const { return impl_->writer().policy(); }

}  // namespace hotline

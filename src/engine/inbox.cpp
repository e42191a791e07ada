#include "engine/inbox.hpp"

#include <algorithm>
#include <utility>

namespace hotline {
namespace {

std::size_t text_bytes(const Personal& personal) {
  std::size_t sum = personal.title.size() + personal.content.size() + personal.address.size() +
                    personal.extra.size();
  for (const auto& attachment : personal.attachments) {
    sum += attachment.name.size() + attachment.url.size();
  }
  return sum;
}

/// The free texts of a move.
struct MoveBytes {
  std::size_t operator()(const Intake& move) const {
    return text_bytes(move.personal) + move.answer.value_or("").size();
  }
  std::size_t operator()(const Dispatch& move) const { return move.note.size(); }
  std::size_t operator()(const TakeDirect& move) const { return move.note.size(); }
  std::size_t operator()(const Contact& move) const { return move.note.size(); }
  std::size_t operator()(const Answer& move) const { return move.text.size(); }
  std::size_t operator()(const Redirect& move) const { return move.note.size(); }
  std::size_t operator()(const Reject& move) const { return move.reason.size(); }
  std::size_t operator()(const Acknowledge& move) const { return move.reference.size(); }
  std::size_t operator()(const CallbackAttempt& move) const { return move.words.size(); }
  std::size_t operator()(const Sign&) const { return 0; }
  std::size_t operator()(const Tick&) const { return 0; }
  std::size_t operator()(const Recall&) const { return 0; }
  std::size_t operator()(const Amend& move) const {
    return move.title.size() + move.content.size() + move.address.size();
  }
  std::size_t operator()(const Supplement& move) const { return move.text.size(); }
  std::size_t operator()(const Withdraw& move) const { return move.reason.size(); }
  std::size_t operator()(const Return& move) const { return move.basis.size(); }
  std::size_t operator()(const Rule& move) const { return move.note.size(); }
  std::size_t operator()(const Notified& move) const { return move.note.size(); }
  std::size_t operator()(const PauseClocks& move) const { return move.reason.size(); }
  std::size_t operator()(const ResumeClocks& move) const { return move.reason.size(); }
  std::size_t operator()(const RequestExtension& move) const { return move.reason.size(); }
  std::size_t operator()(const RuleExtension& move) const { return move.reason.size(); }
  std::size_t operator()(const Recompute&) const { return 0; }
  std::size_t operator()(const Import& move) const {
    return text_bytes(move.personal) + move.ticket.assignments.size() * sizeof(Assignment);
  }
};

/// What an item keeps in memory, near enough to bound the sum.
std::size_t bytes_of(const Item& item) {
  constexpr std::size_t fixed = 1024;
  const auto* command = std::get_if<CommandItem>(&item);
  if (command == nullptr) return fixed;
  return fixed + std::visit(MoveBytes{}, command->command.move);
}

}  // namespace

Inbox::Door Inbox::push(Item& item) {
  const std::size_t bytes = bytes_of(item);
  bool enough = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return Door::closed;
    if (slots_.size() >= items_max_ || bytes_ + bytes > bytes_max_) return Door::full;
    slots_.push_back({std::move(item), bytes});
    bytes_ += bytes;
    enough = slots_.size() >= enough_;
    metrics_.command_queue_items.set(static_cast<std::int64_t>(slots_.size()));
    metrics_.command_queue_bytes.set(static_cast<std::int64_t>(bytes_));
  }
  if (enough) filled_.notify_one();
  return Door::open;
}

void Inbox::push_always(Item item) {
  const std::size_t bytes = bytes_of(item);
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    bytes_ += bytes;
    slots_.push_back({std::move(item), bytes});
  }
  filled_.notify_one();
}

std::vector<Item> Inbox::take(std::size_t max, std::size_t enough, Duration wait) {
  std::unique_lock lock(mutex_);
  enough_ = enough;
  filled_.wait_for(lock, wait, [&] { return closed_ || woken_ || slots_.size() >= enough; });
  woken_ = false;
  std::vector<Item> taken;
  taken.reserve(std::min(max, slots_.size()));
  while (!slots_.empty() && taken.size() < max) {
    bytes_ -= slots_.front().bytes;
    taken.push_back(std::move(slots_.front().item));
    slots_.pop_front();
  }
  metrics_.command_queue_items.set(static_cast<std::int64_t>(slots_.size()));
  metrics_.command_queue_bytes.set(static_cast<std::int64_t>(bytes_));
  return taken;
}

void Inbox::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  filled_.notify_one();
}

void Inbox::put_back(std::vector<Item> items) {
  const std::lock_guard lock(mutex_);
  for (auto it = items.rbegin(); it != items.rend(); ++it) {
    const std::size_t bytes = bytes_of(*it);
    bytes_ += bytes;
    slots_.push_front({std::move(*it), bytes});
  }
}

void Inbox::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  filled_.notify_all();
}

bool Inbox::drained() const {
  const std::lock_guard lock(mutex_);
  return closed_ && slots_.empty();
}

}  // namespace hotline

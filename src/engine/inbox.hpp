#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "base/time.hpp"
#include "engine/items.hpp"

namespace hotline {

/// The bounded queue between all threads and the engine's. Thread-safe.
class Inbox {
 public:
  Inbox(std::size_t items_max, std::size_t bytes_max, Metrics& metrics)
      : items_max_(items_max), bytes_max_(bytes_max), metrics_(metrics) {}

  enum class Door { open, full, closed };

  /// Takes `item` only when the answer is `open`; otherwise it is left as it was.
  Door push(Item& item);

  /// Takes `item` beyond any bound: for what is bounded by something else, such as one cancellation
  /// a waiter. Dropped without an answer once the inbox is closed.
  void push_always(Item item);

  /// Waits until there are `enough` items, the inbox is closed, somebody called `wake`, or `wait`
  /// has passed; then takes at most `max` items. One thread takes.
  std::vector<Item> take(std::size_t max, std::size_t enough, Duration wait);

  /// Ends the present `take`, or the next one, at once.
  void wake();

  /// Puts items back before all others, beyond any bound: they were admitted before.
  void put_back(std::vector<Item> items);

  /// Refuses all further items; what is inside is still handed out.
  void close();
  /// Closed, and nothing left inside.
  bool drained() const;

 private:
  struct Slot {
    Item item;
    std::size_t bytes;
  };

  const std::size_t items_max_;
  const std::size_t bytes_max_;
  Metrics& metrics_;

  mutable std::mutex mutex_;
  std::condition_variable filled_;
  // Protected by mutex_.
  std::deque<Slot> slots_;
  std::size_t bytes_ = 0;
  bool closed_ = false;
  bool woken_ = false;
  std::size_t enough_ = 1;  ///< for whom takes
};

}  // namespace hotline

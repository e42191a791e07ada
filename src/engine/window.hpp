#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <utility>

#include "base/result.hpp"

namespace hotline {

/// The front of an ordered list that is too long for memory: everything below `end` is here, the
/// rest is in the store. Takes from the front never look at the store, so erased entries
/// (tombstones) there cost nothing; only `refill` reads, from the end on.
///
/// Insert and erase may run ahead of the store; `refill` must not: call it when the store holds
/// what was inserted.
template <typename Place>
class Window {
 public:
  explicit Window(std::size_t capacity) : capacity_(capacity) {}

  void insert(const Place& place) {
    if (end_ && !(place < *end_)) return;
    places_.insert(place);
    if (places_.size() > 2 * capacity_) trim();
  }
  void erase(const Place& place) { places_.erase(place); }

  bool empty() const { return places_.empty(); }
  const Place& front() const { return *places_.begin(); }
  Place take_front() { return places_.extract(places_.begin()).value(); }

  /// True when little is left here while the store has more.
  bool wants_refill() const { return end_ && places_.size() <= capacity_ / 4; }

  /// `scan(from, visit)` visits the stored places from `from` on, in order, until `visit` returns
  /// false; `keep(place)` tells whether a place belongs here.
  template <typename Scan, typename Keep>
  Result<void> refill(Scan scan, Keep keep) {
    const Place from = *end_;
    end_.reset();
    auto scanned = scan(from, [&](const Place& place) {
      if (places_.size() >= capacity_) {
        end_ = place;
        return false;
      }
      if (keep(place)) places_.insert(place);
      return true;
    });
    return scanned;
  }

 private:
  void trim() {
    auto first_out = places_.begin();
    std::advance(first_out, static_cast<std::ptrdiff_t>(capacity_));
    end_ = *first_out;
    places_.erase(first_out, places_.end());
  }

  std::size_t capacity_;
  std::set<Place> places_;
  std::optional<Place> end_;  ///< absent: all of the list is here
};

}  // namespace hotline

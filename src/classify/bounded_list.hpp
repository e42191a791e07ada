#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace hotline::classify {

/// A list on the stack that holds a bounded number of plain values and leaves out what comes after:
/// one call's findings, however long the text. Only what was added is ever initialised or read.
template <typename T, std::size_t capacity>
class BoundedList {
 public:
  BoundedList() {}  // NOLINT(modernize-use-equals-default): the array stays uninitialised

  /// False when the list is full.
  bool add(const T& value) {
    if (count_ == capacity) return false;
    values_[count_++] = value;
    return true;
  }
  void drop_last() { --count_; }

  bool empty() const { return count_ == 0; }
  T& back() { return values_[count_ - 1]; }
  std::span<T> view() { return {values_.data(), count_}; }
  std::span<const T> view() const { return {values_.data(), count_}; }

 private:
  std::array<T, capacity> values_;
  std::size_t count_ = 0;
};

}  // namespace hotline::classify

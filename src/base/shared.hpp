#pragma once

#include <memory>
#include <utility>

namespace hotline {

/// A value with many holders: copying it copies a pointer, however large it is. Compares by what it
/// holds. Copies may be read and destroyed on different threads; one object as little as any other
/// value.
template <typename T>
class Shared {
 public:
  Shared() : value_(empty()) {}
  // Holding a value is all there is to it, so a value becomes one where it is assigned.
  Shared(T value) : value_(std::make_shared<T>(std::move(value))) {}  // NOLINT(*-explicit-*)

  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_.get(); }

  /// For changes: the other holders keep what they have.
  T& edit() {
    value_ = std::make_shared<T>(*value_);
    return *value_;
  }

  bool operator==(const Shared& other) const {
    return value_ == other.value_ || *value_ == *other.value_;
  }

 private:
  static const std::shared_ptr<T>& empty() {
    static const auto value = std::make_shared<T>();
    return value;
  }

  std::shared_ptr<T> value_;
};

}  // namespace hotline

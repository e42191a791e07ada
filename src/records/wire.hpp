#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <google/protobuf/message.h>
#include <google/protobuf/unknown_field_set.h>

#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/vocabulary.hpp"
#include "hotline/store.hpp"

// What the codecs of this folder share. Not for other folders.

namespace hotline::wire {

inline std::int64_t millis(Time time) { return time.time_since_epoch().count(); }
inline Time time_of(std::int64_t value) { return Time{Duration{value}}; }

template <typename Enum>
constexpr std::uint32_t number(Enum value) {
  return static_cast<std::uint32_t>(value);
}

/// A message of the calling thread, empty, that keeps its strings' memory from use to use. One in
/// use at a time.
template <typename Message>
Message& scratch() {
  thread_local Message message;
  message.Clear();
  return message;
}

/// The library makes this object at its first use; asked for here, that is before any thread, in
/// whose race for it ThreadSanitizer would not see the library's lock.
inline const auto& no_unknown_fields = google::protobuf::UnknownFieldSet::default_instance();

/// Remembers the first fault of a value that is being read, so that readers need no branch after
/// every field.
class Decoding {
 public:
  explicit Decoding(Space space) : space_(space) {}

  void refuse(std::string_view field, std::string_view fault) {
    if (fault_.empty()) fault_.append(field).append(": ").append(fault);
  }
  void require(bool holds, std::string_view field, std::string_view fault) {
    if (!holds) refuse(field, fault);
  }

  /// A number of the vocabulary `Enum`.
  template <typename Enum>
  Enum known(std::uint32_t stored, std::string_view field) {
    const auto value = static_cast<Enum>(stored);
    if (stored > std::numeric_limits<std::uint8_t>::max() || name(value).empty()) {
      refuse(field, "unknown number " + std::to_string(stored));
    }
    return value;
  }

  template <typename Number>
  Number narrow(std::uint32_t stored, std::string_view field) {
    if (stored > std::numeric_limits<Number>::max()) {
      refuse(field, "number out of range " + std::to_string(stored));
    }
    return static_cast<Number>(stored);
  }

  /// A field that this version does not know would be lost when the record is written again.
  template <typename Message>
  void whole(const Message& message, std::string_view field) {
    const auto& unknown = message.GetReflection()->GetUnknownFields(message);
    require(unknown.empty(), field, "fields of another version");
  }

  template <typename Message>
  bool parse(Message& message, std::string_view bytes) {
    const bool fits = bytes.size() <= std::numeric_limits<int>::max();
    if (fits && message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return true;
    refuse("value", "not a record");
    return false;
  }

  template <typename Value>
  Result<Value> result(Value value) const {
    if (fault_.empty()) return value;
    std::string detail = "damaged record in space ";
    detail.append(hotline::name(space_)).append(", ").append(fault_);
    return fail(ErrorCode::internal, std::move(detail));
  }

 private:
  Space space_;
  std::string fault_;
};

/// Decodes a whole value: parses it as `Message`, hands it to `read(decoding, message, value)`.
template <typename Value, typename Message, typename Read>
Result<Value> decode(Space space, std::string_view bytes, const Read& read) {
  Decoding decoding(space);
  Value value{};
  auto& message = scratch<Message>();
  if (decoding.parse(message, bytes)) {
    decoding.whole(message, "value");
    read(decoding, message, value);
  }
  return decoding.result(std::move(value));
}

}  // namespace hotline::wire

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/vocabulary.hpp"

namespace hotline::api {

/// All faults of one request, so that a client sees them at once. Past `errors_max` the rest is
/// only counted on.
class FieldErrors {
 public:
  static constexpr std::size_t errors_max = 100;

  void add(std::string pointer, std::string detail) {
    if (errors_.size() < errors_max) errors_.push_back({std::move(pointer), std::move(detail)});
  }
  /// The faults of a header or parameter, beside those of the body.
  void add(Error error);
  /// What is to be said before the faults, if there is one at all.
  void begin_with(std::string sentence) { beginning_ = std::move(sentence); }
  bool empty() const { return errors_.empty(); }
  /// `invalid` with every fault found; leaves this empty.
  Error take();
  /// `first`, which left the rest unread, with every fault found before it; leaves this empty.
  Error take_beside(Error first);

 private:
  std::vector<FieldError> errors_;
  std::string beginning_;
};

/// Takes a parameter's value, or notes its fault beside those of the others.
template <typename Value, typename Into>
void take(Result<Value> parameter, Into& into, FieldErrors& errors) {
  if (parameter) {
    into = static_cast<Into>(std::move(*parameter));
  } else {
    errors.add(std::move(parameter.error()));
  }
}

/// One step of a JSON pointer (RFC 6901). A name is shown as the client wrote it, but never without
/// end.
std::string pointer_step(std::string_view name);

/// What a text may be; never empty. Lengths in characters (code points), `bytes_max` in UTF-8
/// bytes; 0: not bounded that way.
struct TextRule {
  std::size_t characters_max = 0;
  std::size_t bytes_max = 0;
  bool lines = false;  ///< line breaks and tabs allowed; other control characters never are
};

/// The fault of `text` under `rule`, for a person to read; absent when it has none. Pure.
std::optional<std::string> text_fault(std::string_view text, const TextRule& rule);

/// Number of code points of valid UTF-8.
std::size_t characters(std::string_view text);

/// Reads one JSON object field by field. A wrong one is noted with its JSON pointer and reads as
/// absent; `finish` notes the fields that nobody asked for. The object, the errors and the parent
/// outlive the reader.
class ObjectReader {
 public:
  ObjectReader(const boost::json::object& object, FieldErrors& errors, std::string pointer = {})
      : object_(object), errors_(errors), pointer_(std::move(pointer)) {}

  std::optional<std::string_view> text(std::string_view name, const TextRule& rule);
  std::optional<std::string_view> required_text(std::string_view name, const TextRule& rule);
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most);
  std::optional<double> number(std::string_view name, double least, double most);
  std::optional<bool> boolean(std::string_view name);
  std::optional<Time> time(std::string_view name);
  const boost::json::object* object(std::string_view name);
  const boost::json::array* array(std::string_view name, std::size_t items_max);
  /// Texts without repetition.
  std::vector<std::string> texts(std::string_view name, std::size_t items_max,
                                 const TextRule& rule);

  template <typename Enum>
  std::optional<Enum> term(std::string_view name) {
    const auto word = text(name, {.bytes_max = 64});
    if (!word) return std::nullopt;
    const auto value = parse<Enum>(*word);
    if (!value) refuse(name, "must be one of " + term_names<Enum>());
    return value;
  }

  bool has(std::string_view name) const { return object_.contains(name); }
  void require(std::string_view name);
  void refuse(std::string_view name, std::string detail) {
    errors_.add(pointer(name), std::move(detail));
  }
  std::string pointer(std::string_view name) const;
  FieldErrors& errors() { return errors_; }

  /// Every field not read so far is unknown: `detail` is its fault.
  void finish(std::string_view detail = "is not a field of this call; see /openapi.json");

  template <typename Enum>
  static std::string term_names() {
    std::string names;
    for (const auto& term : terms(Enum{})) {
      if (!names.empty()) names += ", ";
      names += term.name;
    }
    return names;
  }

 private:
  static constexpr std::size_t fields_max = 24;

  const boost::json::value* find(std::string_view name);

  const boost::json::object& object_;
  FieldErrors& errors_;
  std::string pointer_;
  std::array<std::string_view, fields_max> known_{};
  std::size_t known_count_ = 0;
};

}  // namespace hotline::api

#include "api/json_reader.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <span>

namespace hotline::api {
namespace {

namespace json = boost::json;

std::string_view kind_name(json::kind kind) {
  switch (kind) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "a boolean";
    case json::kind::int64:
    case json::kind::uint64:
      return "an integer";
    case json::kind::double_:
      return "a number";
    case json::kind::string:
      return "a text";
    case json::kind::array:
      return "an array";
    case json::kind::object:
      return "an object";
  }
  return "something else";
}

std::string wrong_kind(std::string_view expected, const json::value& found) {
  std::string detail = fmt::format("must be {}, not {}", expected, kind_name(found.kind()));
  if (found.is_null()) detail += "; leave the field out when there is none";
  return detail;
}

bool is_control(char c, bool lines) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte == 0x7F) return true;
  return byte < 0x20 && !(lines && (c == '\n' || c == '\t' || c == '\r'));
}

/// Eight bytes at a time: false when there is surely none. Line breaks count.
bool may_hold_control(std::string_view text) {
  constexpr std::uint64_t each = 0x0101010101010101;
  constexpr std::uint64_t high = each * 0x80;
  std::uint64_t found = 0;
  std::size_t at = 0;
  for (; at + sizeof found <= text.size(); at += sizeof found) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    const std::uint64_t deletes = word ^ (each * 0x7F);
    // A byte below n borrows out of its high bit; a neighbour's borrow can only raise a false
    // alarm.
    found |= (word - each * 0x20) & ~word & high;
    found |= (deletes - each) & ~deletes & high;
  }
  const std::string_view rest = text.substr(at);
  return found != 0 || std::ranges::any_of(rest, [](char c) { return is_control(c, false); });
}

}  // namespace

std::string pointer_step(std::string_view name) {
  constexpr std::size_t shown_bytes_max = 64;
  if (name.size() > shown_bytes_max) return "/...";
  std::string out = "/";
  for (const char c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

void FieldErrors::add(Error error) {
  for (auto& field : error.errors) add(std::move(field.pointer), std::move(field.detail));
}

Error FieldErrors::take_beside(Error first) {
  first.errors.insert(first.errors.end(), errors_.begin(), errors_.end());
  errors_.clear();
  return first;
}

Error FieldErrors::take() {
  Error error{ErrorCode::invalid, "", std::move(errors_)};
  errors_.clear();
  error.detail = error.errors.size() == 1
                     ? fmt::format("{}: {}", error.errors[0].pointer, error.errors[0].detail)
                     : fmt::format("{} faults, see errors", error.errors.size());
  if (!beginning_.empty()) error.detail = fmt::format("{}; {}", beginning_, error.detail);
  return error;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::optional<std::string> text_fault(std::string_view text, const TextRule& rule) {
  if (rule.bytes_max != 0 && text.size() > rule.bytes_max) {
    return fmt::format("is {} bytes long; at most {} are allowed", text.size(), rule.bytes_max);
  }
  // No text has more characters than bytes, so most need not be counted.
  if (rule.characters_max != 0 && text.size() > rule.characters_max) {
    const std::size_t length = characters(text);
    if (length > rule.characters_max) {
      return fmt::format("is {} characters long; at most {} are allowed", length,
                         rule.characters_max);
    }
  }
  if (text.empty()) return "must not be empty; leave the field out when there is nothing to say";
  if (may_hold_control(text) &&
      std::ranges::any_of(text, [&](char c) { return is_control(c, rule.lines); })) {
    return rule.lines ? "holds a control character other than tab and line breaks"
                      : "holds a control character";
  }
  return std::nullopt;
}

std::string ObjectReader::pointer(std::string_view name) const {
  return pointer_ + pointer_step(name);
}

const json::value* ObjectReader::find(std::string_view name) {
  assert(known_count_ < fields_max);
  known_[known_count_++] = name;
  return object_.if_contains(name);
}

void ObjectReader::require(std::string_view name) {
  if (!has(name)) refuse(name, "is required");
}

std::optional<std::string_view> ObjectReader::text(std::string_view name, const TextRule& rule) {
  const json::value* value = find(name);
  if (value == nullptr) return std::nullopt;
  const json::string* found = value->if_string();
  if (found == nullptr) {
    refuse(name, wrong_kind("a text", *value));
    return std::nullopt;
  }
  const std::string_view view(found->data(), found->size());
  if (auto fault = text_fault(view, rule)) {
    refuse(name, std::move(*fault));
    return std::nullopt;
  }
  return view;
}

std::optional<std::string_view> ObjectReader::required_text(std::string_view name,
                                                            const TextRule& rule) {
  require(name);
  return text(name, rule);
}

std::optional<std::int64_t> ObjectReader::integer(std::string_view name, std::int64_t least,
                                                  std::int64_t most) {
  const json::value* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_int64() && !value->is_uint64()) {
    refuse(name, wrong_kind("an integer", *value));
    return std::nullopt;
  }
  // An unsigned value here is one that does not fit the signed type, so it is above every bound.
  if (value->is_uint64() || value->get_int64() < least || value->get_int64() > most) {
    refuse(name, fmt::format("must be from {} to {}", least, most));
    return std::nullopt;
  }
  return value->get_int64();
}

std::optional<double> ObjectReader::number(std::string_view name, double least, double most) {
  const json::value* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number()) {
    refuse(name, wrong_kind("a number", *value));
    return std::nullopt;
  }
  const auto found = value->to_number<double>();
  if (!(found >= least && found <= most)) {
    refuse(name, fmt::format("must be from {} to {}", least, most));
    return std::nullopt;
  }
  return found;
}

std::optional<bool> ObjectReader::boolean(std::string_view name) {
  const json::value* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_bool()) {
    refuse(name, wrong_kind("true or false", *value));
    return std::nullopt;
  }
  return value->get_bool();
}

std::optional<Time> ObjectReader::time(std::string_view name) {
  const auto written = text(name, {.bytes_max = 64});
  if (!written) return std::nullopt;
  auto found = parse_rfc3339(*written);
  if (!found) {
    refuse(name, std::move(found.error().detail));
    return std::nullopt;
  }
  return *found;
}

const json::object* ObjectReader::object(std::string_view name) {
  const json::value* value = find(name);
  if (value == nullptr) return nullptr;
  if (!value->is_object()) refuse(name, wrong_kind("an object", *value));
  return value->if_object();
}

const json::array* ObjectReader::array(std::string_view name, std::size_t items_max) {
  const json::value* value = find(name);
  if (value == nullptr) return nullptr;
  const json::array* found = value->if_array();
  if (found == nullptr) {
    refuse(name, wrong_kind("an array", *value));
    return nullptr;
  }
  if (found->size() > items_max) {
    refuse(name, fmt::format("has {} items; at most {} are allowed", found->size(), items_max));
    return nullptr;
  }
  return found;
}

std::vector<std::string> ObjectReader::texts(std::string_view name, std::size_t items_max,
                                             const TextRule& rule) {
  std::vector<std::string> found;
  const json::array* items = array(name, items_max);
  if (items == nullptr) return found;
  for (std::size_t i = 0; i < items->size(); ++i) {
    const std::string at = fmt::format("{}/{}", pointer(name), i);
    const json::string* item = (*items)[i].if_string();
    if (item == nullptr) {
      errors_.add(at, wrong_kind("a text", (*items)[i]));
      continue;
    }
    std::string word(item->data(), item->size());
    if (auto fault = text_fault(word, rule)) {
      errors_.add(at, std::move(*fault));
    } else if (std::ranges::find(found, word) != found.end()) {
      errors_.add(at, "stands here twice");
    } else {
      found.push_back(std::move(word));
    }
  }
  return found;
}

void ObjectReader::finish(std::string_view detail) {
  const auto known = std::span(known_).first(known_count_);
  for (const auto& member : object_) {
    const std::string_view name(member.key().data(), member.key().size());
    if (std::ranges::find(known, name) != known.end()) continue;
    errors_.add(pointer(name), std::string(detail));
  }
}

}  // namespace hotline::api

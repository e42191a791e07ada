#include "api/canonical.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <vector>
#include <xxhash.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <fmt/format.h>

namespace hotline::api {
namespace {

namespace json = boost::json;

void append(std::string& out, const json::value& value);

/// With its length before it, so that no two sequences of texts look the same.
void append_text(std::string& out, std::string_view text) {
  out += fmt::format_int(text.size()).c_str();
  out += ':';
  out += text;
}

void append_number(std::string& out, double number) {
  constexpr double exact_max = 9007199254740992.0;  // 2^53: every integer below is itself
  if (std::abs(number) < exact_max && std::trunc(number) == number) {
    out += fmt::format_int(static_cast<std::int64_t>(number)).c_str();
  } else {
    fmt::format_to(std::back_inserter(out), "{}", number);
  }
}

void append_object(std::string& out, const json::object& object) {
  std::vector<const json::key_value_pair*> members;
  members.reserve(object.size());
  for (const auto& member : object) members.push_back(&member);
  std::ranges::sort(members, {}, [](const json::key_value_pair* member) {
    return std::string_view(member->key().data(), member->key().size());
  });
  out += '{';
  for (const auto* member : members) {
    append_text(out, std::string_view(member->key().data(), member->key().size()));
    append(out, member->value());
  }
  out += '}';
}

void append_array(std::string& out, const json::array& array) {
  out += '[';
  for (const auto& item : array) append(out, item);
  out += ']';
}

void append(std::string& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      out += 'n';
      return;
    case json::kind::bool_:
      out += value.get_bool() ? 't' : 'f';
      return;
    case json::kind::int64:
      out += 'd';
      out += fmt::format_int(value.get_int64()).c_str();
      break;
    case json::kind::uint64:
      out += 'd';
      out += fmt::format_int(value.get_uint64()).c_str();
      break;
    case json::kind::double_:
      out += 'd';
      append_number(out, value.get_double());
      break;
    case json::kind::string:
      out += 's';
      append_text(out, std::string_view(value.get_string().data(), value.get_string().size()));
      return;
    case json::kind::array:
      append_array(out, value.get_array());
      return;
    case json::kind::object:
      append_object(out, value.get_object());
      return;
  }
  out += ';';
}

}  // namespace

std::uint64_t canonical_hash(std::string_view operation, const json::value& body) {
  thread_local std::string buffer;
  buffer.clear();
  append_text(buffer, operation);
  append(buffer, body);
  return XXH64(buffer.data(), buffer.size(), 0);
}

}  // namespace hotline::api

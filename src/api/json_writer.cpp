#include "api/json_writer.hpp"

#include <charconv>
#include <iterator>

#include <fmt/format.h>

namespace hotline::api {
namespace {

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
  }
}

}  // namespace

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  out_.push_back('"');
  out_ += name;
  out_ += "\":";
  comma_due_ = false;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  separate();
  quote(text);
  comma_due_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  char digits[32];
  constexpr int significant = 7;
  const auto end =
      std::to_chars(digits, std::end(digits), number, std::chars_format::general, significant).ptr;
  return raw({digits, end});
}

JsonWriter& JsonWriter::integer(std::int64_t number) {
  return raw(fmt::format_int(number).c_str());
}

JsonWriter& JsonWriter::unsigned_integer(std::uint64_t number) {
  return raw(fmt::format_int(number).c_str());
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
  comma_due_ = true;
  return *this;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  out_.push_back(bracket);
  comma_due_ = false;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_.push_back(bracket);
  comma_due_ = true;
  return *this;
}

void JsonWriter::quote(std::string_view text) {
  out_.push_back('"');
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!needs_escape(text[i])) continue;
    out_.append(text, plain, i - plain);
    append_escaped(out_, text[i]);
    plain = i + 1;
  }
  out_.append(text, plain);
  out_.push_back('"');
}

}  // namespace hotline::api

#include "http/answer.hpp"

#include <algorithm>
#include <charconv>

#include <boost/beast/http/status.hpp>

#include "http/text.hpp"

namespace hotline::http {
namespace {

void append_number(std::string& out, std::size_t number) {
  char digits[20];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
  out.append(digits, end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

bool has_body(unsigned status) { return status >= 200 && status != 204 && status != 304; }

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool valid_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

bool valid_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(),
                                      [](char c) { return is_alphanumeric(c) || c == '-'; });
}

}  // namespace

void append_head(std::string& out, const Response& response, const AnswerContext& context) {
  out.append("HTTP/1.1 ");
  append_number(out, response.status);
  const std::string_view reason =
      beast::http::obsolete_reason(beast::http::int_to_status(response.status));
  out.append(" ").append(reason).append("\r\n");
  append_field(out, "Server", "hotlined");
  append_field(out, "Date", context.date);
  append_field(out, "Request-Id", context.request_id);
  bool cache_control = false;
  for (const auto& [name, value] : response.headers) {
    cache_control = cache_control || iequals(name, "Cache-Control");
    append_field(out, name, value);
  }
  // Answers hold personal data: nothing on the way may keep them unless the handler says so.
  if (!cache_control) append_field(out, "Cache-Control", "no-store");
  if (!context.keep_alive) {
    append_field(out, "Connection", "close");
  } else if (context.http_1_0) {
    append_field(out, "Connection", "keep-alive");
  }
  if (context.streamed) {
    append_field(out, "Content-Type", response.content_type);
    if (!context.http_1_0) append_field(out, "Transfer-Encoding", "chunked");
  } else if (has_body(response.status)) {
    if (!response.body.empty()) append_field(out, "Content-Type", response.content_type);
    out.append("Content-Length: ");
    append_number(out, response.body.size());
    out.append("\r\n");
  }
  out.append("\r\n");
}

bool well_formed(const Response& response) {
  if (response.status < 200 || response.status > 599) return false;
  if (!has_body(response.status) && !response.body.empty()) return false;
  if (!valid_value(response.content_type)) return false;
  return std::all_of(response.headers.begin(), response.headers.end(), [](const auto& field) {
    return valid_name(field.first) && valid_value(field.second);
  });
}

bool valid_request_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
  });
}

}  // namespace hotline::http

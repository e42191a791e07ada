#include "http/guard.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "http/text.hpp"

namespace hotline::http {
namespace {

namespace beast = boost::beast;
using Field = beast::http::field;

constexpr std::array<bool, 256> set_of(std::string_view extra) {
  std::array<bool, 256> set{};
  for (char c = '0'; c <= '9'; ++c) set[static_cast<unsigned char>(c)] = true;
  for (char c = 'a'; c <= 'z'; ++c) set[static_cast<unsigned char>(c)] = true;
  for (char c = 'A'; c <= 'Z'; ++c) set[static_cast<unsigned char>(c)] = true;
  for (const char c : extra) set[static_cast<unsigned char>(c)] = true;
  return set;
}
constexpr auto target_characters = set_of("-._~!$&'()*+,;=:@/?%");
constexpr auto host_characters = set_of("-._~!$&'()*+,;=:[]%");

bool all_in(const std::array<bool, 256>& set, std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return set[static_cast<unsigned char>(c)]; });
}

bool starts_with_insensitive(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && iequals(text.substr(0, prefix.size()), prefix);
}

/// What stands after the scheme of an absolute form; empty when it is not one.
std::string_view after_scheme(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (starts_with_insensitive(target, scheme)) return target.substr(scheme.size());
  }
  return {};
}

struct FramingFields {
  std::size_t hosts = 0;
  std::size_t lengths = 0;
  std::size_t encodings = 0;
  std::string_view host;
  std::string_view length;
  std::string_view encoding;
};

FramingFields framing_fields(const RequestHeader& header) {
  FramingFields found;
  for (const auto& field : header) {
    if (field.name() == Field::host) {
      ++found.hosts;
      found.host = field.value();
    } else if (field.name() == Field::content_length) {
      ++found.lengths;
      found.length = field.value();
    } else if (field.name() == Field::transfer_encoding) {
      ++found.encodings;
      found.encoding = field.value();
    }
  }
  return found;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

HeaderScan::State HeaderScan::feed(std::string_view received) {
  while (true) {
    const std::size_t line_feed = received.find('\n', searched_);
    const std::size_t seen = line_feed == std::string_view::npos ? received.size() : line_feed + 1;
    if (seen > bytes_max_) return State::too_large;
    if (line_feed == std::string_view::npos) {
      searched_ = received.size();
      return received.size() == bytes_max_ ? State::too_large : State::more;
    }
    const auto line = received.substr(position_, seen - position_);
    const State state = end_line(line);
    if (state == State::malformed) return state;
    position_ = searched_ = seen;
    if (state == State::whole) return state;
  }
}

HeaderScan::State HeaderScan::end_line(std::string_view line) {
  if (line.size() < 2 || line.find('\r') != line.size() - 2) return State::malformed;
  const bool first = position_ == 0;
  if (line.size() == 2) return first ? State::malformed : State::whole;
  const bool folded = line.front() == ' ' || line.front() == '\t';
  return folded ? State::malformed : State::more;
}

bool valid_target(std::string_view target) {
  if (target == "*") return true;
  if (target.starts_with('/')) return all_in(target_characters, target);
  const std::string_view rest = after_scheme(target);
  const std::size_t authority_end = std::min(rest.find_first_of("/?"), rest.size());
  const std::string_view authority = rest.substr(0, authority_end);
  return !authority.empty() && all_in(host_characters, authority) &&
         all_in(target_characters, rest.substr(authority_end));
}

Result<void> check_framing(const RequestHeader& header) {
  const auto refuse = [](const char* why) { return fail(ErrorCode::malformed, why); };
  if (header.version() != 10 && header.version() != 11) return refuse("HTTP version");
  const FramingFields found = framing_fields(header);
  if (found.hosts != 1) return refuse("exactly one Host is required");
  if (!all_in(host_characters, found.host)) return refuse("Host is not a host");
  if (found.lengths > 1) return refuse("more than one Content-Length");
  if (found.lengths == 1 && !is_number(found.length))
    return refuse("Content-Length is not a number");
  if (found.encodings > 1) return refuse("more than one Transfer-Encoding");
  if (found.encodings == 1) {
    if (!iequals(found.encoding, "chunked")) {
      return refuse("Transfer-Encoding other than chunked");
    }
    if (header.version() != 11) return refuse("Transfer-Encoding in HTTP/1.0");
    if (found.lengths != 0) return refuse("Transfer-Encoding and Content-Length together");
  }
  if (!valid_target(header.target())) return refuse("request target");
  return {};
}

}  // namespace hotline::http

#include "api/call.hpp"

#include <algorithm>
#include <charconv>
#include <utf8.h>

#include <fmt/format.h>

namespace hotline::api {
namespace {

using asio::awaitable;
using http::Request;
using http::Response;

Error not_allowed(Scopes scopes) {
  return {ErrorCode::forbidden,
          fmt::format("this token may not do that; one of these scopes is needed: {}",
                      scope_names(scopes)),
          {}};
}

/// `action` takes the call, and what else it needs: a stream or nothing. It belongs to the route,
/// which outlives every request.
template <typename SomeAction, typename... Rest>
awaitable<Response> answer(std::shared_ptr<Api> api, Request& request, Scopes scopes,
                           const SomeAction& action, Rest&... rest) {
  const auto principal = api->parts.auth.authenticate(request.header("Authorization"));
  if (!principal) co_return http::problem(principal.error(), request);
  if (scopes != 0 && !(*principal)->has(scopes))
    co_return http::problem(not_allowed(scopes), request);
  const Call call{*api, request, **principal};
  auto response = co_await action(call, rest...);
  if (!response) co_return http::problem(response.error(), request);
  co_return std::move(*response);
}

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10U;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10U;
  return std::nullopt;
}

/// %XX becomes its byte; a percent sign that begins no such thing stays.
std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool room = text[i] == '%' && i + 2 < text.size();
    const auto high = room ? hex_digit(text[i + 1]) : std::nullopt;
    const auto low = room ? hex_digit(text[i + 2]) : std::nullopt;
    if (high && low) {
      out.push_back(static_cast<char>(*high * 16U + *low));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

}  // namespace

http::Route guarded(const std::shared_ptr<Api>& api, http::Verb method, std::string pattern,
                    std::string name, Scopes scopes, Action action) {
  return {method, std::move(pattern), std::move(name),
          [api, scopes, action](Request& request) { return answer(api, request, scopes, action); }};
}

http::Route guarded_stream(const std::shared_ptr<Api>& api, http::Verb method, std::string pattern,
                           std::string name, Scopes scopes, StreamAction action) {
  http::Route route{method, std::move(pattern), std::move(name), nullptr};
  route.stream = [api, scopes, action](Request& request, http::Stream& stream) {
    return answer(api, request, scopes, action, stream);
  };
  return route;
}

Response json_answer(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

tl::unexpected<Error> invalid_field(std::string_view pointer, std::string detail) {
  Error error{ErrorCode::invalid, fmt::format("{}: {}", pointer, detail), {}};
  error.errors.push_back({std::string(pointer), std::move(detail)});
  return tl::make_unexpected(std::move(error));
}

Result<std::string> person_of(const Request& request) {
  constexpr std::string_view header = "Hotline-Actor";
  std::string person = percent_decoded(request.header(header));
  if (person.empty()) return person;
  if (!utf8::is_valid(person))
    return invalid_field(header, "is not UTF-8, plain or percent-encoded");
  if (auto fault = text_fault(person, {.characters_max = 100})) {
    return invalid_field(header, std::move(*fault));
  }
  return person;
}

Result<std::string> required_person(const Request& request) {
  auto person = person_of(request);
  if (person && person->empty()) {
    return invalid_field("Hotline-Actor", "this header must name the person who acts");
  }
  return person;
}

Result<Actor> actor_of(const Call& call) {
  auto person = person_of(call.request);
  if (!person) return tl::make_unexpected(std::move(person.error()));
  return Actor{call.principal.name, std::move(*person), nullptr};
}

Result<std::optional<std::uint32_t>> if_match_of(const Request& request) {
  const std::string_view header = request.header("If-Match");
  if (header.empty() || header == "*") return std::nullopt;
  std::uint32_t version = 0;
  const bool quoted = header.size() > 2 && header.front() == '"' && header.back() == '"';
  const char* end = header.data() + header.size() - 1;
  const auto [stop, error] =
      quoted ? std::from_chars(header.data() + 1, end, version)
             : std::from_chars_result{header.data(), std::errc::invalid_argument};
  if (error != std::errc{} || stop != end) {
    return invalid_field("If-Match", "must be one ETag as answered, a version in quotes: \"3\"");
  }
  return version;
}

Result<std::string> idempotency_key_of(const Request& request) {
  const std::string_view key = request.header("Idempotency-Key");
  const bool visible = std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
  if (key.size() > 128 || !visible) {
    return invalid_field("Idempotency-Key", "must be 1 to 128 visible ASCII characters");
  }
  return std::string(key);
}

Result<TicketId> ticket_id_of(const Request& request, std::string_view parameter) {
  auto id = parse_ticket_id(request.parameter(parameter));
  if (!id) id.error().code = ErrorCode::not_found;
  return id;
}

Result<std::int64_t> query_integer(const Request& request, std::string_view name,
                                   std::int64_t least, std::int64_t most, std::int64_t absent) {
  const std::string* text = request.query_value(name);
  if (text == nullptr) return absent;
  std::int64_t value = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc{} || stop != end || value < least || value > most) {
    return invalid_field(name, fmt::format("must be a number from {} to {}", least, most));
  }
  return value;
}

Result<void> known_query(const Request& request, std::span<const std::string_view> known) {
  FieldErrors errors;
  std::vector<std::string_view> seen;
  for (const auto& [name, value] : request.query) {
    if (std::ranges::find(known, name) == known.end()) {
      errors.add(name, "is not a parameter of this call; see /openapi.json");
    } else if (std::ranges::find(seen, name) != seen.end()) {
      errors.add(name, "stands in the query twice");
    }
    seen.push_back(name);
  }
  if (!errors.empty()) return tl::make_unexpected(errors.take());
  return {};
}

std::string etag(const Ticket& ticket) { return fmt::format("\"{}\"", ticket.version); }

}  // namespace hotline::api

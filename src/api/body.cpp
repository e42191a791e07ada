#include "api/body.hpp"

#include <algorithm>
#include <array>
#include <utf8.h>

#include <boost/beast/http/rfc7230.hpp>
#include <boost/json/parser.hpp>
#include <fmt/format.h>

#include "api/doubled_keys.hpp"
#include "http/text.hpp"

namespace hotline::api {
namespace {

namespace json = boost::json;

bool is_utf8(std::string_view charset) {
  return http::iequals(charset, "utf-8") || http::iequals(charset, "utf8");
}

constexpr std::string_view json_media = "application/json";

Result<void> check_type(std::string_view content_type, std::string_view wanted) {
  const std::size_t end = std::min(content_type.find(';'), content_type.size());
  std::string_view media = content_type.substr(0, end);
  while (!media.empty() && media.back() == ' ') media.remove_suffix(1);
  if (!http::iequals(media, wanted)) {
    return fail(ErrorCode::unsupported_media, fmt::format("Content-Type must be {}", wanted));
  }
  for (const auto& [name, value] : boost::beast::http::param_list(content_type.substr(end))) {
    if (!http::iequals(name, "charset") || is_utf8(value)) continue;
    return fail(
        ErrorCode::unsupported_media,
        "Content-Type names another charset than utf-8; JSON is UTF-8: send the body in it");
  }
  return {};
}

/// What a body is, at a look, that is no JSON for its first bytes or its encoding; else what the
/// parser found at byte `at`.
Error not_json(std::string_view body, std::size_t at, std::string_view why) {
  constexpr std::array<std::string_view, 3> marks{"\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF"};
  const bool marked =
      std::ranges::any_of(marks, [&](std::string_view mark) { return body.starts_with(mark); });
  if (marked) {
    return {ErrorCode::malformed,
            "the body begins with a byte order mark at byte 0; send UTF-8 without one",
            {}};
  }
  const auto foreign = static_cast<std::size_t>(
      std::distance(body.begin(), utf8::find_invalid(body.begin(), body.end())));
  if (foreign != body.size()) {
    return {ErrorCode::malformed,
            fmt::format("the body is not UTF-8 at byte {}; is it GBK?", foreign),
            {}};
  }
  return {ErrorCode::malformed, fmt::format("the body is not JSON: {} at byte {}", why, at), {}};
}

Result<json::value> parse(std::string_view body, json::storage_ptr storage) {
  json::parse_options options;
  options.max_depth = body_depth_max;
  unsigned char scratch[1024];
  json::parser parser({}, options, scratch);
  parser.reset(std::move(storage));
  json::error_code error;
  const std::size_t used = parser.write_some(body, error);
  if (error) return tl::make_unexpected(not_json(body, used, error.message()));
  if (used != body.size()) {
    return tl::make_unexpected(not_json(body, used, "there is more after its end"));
  }
  json::value value = parser.release();
  if (!value.is_object()) return fail(ErrorCode::invalid, "the body must be a JSON object");
  return value;
}

}  // namespace

Result<void> check_media(const http::Request& request, std::string_view media) {
  const std::string_view type = request.header("Content-Type");
  if (type.empty()) return {};
  return check_type(type, media);
}

Result<json::value> parse_body(const http::Request& request, FieldErrors& errors,
                               json::storage_ptr storage) {
  if (auto right = check_media(request, json_media); !right) {
    return tl::make_unexpected(errors.take_beside(std::move(right.error())));
  }
  if (request.body.empty()) {
    errors.begin_with("the body is empty");
    return json::object(std::move(storage));
  }
  return parse_text(request.body, errors, std::move(storage));
}

Result<json::value> parse_text(std::string_view text, FieldErrors& errors,
                               json::storage_ptr storage) {
  auto value = parse(text, std::move(storage));
  if (!value) return tl::make_unexpected(errors.take_beside(std::move(value.error())));
  note_doubled_keys(*value, text, errors);
  return value;
}

}  // namespace hotline::api

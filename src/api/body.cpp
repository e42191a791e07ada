#include "api/body.hpp"

#include <algorithm>

#include <boost/json/parser.hpp>
#include <fmt/format.h>

namespace hotline::api {
namespace {

namespace json = boost::json;

bool is_json(std::string_view content_type) {
  std::string_view media = content_type.substr(0, content_type.find(';'));
  while (!media.empty() && media.back() == ' ') media.remove_suffix(1);
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(media, std::string_view("application/json"), {}, lower);
}

tl::unexpected<Error> not_json(std::size_t at, std::string_view why) {
  return fail(ErrorCode::malformed,
              fmt::format("the body is not JSON in UTF-8: {} at byte {}", why, at));
}

}  // namespace

Result<json::value> parse_body(const http::Request& request, json::storage_ptr storage) {
  const std::string_view type = request.header("Content-Type");
  if (!type.empty() && !is_json(type)) {
    return fail(ErrorCode::unsupported_media, "Content-Type must be application/json");
  }
  if (request.body.empty()) return json::object(std::move(storage));
  json::parse_options options;
  options.max_depth = body_depth_max;
  unsigned char scratch[1024];
  json::parser parser({}, options, scratch);
  parser.reset(std::move(storage));
  json::error_code error;
  const std::size_t used = parser.write_some(request.body, error);
  if (error) return not_json(used, error.message());
  if (used != request.body.size()) return not_json(used, "there is more after its end");
  json::value body = parser.release();
  if (!body.is_object()) return fail(ErrorCode::invalid, "the body must be a JSON object");
  return body;
}

}  // namespace hotline::api

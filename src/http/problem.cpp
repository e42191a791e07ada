#include "http/problem.hpp"

#include <boost/beast/http/status.hpp>
#include <boost/json.hpp>

namespace hotline::http {
namespace {

namespace json = boost::json;

json::array field_errors(const std::vector<FieldError>& errors) {
  json::array list;
  list.reserve(errors.size());
  for (const auto& error : errors) {
    list.push_back(json::object{{"pointer", error.pointer}, {"detail", error.detail}});
  }
  return list;
}

void add_headers(ErrorCode code, Response& response) {
  if (code == ErrorCode::unauthenticated) {
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
  } else if (code == ErrorCode::overloaded) {
    response.headers.emplace_back("Retry-After", "1");
  } else if (code == ErrorCode::unavailable) {
    response.headers.emplace_back("Retry-After", "5");
  }
}

}  // namespace

unsigned status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::malformed:
      return 400;
    case ErrorCode::invalid:
      return 422;
    case ErrorCode::unauthenticated:
      return 401;
    case ErrorCode::forbidden:
      return 403;
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::method_not_allowed:
      return 405;
    case ErrorCode::not_acceptable:
      return 406;
    case ErrorCode::unsupported_media:
      return 415;
    case ErrorCode::too_large:
      return 413;
    case ErrorCode::wrong_state:
    case ErrorCode::stale_receipt:
    case ErrorCode::leased_by_other:
    case ErrorCode::idempotency_conflict:
      return 409;
    case ErrorCode::version_mismatch:
      return 412;
    case ErrorCode::overloaded:
    case ErrorCode::unavailable:
      return 503;
    case ErrorCode::internal:
      return 500;
  }
  return 500;
}

Response problem(const Error& error, const Request& request) {
  return problem_as(status_of(error.code), error, request);
}

Response problem_as(unsigned status, const Error& error, const Request& request) {
  const std::string_view code = name(error.code);
  json::object body;
  body["type"] = "urn:hotlined:problem:" + std::string(code);
  body["title"] =
      json::string_view(beast::http::obsolete_reason(beast::http::int_to_status(status)));
  body["status"] = status;
  body["code"] = json::string_view(code);
  body["detail"] = error.detail;
  if (!request.path.empty()) body["instance"] = request.path;
  body["request_id"] = request.id;
  if (!error.errors.empty()) body["errors"] = field_errors(error.errors);

  Response response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body = json::serialize(body);
  add_headers(error.code, response);
  return response;
}

}  // namespace hotline::http

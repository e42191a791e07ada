#include "base/result.hpp"

namespace hotline {

std::string_view name(ErrorCode code) {
  switch (code) {
    case ErrorCode::malformed:
      return "malformed";
    case ErrorCode::invalid:
      return "invalid";
    case ErrorCode::unauthenticated:
      return "unauthenticated";
    case ErrorCode::forbidden:
      return "forbidden";
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::method_not_allowed:
      return "method_not_allowed";
    case ErrorCode::not_acceptable:
      return "not_acceptable";
    case ErrorCode::unsupported_media:
      return "unsupported_media";
    case ErrorCode::too_large:
      return "too_large";
    case ErrorCode::wrong_state:
      return "wrong_state";
    case ErrorCode::version_mismatch:
      return "version_mismatch";
    case ErrorCode::stale_receipt:
      return "stale_receipt";
    case ErrorCode::leased_by_other:
      return "leased_by_other";
    case ErrorCode::idempotency_conflict:
      return "idempotency_conflict";
    case ErrorCode::overloaded:
      return "overloaded";
    case ErrorCode::unavailable:
      return "unavailable";
    case ErrorCode::internal:
      return "internal";
  }
  return "internal";
}

}  // namespace hotline

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace hotline {

/// Every way in which a request can fail, one word each. The names are part of the API: clients
/// compare them, so a code is never renamed nor reused. `api/problem.cpp` maps each to its HTTP
/// status.
enum class ErrorCode : std::uint8_t {
  // The request itself is wrong; repeating it unchanged cannot succeed.
  malformed,           ///< not JSON, not UTF-8, not HTTP as the standard has it
  invalid,             ///< one or more fields; `errors` lists them all
  unauthenticated,     ///< no token, or one that is not known
  forbidden,           ///< the token's scopes do not allow this
  not_found,           ///< no such ticket, queue or route, or none that the caller may see
  method_not_allowed,  ///< the path exists, the method does not
  not_acceptable,      ///< no representation that the Accept header allows
  unsupported_media,   ///< Content-Type is not what this call takes
  too_large,           ///< body beyond its bound
  // The request is right, the ticket's state is not.
  wrong_state,  ///< not a move from the ticket's present status; the detail names those that are
  version_mismatch,      ///< If-Match names another version
  stale_receipt,         ///< the lease ended, is another's, or is not what the move needs
  leased_by_other,       ///< somebody else holds the entry that this move consumes
  idempotency_conflict,  ///< the key was used with another body, or key and source_id name two
                         ///< tickets
  // The service; repeating later can succeed.
  overloaded,   ///< a bound is reached: command queue, connections, waiters
  unavailable,  ///< not yet ready, stopping, or the store does not take writes
  internal,     ///< a defect or damaged data; the log has the request id
};

/// The stable name, as it stands in an answer's `code`.
std::string_view name(ErrorCode code);

/// One field's fault. `pointer` is an RFC 6901 JSON pointer into the body, or the parameter's name.
struct FieldError {
  std::string pointer;
  std::string detail;
};

/// A failure as a value. `detail` says what was wrong, where, and what to do, for a person to read;
/// it never repeats personal data out of the request.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string detail;
  std::vector<FieldError> errors = {};
};

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string detail) {
  return tl::make_unexpected(Error{code, std::move(detail), {}});
}

}  // namespace hotline

#pragma once

#include <optional>

#include "api/call.hpp"
#include "domain/command.hpp"

namespace hotline::api {

/// Who asked by `?unmask=true` to see personal data unmasked; absent when nobody did. Fails unless
/// the token may and a person is named.
Result<std::optional<Actor>> unmasker_of(const Call& call);

/// Writes a look into the audit log; durable when it returns. `ticket` is zero when many are seen.
asio::awaitable<Result<std::monostate>> audit(const Call& call, const Actor& actor,
                                              std::string action, TicketId ticket);

}  // namespace hotline::api

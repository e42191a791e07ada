#pragma once

#include <string>

#include "api/views.hpp"
#include "domain/ticket.hpp"

namespace hotline::api {

/// What a gateway sends, in Chinese and ready to be sent. It names the ticket, its category and
/// times; no word of the citizen and nothing about a person is in it, since messages pass through
/// networks that are not the centre's.
std::string notice_text(const Ticket& ticket, const Notice& notice, const ViewContext& context);

}  // namespace hotline::api

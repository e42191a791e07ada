#pragma once

#include <string>
#include <string_view>

#include "http/server.hpp"

namespace hotline::http {

/// What an answer's header holds beside the response itself.
struct AnswerContext {
  std::string_view date;        ///< IMF-fixdate
  std::string_view request_id;  ///< valid_request_id
  bool keep_alive = true;
  bool http_1_0 = false;  ///< the request's version: such clients must be told of keep-alive
  bool streamed = false;  ///< the body follows in pieces, `response.body` is none of it
};

/// Appends status line and header fields with the closing empty line. The length is the whole
/// body's, also for HEAD.
void append_head(std::string& out, const Response& response, const AnswerContext& context);

/// False when a header that a handler set, or its status, could break the answer's framing.
bool well_formed(const Response& response);

/// 1 to 64 characters of [A-Za-z0-9._-]: what is taken over from a client into logs and answers.
bool valid_request_id(std::string_view id);

}  // namespace hotline::http

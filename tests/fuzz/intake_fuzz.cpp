// The body of an intake, which anybody with a token may send.

#include <cstdint>
#include <string_view>
#include <utf8.h>

#include <boost/json/parse.hpp>

#include "api/intake_body.hpp"
#include "fuzz/must.hpp"
#include "http/server.hpp"

namespace hotline::fuzz {
namespace {

bool is_text(std::string_view text) { return utf8::is_valid(text.begin(), text.end()); }

void check_refusal(const Error& error, const http::Request& request) {
  must(!error.detail.empty() && is_text(error.detail), "a refusal says why");
  for (const auto& field : error.errors) must(!field.detail.empty(), "each fault says why");
  boost::system::error_code failed;
  const auto told = boost::json::parse(http::problem(error, request).body, failed);
  must(!failed && told.is_object(), "a problem is JSON, whatever was sent");
}

void check_intake(const Intake& intake) {
  const Personal& personal = intake.personal;
  must(!intake.channel.empty() && intake.channel.size() <= code_bytes_max, "a channel is a code");
  must(!personal.content.empty() && api::characters(personal.content) <= 20'000,
       "there is content");
  must(intake.source.empty() == intake.source_id.empty(), "a source has a number");
  for (const std::string_view text :
       {std::string_view(intake.channel), std::string_view(personal.content),
        std::string_view(personal.title), std::string_view(personal.caller.phone)}) {
    must(is_text(text) && text.find('\0') == std::string_view::npos, "what is kept is text");
  }
}

}  // namespace
}  // namespace hotline::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hotline;
  static const Time now = *parse_rfc3339("2021-06-01T10:00:00+08:00");
  http::Request request;
  request.path = "/v1/tickets";
  request.body.assign(reinterpret_cast<const char*>(data), size);
  const auto read = api::read_intake(request, now);
  if (read) {
    fuzz::check_intake(read->intake);
  } else {
    fuzz::check_refusal(read.error(), request);
  }
  return 0;
}

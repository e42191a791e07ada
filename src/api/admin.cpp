#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "api/body.hpp"
#include "api/call.hpp"

// POST /v1/admin/...: reload, checkpoint, and the virtual clock of tests and the demo.

namespace hotline::api {
namespace {

/// A body without fields, or none.
Result<void> empty_body(const http::Request& request) {
  FieldErrors errors;
  const auto parsed = parse_body(request, errors);
  if (!parsed) return tl::make_unexpected(parsed.error());
  ObjectReader(parsed->get_object(), errors).finish();
  if (!errors.empty()) return tl::make_unexpected(errors.take());
  return {};
}

Answering reload(Call call) {
  const auto body = empty_body(call.request);
  if (!body) co_return tl::make_unexpected(body.error());
  auto work = [&parts = call.api.parts] { return parts.reload(); };
  const auto version = co_await call.api.reads.run<std::string>(std::move(work));
  if (!version) co_return tl::make_unexpected(version.error());
  JsonWriter out;
  out.begin_object().field("catalogue_version", *version);
  out.field("model_version", call.api.parts.catalogue()->model_version()).end_object();
  co_return json_answer(out.take());
}

bool is_plain_name(std::string_view name) {
  return std::ranges::all_of(name, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
  });
}

/// `checkpoint-20210601T080000` of engine time, when the caller gave no name.
std::string default_name(Time now, UtcOffset zone) {
  std::string time = format_rfc3339(now, zone);
  time.resize(std::string_view("2021-06-01T08:00:00").size());
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  return "checkpoint-" + time;
}

Result<std::string> checkpoint_name(const Call& call) {
  FieldErrors errors;
  const auto parsed = parse_body(call.request, errors);
  if (!parsed) return tl::make_unexpected(parsed.error());
  ObjectReader body(parsed->get_object(), errors);
  const auto path = body.text("path", {.bytes_max = 64});
  if (path && !is_plain_name(*path)) {
    body.refuse("path", "must be a plain name of letters, digits, - and _");
  }
  body.finish();
  if (!errors.empty()) return tl::make_unexpected(errors.take());
  return path ? std::string(*path) : default_name(call.engine().now(), call.api.zone());
}

Answering checkpoint(Call call) {
  auto name = checkpoint_name(call);
  if (!name) co_return tl::make_unexpected(std::move(name.error()));
  auto work = [&parts = call.api.parts, folder = std::move(*name)] {
    return parts.checkpoint(folder);
  };
  const auto path = co_await call.api.reads.run<std::string>(std::move(work));
  if (!path) co_return tl::make_unexpected(path.error());
  JsonWriter out;
  out.begin_object().field("path", *path).end_object();
  co_return json_answer(out.take());
}

Result<Time> advance_to(const Call& call) {
  if (!call.api.parts.virtual_clock) {
    return fail(ErrorCode::not_found,
                "the clock is the wall's; start with --virtual-clock to move it");
  }
  FieldErrors errors;
  const auto parsed = parse_body(call.request, errors);
  if (!parsed) return tl::make_unexpected(parsed.error());
  ObjectReader body(parsed->get_object(), errors);
  body.require("to");
  const auto to = body.time("to");
  if (to && *to < call.engine().now())
    body.refuse("to", "lies before engine time, which never goes back");
  body.finish();
  if (!errors.empty()) return tl::make_unexpected(errors.take());
  return *to;
}

Answering advance_clock(Call call) {
  const auto to = advance_to(call);
  if (!to) co_return tl::make_unexpected(to.error());
  auto ask = [&engine = call.engine(), time = *to](Engine::Reply<Time> reply) {
    engine.advance(time, std::move(reply));
  };
  const auto now = co_await completion<Time>(std::move(ask));
  if (!now) co_return tl::make_unexpected(now.error());
  JsonWriter out;
  out.begin_object().key("now").value(format_rfc3339(*now, call.api.zone())).end_object();
  co_return json_answer(out.take());
}

}  // namespace

void add_admin_routes(const std::shared_ptr<Api>& api, std::vector<http::Route>& routes) {
  const auto admin = static_cast<Scopes>(Scope::admin);
  const auto add = [&](std::string pattern, std::string name, Action action) {
    routes.push_back(
        guarded(api, http::Verb::post, std::move(pattern), std::move(name), admin, action));
  };
  add("/v1/admin/reload", "reload", reload);
  add("/v1/admin/checkpoint", "checkpoint", checkpoint);
  add("/v1/admin/clock:advance", "advanceClock", advance_clock);
}

}  // namespace hotline::api

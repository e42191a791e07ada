#include "api/intake_body.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "api/body.hpp"
#include "api/canonical.hpp"

namespace hotline::api {
namespace {

namespace json = boost::json;

constexpr TextRule code_rule{.bytes_max = code_bytes_max};
constexpr TextRule title_rule{.characters_max = 200, .lines = true};
constexpr TextRule content_rule{.characters_max = 20'000, .lines = true};
constexpr TextRule address_rule{.characters_max = 300, .lines = true};
constexpr std::size_t extra_bytes_max = 4'096;
constexpr std::size_t attachments_allowed = 20;
constexpr std::chrono::minutes ahead_max{5};
constexpr Time received_at_least = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};

void assign(std::string& to, const std::optional<std::string_view>& from) {
  if (from) to = *from;
}

void read_source(ObjectReader& body, Intake& intake) {
  assign(intake.source, body.text("source", code_rule));
  assign(intake.source_id, body.text("source_id", {.bytes_max = 128}));
  if (body.has("source_id") && !body.has("source")) {
    body.refuse("source", "is required beside source_id");
  }
  if (body.has("source") && !body.has("source_id")) {
    body.refuse("source_id", "is required beside source");
  }
}

void read_name_and_phone(ObjectReader& caller, std::string& name, std::string& number) {
  assign(name, caller.text("name", {.characters_max = 100}));
  const auto phone = caller.text("phone", {.characters_max = 32});
  constexpr std::string_view allowed = "0123456789+*() -";
  if (phone && phone->find_first_not_of(allowed) != std::string_view::npos) {
    caller.refuse("phone", "may hold digits, blanks and + * ( ) - only");
  }
  assign(number, phone);
}

void read_caller(ObjectReader& body, Intake& intake) {
  const json::object* object = body.object("caller");
  if (object == nullptr) return;
  ObjectReader caller(*object, body.errors(), body.pointer("caller"));
  read_name_and_phone(caller, intake.personal.caller.name, intake.personal.caller.phone);
  intake.confidential = caller.boolean("confidential").value_or(false);
  caller.finish();
}

void read_location(ObjectReader& body, Intake& intake) {
  const json::object* object = body.object("location");
  if (object == nullptr) return;
  ObjectReader location(*object, body.errors(), body.pointer("location"));
  location.require("lat");
  location.require("lon");
  const auto lat = location.number("lat", -90, 90);
  const auto lon = location.number("lon", -180, 180);
  if (lat && lon) intake.personal.location = Location{*lat, *lon};
  location.finish();
}

void read_attachment(ObjectReader& body, const json::value& item, std::size_t index,
                     Intake& intake) {
  const std::string at = fmt::format("{}/{}", body.pointer("attachments"), index);
  const json::object* object = item.if_object();
  if (object == nullptr) return body.errors().add(at, "must be an object with name and url");
  ObjectReader attachment(*object, body.errors(), at);
  Attachment read;
  assign(read.name, attachment.required_text("name", {.characters_max = 200}));
  const auto url = attachment.required_text("url", {.characters_max = 1'000});
  if (url && !url->starts_with("https://") && !url->starts_with("http://")) {
    attachment.refuse("url", "must begin with https:// or http://");
  }
  assign(read.url, url);
  attachment.finish();
  intake.personal.attachments.push_back(std::move(read));
}

void read_attachments(ObjectReader& body, Intake& intake) {
  const json::array* items = body.array("attachments", attachments_allowed);
  if (items == nullptr) return;
  for (std::size_t i = 0; i < items->size(); ++i) read_attachment(body, (*items)[i], i, intake);
}

void read_extra(ObjectReader& body, Intake& intake) {
  const json::object* extra = body.object("extra");
  if (extra == nullptr || extra->empty()) return;
  std::string text = json::serialize(*extra);
  if (text.size() > extra_bytes_max) {
    return body.refuse("extra", fmt::format("is {} bytes as JSON; at most {} are allowed",
                                            text.size(), extra_bytes_max));
  }
  intake.personal.extra = std::move(text);
}

void read_received_at(ObjectReader& body, Intake& intake, Time now) {
  const auto received_at = body.time("received_at");
  if (received_at && *received_at > now + ahead_max) {
    body.refuse("received_at", "lies more than 5 minutes in the future; check clock and zone");
  }
  if (received_at && *received_at < received_at_least) {
    body.refuse("received_at", "lies before the year 2000");
  }
  intake.received_at = received_at;
}

void read_matter(ObjectReader& body, Intake& intake) {
  Personal& personal = intake.personal;
  assign(intake.channel, body.required_text("channel", code_rule));
  assign(personal.content, body.required_text("content", content_rule));
  assign(personal.title, body.text("title", title_rule));
  assign(personal.address, body.text("address", address_rule));
  assign(personal.recording_id, body.text("recording_id", {.characters_max = 128}));
  intake.type = body.term<TicketType>("type");
  intake.urgency = body.term<Urgency>("urgency");
  assign(intake.region, body.text("region", code_rule));
}

void read_overrides(ObjectReader& body, IntakeBody& out) {
  assign(out.category, body.text("category", code_rule));
  assign(out.department, body.text("department", code_rule));
  out.intake.handling = body.term<Handling>("handling");
  const auto answer = body.text("answer", {.characters_max = 5'000, .lines = true});
  if (answer) out.intake.answer = std::string(*answer);
  if (answer && out.intake.handling == Handling::transferred) {
    body.refuse("answer", "makes the ticket a direct one; leave it or handling transferred out");
  }
}

Warning unknown(std::string_view what, std::string_view code, std::string_view why) {
  return {fmt::format("unknown_{}", what), fmt::format("/{}", what),
          fmt::format("{} \"{}\" {}", what, code, why)};
}

void note_unknown(IntakeBody& body, const Catalogue& catalogue) {
  auto& warnings = body.intake.warnings;
  const auto not_in_catalogue =
      fmt::format("is not in catalogue {}; a person will look at it", catalogue.version());
  const auto is_known = std::ranges::find(known_channels, body.intake.channel,
                                          [](const auto& channel) { return channel.first; });
  if (is_known == known_channels.end()) {
    warnings.push_back(unknown("channel", body.intake.channel, "is not one of the known channels"));
  }
  const std::string& region = body.intake.region;
  if (!region.empty() && catalogue.region(region) == nullptr) {
    warnings.push_back(unknown("region", region, not_in_catalogue));
  }
  if (!body.category.empty() && catalogue.category(body.category) == nullptr) {
    warnings.push_back(unknown("category", body.category, not_in_catalogue));
  }
  if (!body.department.empty() && catalogue.department(body.department) == nullptr) {
    warnings.push_back(unknown("department", body.department, not_in_catalogue));
  }
}

/// `parse` makes a JSON value in the storage that it is given.
template <typename Parse>
Result<IntakeBody> read(Parse parse, Time now, FieldErrors errors) {
  // The parsed body is needed in this function only, so it lives in one buffer of the thread.
  thread_local std::array<unsigned char, 32'768> buffer;
  json::monotonic_resource memory(buffer.data(), buffer.size());
  const Result<json::value> parsed = parse(errors, json::storage_ptr(&memory));
  if (!parsed) return tl::make_unexpected(parsed.error());
  ObjectReader body(parsed->get_object(), errors);
  IntakeBody out;
  read_posted(body, out.intake, now);
  read_overrides(body, out);
  body.finish();
  if (!errors.empty()) return tl::make_unexpected(errors.take());
  out.hash = canonical_hash("intake", *parsed);
  return out;
}

}  // namespace

void read_posted(ObjectReader& body, Intake& intake, Time now) {
  read_source(body, intake);
  read_matter(body, intake);
  read_caller(body, intake);
  read_location(body, intake);
  read_attachments(body, intake);
  read_extra(body, intake);
  read_received_at(body, intake, now);
}

void read_amended_words(ObjectReader& body, Amend& move) {
  assign(move.title, body.text("title", title_rule));
  assign(move.content, body.text("content", content_rule));
  assign(move.address, body.text("address", address_rule));
  const json::object* object = body.object("caller");
  if (object == nullptr) return;
  ObjectReader caller(*object, body.errors(), body.pointer("caller"));
  read_name_and_phone(caller, move.caller_name, move.caller_phone);
  caller.finish();
}

Result<IntakeBody> read_intake(const http::Request& request, Time now, FieldErrors errors) {
  const auto parse = [&](FieldErrors& faults, json::storage_ptr storage) {
    return parse_body(request, faults, std::move(storage));
  };
  return read(parse, now, std::move(errors));
}

Warning repeat_differs() {
  return {"repeat_differs", "/source_id",
          "this source and source_id were taken in before with another body; that ticket stands"};
}

Result<IntakeBody> read_intake_line(std::string_view line, Time now) {
  const auto parse = [&](FieldErrors& faults, json::storage_ptr storage) {
    return parse_text(line, faults, std::move(storage));
  };
  return read(parse, now, {});
}

void classify(IntakeBody& body, const Catalogue& catalogue, Time now, Metrics& metrics) {
  const Intake& intake = body.intake;
  ClassifyInput input;
  input.title = intake.personal.title;
  input.content = intake.personal.content;
  input.address = intake.personal.address;
  input.channel = intake.channel;
  input.region = intake.region;
  input.type = intake.type;
  input.category = body.category;
  input.department = body.department;
  input.handling = intake.handling;
  input.at = intake.received_at.value_or(now);
  const auto begin = std::chrono::steady_clock::now();
  body.intake.classification = catalogue.classify(input);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  metrics.classify_seconds.observe(taken.count());
  note_unknown(body, catalogue);
}

}  // namespace hotline::api

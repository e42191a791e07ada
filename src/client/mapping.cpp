#include "client/mapping.hpp"

#include <filesystem>
#include <utf8.h>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "client/fields.hpp"

namespace hotline::client {
namespace {

constexpr std::size_t source_bytes_max = 64;

std::string without_controls(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    const auto byte = static_cast<unsigned char>(c);
    const bool kept = c == '\n' || c == '\t' || c == '\r';
    if ((byte < 0x20 && !kept) || byte == 0x7F) c = ' ';
  }
  return result;
}

std::string first_text(const json::value& message, std::initializer_list<std::string_view> keys) {
  for (const auto key : keys) {
    const auto found = text(message, key);
    if (found.find_first_not_of(" \t\r\n") != std::string_view::npos)
      return without_controls(found);
  }
  return {};
}

std::string id_of(const json::value& message, std::uint64_t line_number) {
  const auto& id = at(message, "id");
  if (id.is_string() && !id.get_string().empty()) return std::string(text(message, "id"));
  if (id.is_int64() || id.is_uint64()) return json::serialize(id);
  return fmt::format("line-{:08}", line_number);
}

/// FNV-1a, so that the key of a line changes with its text and with nothing else.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return hash;
}

Result<IntakeLine> map_message(const json::value& message, std::uint64_t line_number,
                               const MessageMapping& mapping) {
  const std::string title = first_text(message, {"title"});
  std::string content = first_text(message, {"body", "content", "text"});
  if (content.empty()) content = title;
  if (content.empty()) {
    return fail(ErrorCode::invalid,
                "neither an intake body (channel, content) nor a message (title, body)");
  }
  json::object body{{"source", mapping.source},
                    {"source_id", id_of(message, line_number)},
                    {"channel", mapping.channel},
                    {"content", content}};
  if (!title.empty()) body["title"] = title;
  if (!mapping.phone.empty()) body["caller"] = json::object{{"phone", mapping.phone}};
  if (const auto when = text(message, "time"); !when.empty()) {
    const auto time = parse_loose_time(when, mapping.zone);
    if (!time) return tl::make_unexpected(time.error());
    body["received_at"] = format_rfc3339(*time, mapping.zone);
  }
  return IntakeLine{json::serialize(body), {}};
}

}  // namespace

Result<IntakeLine> map_line(std::string_view line, std::uint64_t line_number,
                            const MessageMapping& mapping) {
  if (line.substr(0, 3) == "\xEF\xBB\xBF") line.remove_prefix(3);
  auto parsed = parse_json(line);
  if (!parsed) return tl::make_unexpected(std::move(parsed.error()));
  if (!parsed->is_object()) return fail(ErrorCode::invalid, "not a JSON object");
  if (member(*parsed, "channel") == nullptr || member(*parsed, "content") == nullptr) {
    return map_message(*parsed, line_number, mapping);
  }
  IntakeLine intake{std::string(line), {}};
  if (member(*parsed, "source_id") == nullptr) {
    intake.idempotency_key = fmt::format("replay-{:016x}-{}", hash_of(line), line_number);
  }
  return intake;
}

std::string source_of_file(std::string_view path) {
  std::string source = path == "-" ? "stdin" : std::filesystem::path(path).stem().string();
  if (source.size() > source_bytes_max) {
    auto end = source.begin() + static_cast<std::ptrdiff_t>(source_bytes_max);
    while (end != source.begin() && utf8::internal::is_trail(*end)) --end;
    source.erase(end, source.end());
  }
  return source.empty() ? "replay" : source;
}

Result<Time> parse_loose_time(std::string_view written, UtcOffset zone) {
  std::string time(written);
  if (time.size() == 10) {
    const auto day = parse_day(time);
    if (day) return start_of_day(*day, zone);
  }
  if (time.size() > 10 && time[10] == ' ') time[10] = 'T';
  auto zoned = parse_rfc3339(time);
  if (zoned) return zoned;
  auto local = parse_rfc3339(time + "Z");
  if (local) return *local - zone;
  return fail(ErrorCode::invalid,
              fmt::format("'{}' is not a time such as 2021-06-01T08:00:00", written));
}

}  // namespace hotline::client

#include "client/mapping.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <utf8.h>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "client/fields.hpp"
#include "client/terms.hpp"

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

std::string id_of(const json::value& message) {
  const auto& id = at(message, "id");
  return id.is_int64() || id.is_uint64() ? json::serialize(id) : std::string(text(message, "id"));
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
  const std::string content = first_text(message, {"body", "content", "text"});
  if (content.empty() && title.empty()) {
    return fail(ErrorCode::invalid,
                "neither an intake body (channel, content) nor a message (title, body)");
  }
  return map_cells({{"source_id", id_of(message)},
                    {"title", title},
                    {"content", content},
                    {"received_at", std::string(text(message, "time"))}},
                   line_number, mapping);
}

std::string channel_of(std::string_view word) {
  for (const auto& [name, chinese] : known_channels) {
    if (chinese == word) return std::string(name);
  }
  return std::string(word);
}

std::string term_of(std::string_view field, std::string_view cell) {
  if (field == "type") return api_name<TicketType>(cell);
  if (field == "urgency") return api_name<Urgency>(cell);
  if (field == "handling") return api_name<Handling>(cell);
  return field == "channel" ? channel_of(cell) : without_controls(cell);
}

Result<double> degrees(std::string_view field, std::string_view cell) {
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error == std::errc{} && end == cell.data() + cell.size()) return value;
  return fail(ErrorCode::invalid, fmt::format("{} '{}' is not a number of degrees", field, cell));
}

Result<bool> yes_or_no(std::string_view cell) {
  if (cell == "true" || cell == "是" || cell == "1") return true;
  if (cell == "false" || cell == "否" || cell == "0") return false;
  return fail(ErrorCode::invalid, fmt::format("confidential '{}' is neither 是 nor 否", cell));
}

std::string_view cell_of(const IntakeCells& cells, std::string_view field) {
  const auto found = cells.find(field);
  return found == cells.end() ? std::string_view{} : std::string_view(found->second);
}

Result<void> add_location(const IntakeCells& cells, json::object& body) {
  const auto lat_cell = cell_of(cells, "lat");
  const auto lon_cell = cell_of(cells, "lon");
  if (lat_cell.empty() && lon_cell.empty()) return {};
  const auto lat = degrees("lat", lat_cell);
  const auto lon = degrees("lon", lon_cell);
  if (!lat) return tl::make_unexpected(lat.error());
  if (!lon) return tl::make_unexpected(lon.error());
  body["location"] = json::object{{"lat", *lat}, {"lon", *lon}};
  return {};
}

Result<void> add_caller(const IntakeCells& cells, const MessageMapping& mapping,
                        json::object& body) {
  json::object caller;
  const auto phone = cell_of(cells, "phone");
  if (const auto name = cell_of(cells, "name"); !name.empty()) {
    caller["name"] = without_controls(name);
  }
  if (!phone.empty() || !mapping.phone.empty()) {
    caller["phone"] = phone.empty() ? mapping.phone : without_controls(phone);
  }
  if (const auto cell = cell_of(cells, "confidential"); !cell.empty()) {
    const auto confidential = yes_or_no(cell);
    if (!confidential) return tl::make_unexpected(confidential.error());
    caller["confidential"] = *confidential;
  }
  if (!caller.empty()) body["caller"] = std::move(caller);
  return {};
}

/// The numbers of a date like `2021-6-1` with two digits each; as it is when it is none.
std::string padded_date(std::string_view date) {
  std::string out;
  for (std::size_t begin = 0; begin <= date.size();) {
    const auto end = std::min(date.find('-', begin), date.size());
    if (end - begin == 1) out += '0';
    out += date.substr(begin, end - begin);
    if (end < date.size()) out += '-';
    begin = end + 1;
  }
  return out;
}

/// `8:05` becomes `08:05:00`; what follows, a zone or a fraction, stays.
std::string padded_clock(std::string_view clock) {
  std::string out(clock);
  if (out.find(':') == 1) out.insert(0, "0");
  const auto digits = std::min(out.find_first_not_of("0123456789:"), out.size());
  if (digits == 5) out.insert(5, ":00");
  return out;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

/// `2021-06-01` or `2021-06-01T08:05:00`, from any of the ways in which people write a time.
std::string usual_time(std::string_view written) {
  std::string text(written);
  for (const auto* mark : {"/", "年", "月"}) replace_all(text, mark, "-");
  replace_all(text, "日", "");
  const auto gap = text.find_first_of(" T");
  if (gap == text.npos) return padded_date(text);
  const auto clock = text.find_first_not_of(' ', gap + 1);
  return padded_date(text.substr(0, gap)) + 'T' +
         padded_clock(clock == text.npos ? "" : text.substr(clock));
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
  if (const auto time = parse_rfc3339(text(*parsed, "received_at"))) intake.received_at = *time;
  return intake;
}

Result<IntakeLine> map_cells(const IntakeCells& cells, std::uint64_t line_number,
                             const MessageMapping& mapping) {
  static constexpr std::array<std::string_view, 14> texts{
      "source",  "source_id", "channel", "type",     "title",      "content",  "region",
      "address", "urgency",   "answer",  "category", "department", "handling", "recording_id"};
  json::object body{{"source", mapping.source},
                    {"source_id", fmt::format("line-{:08}", line_number)},
                    {"channel", mapping.channel}};
  for (const auto field : texts) {
    if (const auto cell = cell_of(cells, field); !cell.empty()) body[field] = term_of(field, cell);
  }
  if (!body.contains("content") && body.contains("title")) body["content"] = body["title"];
  if (!body.contains("content")) return fail(ErrorCode::invalid, "content is empty");
  IntakeLine intake;
  if (const auto when = cell_of(cells, "received_at"); !when.empty()) {
    const auto time = parse_loose_time(when, mapping.zone);
    if (!time) return tl::make_unexpected(time.error());
    intake.received_at = *time;
    body["received_at"] = format_rfc3339(*time, mapping.zone);
  }
  if (auto added = add_caller(cells, mapping, body); !added) {
    return tl::make_unexpected(std::move(added.error()));
  }
  if (auto added = add_location(cells, body); !added) {
    return tl::make_unexpected(std::move(added.error()));
  }
  intake.body = json::serialize(body);
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
  const std::string time = usual_time(written);
  if (const auto day = parse_day(time)) return start_of_day(*day, zone);
  if (const auto zoned = parse_rfc3339(time)) return zoned;
  if (const auto local = parse_rfc3339(time + "Z")) return *local - zone;
  return fail(ErrorCode::invalid,
              fmt::format("'{}' is not a time such as 2021-06-01T08:00:00", written));
}

}  // namespace hotline::client

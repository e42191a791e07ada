#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace hotline::client {

/// How messages that are no intake bodies become such.
struct MessageMapping {
  std::string source;  ///< where the ids are unique; see `source_of_file`
  std::string channel =
      "website";                  ///< messages come from a mailbox unless the caller says otherwise
  UtcOffset zone = china_offset;  ///< of times without one
  std::string phone =
      {};  ///< given to callers; without a number nobody is called back. Empty: none
};

/// One ticket of a replay, ready to be posted.
struct IntakeLine {
  std::string body;                      ///< JSON
  std::string idempotency_key;           ///< for bodies without a `source_id`; else empty
  std::optional<Time> received_at = {};  ///< when it has one
};

/// What a cell of a table can fill.
inline constexpr std::array<std::string_view, 20> intake_fields{
    "source", "source_id", "channel",    "type",     "title",        "content",     "name",
    "phone",  "region",    "address",    "lat",      "lon",          "urgency",     "received_at",
    "answer", "category",  "department", "handling", "confidential", "recording_id"};
/// Texts by the field that they fill.
using IntakeCells = std::map<std::string, std::string, std::less<>>;

/// Turns the cells of one row into an intake body; empty ones are left out. The title is the
/// content when there is none, the line's number the `source_id`. `type`, `urgency`, `handling` and
/// `channel` may hold the field's Chinese terms, `confidential` 是 or 否; `lat` and `lon` become
/// `location`. Control characters, which the daemon refuses, become spaces. Fails with `invalid`.
Result<IntakeLine> map_cells(const IntakeCells& cells, std::uint64_t line_number,
                             const MessageMapping& mapping);

/// Turns one line into an intake body. An object with `channel` and `content` is one already and
/// goes as it is. Any other object is a message: `body`, `content` or `text` becomes the content
/// (the title when there is none), `id` the `source_id` (the line's number when there is none),
/// `time` the time of receipt; its other members are left out. Control characters, which the daemon
/// refuses, become spaces. Fails with `malformed` or `invalid`.
Result<IntakeLine> map_line(std::string_view line, std::uint64_t line_number,
                            const MessageMapping& mapping);

/// The file's name without folder and last extension, as a `source`: at most 64 bytes, whole
/// characters.
std::string source_of_file(std::string_view path);

/// RFC 3339, or a date with or without a time of day, which is then in `zone`. Also as spreadsheets
/// write it: `2021/6/1 8:05`, `2021年6月1日 8:05:30`. Fails with `invalid`.
Result<Time> parse_loose_time(std::string_view text, UtcOffset zone);

}  // namespace hotline::client

#pragma once

#include <cstdint>
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

/// One line of a replay, ready to be posted.
struct IntakeLine {
  std::string body;             ///< JSON
  std::string idempotency_key;  ///< for bodies without a `source_id`; else empty
};

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

/// RFC 3339, or a date with or without a time of day, which is then in `zone`. Fails with
/// `invalid`.
Result<Time> parse_loose_time(std::string_view text, UtcOffset zone);

}  // namespace hotline::client

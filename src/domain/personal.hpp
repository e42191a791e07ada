#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace hotline {

struct Caller {
  std::string name;
  std::string phone;
  bool operator==(const Caller&) const = default;
};

struct Attachment {
  std::string name;
  std::string url;
  bool operator==(const Attachment&) const = default;
};

struct Location {
  double lat = 0;
  double lon = 0;
  bool operator==(const Location&) const = default;
};

/// Words that people added in the course of the matter: an answer, a reason, what the citizen said
/// at the call-back.
struct Remark {
  std::uint32_t version = 0;  ///< the ticket version that it came with
  Time at{};
  std::string actor;  ///< the person, as in `Hotline-Actor`
  std::string kind;   ///< answer, citizen, note, supplement, return, ruling; amended: the
                      ///< words before
  std::string text;
  bool operator==(const Remark&) const = default;
};

inline constexpr std::size_t remarks_max = 512;
/// Notes stop earlier, so that there is always room for the words that finish a ticket.
inline constexpr std::size_t notes_max = remarks_max - 128;

/// All personal data of a ticket, one record beside it: events, queues and counters only refer to
/// the ticket, so erasing this leaves a countable skeleton. Never logged, never in a metric.
struct Personal {
  Caller caller;
  std::string title;
  std::string content;
  std::string address;
  std::optional<Location> location;
  std::string recording_id;
  std::vector<Attachment> attachments;
  std::string extra;  ///< the vendor's own JSON object, as posted; empty when none
  std::vector<Remark> remarks;
  bool operator==(const Personal&) const = default;
};

}  // namespace hotline

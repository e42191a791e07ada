#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/shared.hpp"
#include "base/time.hpp"
#include "domain/classification.hpp"
#include "domain/vocabulary.hpp"

namespace hotline {

/// The bounds of what one ticket may hold; see also `Limits` in the configuration for what one
/// request may.
inline constexpr std::size_t assignments_max = 256;
inline constexpr std::size_t code_bytes_max =
    64;  ///< channel, region, category, department, source
inline constexpr std::size_t notices_max = 64;
/// Notices are numbered from here on, apart from the assignments: leases know both by number.
inline constexpr std::uint16_t first_notice = 1001;
static_assert(assignments_max < first_notice);
/// The queue entries of extensions that were asked for are numbered from here, by assignment.
inline constexpr std::uint16_t first_extension = 2001;
static_assert(first_notice + notices_max < first_extension);

/// A time in which an assignment's clocks stood (暂停), e.g. while something is inspected
/// (检验检测).
struct Pause {
  Time from{};
  Time to{};
  bool operator==(const Pause&) const = default;
};
inline constexpr std::size_t pauses_max = 16;  ///< of one assignment

/// An extension (延期) that a department asked for and nobody has ruled on yet.
struct ExtensionRequest {
  Time at{};
  std::uint32_t days = 0;  ///< working days
  bool operator==(const ExtensionRequest&) const = default;
};

/// What a ticket was when an assignment's limits were laid down, kept when it was amended later:
/// limits that run stand as they are.
struct CountedAs {
  TicketType type = TicketType::other;
  Urgency urgency = Urgency::normal;
  std::string category;
  bool operator==(const CountedAs&) const = default;
};

/// The moments that an assignment's clocks reach.
struct DueTimes {
  Time sign{};
  Time contact{};
  Time resolve{};
  std::optional<Time> remind;
  std::optional<Time> notice;
  std::optional<Time> supervise;
  bool operator==(const DueTimes&) const = default;
};

/// One department's task in a ticket (承办). Append-only: a re-dispatch never erases what a
/// department did. Queue entries, leases, moves and every department figure belong to an
/// assignment.
struct Assignment {
  std::uint16_t seq = 0;  ///< 1, 2, ... in the order of dispatch; names it inside its ticket
  std::string department;
  Role role = Role::lead;
  std::uint32_t round = 1;
  Time dispatched_at{};
  std::optional<Time> signed_at;
  std::optional<Time> contacted_at;
  std::optional<Time> answered_at;
  Time sign_deadline{};
  Time contact_deadline{};
  Time resolve_deadline{};
  std::optional<Time>
      remind_at;  ///< 催办, before `resolve_deadline`; absent when the limit is too short for one
  std::optional<Ending> ending;  ///< absent: open
  std::optional<Time> ended_at;  ///< with `ending`; absent when an older system did not tell
  std::uint32_t passed = 0;  ///< bit (1 << Deadline) for each deadline that was recorded as passed
  std::optional<Time> notice_at;     ///< 超期通知; absent when no rule wants one
  std::optional<Time> supervise_at;  ///< 督办升级, of a lead only
  /// The limit that an older system had set; no rule of ours moves it.
  std::optional<Time> resolve_given;
  std::optional<CountedAs> counted_as;  ///< absent: as the ticket is
  std::optional<Time> paused_at;        ///< since when the clocks stand
  std::vector<Pause> pauses;            ///< over, in their order; at most `pauses_max`
  std::optional<ExtensionRequest> extension_asked;
  std::uint32_t extended_days = 0;  ///< working days granted in all
  std::uint32_t extensions = 0;     ///< how often one was granted

  DueTimes due() const {
    return {sign_deadline, contact_deadline, resolve_deadline, remind_at, notice_at, supervise_at};
  }
  void set(const DueTimes& due);
  bool operator==(const Assignment&) const = default;
};

/// A hand-over to 110, 119 or 120 (转警). Emergencies are never closed by the machine: a person
/// acknowledges.
struct Handover {
  std::string service;
  Time at{};
  std::optional<Time> acknowledged_at;
  bool operator==(const Handover&) const = default;
};

/// A department's objection to a dispatch (退单), from when it is raised until it is ruled on. Its
/// words are a remark.
struct Objection {
  std::uint16_t seq = 0;  ///< the lead's assignment
  ReturnReason reason = ReturnReason::not_competent;
  std::string suggested;  ///< code of the department that should lead; empty: none is known
  Time at{};
  Time review_deadline{};    ///< the centre should have ruled by then
  bool arbitration = false;  ///< 仲裁: not the first dispute, so a supervisor rules, once for all
  bool operator==(const Objection&) const = default;
};

/// The citizen's word (回访评价).
struct Rating {
  Time at{};
  bool contacted = false;  ///< the department had been in touch
  Resolved resolved = Resolved::no;
  std::optional<Satisfaction> satisfaction;  ///< absent: would not say
  bool operator==(const Rating&) const = default;
};

struct CallbackState {
  std::uint32_t attempts = 0;  ///< in the present round
  Time next_attempt_at{};      ///< meaningful while the status is `callback`
  bool ready = false;  ///< in the call-back queue; false while waiting for `next_attempt_at`
  std::optional<Rating> rating;  ///< the latest, over all rounds
  bool operator==(const CallbackState&) const = default;
};

/// A message about the ticket (通知) that a gateway is to send. Append-only, like assignments; no
/// word of it is kept, its text is made when it is handed out.
struct Notice {
  std::uint16_t number = first_notice;  ///< 1001, 1002, ...: names it inside its ticket
  NoticeKind kind = NoticeKind::reminder;
  std::uint16_t assignment = 0;  ///< whose department is told; 0: the citizen is
  Time posted_at{};
  std::optional<Time> ended_at;  ///< with `outcome`
  std::optional<NoticeOutcome> outcome;
  bool operator==(const Notice&) const = default;
};

/// Something that intake could not understand and took in all the same.
struct Warning {
  std::string code;  ///< unknown_region, unknown_category, unknown_department, unknown_channel, ...
  std::string pointer;  ///< JSON pointer of the field
  std::string detail;
  bool operator==(const Warning&) const = default;
};

/// A ticket (工单) without a word of personal data: that is in `Personal`, kept apart. A value; the
/// rules make a new one.
struct Ticket {
  TicketId id;
  std::uint32_t version = 0;  ///< +1 for each change, 1 after intake
  Status status = Status::triage;
  std::optional<Handling> handling;
  std::optional<Outcome> outcome;

  std::string source;  ///< the posting system, with `source_id` unique for ever; may be empty
  std::string source_id;
  std::string channel;
  TicketType type = TicketType::other;
  Urgency urgency = Urgency::normal;
  std::string category;
  std::string region;
  bool confidential = false;
  bool reachable = false;  ///< the caller left a number to be called back on

  Time received_at{};  ///< when the citizen called; periods count by its day
  Time created_at{};   ///< engine time of intake
  std::optional<Time>
      finished_at;  ///< first accepted answer or other outcome; a redo never erases it
  std::optional<Time> closed_at;
  std::optional<Time>
      decide_deadline;        ///< 待派单 or 直办 limit; meaningful in `triage` and `direct`
  bool decide_given = false;  ///< `decide_deadline` is an older system's; no rule of ours moves it
  std::optional<Time> handled_since;  ///< since when `triage` or `direct` has lasted
  std::uint32_t passed = 0;           ///< as in Assignment, for the ticket's own clocks

  std::uint32_t round = 1;  ///< +1 for each redo (重办)
  bool supervised = false;  ///< 督办
  std::vector<Assignment> assignments;
  std::optional<Objection> objection;  ///< the open one; present while `return_review` lasts
  std::uint32_t disputes = 0;          ///< returns that were ever raised
  std::uint32_t bounces = 0;  ///< returns that were granted: how often the ticket changed hands
  bool designated = false;    ///< 指定承办: an arbitration named the lead; no further return
  std::optional<Handover> handover;
  CallbackState callback;
  Shared<Classification> classification;  ///< of intake; never changes
  std::vector<Warning> warnings;
  std::vector<Notice> notices;

  bool operator==(const Ticket&) const = default;

  /// The open lead assignment; null when there is none.
  const Assignment* lead() const;
  /// Assignment number `seq`; null when there is none.
  const Assignment* assignment(std::uint16_t seq) const;
  /// The department returned `assignment` and nobody has ruled yet: it is out of its hands.
  bool under_review(const Assignment& assignment) const {
    return objection && objection->seq == assignment.seq;
  }
  /// The notice with this number; null when there is none.
  const Notice* notice(std::uint16_t number) const;
  bool accepted() const { return outcome != Outcome::rejected; }
};

}  // namespace hotline

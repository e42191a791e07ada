#pragma once

#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/ids.hpp"
#include "base/shared.hpp"
#include "base/time.hpp"
#include "domain/classification.hpp"
#include "domain/personal.hpp"
#include "domain/ticket.hpp"
#include "domain/vocabulary.hpp"

namespace hotline {

/// Who acts. A token names software (`principal`), `person` is who sat before it (`Hotline-Actor`).
struct Actor {
  std::string principal;
  std::string person;
  /// The departments whose assignments this actor may move; null: all. Shared, never changed.
  std::shared_ptr<const std::set<std::string, std::less<>>> departments;
  bool supervises = false;  ///< may do what is a supervisor's alone

  bool may_act_for(std::string_view department) const {
    return !departments || departments->contains(department);
  }
};

/// 受理. Everything is validated in form; codes may be unknown and then stand in `warnings`.
struct Intake {
  std::string source;
  std::string source_id;
  std::string channel;
  std::optional<TicketType> type;  ///< the poster's; else the classifier's
  std::optional<Urgency> urgency;  ///< the poster's; else normal, or critical for an emergency
  bool confidential = false;
  std::optional<Time> received_at;    ///< else engine time
  std::string region;                 ///< as posted; the classifier's when empty
  std::optional<Handling> handling;   ///< the operator's word, above the classifier's
  std::optional<std::string> answer;  ///< answered on the spot: finishes at once
  Shared<Classification>
      classification;  ///< overrides of category and department are already in it
  std::vector<Warning>
      warnings;  ///< any warning sends the ticket to triage unless it is answered on the spot
  Personal personal;
};

/// 派单: from triage, from the centre's own desk, or to another department while one holds it.
struct Dispatch {
  std::string department;
  std::vector<std::string> assist;
  std::vector<std::string> copy;
  std::string category;  ///< the dispatcher's correction; empty: as it is
  std::string note;
};
/// 直办: from triage, the centre keeps it.
struct TakeDirect {
  std::string category;
  std::string note;
};
/// 签收, 联系群众, 答复. `department` chooses among assignments when the actor may act for several;
/// empty: the only one.
struct Sign {
  std::string department;
};
struct Contact {
  std::string department;
  std::string note;
};
struct Answer {
  std::string department;
  std::string text;
};
/// 告知渠道.
struct Redirect {
  std::string channel;
  std::string note;
};
/// 不予受理.
struct Reject {
  std::string reason;
};
/// The emergency service took over; `reference` is its own number or the name of who took the call.
struct Acknowledge {
  std::string reference;
};
/// 回访: what came of one attempt. `rating` only with `reached`.
struct CallbackAttempt {
  CallbackOutcome outcome = CallbackOutcome::no_answer;
  bool contacted = false;
  Resolved resolved = Resolved::no;
  std::optional<Satisfaction> satisfaction;
  std::string words;
};
/// The engine's own: the ticket's earliest timer is due.
struct Tick {};
/// The engine's own: the department left the catalogue, so its open assignments go; what it led
/// goes back to triage.
struct Recall {
  std::string department;
};

/// A ticket of an older system, as it stands there: open or closed. Complete and without
/// contradictions (`imported.hpp`); number, version and time of creation are the engine's.
struct Import {
  Ticket ticket;
  Personal personal;
};

/// 更正: what was taken down wrongly. Absent or empty: as it is. Limits that run stand as they are.
struct Amend {
  std::optional<TicketType> type;
  std::optional<Urgency> urgency;
  std::optional<bool> confidential;
  std::string category;
  std::string region;
  std::string title;
  std::string content;
  std::string address;
  std::string caller_name;
  std::string caller_phone;

  /// The names of the personal fields that it changes: `title`, `content`, `address`, `caller`.
  std::vector<std::string> personal_fields() const;
};
/// 补充: the citizen adds to the matter.
struct Supplement {
  std::string text;
};
/// 撤单: the citizen takes it back, before it is finished.
struct Withdraw {
  std::string reason;
};

/// 退单: the lead objects to the dispatch. It never forwards a ticket itself: the centre rules.
struct Return {
  std::string department;
  ReturnReason reason = ReturnReason::not_competent;
  std::string suggested;  ///< the department that should lead
  std::string basis;      ///< the legal basis (法规依据), or what is missing
};
/// 退单裁定: of the desk; of a supervisor when the return is one for arbitration.
struct Rule {
  bool granted = false;
  std::string department;  ///< leads from now on; empty: back to triage. Only with `granted`
  std::string note;
};

/// 通知结果: what came of sending a notice. Told also of one that nobody waits for any more: it was
/// sent all the same.
struct Notified {
  std::uint16_t notice = 0;
  NoticeOutcome outcome = NoticeOutcome::sent;
  std::string note;
};

/// 暂停计时: the assignment's clocks stand, e.g. while something is inspected.
struct PauseClocks {
  std::string department;
  std::string reason;
};
/// 恢复计时: they go on, and every deadline moves by what they stood.
struct ResumeClocks {
  std::string department;
  std::string reason;
};
/// 申请延期, before the time to resolve is over.
struct RequestExtension {
  std::string department;
  std::optional<std::uint32_t> days;  ///< working days; absent: as many as the rule allows
  std::string reason;
};
/// 延期审批: the centre's ruling on such a request.
struct RuleExtension {
  std::string department;
  bool granted = false;
  std::optional<std::uint32_t> days;  ///< fewer than were asked for; absent: as many
  std::string reason;
};
/// The engine's own: rules or calendar changed, so open deadlines are counted anew.
struct Recompute {};

using Move =
    std::variant<Intake, Dispatch, TakeDirect, Sign, Contact, Answer, Redirect, Reject, Acknowledge,
                 CallbackAttempt, Tick, Recall, Import, Amend, Supplement, Withdraw, Return, Rule,
                 Notified, PauseClocks, ResumeClocks, RequestExtension, RuleExtension, Recompute>;

/// What the posting system calls a ticket; both empty when it calls it nothing.
struct Origin {
  std::string_view source;
  std::string_view source_id;
};
/// Of a move that makes a new ticket; absent for the others.
std::optional<Origin> origin_of(const Move& move);

/// The move's name in events, metrics and answers: `intake`, `dispatch`, ...
std::string_view name(const Move& move);
/// All of them, by index in the variant.
std::span<const std::string_view> move_names();

}  // namespace hotline

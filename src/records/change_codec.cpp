#include "records/codec.hpp"
#include "records/records.pb.h"
#include "records/ticket_codec.hpp"

namespace hotline {
namespace wire {
namespace {

/// One overload an event, so that a new one does not compile until it has its field.
struct EventWriter {
  records::Event& to;

  void operator()(const Received& event) const {
    write(event.ticket, *to.mutable_received()->mutable_ticket());
  }
  void operator()(const SentToTriage& event) const {
    to.mutable_sent_to_triage()->set_deadline(millis(event.deadline));
  }
  void operator()(const TakenDirect& event) const {
    to.mutable_taken_direct()->set_deadline(millis(event.deadline));
    to.mutable_taken_direct()->set_category(event.category);
  }
  void operator()(const Dispatched& event) const {
    write(event.assignment, *to.mutable_dispatched()->mutable_assignment());
    to.mutable_dispatched()->set_category(event.category);
  }
  void operator()(const AssignmentEnded& event) const {
    to.mutable_assignment_ended()->set_seq(event.seq);
    to.mutable_assignment_ended()->set_ending(number(event.ending));
  }
  void operator()(const Signed& event) const { to.mutable_signed_()->set_seq(event.seq); }
  void operator()(const Contacted& event) const { to.mutable_contacted()->set_seq(event.seq); }
  void operator()(const Answered& event) const { to.mutable_answered()->set_seq(event.seq); }
  void operator()(const HandedOver& event) const {
    to.mutable_handed_over()->set_service(event.service);
  }
  void operator()(const HandoverAcknowledged&) const { to.mutable_handover_acknowledged(); }
  void operator()(const Finished& event) const {
    to.mutable_finished()->set_outcome(number(event.outcome));
  }
  void operator()(const CallbackScheduled& event) const {
    to.mutable_callback_scheduled()->set_at(millis(event.at));
    to.mutable_callback_scheduled()->set_ready(event.ready);
  }
  void operator()(const CallbackReady&) const { to.mutable_callback_ready(); }
  void operator()(const CallbackMade& event) const {
    to.mutable_callback_made()->set_outcome(number(event.outcome));
    if (event.rating) write(*event.rating, *to.mutable_callback_made()->mutable_rating());
  }
  void operator()(const RedoOrdered& event) const {
    to.mutable_redo_ordered()->set_supervised(event.supervised);
  }
  void operator()(const DeadlinePassed& event) const {
    to.mutable_deadline_passed()->set_deadline(number(event.deadline));
    to.mutable_deadline_passed()->set_seq(event.seq);
  }
  void operator()(const Closed&) const { to.mutable_closed(); }
  void operator()(const Amended& event) const {
    auto& amended = *to.mutable_amended();
    if (event.type) amended.set_type(number(*event.type));
    if (event.urgency) amended.set_urgency(number(*event.urgency));
    if (event.confidential) amended.set_confidential(*event.confidential);
    if (event.reachable) amended.set_reachable(*event.reachable);
    amended.set_category(event.category);
    amended.set_region(event.region);
    for (const auto& field : event.personal) amended.add_personal(field);
  }
  void operator()(const Supplemented&) const { to.mutable_supplemented(); }
  void operator()(const ReturnRaised& event) const {
    write(event.objection, *to.mutable_return_raised()->mutable_objection());
  }
  void operator()(const ReturnRuled& event) const {
    to.mutable_return_ruled()->set_granted(event.granted);
  }
  void operator()(const Designated&) const { to.mutable_designated(); }
  void operator()(const NoticePosted& event) const {
    to.mutable_notice_posted()->set_notice(event.notice);
    to.mutable_notice_posted()->set_kind(number(event.kind));
    to.mutable_notice_posted()->set_seq(event.seq);
  }
  void operator()(const NoticeSent& event) const {
    to.mutable_notice_sent()->set_notice(event.notice);
    to.mutable_notice_sent()->set_outcome(number(event.outcome));
  }
  void operator()(const Paused& event) const { to.mutable_paused()->set_seq(event.seq); }
  void operator()(const Resumed& event) const { to.mutable_resumed()->set_seq(event.seq); }
  void operator()(const ExtensionRequested& event) const {
    to.mutable_extension_requested()->set_seq(event.seq);
    to.mutable_extension_requested()->set_days(event.days);
  }
  void operator()(const ExtensionRuled& event) const {
    to.mutable_extension_ruled()->set_seq(event.seq);
    to.mutable_extension_ruled()->set_granted(event.granted);
    to.mutable_extension_ruled()->set_days(event.days);
  }
  void operator()(const DeadlinesMoved& event) const {
    to.mutable_deadlines_moved()->set_seq(event.seq);
    write(event.due, *to.mutable_deadlines_moved()->mutable_due());
  }
};

// Reading: one overload a message.

Event read_event(Decoding& decoding, const records::Received& from) {
  Received event;
  read(decoding, from.ticket(), event.ticket);
  return event;
}
Event read_event(Decoding&, const records::SentToTriage& from) {
  return SentToTriage{time_of(from.deadline())};
}
Event read_event(Decoding&, const records::TakenDirect& from) {
  return TakenDirect{time_of(from.deadline()), from.category()};
}
Event read_event(Decoding& decoding, const records::Dispatched& from) {
  Dispatched event;
  read(decoding, from.assignment(), event.assignment);
  event.category = from.category();
  return event;
}
Event read_event(Decoding& decoding, const records::AssignmentEnded& from) {
  return AssignmentEnded{decoding.narrow<std::uint16_t>(from.seq(), "assignment_ended.seq"),
                         decoding.known<Ending>(from.ending(), "assignment_ended.ending")};
}
Event read_event(Decoding& decoding, const records::Signed& from) {
  return Signed{decoding.narrow<std::uint16_t>(from.seq(), "signed.seq")};
}
Event read_event(Decoding& decoding, const records::Contacted& from) {
  return Contacted{decoding.narrow<std::uint16_t>(from.seq(), "contacted.seq")};
}
Event read_event(Decoding& decoding, const records::Answered& from) {
  return Answered{decoding.narrow<std::uint16_t>(from.seq(), "answered.seq")};
}
Event read_event(Decoding&, const records::HandedOver& from) { return HandedOver{from.service()}; }
Event read_event(Decoding&, const records::HandoverAcknowledged&) { return HandoverAcknowledged{}; }
Event read_event(Decoding& decoding, const records::Finished& from) {
  return Finished{decoding.known<Outcome>(from.outcome(), "finished.outcome")};
}
Event read_event(Decoding&, const records::CallbackScheduled& from) {
  return CallbackScheduled{time_of(from.at()), from.ready()};
}
Event read_event(Decoding&, const records::CallbackReady&) { return CallbackReady{}; }
Event read_event(Decoding& decoding, const records::CallbackMade& from) {
  CallbackMade event;
  event.outcome = decoding.known<CallbackOutcome>(from.outcome(), "callback_made.outcome");
  if (from.has_rating()) read(decoding, from.rating(), event.rating.emplace());
  return event;
}
Event read_event(Decoding&, const records::RedoOrdered& from) {
  return RedoOrdered{from.supervised()};
}
Event read_event(Decoding& decoding, const records::DeadlinePassed& from) {
  return DeadlinePassed{decoding.known<Deadline>(from.deadline(), "deadline_passed.deadline"),
                        decoding.narrow<std::uint16_t>(from.seq(), "deadline_passed.seq")};
}
Event read_event(Decoding&, const records::Closed&) { return Closed{}; }
Event read_event(Decoding& decoding, const records::Amended& from) {
  Amended event;
  if (from.has_type()) event.type = decoding.known<TicketType>(from.type(), "amended.type");
  if (from.has_urgency()) {
    event.urgency = decoding.known<Urgency>(from.urgency(), "amended.urgency");
  }
  if (from.has_confidential()) event.confidential = from.confidential();
  if (from.has_reachable()) event.reachable = from.reachable();
  event.category = from.category();
  event.region = from.region();
  event.personal.assign(from.personal().begin(), from.personal().end());
  return event;
}
Event read_event(Decoding&, const records::Supplemented&) { return Supplemented{}; }
Event read_event(Decoding& decoding, const records::ReturnRaised& from) {
  ReturnRaised event;
  read(decoding, from.objection(), event.objection);
  return event;
}
Event read_event(Decoding&, const records::ReturnRuled& from) {
  return ReturnRuled{from.granted()};
}
Event read_event(Decoding&, const records::Designated&) { return Designated{}; }
Event read_event(Decoding& decoding, const records::NoticePosted& from) {
  return NoticePosted{decoding.narrow<std::uint16_t>(from.notice(), "notice_posted.notice"),
                      decoding.known<NoticeKind>(from.kind(), "notice_posted.kind"),
                      decoding.narrow<std::uint16_t>(from.seq(), "notice_posted.seq")};
}
Event read_event(Decoding& decoding, const records::NoticeSent& from) {
  return NoticeSent{decoding.narrow<std::uint16_t>(from.notice(), "notice_sent.notice"),
                    decoding.known<NoticeOutcome>(from.outcome(), "notice_sent.outcome")};
}
Event read_event(Decoding& decoding, const records::Paused& from) {
  return Paused{decoding.narrow<std::uint16_t>(from.seq(), "paused.seq")};
}
Event read_event(Decoding& decoding, const records::Resumed& from) {
  return Resumed{decoding.narrow<std::uint16_t>(from.seq(), "resumed.seq")};
}
Event read_event(Decoding& decoding, const records::ExtensionRequested& from) {
  return ExtensionRequested{decoding.narrow<std::uint16_t>(from.seq(), "extension_requested.seq"),
                            from.days()};
}
Event read_event(Decoding& decoding, const records::ExtensionRuled& from) {
  return ExtensionRuled{decoding.narrow<std::uint16_t>(from.seq(), "extension_ruled.seq"),
                        from.granted(), from.days()};
}
Event read_event(Decoding& decoding, const records::DeadlinesMoved& from) {
  DeadlinesMoved event;
  event.seq = decoding.narrow<std::uint16_t>(from.seq(), "deadlines_moved.seq");
  read(decoding, from.due(), event.due);
  return event;
}

template <typename Message>
Event read_whole(Decoding& decoding, const Message& from, std::string_view field) {
  decoding.whole(from, field);
  return read_event(decoding, from);
}

Event read(Decoding& decoding, const records::Event& from) {
  decoding.whole(from, "events");
  switch (from.event_case()) {
    case records::Event::kReceived:
      return read_whole(decoding, from.received(), "received");
    case records::Event::kSentToTriage:
      return read_whole(decoding, from.sent_to_triage(), "sent_to_triage");
    case records::Event::kTakenDirect:
      return read_whole(decoding, from.taken_direct(), "taken_direct");
    case records::Event::kDispatched:
      return read_whole(decoding, from.dispatched(), "dispatched");
    case records::Event::kAssignmentEnded:
      return read_whole(decoding, from.assignment_ended(), "assignment_ended");
    case records::Event::kSigned:
      return read_whole(decoding, from.signed_(), "signed");
    case records::Event::kContacted:
      return read_whole(decoding, from.contacted(), "contacted");
    case records::Event::kAnswered:
      return read_whole(decoding, from.answered(), "answered");
    case records::Event::kHandedOver:
      return read_whole(decoding, from.handed_over(), "handed_over");
    case records::Event::kHandoverAcknowledged:
      return read_whole(decoding, from.handover_acknowledged(), "handover_acknowledged");
    case records::Event::kFinished:
      return read_whole(decoding, from.finished(), "finished");
    case records::Event::kCallbackScheduled:
      return read_whole(decoding, from.callback_scheduled(), "callback_scheduled");
    case records::Event::kCallbackReady:
      return read_whole(decoding, from.callback_ready(), "callback_ready");
    case records::Event::kCallbackMade:
      return read_whole(decoding, from.callback_made(), "callback_made");
    case records::Event::kRedoOrdered:
      return read_whole(decoding, from.redo_ordered(), "redo_ordered");
    case records::Event::kDeadlinePassed:
      return read_whole(decoding, from.deadline_passed(), "deadline_passed");
    case records::Event::kClosed:
      return read_whole(decoding, from.closed(), "closed");
    case records::Event::kAmended:
      return read_whole(decoding, from.amended(), "amended");
    case records::Event::kPaused:
      return read_whole(decoding, from.paused(), "paused");
    case records::Event::kResumed:
      return read_whole(decoding, from.resumed(), "resumed");
    case records::Event::kExtensionRequested:
      return read_whole(decoding, from.extension_requested(), "extension_requested");
    case records::Event::kExtensionRuled:
      return read_whole(decoding, from.extension_ruled(), "extension_ruled");
    case records::Event::kDeadlinesMoved:
      return read_whole(decoding, from.deadlines_moved(), "deadlines_moved");
    case records::Event::kSupplemented:
      return read_whole(decoding, from.supplemented(), "supplemented");
    case records::Event::kReturnRaised:
      return read_whole(decoding, from.return_raised(), "return_raised");
    case records::Event::kReturnRuled:
      return read_whole(decoding, from.return_ruled(), "return_ruled");
    case records::Event::kDesignated:
      return read_whole(decoding, from.designated(), "designated");
    case records::Event::kNoticePosted:
      return read_whole(decoding, from.notice_posted(), "notice_posted");
    case records::Event::kNoticeSent:
      return read_whole(decoding, from.notice_sent(), "notice_sent");
    case records::Event::EVENT_NOT_SET:
      break;
  }
  decoding.refuse("events", "unknown event");
  return Closed{};
}

void read_change(Decoding& decoding, const records::Change& from, Change& to) {
  decoding.require(from.version() != 0, "version", "missing");
  to.version = from.version();
  to.at = time_of(from.at());
  to.principal = from.principal();
  to.person = from.person();
  to.move = from.move();
  to.events.reserve(static_cast<std::size_t>(from.events_size()));
  for (const auto& event : from.events()) to.events.push_back(read(decoding, event));
}

}  // namespace
}  // namespace wire

std::string encode(const Change& change) {
  auto& message = wire::scratch<records::Change>();
  message.set_version(change.version);
  message.set_at(wire::millis(change.at));
  message.set_principal(change.principal);
  message.set_person(change.person);
  message.set_move(change.move);
  for (const auto& event : change.events) {
    std::visit(wire::EventWriter{*message.add_events()}, event);
  }
  return message.SerializeAsString();
}

Result<Change> decode_change(std::string_view bytes) {
  return wire::decode<Change, records::Change>(Space::event, bytes, wire::read_change);
}

}  // namespace hotline

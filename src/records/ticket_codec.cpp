#include "records/ticket_codec.hpp"

#include "records/codec.hpp"
#include "records/records.pb.h"

namespace hotline {
namespace wire {
namespace {

void write(const Classification& from, records::Classification& to) {
  to.set_type(number(from.type));
  to.set_category(from.category);
  to.set_region(from.region);
  if (from.handling) to.set_handling(number(*from.handling));
  to.set_lead(from.lead);
  for (const auto& department : from.copy) to.add_copy(department);
  to.set_emergency(from.emergency);
  to.set_channel_to_tell(from.channel_to_tell);
  to.set_confidence(from.confidence);
  for (const auto& candidate : from.candidates) {
    auto& added = *to.add_candidates();
    added.set_category(candidate.category);
    added.set_department(candidate.department);
    added.set_score(candidate.score);
  }
  for (const auto& reason : from.reasons) {
    auto& added = *to.add_reasons();
    added.set_rule(reason.rule);
    added.set_words(reason.words);
    added.set_weight(reason.weight);
  }
  to.set_catalogue_version(from.catalogue_version);
  to.set_model_version(from.model_version);
  if (from.automatic_from) to.set_automatic_from(*from.automatic_from);
}

void read(Decoding& decoding, const records::Classification& from, Classification& to) {
  decoding.whole(from, "classification");
  to.type = decoding.known<TicketType>(from.type(), "classification.type");
  to.category = from.category();
  to.region = from.region();
  if (from.has_handling()) {
    to.handling = decoding.known<Handling>(from.handling(), "classification.handling");
  }
  to.lead = from.lead();
  to.copy.assign(from.copy().begin(), from.copy().end());
  to.emergency = from.emergency();
  to.channel_to_tell = from.channel_to_tell();
  to.confidence = from.confidence();
  for (const auto& candidate : from.candidates()) {
    decoding.whole(candidate, "classification.candidates");
    to.candidates.push_back({candidate.category(), candidate.department(), candidate.score()});
  }
  for (const auto& reason : from.reasons()) {
    decoding.whole(reason, "classification.reasons");
    to.reasons.push_back({reason.rule(), reason.words(), reason.weight()});
  }
  to.catalogue_version = from.catalogue_version();
  to.model_version = from.model_version();
  if (from.has_automatic_from()) to.automatic_from = from.automatic_from();
}

void write(const CallbackState& from, records::CallbackState& to) {
  to.set_attempts(from.attempts);
  to.set_next_attempt_at(millis(from.next_attempt_at));
  to.set_ready(from.ready);
  if (from.rating) wire::write(*from.rating, *to.mutable_rating());
}

void read(Decoding& decoding, const records::CallbackState& from, CallbackState& to) {
  decoding.whole(from, "callback");
  to.attempts = from.attempts();
  to.next_attempt_at = time_of(from.next_attempt_at());
  to.ready = from.ready();
  if (from.has_rating()) read(decoding, from.rating(), to.rating.emplace());
}

void write(const Handover& from, records::Handover& to) {
  to.set_service(from.service);
  to.set_at(millis(from.at));
  if (from.acknowledged_at) to.set_acknowledged_at(millis(*from.acknowledged_at));
}

void read(Decoding& decoding, const records::Handover& from, Handover& to) {
  decoding.whole(from, "handover");
  to.service = from.service();
  to.at = time_of(from.at());
  if (from.has_acknowledged_at()) to.acknowledged_at = time_of(from.acknowledged_at());
}

void write(const Notice& from, records::Notice& to) {
  to.set_number(from.number);
  to.set_kind(number(from.kind));
  to.set_assignment(from.assignment);
  to.set_posted_at(millis(from.posted_at));
  if (from.ended_at) to.set_ended_at(millis(*from.ended_at));
  if (from.outcome) to.set_outcome(number(*from.outcome));
}

void read(Decoding& decoding, const records::Notice& from, Notice& to) {
  decoding.whole(from, "notice");
  to.number = decoding.narrow<std::uint16_t>(from.number(), "notice.number");
  to.kind = decoding.known<NoticeKind>(from.kind(), "notice.kind");
  to.assignment = decoding.narrow<std::uint16_t>(from.assignment(), "notice.assignment");
  to.posted_at = time_of(from.posted_at());
  if (from.has_ended_at()) to.ended_at = time_of(from.ended_at());
  if (from.has_outcome()) {
    to.outcome = decoding.known<NoticeOutcome>(from.outcome(), "notice.outcome");
  }
}

void write_times(const Ticket& from, records::Ticket& to) {
  to.set_received_at(millis(from.received_at));
  to.set_created_at(millis(from.created_at));
  if (from.finished_at) to.set_finished_at(millis(*from.finished_at));
  if (from.closed_at) to.set_closed_at(millis(*from.closed_at));
  if (from.decide_deadline) to.set_decide_deadline(millis(*from.decide_deadline));
  if (from.handled_since) to.set_handled_since(millis(*from.handled_since));
  to.set_passed(from.passed);
  to.set_decide_given(from.decide_given);
}

void read_times(const records::Ticket& from, Ticket& to) {
  to.received_at = time_of(from.received_at());
  to.created_at = time_of(from.created_at());
  if (from.has_finished_at()) to.finished_at = time_of(from.finished_at());
  if (from.has_closed_at()) to.closed_at = time_of(from.closed_at());
  if (from.has_decide_deadline()) to.decide_deadline = time_of(from.decide_deadline());
  if (from.has_handled_since()) to.handled_since = time_of(from.handled_since());
  to.passed = from.passed();
  to.decide_given = from.decide_given();
}

void write_parts(const Ticket& from, records::Ticket& to) {
  for (const auto& assignment : from.assignments) wire::write(assignment, *to.add_assignments());
  if (from.handover) write(*from.handover, *to.mutable_handover());
  if (from.objection) wire::write(*from.objection, *to.mutable_objection());
  if (from.callback != CallbackState{}) write(from.callback, *to.mutable_callback());
  write(*from.classification, *to.mutable_classification());
  for (const auto& warning : from.warnings) {
    auto& added = *to.add_warnings();
    added.set_code(warning.code);
    added.set_pointer(warning.pointer);
    added.set_detail(warning.detail);
  }
  for (const auto& notice : from.notices) write(notice, *to.add_notices());
}

void read_parts(Decoding& decoding, const records::Ticket& from, Ticket& to) {
  to.assignments.reserve(static_cast<std::size_t>(from.assignments_size()));
  for (const auto& assignment : from.assignments()) {
    read(decoding, assignment, to.assignments.emplace_back());
  }
  if (from.has_handover()) read(decoding, from.handover(), to.handover.emplace());
  if (from.has_objection()) wire::read(decoding, from.objection(), to.objection.emplace());
  if (from.has_callback()) read(decoding, from.callback(), to.callback);
  Classification classification;
  read(decoding, from.classification(), classification);
  to.classification = std::move(classification);
  for (const auto& warning : from.warnings()) {
    decoding.whole(warning, "warnings");
    to.warnings.push_back({warning.code(), warning.pointer(), warning.detail()});
  }
  for (const auto& notice : from.notices()) read(decoding, notice, to.notices.emplace_back());
}

void write(const CountedAs& from, records::CountedAs& to) {
  to.set_type(number(from.type));
  to.set_urgency(number(from.urgency));
  to.set_category(from.category);
}

void read(Decoding& decoding, const records::CountedAs& from, CountedAs& to) {
  decoding.whole(from, "counted_as");
  to.type = decoding.known<TicketType>(from.type(), "counted_as.type");
  to.urgency = decoding.known<Urgency>(from.urgency(), "counted_as.urgency");
  to.category = from.category();
}

void write_pauses(const Assignment& from, records::Assignment& to) {
  if (from.paused_at) to.set_paused_at(millis(*from.paused_at));
  for (const Pause& pause : from.pauses) {
    auto& added = *to.add_pauses();
    added.set_from(millis(pause.from));
    added.set_to(millis(pause.to));
  }
}

void read_pauses(Decoding& decoding, const records::Assignment& from, Assignment& to) {
  if (from.has_paused_at()) to.paused_at = time_of(from.paused_at());
  for (const auto& pause : from.pauses()) {
    decoding.whole(pause, "assignment.pauses");
    to.pauses.push_back({time_of(pause.from()), time_of(pause.to())});
  }
}

void write_extension(const Assignment& from, records::Assignment& to) {
  if (const auto& asked = from.extension_asked) {
    to.mutable_extension_asked()->set_at(millis(asked->at));
    to.mutable_extension_asked()->set_days(asked->days);
  }
  to.set_extended_days(from.extended_days);
  to.set_extensions(from.extensions);
}

void read_extension(Decoding& decoding, const records::Assignment& from, Assignment& to) {
  if (from.has_extension_asked()) {
    decoding.whole(from.extension_asked(), "assignment.extension_asked");
    to.extension_asked =
        ExtensionRequest{time_of(from.extension_asked().at()), from.extension_asked().days()};
  }
  to.extended_days = from.extended_days();
  to.extensions = from.extensions();
}

}  // namespace

void write(const Objection& from, records::Objection& to) {
  to.set_seq(from.seq);
  to.set_reason(number(from.reason));
  to.set_suggested(from.suggested);
  to.set_at(millis(from.at));
  to.set_review_deadline(millis(from.review_deadline));
  to.set_arbitration(from.arbitration);
}

void read(Decoding& decoding, const records::Objection& from, Objection& to) {
  decoding.whole(from, "objection");
  to.seq = decoding.narrow<std::uint16_t>(from.seq(), "objection.seq");
  to.reason = decoding.known<ReturnReason>(from.reason(), "objection.reason");
  to.suggested = from.suggested();
  to.at = time_of(from.at());
  to.review_deadline = time_of(from.review_deadline());
  to.arbitration = from.arbitration();
}

void write(const Rating& from, records::Rating& to) {
  to.set_at(millis(from.at));
  to.set_contacted(from.contacted);
  to.set_resolved(number(from.resolved));
  if (from.satisfaction) to.set_satisfaction(number(*from.satisfaction));
}

void read(Decoding& decoding, const records::Rating& from, Rating& to) {
  decoding.whole(from, "rating");
  to.at = time_of(from.at());
  to.contacted = from.contacted();
  to.resolved = decoding.known<Resolved>(from.resolved(), "rating.resolved");
  if (from.has_satisfaction()) {
    to.satisfaction = decoding.known<Satisfaction>(from.satisfaction(), "rating.satisfaction");
  }
}

void write(const Assignment& from, records::Assignment& to) {
  to.set_seq(from.seq);
  to.set_department(from.department);
  to.set_role(number(from.role));
  to.set_round(from.round);
  to.set_dispatched_at(millis(from.dispatched_at));
  if (from.signed_at) to.set_signed_at(millis(*from.signed_at));
  if (from.contacted_at) to.set_contacted_at(millis(*from.contacted_at));
  if (from.answered_at) to.set_answered_at(millis(*from.answered_at));
  to.set_sign_deadline(millis(from.sign_deadline));
  to.set_contact_deadline(millis(from.contact_deadline));
  to.set_resolve_deadline(millis(from.resolve_deadline));
  if (from.remind_at) to.set_remind_at(millis(*from.remind_at));
  if (from.ending) to.set_ending(number(*from.ending));
  if (from.ended_at) to.set_ended_at(millis(*from.ended_at));
  to.set_passed(from.passed);
  if (from.notice_at) to.set_notice_at(millis(*from.notice_at));
  if (from.supervise_at) to.set_supervise_at(millis(*from.supervise_at));
  if (from.resolve_given) to.set_resolve_given(millis(*from.resolve_given));
  if (from.counted_as) write(*from.counted_as, *to.mutable_counted_as());
  write_pauses(from, to);
  write_extension(from, to);
}

void read(Decoding& decoding, const records::Assignment& from, Assignment& to) {
  decoding.whole(from, "assignment");
  to.seq = decoding.narrow<std::uint16_t>(from.seq(), "assignment.seq");
  to.department = from.department();
  to.role = decoding.known<Role>(from.role(), "assignment.role");
  to.round = from.round();
  to.dispatched_at = time_of(from.dispatched_at());
  if (from.has_signed_at()) to.signed_at = time_of(from.signed_at());
  if (from.has_contacted_at()) to.contacted_at = time_of(from.contacted_at());
  if (from.has_answered_at()) to.answered_at = time_of(from.answered_at());
  to.sign_deadline = time_of(from.sign_deadline());
  to.contact_deadline = time_of(from.contact_deadline());
  to.resolve_deadline = time_of(from.resolve_deadline());
  if (from.has_remind_at()) to.remind_at = time_of(from.remind_at());
  if (from.has_ending()) to.ending = decoding.known<Ending>(from.ending(), "assignment.ending");
  if (from.has_ended_at()) to.ended_at = time_of(from.ended_at());
  to.passed = from.passed();
  if (from.has_notice_at()) to.notice_at = time_of(from.notice_at());
  if (from.has_supervise_at()) to.supervise_at = time_of(from.supervise_at());
  if (from.has_resolve_given()) to.resolve_given = time_of(from.resolve_given());
  if (from.has_counted_as()) read(decoding, from.counted_as(), to.counted_as.emplace());
  read_pauses(decoding, from, to);
  read_extension(decoding, from, to);
}

void write(const DueTimes& from, records::DueTimes& to) {
  to.set_sign(millis(from.sign));
  to.set_contact(millis(from.contact));
  to.set_resolve(millis(from.resolve));
  if (from.remind) to.set_remind(millis(*from.remind));
  if (from.notice) to.set_notice(millis(*from.notice));
  if (from.supervise) to.set_supervise(millis(*from.supervise));
}

void read(Decoding& decoding, const records::DueTimes& from, DueTimes& to) {
  decoding.whole(from, "due");
  to.sign = time_of(from.sign());
  to.contact = time_of(from.contact());
  to.resolve = time_of(from.resolve());
  if (from.has_remind()) to.remind = time_of(from.remind());
  if (from.has_notice()) to.notice = time_of(from.notice());
  if (from.has_supervise()) to.supervise = time_of(from.supervise());
}

void write(const Ticket& from, records::Ticket& to) {
  to.set_id(from.id.value);
  to.set_version(from.version);
  to.set_status(number(from.status));
  if (from.handling) to.set_handling(number(*from.handling));
  if (from.outcome) to.set_outcome(number(*from.outcome));
  to.set_source(from.source);
  to.set_source_id(from.source_id);
  to.set_channel(from.channel);
  to.set_type(number(from.type));
  to.set_urgency(number(from.urgency));
  to.set_category(from.category);
  to.set_region(from.region);
  to.set_confidential(from.confidential);
  to.set_reachable(from.reachable);
  to.set_round(from.round);
  to.set_supervised(from.supervised);
  to.set_disputes(from.disputes);
  to.set_bounces(from.bounces);
  to.set_designated(from.designated);
  write_times(from, to);
  write_parts(from, to);
}

void read(Decoding& decoding, const records::Ticket& from, Ticket& to) {
  decoding.whole(from, "ticket");
  decoding.require(from.id() != 0, "id", "missing");
  to.id = TicketId{from.id()};
  to.version = from.version();
  to.status = decoding.known<Status>(from.status(), "status");
  if (from.has_handling()) to.handling = decoding.known<Handling>(from.handling(), "handling");
  if (from.has_outcome()) to.outcome = decoding.known<Outcome>(from.outcome(), "outcome");
  to.source = from.source();
  to.source_id = from.source_id();
  to.channel = from.channel();
  to.type = decoding.known<TicketType>(from.type(), "type");
  to.urgency = decoding.known<Urgency>(from.urgency(), "urgency");
  to.category = from.category();
  to.region = from.region();
  to.confidential = from.confidential();
  to.reachable = from.reachable();
  to.round = from.round();
  to.supervised = from.supervised();
  to.disputes = from.disputes();
  to.bounces = from.bounces();
  to.designated = from.designated();
  read_times(from, to);
  read_parts(decoding, from, to);
}

}  // namespace wire

std::string encode(const Ticket& ticket) {
  auto& message = wire::scratch<records::Ticket>();
  wire::write(ticket, message);
  return message.SerializeAsString();
}

Result<Ticket> decode_ticket(std::string_view bytes) {
  return wire::decode<Ticket, records::Ticket>(
      Space::ticket, bytes,
      [](auto& decoding, const auto& from, auto& to) { wire::read(decoding, from, to); });
}

}  // namespace hotline

#include "api/views.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "api/mask.hpp"
#include "api/notice_text.hpp"
#include "domain/clocks.hpp"
#include "domain/entries.hpp"
#include "domain/rules.hpp"

namespace hotline::api {
namespace {

class Writer {
 public:
  Writer(JsonWriter& out, const ViewContext& context) : out_(out), context_(context) {}

  JsonWriter& out() { return out_; }

  void text(std::string_view name, std::string_view value) {
    if (!value.empty()) out_.field(name, value);
  }
  void time(std::string_view name, Time at) {
    out_.key(name).value(format_rfc3339(at, context_.zone));
  }
  void time(std::string_view name, const std::optional<Time>& at) {
    if (at) time(name, *at);
  }
  template <typename Enum>
  void term_or_null(std::string_view key, const std::optional<Enum>& value) {
    out_.key(key);
    if (value) {
      out_.value(name(*value));
    } else {
      out_.null();
    }
  }
  void text_or_null(std::string_view name, std::string_view value) {
    out_.key(name);
    if (value.empty()) {
      out_.null();
    } else {
      out_.value(value);
    }
  }

  void department(std::string_view code, std::string_view field = "department") {
    out_.field(field, code);
    const auto* info = context_.catalogue->department(code);
    if (info != nullptr) out_.field(fmt::format("{}_name", field), info->name);
  }
  void category(std::string_view code) {
    if (code.empty()) return;
    out_.field("category", code);
    const auto* info = context_.catalogue->category(code);
    if (info != nullptr) out_.field("category_name", info->name);
  }
  void region(std::string_view code) {
    if (code.empty()) return;
    out_.field("region", code);
    const auto* info = context_.catalogue->region(code);
    if (info != nullptr) out_.field("region_name", info->name);
  }

 private:
  JsonWriter& out_;
  const ViewContext& context_;
};

void write_assignment_deadlines(Writer& w, const Assignment& assignment) {
  w.out().key("deadlines").begin_object();
  w.time("sign", assignment.sign_deadline);
  w.time("contact", assignment.contact_deadline);
  w.time("resolve", assignment.resolve_deadline);
  w.time("resolve_reminder", assignment.remind_at);
  w.time("overdue_notice", assignment.notice_at);
  w.time("supervision", assignment.supervise_at);
  w.out().end_object();
}

void write_extension(Writer& w, const Assignment& assignment) {
  if (const auto& asked = assignment.extension_asked) {
    w.out().key("extension_asked").begin_object();
    w.time("at", asked->at);
    w.out().field("days", asked->days).end_object();
  }
  if (assignment.extended_days > 0) w.out().field("extended_days", assignment.extended_days);
}

/// `light` is left out where there is none, as in an event.
void write_assignment(Writer& w, const Assignment& assignment,
                      std::optional<Light> light = std::nullopt) {
  w.out().begin_object().field("seq", assignment.seq);
  w.department(assignment.department);
  w.out().field("role", name(assignment.role)).field("round", assignment.round);
  w.time("dispatched_at", assignment.dispatched_at);
  w.time("signed_at", assignment.signed_at);
  w.time("contacted_at", assignment.contacted_at);
  w.time("answered_at", assignment.answered_at);
  write_assignment_deadlines(w, assignment);
  if (light) w.out().field("light", name(*light));
  w.time("paused_at", assignment.paused_at);
  write_extension(w, assignment);
  if (assignment.ending) w.out().field("ending", name(*assignment.ending));
  w.out().end_object();
}

void write_notice(Writer& w, const Ticket& ticket, const Notice& notice) {
  w.out().field("kind", name(notice.kind)).field("audience", name(audience(notice.kind)));
  const Assignment* task = ticket.assignment(notice.assignment);
  if (task != nullptr) {
    w.department(task->department);
    w.out().field("assignment", task->seq);
  }
  w.time("posted_at", notice.posted_at);
}

/// A notice to be sent.
void write_message(Writer& w, const Ticket& ticket, const Notice& notice, const Personal& personal,
                   const ViewContext& context) {
  w.out().key("notice").begin_object();
  write_notice(w, ticket, notice);
  const Assignment* task = ticket.assignment(notice.assignment);
  w.out().field("to", task == nullptr ? personal.caller.phone : task->department);
  w.out().field("text", notice_text(ticket, notice, context)).end_object();
}

void write_notices(Writer& w, const Ticket& ticket) {
  w.out().key("notices").begin_array();
  for (const auto& notice : ticket.notices) {
    w.out().begin_object().field("notice", notice.number);
    write_notice(w, ticket, notice);
    w.time("ended_at", notice.ended_at);
    if (notice.outcome) w.out().field("outcome", name(*notice.outcome));
    w.out().end_object();
  }
  w.out().end_array();
}

/// The clocks that run now: triage's or the centre's own, else what the lead still has to do, and
/// until when it may return the ticket.
void write_deadlines(Writer& w, const Ticket& ticket, const ViewContext& context) {
  w.out().key("deadlines").begin_object();
  const bool centre = ticket.status == Status::triage || ticket.status == Status::direct;
  if (centre) w.time("decide", ticket.decide_deadline);
  if (ticket.objection) w.time("return_review", ticket.objection->review_deadline);
  if (const Assignment* lead = ticket.lead()) {
    if (!lead->signed_at) w.time("sign", lead->sign_deadline);
    if (!lead->contacted_at) w.time("contact", lead->contact_deadline);
    w.time("resolve", lead->resolve_deadline);
    const bool may_return = std::ranges::count(allowed_moves(ticket), "return") > 0;
    if (may_return) w.time("return", lead->dispatched_at + context.return_window);
  }
  w.out().end_object();
}

/// Who has the ticket, or had it when it was finished. What was withdrawn or returned does not
/// count.
void write_routing(Writer& w, const Ticket& ticket) {
  const auto holds = [&](const Assignment& a, Role role) {
    const bool gone = a.ending == Ending::withdrawn || a.ending == Ending::returned;
    return a.role == role && a.round == ticket.round && !gone;
  };
  const auto codes = [&](std::string_view key, Role role) {
    w.out().key(key).begin_array();
    for (const auto& a : ticket.assignments) {
      if (holds(a, role)) w.out().value(a.department);
    }
    w.out().end_array();
  };
  w.out().key("routing").begin_object();
  const auto lead = std::ranges::find_if(ticket.assignments,
                                         [&](const Assignment& a) { return holds(a, Role::lead); });
  w.text_or_null("lead", lead == ticket.assignments.end() ? "" : lead->department);
  codes("assist", Role::assist);
  codes("copy", Role::copy);
  w.out().end_object();
}

void write_callback(Writer& w, const Ticket& ticket) {
  const CallbackState& state = ticket.callback;
  w.out().key("callback").begin_object().field("attempts", state.attempts);
  if (ticket.status == Status::callback) w.time("next_attempt_at", state.next_attempt_at);
  w.out().field("ready", state.ready);
  if (state.rating) {
    w.out().key("rating").begin_object();
    w.time("at", state.rating->at);
    w.out().field("contacted", state.rating->contacted);
    w.out().field("resolved", name(state.rating->resolved));
    if (state.rating->satisfaction) {
      w.out().field("satisfaction", name(*state.rating->satisfaction));
    }
    w.out().end_object();
  }
  w.out().end_object();
}

void write_objection(Writer& w, const Objection& objection) {
  w.out().field("seq", objection.seq).field("reason", name(objection.reason));
  if (!objection.suggested.empty()) w.department(objection.suggested, "suggested");
  w.time("at", objection.at);
  w.time("review_deadline", objection.review_deadline);
  w.out().field("arbitration", objection.arbitration);
}

void write_handover(Writer& w, const Handover& handover) {
  w.out().key("handover").begin_object().field("service", handover.service);
  w.time("at", handover.at);
  w.time("acknowledged_at", handover.acknowledged_at);
  w.out().end_object();
}

/// Masks or not, as the reader's privacy says.
class PersonalWriter {
 public:
  PersonalWriter(Writer& w, Privacy privacy, bool confidential)
      : w_(w), privacy_(privacy), hidden_(confidential && privacy == Privacy::department) {}

  void write(const Personal& personal) {
    w_.out().key("personal").begin_object();
    if (!hidden_) write_caller(personal.caller);
    text("title", personal.title);
    text("content", personal.content);
    if (!hidden_) write_place(personal);
    write_attachments(personal.attachments);
    if (open() && !personal.extra.empty()) w_.out().key("extra").raw(personal.extra);
    write_remarks(personal.remarks);
    w_.out().end_object();
  }

 private:
  bool open() const { return privacy_ == Privacy::unmasked; }
  std::string shown(std::string_view text) const {
    return open() ? std::string(text) : mask_text(text);
  }
  void text(std::string_view name, std::string_view value) {
    if (!value.empty()) w_.out().field(name, shown(value));
  }

  void write_caller(const Caller& caller) {
    w_.out().key("caller").begin_object();
    w_.text("name", open() ? caller.name : mask_name(caller.name));
    w_.text("phone", open() ? caller.phone : mask_phone(caller.phone));
    w_.out().end_object();
  }

  void write_place(const Personal& personal) {
    text("address", personal.address);
    if (personal.location) {
      w_.out().key("location").begin_object();
      w_.out().field("lat", personal.location->lat).field("lon", personal.location->lon);
      w_.out().end_object();
    }
    w_.text("recording_id", personal.recording_id);
  }

  void write_attachments(const std::vector<Attachment>& attachments) {
    w_.out().key("attachments").begin_array();
    for (const auto& attachment : attachments) {
      w_.out().begin_object().field("name", shown(attachment.name));
      w_.out().field("url", attachment.url).end_object();
    }
    w_.out().end_array();
  }

  void write_remarks(const std::vector<Remark>& remarks) {
    w_.out().key("remarks").begin_array();
    for (const auto& remark : remarks) {
      w_.out().begin_object().field("version", remark.version);
      w_.time("at", remark.at);
      w_.text("actor", remark.actor);
      w_.out().field("kind", remark.kind).field("text", shown(remark.text)).end_object();
    }
    w_.out().end_array();
  }

  Writer& w_;
  Privacy privacy_;
  bool hidden_;
};

void write_head(Writer& w, const Ticket& ticket) {
  w.out().field("id", to_string(ticket.id)).field("version", ticket.version);
  w.out().field("status", name(ticket.status));
  w.term_or_null("handling", ticket.handling);
  w.term_or_null("outcome", ticket.outcome);
  w.text("source", ticket.source);
  w.text("source_id", ticket.source_id);
  w.out().field("channel", ticket.channel).field("type", name(ticket.type));
  w.out().field("urgency", name(ticket.urgency));
  w.category(ticket.category);
  w.region(ticket.region);
  w.out().field("confidential", ticket.confidential);
  w.time("received_at", ticket.received_at);
  w.time("created_at", ticket.created_at);
  w.time("finished_at", ticket.finished_at);
  w.time("closed_at", ticket.closed_at);
  w.out().field("round", ticket.round).field("supervised", ticket.supervised);
  w.out().field("disputes", ticket.disputes).field("bounces", ticket.bounces);
  w.out().field("designated", ticket.designated);
}

void write_why(Writer& w, const Ticket& ticket, const ViewContext& context) {
  if (ticket.status != Status::triage) return;
  w.out().field("why", triage_reason(ticket, context.auto_dispatch_confidence));
}

/// What a lease of the queue `notice` is of; null for every other lease.
const Notice* notice_of(const Ticket& ticket, const Lease& lease) {
  return lease.queue == notice_queue ? ticket.notice(lease.seq) : nullptr;
}

/// The fields that each kind of event has beside its name.
class EventFields {
 public:
  explicit EventFields(Writer& w) : w_(w) {}

  void operator()(const Received& e) {
    w_.out().field("channel", e.ticket.channel).field("type", name(e.ticket.type));
    w_.out().field("urgency", name(e.ticket.urgency));
    w_.category(e.ticket.category);
    w_.region(e.ticket.region);
    w_.time("received_at", e.ticket.received_at);
  }
  void operator()(const SentToTriage& e) { w_.time("deadline", e.deadline); }
  void operator()(const TakenDirect& e) {
    w_.time("deadline", e.deadline);
    w_.category(e.category);
  }
  void operator()(const Dispatched& e) {
    w_.out().key("assignment");
    write_assignment(w_, e.assignment);
    w_.category(e.category);
  }
  void operator()(const AssignmentEnded& e) {
    w_.out().field("seq", e.seq).field("ending", name(e.ending));
  }
  void operator()(const Signed& e) { w_.out().field("seq", e.seq); }
  void operator()(const Contacted& e) { w_.out().field("seq", e.seq); }
  void operator()(const Answered& e) { w_.out().field("seq", e.seq); }
  void operator()(const HandedOver& e) { w_.out().field("service", e.service); }
  void operator()(const HandoverAcknowledged&) {}
  void operator()(const Finished& e) { w_.out().field("outcome", name(e.outcome)); }
  void operator()(const CallbackScheduled& e) {
    w_.time("at", e.at);
    w_.out().field("ready", e.ready);
  }
  void operator()(const CallbackReady&) {}
  void operator()(const CallbackMade& e) {
    w_.out().field("outcome", name(e.outcome));
    if (!e.rating) return;
    w_.out().field("contacted", e.rating->contacted);
    w_.out().field("resolved", name(e.rating->resolved));
    if (e.rating->satisfaction) w_.out().field("satisfaction", name(*e.rating->satisfaction));
  }
  void operator()(const RedoOrdered& e) { w_.out().field("supervised", e.supervised); }
  void operator()(const DeadlinePassed& e) {
    w_.out().field("deadline", name(e.deadline)).field("seq", e.seq);
  }
  void operator()(const Closed&) {}
  void operator()(const Amended& e) {
    if (e.type) w_.out().field("type", name(*e.type));
    if (e.urgency) w_.out().field("urgency", name(*e.urgency));
    if (e.confidential) w_.out().field("confidential", *e.confidential);
    w_.category(e.category);
    w_.region(e.region);
    w_.out().key("personal").begin_array();
    for (const auto& field : e.personal) w_.out().value(field);
    w_.out().end_array();
  }
  void operator()(const Supplemented&) {}
  void operator()(const ReturnRaised& e) { write_objection(w_, e.objection); }
  void operator()(const ReturnRuled& e) { w_.out().field("granted", e.granted); }
  void operator()(const Designated&) {}
  void operator()(const NoticePosted& e) {
    w_.out().field("notice", e.notice).field("kind", name(e.kind)).field("seq", e.seq);
  }
  void operator()(const NoticeSent& e) {
    w_.out().field("notice", e.notice).field("outcome", name(e.outcome));
  }
  void operator()(const Paused& e) { w_.out().field("seq", e.seq); }
  void operator()(const Resumed& e) { w_.out().field("seq", e.seq); }
  void operator()(const ExtensionRequested& e) {
    w_.out().field("seq", e.seq).field("days", e.days);
  }
  void operator()(const ExtensionRuled& e) {
    w_.out().field("seq", e.seq).field("granted", e.granted).field("days", e.days);
  }
  void operator()(const DeadlinesMoved& e) {
    w_.out().field("seq", e.seq);
    if (e.seq == 0) return w_.time("decide", e.due.resolve);
    w_.time("sign", e.due.sign);
    w_.time("contact", e.due.contact);
    w_.time("resolve", e.due.resolve);
    w_.time("resolve_reminder", e.due.remind);
    w_.time("overdue_notice", e.due.notice);
    w_.time("supervision", e.due.supervise);
  }

 private:
  Writer& w_;
};

}  // namespace

void write_ticket(JsonWriter& out, const Ticket& ticket, const ViewContext& context,
                  const Personal* personal, Privacy privacy) {
  Writer w(out, context);
  out.begin_object();
  write_head(w, ticket);
  write_why(w, ticket, context);
  w.term_or_null("light", light_of(ticket, context.now));
  write_deadlines(w, ticket, context);
  out.key("assignments").begin_array();
  for (const auto& assignment : ticket.assignments) {
    write_assignment(w, assignment, light_of(assignment, context.now));
  }
  out.end_array();
  if (!ticket.notices.empty()) write_notices(w, ticket);
  if (ticket.handover) write_handover(w, *ticket.handover);
  if (ticket.objection) {
    out.key("objection").begin_object();
    write_objection(w, *ticket.objection);
    out.end_object();
  }
  write_callback(w, ticket);
  write_routing(w, ticket);
  out.key("classification");
  write_classification(out, *ticket.classification, context);
  out.key("warnings");
  write_warnings(out, ticket.warnings);
  out.key("allowed").begin_array();
  for (const auto move : allowed_moves(ticket)) out.value(move);
  out.end_array();
  if (personal != nullptr) PersonalWriter(w, privacy, ticket.confidential).write(*personal);
  out.end_object();
}

std::string ticket_json(const Ticket& ticket, const ViewContext& context) {
  constexpr std::size_t usual_bytes = 2'048;
  JsonWriter out(usual_bytes);
  write_ticket(out, ticket, context);
  return out.take();
}

std::string triage_reason(const Ticket& ticket, double auto_dispatch_confidence) {
  const Classification& found = *ticket.classification;
  if (ticket.handover) {
    return fmt::format("an emergency for {}: hand over at once, and acknowledge",
                       ticket.handover->service);
  }
  if (!ticket.assignments.empty()) {
    return fmt::format("department {} left the catalogue; a person decides anew",
                       ticket.assignments.back().department);
  }
  if (!found.channel_to_tell.empty()) {
    return fmt::format("belongs to {}; a person tells the citizen", found.channel_to_tell);
  }
  if (!ticket.warnings.empty()) return "a code is unknown, see warnings; a person decides";
  const double from = found.automatic_from.value_or(auto_dispatch_confidence);
  if (from > 1) {
    return fmt::format("the model proposes with confidence {:.2f}; a person decides",
                       found.confidence);
  }
  if (found.confidence < from) {
    return fmt::format("confidence {:.2f}, automatic from {:.2f}; a person decides",
                       found.confidence, from);
  }
  return "no department is laid down for it; a person decides";
}

Personal shown_personal(Personal personal, Privacy privacy) {
  if (privacy == Privacy::unmasked) return personal;
  personal.caller.name = mask_name(personal.caller.name);
  personal.caller.phone = mask_phone(personal.caller.phone);
  for (std::string* text : {&personal.title, &personal.content, &personal.address}) {
    *text = mask_text(*text);
  }
  return personal;
}

namespace {

/// Whose word the proposal follows.
std::string_view decided_by(const Classification& found) {
  if (found.automatic_from) return "model";
  if (!found.reasons.empty() && found.reasons.front().rule == "operator") return "operator";
  return found.category.empty() && found.lead.empty() ? "nobody" : "rules";
}

}  // namespace

void write_classification(JsonWriter& out, const Classification& found,
                          const ViewContext& context) {
  Writer w(out, context);
  out.begin_object().field("type", name(found.type));
  w.text_or_null("category", found.category);
  w.text("region", found.region);
  w.term_or_null("handling", found.handling);
  w.text_or_null("lead", found.lead);
  out.field("confidence", found.confidence).field("decided_by", decided_by(found));
  const double from = found.automatic_from.value_or(context.auto_dispatch_confidence);
  if (from <= 1) out.field("automatic_from", from);
  out.key("candidates").begin_array();
  for (const auto& candidate : found.candidates) {
    out.begin_object();
    w.category(candidate.category);
    w.department(candidate.department);
    out.field("score", candidate.score).end_object();
  }
  out.end_array();
  out.key("reasons").begin_array();
  for (const auto& reason : found.reasons) {
    out.begin_object().field("rule", reason.rule).field("words", reason.words);
    out.field("weight", reason.weight).end_object();
  }
  out.end_array();
  out.field("catalogue_version", found.catalogue_version);
  out.field("model_version", found.model_version);
  w.text("emergency", found.emergency);
  w.text("channel_to_tell", found.channel_to_tell);
  out.end_object();
}

void write_warnings(JsonWriter& out, const std::vector<Warning>& warnings) {
  out.begin_array();
  for (const auto& warning : warnings) {
    out.begin_object().field("code", warning.code).field("pointer", warning.pointer);
    out.field("detail", warning.detail).end_object();
  }
  out.end_array();
}

void write_change(JsonWriter& out, const Change& change, const ViewContext& context) {
  Writer w(out, context);
  out.begin_object().field("version", change.version);
  w.time("at", change.at);
  out.field("move", change.move);
  w.text("principal", change.principal);
  w.text("person", change.person);
  out.key("events").begin_array();
  for (const auto& event : change.events) {
    out.begin_object().field("event", name(event));
    std::visit(EventFields(w), event);
    out.end_object();
  }
  out.end_array().end_object();
}

void write_lease(JsonWriter& out, const Lease& lease, const ViewContext& context,
                 const Ticket* ticket, const Personal* personal, Privacy privacy) {
  Writer w(out, context);
  out.begin_object().field("receipt", lease.receipt).field("queue", lease.queue);
  w.time("leased_until", lease.leased_until);
  out.field("delivery", lease.delivery).field("seq", lease.seq);
  if (ticket == nullptr) {
    out.field("ticket", to_string(lease.ticket)).end_object();
    return;
  }
  const Notice* notice = notice_of(*ticket, lease);
  if (notice != nullptr && personal != nullptr) {
    write_message(w, *ticket, *notice, *personal, context);
    personal = nullptr;
  }
  out.key("ticket");
  write_ticket(out, *ticket, context, personal, privacy);
  out.end_object();
}

bool goes_to_citizen(const Ticket& ticket, const Lease& lease) {
  const Notice* notice = notice_of(ticket, lease);
  return notice != nullptr && audience(notice->kind) == Audience::citizen;
}

std::string_view queue_name(std::string_view queue, const Catalogue& catalogue) {
  if (queue == triage_queue) return chinese(Status::triage);
  if (queue == direct_queue) return chinese(Status::direct);
  if (queue == callback_queue) return chinese(Status::callback);
  if (queue == returns_queue) return chinese(Status::return_review);
  if (queue == extensions_queue) return "延期审批";
  if (queue == notice_queue) return "通知";
  const auto* department = catalogue.department(queue);
  return department != nullptr ? std::string_view(department->name) : queue;
}

}  // namespace hotline::api

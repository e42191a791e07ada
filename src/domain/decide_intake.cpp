#include "domain/decide.hpp"
#include "domain/notices.hpp"

// Where a new ticket goes.

namespace hotline {
namespace {

Ticket received_ticket(const Intake& move, const Context& context) {
  const Classification& found = *move.classification;
  Ticket made;
  made.id = context.new_id;
  made.source = move.source;
  made.source_id = move.source_id;
  made.channel = move.channel;
  made.type = move.type.value_or(found.type);
  made.urgency =
      move.urgency.value_or(found.emergency.empty() ? Urgency::normal : Urgency::critical);
  made.category = found.category;
  made.region = move.region.empty() ? found.region : move.region;
  made.confidential = move.confidential;
  made.reachable = !move.personal.caller.phone.empty();
  made.received_at = move.received_at.value_or(context.now);
  made.created_at = context.now;
  made.classification = move.classification;
  made.warnings = move.warnings;
  return made;
}

/// Where a new ticket goes. A doubt of any kind sends it to a person: the machine dispatches only
/// what it is sure of, and never closes an emergency or what belongs elsewhere.
void place(Draft& draft, const Intake& move) {
  const Classification& found = *move.classification;
  const bool confident =
      found.confidence >= found.automatic_from.value_or(draft.policy().auto_dispatch_confidence);
  const bool doubtful = !move.warnings.empty() || !found.channel_to_tell.empty() || !confident;
  if (move.answer) {
    take_direct(draft, {});
    draft.add(Answered{0});
    return finish_answered(draft);
  }
  if (!found.emergency.empty()) {
    draft.add(HandedOver{found.emergency});
    return send_to_triage(draft);
  }
  const auto handling = move.handling ? move.handling : found.handling;
  if (handling == Handling::direct && (move.handling || !doubtful)) {
    return take_direct(draft, {});
  }
  if (doubtful || found.lead.empty()) return send_to_triage(draft);
  assign(draft, found.lead, Role::lead);
  for (const auto& department : found.copy) {
    if (department != found.lead) assign(draft, department, Role::copy);
  }
}

}  // namespace

Result<std::vector<Event>> decide_intake(const Intake& move, const Context& context) {
  Draft draft({}, context);
  draft.add(Received{received_ticket(move, context)});
  place(draft, move);
  // Who was answered on the spot need not be told that the matter is being looked at.
  if (draft.ticket().status != Status::closed) post_notice(draft, NoticeKind::received);
  return draft.take();
}

Result<std::vector<Event>> decide_import(const Import& move, const Context& context) {
  Ticket made = move.ticket;
  made.id = context.new_id;
  made.version = 0;
  made.created_at = context.now;
  return std::vector<Event>{Received{std::move(made)}};
}

}  // namespace hotline

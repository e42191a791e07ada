#include "domain/rules.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "domain/clocks.hpp"
#include "domain/evolve.hpp"

namespace hotline {
namespace {

using Decision = Result<std::vector<Event>>;

/// Collects events and keeps the ticket as they leave it, so that a later step of the same move
/// sees the earlier ones.
class Draft {
 public:
  Draft(Ticket ticket, const Context& context) : ticket_(std::move(ticket)), context_(context) {}

  void add(Event event) {
    apply(ticket_, event, context_.now);
    events_.push_back(std::move(event));
  }

  const Ticket& ticket() const { return ticket_; }
  const Policy& policy() const { return context_.policy; }
  const Limits& limits() const { return policy().limits_for(ticket_.urgency); }
  Time now() const { return context_.now; }
  std::vector<Event> take() { return std::move(events_); }

 private:
  Ticket ticket_;
  const Context& context_;
  std::vector<Event> events_;
};

void triage(Draft& draft) { draft.add(SentToTriage{draft.now() + draft.limits().decide}); }

void take_direct(Draft& draft, std::string category, Duration limit) {
  draft.add(TakenDirect{draft.now() + limit, std::move(category)});
}

Assignment make_assignment(const Draft& draft, std::string department, Role role,
                           Duration resolve) {
  const Limits& limits = draft.limits();
  const Time now = draft.now();
  Assignment made;
  made.seq = static_cast<std::uint16_t>(draft.ticket().assignments.size() + 1);
  made.department = std::move(department);
  made.role = role;
  made.round = draft.ticket().round;
  made.dispatched_at = now;
  made.sign_deadline = now + limits.sign;
  made.contact_deadline = now + limits.contact;
  made.resolve_deadline = now + resolve;
  const Duration before = draft.policy().reminder_before;
  if (resolve > before) made.remind_at = made.resolve_deadline - before;
  return made;
}

void assign(Draft& draft, const std::string& department, Role role, std::string category = {}) {
  draft.add(Dispatched{make_assignment(draft, department, role, draft.limits().resolve),
                       std::move(category)});
}

void withdraw_open(Draft& draft) {
  const std::vector<Assignment> before = draft.ticket().assignments;
  for (const auto& assignment : before) {
    if (!assignment.ending) draft.add(AssignmentEnded{assignment.seq, Ending::withdrawn});
  }
}

void close(Draft& draft) {
  withdraw_open(draft);
  draft.add(Closed{});
}

/// Spreads tickets evenly over 0..99 by their number, so that who is called back can be reproduced.
std::uint32_t sample_of(TicketId id) {
  return static_cast<std::uint32_t>(std::hash<TicketId>{}(id) >> 33U) % 100;
}

bool callback_due(const Ticket& ticket, const CallbackPolicy& policy) {
  const bool wanted = ticket.handling == Handling::direct ? policy.direct : policy.transferred;
  return wanted && ticket.reachable && sample_of(ticket.id) < policy.sample_percent;
}

void schedule_callback(Draft& draft, Duration delay) {
  const Time at = draft.policy().calling_time(draft.now() + delay);
  draft.add(CallbackScheduled{at, at <= draft.now()});
}

void finish_answered(Draft& draft) {
  withdraw_open(draft);
  draft.add(Finished{Outcome::answered});
  if (callback_due(draft.ticket(), draft.policy().callback)) {
    schedule_callback(draft, draft.policy().callback.delay);
  } else {
    draft.add(Closed{});
  }
}

tl::unexpected<Error> not_now(const Ticket& ticket, std::string_view move) {
  return fail(ErrorCode::wrong_state,
              fmt::format("ticket {} is {} ({}): {} is not possible now; possible: {}",
                          to_string(ticket.id), name(ticket.status), chinese(ticket.status), move,
                          fmt::join(allowed_moves(ticket), ", ")));
}

bool handed_over(const Ticket& ticket) {
  return ticket.handover && !ticket.handover->acknowledged_at;
}

/// The open assignment that the actor means. With none named, the only one that it may act for and
/// that `fits`; the lead goes before the others.
template <typename Fits>
Result<std::uint16_t> find_assignment(const Ticket& ticket, const Actor& actor,
                                      std::string_view department, std::string_view move,
                                      Fits fits) {
  std::vector<const Assignment*> found;
  for (const auto& assignment : ticket.assignments) {
    const bool meant = department.empty() || assignment.department == department;
    const bool open = !assignment.ending && actor.may_act_for(assignment.department);
    if (meant && open && fits(assignment)) found.push_back(&assignment);
  }
  if (found.empty()) return not_now(ticket, move);
  const auto lead = std::ranges::find(found, Role::lead, &Assignment::role);
  if (lead != found.end()) return (*lead)->seq;
  if (found.size() == 1) return found.front()->seq;
  return fail(ErrorCode::invalid, "several departments could be meant: name one in `department`");
}

/// One overload a move. Each looks at the ticket as it is, refuses with a reason or adds events to
/// the draft.
class Decider {
 public:
  Decider(Draft& draft, const Actor& actor) : draft_(draft), actor_(actor) {}

  Result<void> operator()(const Intake&) { return makes_a_new_one(); }
  Result<void> operator()(const Import&) { return makes_a_new_one(); }

  Result<void> operator()(const Dispatch& move) {
    const Status status = ticket().status;
    if (status == Status::callback || status == Status::closed)
      return not_now(ticket(), "dispatch");
    if (auto fault = check_dispatch(move); !fault) return fault;
    withdraw_replaced(move);
    assign(draft_, move.department, Role::lead, move.category);
    for (const auto& department : move.assist) assign(draft_, department, Role::assist);
    for (const auto& department : move.copy) assign(draft_, department, Role::copy);
    return {};
  }

  Result<void> operator()(const TakeDirect& move) {
    if (ticket().status != Status::triage) return not_now(ticket(), "direct");
    take_direct(draft_, move.category, draft_.limits().decide);
    return {};
  }

  Result<void> operator()(const Sign& move) {
    const auto seq = find_assignment(ticket(), actor_, move.department, "sign",
                                     [](const Assignment& a) { return !a.signed_at; });
    if (!seq) return tl::make_unexpected(seq.error());
    draft_.add(Signed{*seq});
    if (ticket().assignment(*seq)->role == Role::copy) {
      draft_.add(AssignmentEnded{*seq, Ending::noted});
    }
    return {};
  }

  Result<void> operator()(const Contact& move) {
    const auto seq = find_assignment(ticket(), actor_, move.department, "contact",
                                     [](const Assignment& a) { return a.signed_at.has_value(); });
    if (!seq) return tl::make_unexpected(seq.error());
    draft_.add(Contacted{*seq});
    return {};
  }

  Result<void> operator()(const Answer& move) {
    if (ticket().status == Status::direct) return answer_direct();
    const auto seq = find_assignment(ticket(), actor_, move.department, "answer",
                                     [](const Assignment& a) { return a.signed_at.has_value(); });
    if (!seq) return tl::make_unexpected(seq.error());
    draft_.add(Answered{*seq});
    draft_.add(AssignmentEnded{*seq, Ending::answered});
    if (ticket().assignment(*seq)->role == Role::lead) finish_answered(draft_);
    return {};
  }

  Result<void> operator()(const Redirect&) {
    const bool centre = ticket().status == Status::triage || ticket().status == Status::direct;
    if (!centre || handed_over(ticket())) return not_now(ticket(), "redirect");
    draft_.add(Finished{Outcome::redirected});
    close(draft_);
    return {};
  }

  /// Only a ticket on which nobody has acted: one that was answered, transferred or handed over was
  /// accepted.
  Result<void> operator()(const Reject&) {
    if (ticket().status != Status::triage || ticket().handling) return not_now(ticket(), "reject");
    draft_.add(Finished{Outcome::rejected});
    close(draft_);
    return {};
  }

  Result<void> operator()(const Acknowledge&) {
    if (ticket().status != Status::triage || !handed_over(ticket())) {
      return not_now(ticket(), "acknowledge");
    }
    draft_.add(HandoverAcknowledged{});
    draft_.add(Finished{Outcome::emergency});
    close(draft_);
    return {};
  }

  Result<void> operator()(const CallbackAttempt& move) {
    if (ticket().status != Status::callback) return not_now(ticket(), "callback");
    switch (move.outcome) {
      case CallbackOutcome::reached:
        citizen_reached(move);
        break;
      case CallbackOutcome::no_answer:
      case CallbackOutcome::busy:
        try_again(move.outcome);
        break;
      case CallbackOutcome::refused:
      case CallbackOutcome::wrong_number:
        draft_.add(CallbackMade{move.outcome, std::nullopt});
        close(draft_);
        break;
    }
    return {};
  }

  Result<void> operator()(const Recall& move) {
    const std::vector<Assignment> before = ticket().assignments;
    bool led = false;
    bool found = false;
    for (const auto& assignment : before) {
      if (assignment.ending || assignment.department != move.department) continue;
      draft_.add(AssignmentEnded{assignment.seq, Ending::withdrawn});
      found = true;
      led = led || assignment.role == Role::lead;
    }
    if (!found) return not_now(ticket(), "recall");
    if (led) triage(draft_);
    return {};
  }

  Result<void> operator()(const Amend& move) {
    if (ticket().status == Status::closed) return not_now(ticket(), "amend");
    Amended event{move.type,     move.urgency, move.confidential,     std::nullopt,
                  move.category, move.region,  move.personal_fields()};
    if (!move.caller_phone.empty()) event.reachable = true;
    if (event == Amended{}) return fail(ErrorCode::invalid, "nothing is amended: name a field");
    draft_.add(std::move(event));
    return {};
  }

  Result<void> operator()(const Supplement&) {
    if (ticket().status == Status::closed) return not_now(ticket(), "supplement");
    draft_.add(Supplemented{});
    return {};
  }

  Result<void> operator()(const Withdraw&) {
    const bool over = ticket().status == Status::callback || ticket().status == Status::closed;
    if (over || handed_over(ticket())) return not_now(ticket(), "withdraw");
    draft_.add(Finished{Outcome::withdrawn});
    close(draft_);
    return {};
  }

  Result<void> operator()(const Tick&) {
    for (const auto& clock : running_clocks(ticket())) {
      if (clock.at > draft_.now()) break;
      if (clock.deadline == Deadline::callback_due)
        draft_.add(CallbackReady{});
      else
        draft_.add(DeadlinePassed{clock.deadline, clock.seq});
    }
    return {};
  }

 private:
  const Ticket& ticket() const { return draft_.ticket(); }

  static tl::unexpected<Error> makes_a_new_one() {
    return fail(ErrorCode::internal, "this move makes a new ticket");
  }

  Result<void> check_dispatch(const Dispatch& move) const {
    std::vector<std::string> all{move.department};
    all.insert(all.end(), move.assist.begin(), move.assist.end());
    all.insert(all.end(), move.copy.begin(), move.copy.end());
    if (ticket().assignments.size() + all.size() > assignments_max) {
      return fail(ErrorCode::too_large,
                  fmt::format("a ticket holds at most {} assignments", assignments_max));
    }
    std::ranges::sort(all);
    const bool doubled = std::ranges::adjacent_find(all) != all.end();
    if (all.front().empty() || doubled) {
      return fail(ErrorCode::invalid, "name each department once, and none with an empty code");
    }
    const Assignment* lead = ticket().lead();
    if (lead != nullptr && lead->department == move.department) {
      return fail(
          ErrorCode::wrong_state,
          fmt::format("department {} leads ticket {} already; possible: {}", move.department,
                      to_string(ticket().id), fmt::join(allowed_moves(ticket()), ", ")));
    }
    return {};
  }

  /// The old lead goes, and so does every open part of a department that gets a new one.
  void withdraw_replaced(const Dispatch& move) {
    const auto named = [&](const std::string& department) {
      return department == move.department || std::ranges::count(move.assist, department) > 0 ||
             std::ranges::count(move.copy, department) > 0;
    };
    const std::vector<Assignment> before = ticket().assignments;
    for (const auto& assignment : before) {
      const bool replaced = assignment.role == Role::lead || named(assignment.department);
      if (!assignment.ending && replaced) {
        draft_.add(AssignmentEnded{assignment.seq, Ending::withdrawn});
      }
    }
  }

  Result<void> answer_direct() {
    if (actor_.departments) return not_now(ticket(), "answer by a department");
    draft_.add(Answered{0});
    finish_answered(draft_);
    return {};
  }

  void citizen_reached(const CallbackAttempt& move) {
    draft_.add(CallbackMade{
        move.outcome, Rating{draft_.now(), move.contacted, move.resolved, move.satisfaction}});
    const bool unhappy = move.satisfaction && *move.satisfaction >= Satisfaction::dissatisfied;
    const bool wanted = unhappy || move.resolved == Resolved::no;
    if (wanted && ticket().round <= draft_.policy().callback.redo_max)
      redo();
    else
      close(draft_);
  }

  void redo() {
    const Duration limit = std::min(draft_.policy().redo_resolve, draft_.limits().resolve);
    draft_.add(RedoOrdered{ticket().round >= 2});
    const auto& all = ticket().assignments;
    const auto lead = std::find_if(all.rbegin(), all.rend(),
                                   [](const Assignment& a) { return a.role == Role::lead; });
    if (lead == all.rend()) return take_direct(draft_, {}, limit);
    draft_.add(Dispatched{make_assignment(draft_, lead->department, Role::lead, limit), {}});
  }

  void try_again(CallbackOutcome outcome) {
    draft_.add(CallbackMade{outcome, std::nullopt});
    const auto& policy = draft_.policy().callback;
    const std::uint32_t attempts = ticket().callback.attempts;
    if (attempts >= policy.attempts_max) return close(draft_);
    schedule_callback(draft_, policy.retry_delay * (1 << std::min(attempts - 1, 10U)));
  }

  Draft& draft_;
  const Actor& actor_;
};

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
  const bool confident = found.confidence >= draft.policy().auto_dispatch_confidence;
  const bool doubtful = !move.warnings.empty() || !found.channel_to_tell.empty() || !confident;
  if (move.answer) {
    take_direct(draft, {}, draft.limits().decide);
    draft.add(Answered{0});
    return finish_answered(draft);
  }
  if (!found.emergency.empty()) {
    draft.add(HandedOver{found.emergency});
    return triage(draft);
  }
  const auto handling = move.handling ? move.handling : found.handling;
  if (handling == Handling::direct && (move.handling || !doubtful)) {
    return take_direct(draft, {}, draft.limits().decide);
  }
  if (doubtful || found.lead.empty()) return triage(draft);
  assign(draft, found.lead, Role::lead);
  for (const auto& department : found.copy) {
    if (department != found.lead) assign(draft, department, Role::copy);
  }
}

Decision decide_intake(const Intake& move, const Context& context) {
  Draft draft({}, context);
  draft.add(Received{received_ticket(move, context)});
  place(draft, move);
  return draft.take();
}

Decision decide_import(const Import& move, const Context& context) {
  Ticket made = move.ticket;
  made.id = context.new_id;
  made.version = 0;
  made.created_at = context.now;
  return std::vector<Event>{Received{std::move(made)}};
}

Result<void> check_room(const Personal& personal, std::size_t most) {
  if (personal.remarks.size() < most) return {};
  return fail(ErrorCode::too_large, fmt::format("a ticket holds at most {} remarks", most));
}

/// Words of the citizen that an amendment replaces stay as remarks.
Result<std::optional<Personal>> remember_amended(Personal personal, const Amend& move,
                                                 const Actor& actor, const Ticket& after,
                                                 Time now) {
  if (move.personal_fields().empty()) return std::nullopt;
  const auto replace = [&](std::string& field, const std::string& given, bool kept) {
    if (given.empty()) return;
    if (kept && !field.empty()) {
      personal.remarks.push_back({after.version, now, actor.person, "amended", field});
    }
    field = given;
  };
  if (auto room = check_room(personal, notes_max - 1); !room) {
    return tl::make_unexpected(room.error());
  }
  replace(personal.title, move.title, true);
  replace(personal.content, move.content, true);
  replace(personal.address, move.address, false);
  replace(personal.caller.name, move.caller_name, false);
  replace(personal.caller.phone, move.caller_phone, false);
  return personal;
}

struct Words {
  std::string_view kind;
  std::string text;
};

Words words_of(const Move& move) {
  if (const auto* m = std::get_if<Intake>(&move)) return {"answer", m->answer.value_or("")};
  if (const auto* m = std::get_if<Answer>(&move)) return {"answer", m->text};
  if (const auto* m = std::get_if<CallbackAttempt>(&move)) return {"citizen", m->words};
  if (const auto* m = std::get_if<Dispatch>(&move)) return {"note", m->note};
  if (const auto* m = std::get_if<TakeDirect>(&move)) return {"note", m->note};
  if (const auto* m = std::get_if<Contact>(&move)) return {"note", m->note};
  if (const auto* m = std::get_if<Redirect>(&move)) {
    return {"answer", m->note.empty() ? m->channel : m->channel + ":" + m->note};
  }
  if (const auto* m = std::get_if<Reject>(&move)) return {"answer", m->reason};
  if (const auto* m = std::get_if<Acknowledge>(&move)) return {"note", m->reference};
  if (const auto* m = std::get_if<Supplement>(&move)) return {"supplement", m->text};
  if (const auto* m = std::get_if<Withdraw>(&move)) return {"citizen", m->reason};
  return {};
}

}  // namespace

Result<std::vector<Event>> decide(const Ticket* ticket, const Move& move, const Actor& actor,
                                  const Context& context) {
  if (const auto* intake = std::get_if<Intake>(&move)) return decide_intake(*intake, context);
  if (const auto* import = std::get_if<Import>(&move)) return decide_import(*import, context);
  if (ticket == nullptr) return fail(ErrorCode::not_found, "there is no ticket with this number");
  Draft draft(*ticket, context);
  if (auto done = std::visit(Decider(draft, actor), move); !done) {
    return tl::make_unexpected(done.error());
  }
  return draft.take();
}

Result<std::optional<Personal>> remember(const Personal* before, const Move& move,
                                         const Actor& actor, const Ticket& after, Time now) {
  if (const auto* import = std::get_if<Import>(&move)) return import->personal;
  if (const auto* amend = std::get_if<Amend>(&move)) {
    return remember_amended(before ? *before : Personal{}, *amend, actor, after, now);
  }
  const auto* intake = std::get_if<Intake>(&move);
  Words words = words_of(move);
  if (intake == nullptr && words.text.empty()) return std::nullopt;
  Personal personal = intake != nullptr ? intake->personal : before ? *before : Personal{};
  if (words.text.empty()) return personal;
  const bool aside = words.kind == "note" || words.kind == "supplement";
  const bool finishes = !aside || std::holds_alternative<Acknowledge>(move);
  if (auto room = check_room(personal, finishes ? remarks_max : notes_max); !room) {
    return tl::make_unexpected(room.error());
  }
  personal.remarks.push_back(
      {after.version, now, actor.person, std::string(words.kind), std::move(words.text)});
  return personal;
}

std::vector<std::string_view> allowed_moves(const Ticket& ticket) {
  const auto has_open = [&](bool signed_already) {
    return std::ranges::any_of(ticket.assignments, [&](const Assignment& a) {
      return !a.ending && a.signed_at.has_value() == signed_already;
    });
  };
  std::vector<std::string_view> moves;
  const Status status = ticket.status;
  const bool emergency = handed_over(ticket);
  if (status != Status::callback && status != Status::closed) moves.push_back("dispatch");
  if (status == Status::triage) moves.push_back("direct");
  if (has_open(false)) moves.push_back("sign");
  if (has_open(true)) moves.push_back("contact");
  if (has_open(true) || status == Status::direct) moves.push_back("answer");
  const bool centre = status == Status::triage || status == Status::direct;
  if (centre && !emergency) moves.push_back("redirect");
  if (status == Status::triage && !ticket.handling) moves.push_back("reject");
  if (status == Status::triage && emergency) moves.push_back("acknowledge");
  if (status == Status::callback) moves.push_back("callback");
  if (status == Status::closed) return moves;
  moves.push_back("amend");
  moves.push_back("supplement");
  if (status != Status::callback && !emergency) moves.push_back("withdraw");
  return moves;
}

std::string_view name(const Move& move) { return move_names()[move.index()]; }

std::span<const std::string_view> move_names() {
  static constexpr std::array<std::string_view, std::variant_size_v<Move>> names{
      "intake",      "dispatch", "direct", "sign",   "contact", "answer", "redirect",   "reject",
      "acknowledge", "callback", "tick",   "recall", "import",  "amend",  "supplement", "withdraw"};
  return names;
}

std::vector<std::string> Amend::personal_fields() const {
  std::vector<std::string> names;
  if (!title.empty()) names.emplace_back("title");
  if (!content.empty()) names.emplace_back("content");
  if (!address.empty()) names.emplace_back("address");
  if (!caller_name.empty() || !caller_phone.empty()) names.emplace_back("caller");
  return names;
}

std::optional<Origin> origin_of(const Move& move) {
  if (const auto* intake = std::get_if<Intake>(&move)) {
    return Origin{intake->source, intake->source_id};
  }
  if (const auto* import = std::get_if<Import>(&move)) {
    return Origin{import->ticket.source, import->ticket.source_id};
  }
  return std::nullopt;
}

std::string_view name(const Event& event) {
  static constexpr std::array<std::string_view, std::variant_size_v<Event>> names{
      "received",         "sent_to_triage",
      "taken_direct",     "dispatched",
      "assignment_ended", "signed",
      "contacted",        "answered",
      "handed_over",      "handover_acknowledged",
      "finished",         "callback_scheduled",
      "callback_ready",   "callback_made",
      "redo_ordered",     "deadline_passed",
      "closed",           "amended",
      "supplemented"};
  return names[event.index()];
}

}  // namespace hotline

#include "domain/rules.hpp"

#include <algorithm>

#include "domain/decide.hpp"

namespace hotline {

Result<std::vector<Event>> decide(const Ticket* ticket, const Move& move, const Actor& actor,
                                  const Context& context) {
  if (const auto* intake = std::get_if<Intake>(&move)) return decide_intake(*intake, context);
  if (const auto* import = std::get_if<Import>(&move)) return decide_import(*import, context);
  if (ticket == nullptr) return fail(ErrorCode::not_found, "there is no ticket with this number");
  Draft draft(*ticket, context);
  const auto decide_one = [&]<typename One>(const One& one) -> Result<void> {
    if constexpr (std::is_same_v<One, Intake> || std::is_same_v<One, Import>) {
      return fail(ErrorCode::internal, "this move makes a new ticket");
    } else {
      return decide_move(draft, actor, one);
    }
  };
  if (auto done = std::visit(decide_one, move); !done) return tl::make_unexpected(done.error());
  return draft.take();
}

std::vector<std::string_view> allowed_moves(const Ticket& ticket) {
  const auto has_open = [&](bool signed_already) {
    return std::ranges::any_of(ticket.assignments, [&](const Assignment& a) {
      const bool in_hand = !a.ending && !ticket.under_review(a);
      return in_hand && a.signed_at.has_value() == signed_already;
    });
  };
  std::vector<std::string_view> moves;
  const Status status = ticket.status;
  const bool emergency = handed_over(ticket);
  if (may_dispatch(ticket)) moves.push_back("dispatch");
  if (status == Status::triage) moves.push_back("direct");
  if (has_open(false)) moves.push_back("sign");
  if (has_open(true)) moves.push_back("contact");
  if (has_open(true) || status == Status::direct) moves.push_back("answer");
  const bool held = status == Status::dispatched || status == Status::in_progress;
  if (held && !ticket.designated && ticket.round == 1) moves.push_back("return");
  if (status == Status::return_review) moves.push_back("rule");
  const auto has = [&](auto fits) {
    return std::ranges::any_of(ticket.assignments, [&](const Assignment& a) {
      return !a.ending && !ticket.under_review(a) && fits(a);
    });
  };
  if (has(may_pause)) moves.push_back("pause");
  if (has(is_paused)) moves.push_back("resume");
  if (has(may_ask_extension)) moves.push_back("request-extension");
  if (has(awaits_ruling)) moves.push_back("rule-extension");
  const bool centre = status == Status::triage || status == Status::direct;
  if (centre && !emergency) moves.push_back("redirect");
  if (status == Status::triage && !ticket.handling) moves.push_back("reject");
  if (status == Status::triage && emergency) moves.push_back("acknowledge");
  if (status == Status::callback) moves.push_back("callback");
  const auto untold = [](const Notice& notice) { return !notice.outcome; };
  if (std::ranges::any_of(ticket.notices, untold)) moves.push_back("notified");
  if (status == Status::closed) return moves;
  moves.push_back("amend");
  moves.push_back("supplement");
  if (status != Status::callback && !emergency) moves.push_back("withdraw");
  return moves;
}

std::string_view name(const Move& move) { return move_names()[move.index()]; }

std::span<const std::string_view> move_names() {
  static constexpr std::array<std::string_view, std::variant_size_v<Move>> names{
      "intake",         "dispatch",
      "direct",         "sign",
      "contact",        "answer",
      "redirect",       "reject",
      "acknowledge",    "callback",
      "tick",           "recall",
      "import",         "amend",
      "supplement",     "withdraw",
      "return",         "rule",
      "notified",       "pause",
      "resume",         "request-extension",
      "rule-extension", "recompute"};
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
      "received",
      "sent_to_triage",
      "taken_direct",
      "dispatched",
      "assignment_ended",
      "signed",
      "contacted",
      "answered",
      "handed_over",
      "handover_acknowledged",
      "finished",
      "callback_scheduled",
      "callback_ready",
      "callback_made",
      "redo_ordered",
      "deadline_passed",
      "closed",
      "amended",
      "supplemented",
      "return_raised",
      "return_ruled",
      "designated",
      "notice_posted",
      "notice_sent",
      "paused",
      "resumed",
      "extension_requested",
      "extension_ruled",
      "deadlines_moved"};
  return names[event.index()];
}

}  // namespace hotline

#include <fmt/format.h>

#include "domain/rules.hpp"

// Words go into the personal record, and nowhere else.

namespace hotline {
namespace {

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
  if (const auto* m = std::get_if<Return>(&move)) return {"return", m->basis};
  if (const auto* m = std::get_if<Rule>(&move)) return {"ruling", m->note};
  if (const auto* m = std::get_if<PauseClocks>(&move)) return {"note", m->reason};
  if (const auto* m = std::get_if<ResumeClocks>(&move)) return {"note", m->reason};
  if (const auto* m = std::get_if<RequestExtension>(&move)) return {"note", m->reason};
  if (const auto* m = std::get_if<RuleExtension>(&move)) return {"note", m->reason};
  if (const auto* m = std::get_if<Supplement>(&move)) return {"supplement", m->text};
  if (const auto* m = std::get_if<Withdraw>(&move)) return {"citizen", m->reason};
  if (const auto* m = std::get_if<Notified>(&move)) return {"note", m->note};
  return {};
}

}  // namespace

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
  const bool aside = words.kind == "note" || words.kind == "supplement" || words.kind == "return" ||
                     words.kind == "ruling";
  const bool finishes = !aside || std::holds_alternative<Acknowledge>(move);
  if (auto room = check_room(personal, finishes ? remarks_max : notes_max); !room) {
    return tl::make_unexpected(room.error());
  }
  personal.remarks.push_back(
      {after.version, now, actor.person, std::string(words.kind), std::move(words.text)});
  return personal;
}

}  // namespace hotline

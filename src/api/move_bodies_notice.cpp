#include "api/move_bodies.hpp"
#include "domain/ticket.hpp"

// What a gateway says of a notice.

namespace hotline::api {
namespace {

Move read_notified(ObjectReader& body, const Catalogue&) {
  constexpr std::int64_t last_notice = first_notice + notices_max - 1;
  Notified move;
  body.require("notice");
  body.require("outcome");
  const auto number = body.integer("notice", first_notice, last_notice);
  move.notice = static_cast<std::uint16_t>(number.value_or(first_notice));
  move.outcome = body.term<NoticeOutcome>("outcome").value_or(NoticeOutcome::sent);
  move.note = text_of(body, "note", words_rule);
  return move;
}

constexpr std::array calls{
    MoveCall{"notified", "recordNotice", Scope::notice | Scope::desk, false, read_notified, true},
};

}  // namespace

std::span<const MoveCall> notice_moves() { return calls; }

}  // namespace hotline::api

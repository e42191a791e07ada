#include "api/unmasking.hpp"

namespace hotline::api {

Result<std::optional<Actor>> unmasker_of(const Call& call) {
  const std::string* unmask = call.request.query_value("unmask");
  if (unmask == nullptr || *unmask == "false") return std::nullopt;
  if (*unmask != "true") return invalid_field("unmask", "must be true or false");
  const Scopes allowed = Scope::desk | Scope::callback | Scope::supervisor;
  if (!call.principal.has(allowed)) {
    return fail(ErrorCode::forbidden,
                "only the desk, call-backs and supervisors may see personal data unmasked");
  }
  auto person = required_person(call.request);
  if (!person) return tl::make_unexpected(std::move(person.error()));
  return Actor{call.principal.name, std::move(*person), nullptr};
}

asio::awaitable<Result<std::monostate>> audit(const Call& call, const Actor& actor,
                                              std::string action, TicketId ticket) {
  AuditRecord record{actor, std::move(action), ticket, call.request.id};
  return completion<std::monostate>([&engine = call.engine(), record = std::move(record)](
                                        Engine::Reply<std::monostate> reply) mutable {
    engine.audit(std::move(record), std::move(reply));
  });
}

}  // namespace hotline::api

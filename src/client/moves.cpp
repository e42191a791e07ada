#include "client/moves.hpp"

#include <algorithm>
#include <charconv>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "base/ids.hpp"
#include "client/commands.hpp"
#include "client/fields.hpp"
#include "client/input.hpp"
#include "client/terms.hpp"

namespace hotline::client {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> own_moves{
    {{"intake", "受理"}, {"tick", "到时"}, {"recall", "单位撤并"}, {"recompute", "重算时限"}}};

json::array split(std::string_view words) {
  json::array all;
  while (true) {
    const auto comma = words.find(',');
    all.emplace_back(words.substr(0, comma));
    if (comma == std::string_view::npos) return all;
    words.remove_prefix(comma + 1);
  }
}

/// What is no number stays a word, for the daemon to refuse.
json::value number_or_word(std::string_view word) {
  std::uint32_t number = 0;
  const char* end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, number);
  if (error == std::errc{} && stop == end) return number;
  return json::string(word);
}

json::value value_of(std::string_view field, std::string_view word) {
  if (field == "assist" || field == "copy") return split(word);
  const bool yes_or_no = word == "true" || word == "false";
  if ((field == "contacted" || field == "granted") && yes_or_no) return word == "true";
  if (field == "notice" || field == "days") return number_or_word(word);
  if (field == "outcome") {
    return json::string(api_name<NoticeOutcome>(api_name<CallbackOutcome>(word)));
  }
  if (field == "resolved") return json::string(api_name<Resolved>(word));
  if (field == "satisfaction") return json::string(api_name<Satisfaction>(word));
  return json::string(word);
}

std::string with_receipt(json::object body, const std::string& receipt) {
  if (!receipt.empty()) body["receipt"] = receipt;
  return json::serialize(body);
}

void print_moved(const json::value& ticket, std::string_view move, const Terminal& terminal) {
  const auto status = text(ticket, "status");
  const auto known = parse<Status>(status);
  terminal.out << fmt::format("{} {}  {}\n", move_title(move), text(ticket, "id"),
                              known ? chinese(*known) : status);
  std::string next;
  for (const auto& allowed : list(ticket, "allowed")) {
    const auto* word = allowed.if_string();
    if (word == nullptr) continue;
    const std::string_view name(word->data(), word->size());
    next += fmt::format("  {} ({})", name, move_title(name));
  }
  if (!next.empty()) terminal.out << "可做" << next << '\n';
}

Result<std::string> body_for(const MoveOptions& options) {
  if (options.body_file.empty()) return move_body(options.fields, options.receipt);
  const auto object = read_body(options.body_file);
  if (!object) return object;
  return move_body(*object, options.receipt);
}

}  // namespace

std::string_view move_title(std::string_view name) {
  for (const auto& term : move_terms) {
    if (term.name == name) return term.chinese;
  }
  for (const auto& [own, title] : own_moves) {
    if (own == name) return title;
  }
  return name;
}

Result<std::string> move_body(const std::vector<std::string>& fields, const std::string& receipt) {
  json::object body;
  for (const std::string_view word : fields) {
    const auto sign = word.find('=');
    if (sign == 0 || sign == std::string_view::npos) {
      return fail(ErrorCode::invalid,
                  fmt::format("'{}' is not FIELD=VALUE such as text=路灯已修复", word));
    }
    const auto field = word.substr(0, sign);
    body[field] = value_of(field, word.substr(sign + 1));
  }
  return with_receipt(std::move(body), receipt);
}

Result<std::string> move_body(const std::string& object, const std::string& receipt) {
  auto parsed = parse_json(object);
  if (!parsed) return tl::make_unexpected(std::move(parsed.error()));
  if (!parsed->is_object()) return fail(ErrorCode::invalid, "a move's body is a JSON object");
  return with_receipt(std::move(parsed->get_object()), receipt);
}

Exit move_command(const Daemon& daemon, const MoveOptions& options, const Terminal& terminal) {
  if (const auto number = parse_ticket_id(options.ticket); !number) {
    return refuse(terminal, fmt::format("'{}': {}", options.ticket, number.error().detail));
  }
  if (daemon.access.actor.empty()) {
    return refuse(terminal, "a move is made by a person: --actor 姓名, or HOTLINE_ACTOR");
  }
  auto body = body_for(options);
  if (!body) return refuse(terminal, body.error().detail);
  Call call{.method = "POST", .body = std::move(*body)};
  call.target = fmt::format("/v1/tickets/{}:{}", options.ticket, options.move);
  call.idempotency_key = random_name();
  HttpClient client = daemon.client();
  const auto document = body_of(client.send(call));
  if (!document) return complain(terminal, document.error());
  if (terminal.json) {
    terminal.out << *document << '\n';
    return Exit::ok;
  }
  const auto ticket = parse_json(*document);
  if (!ticket) return complain(terminal, ticket.error());
  print_moved(*ticket, options.move, terminal);
  return Exit::ok;
}

}  // namespace hotline::client

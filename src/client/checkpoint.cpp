#include "client/checkpoint.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "client/commands.hpp"
#include "client/fields.hpp"

namespace hotline::client {

Result<std::string> make_checkpoint(const Daemon& daemon, const std::string& name) {
  HttpClient client = daemon.client();
  json::object body;
  if (!name.empty()) body["path"] = name;
  Call call{.method = "POST", .target = "/v1/admin/checkpoint", .body = json::serialize(body)};
  call.timeout = std::chrono::minutes{5};
  call.retry = false;
  const auto answer = body_of(client.send(call)).and_then(parse_json);
  if (!answer) return tl::make_unexpected(answer.error());
  return std::string(text(*answer, "path"));
}

Exit checkpoint_command(const Daemon& daemon, const std::string& name, const Terminal& terminal) {
  const auto folder = make_checkpoint(daemon, name);
  if (!folder) return complain(terminal, folder.error());
  if (terminal.json) {
    terminal.out << json::serialize(json::object{{"path", *folder}}) << '\n';
  } else {
    terminal.out << fmt::format(
        "checkpoint {}\nkeep a copy on another machine; hotlinectl restore takes it back\n",
        *folder);
  }
  return Exit::ok;
}

}  // namespace hotline::client

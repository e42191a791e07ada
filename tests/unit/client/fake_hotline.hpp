#pragma once

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "base/time.hpp"
#include "client/fields.hpp"
#include "unit/client/fake_server.hpp"

namespace hotline::client {

/// Just enough of the daemon for a rehearsal, in memory: tickets from triage over two departments
/// and call-backs to the end, leases without expiry, a virtual clock if wanted. It refuses what the
/// daemon would refuse, so a wrong order of moves is seen.
class FakeHotline {
 public:
  struct Ticket {
    std::string status = "triage";
    std::string department;
    Time dispatched_at{};
    bool contacted = false;
    int round = 1;
    int attempts = 0;
    Time next_attempt_at{};
    bool ready = false;
    std::string receipt;  ///< of the live lease; empty: none
    bool notice = false;  ///< a reminder waits to be sent
    std::string notice_receipt;
  };

  FakeHotline(int tickets, bool virtual_clock) : virtual_clock_(virtual_clock) {
    for (int i = 0; i < tickets; ++i) tickets_[fmt::format("210601{:010}", i)] = {};
  }

  FakeAnswer operator()(const FakeRequest& request) {
    const std::lock_guard lock(guard_);
    const std::string path = request.target.substr(0, request.target.find('?'));
    const auto body =
        request.body.empty() ? json::value(json::object{}) : *parse_json(request.body);
    if (path == "/v1/departments") return {200, R"({"departments":[{"code":"d1"},{"code":"d2"}]})"};
    if (path == "/v1/admin/clock:advance") return advance(body);
    if (path == "/v1/queues") return queues();
    if (path.starts_with("/v1/queues/")) return lease(path.substr(11, path.rfind('/') - 11), body);
    if (path.starts_with("/v1/leases/")) return {409, R"({"code":"stale_receipt","detail":""})"};
    if (path == "/v1/tickets") return page(request.target);
    return move(path.substr(12, 16), path.substr(29), body);
  }

  std::map<std::string, int> by_status() {
    const std::lock_guard lock(guard_);
    std::map<std::string, int> count;
    for (const auto& [id, ticket] : tickets_) ++count[ticket.status];
    return count;
  }
  int refusals() {
    const std::lock_guard lock(guard_);
    return refusals_;
  }

 private:
  static std::string queue_of(const Ticket& ticket) {
    if (ticket.status == "dispatched") return ticket.department;
    if (ticket.status == "callback") return ticket.ready ? "callback" : "";
    return ticket.status == "triage" || ticket.status == "direct" ? ticket.status : "";
  }

  FakeAnswer queues() {
    std::map<std::string, std::pair<int, int>> depth;
    for (const auto& [id, ticket] : tickets_) {
      auto& counts = depth[queue_of(ticket)];
      ++counts.first;
      if (!ticket.receipt.empty()) ++counts.second;
      if (!ticket.notice) continue;
      ++depth["notice"].first;
      if (!ticket.notice_receipt.empty()) ++depth["notice"].second;
    }
    depth.erase("");
    json::array all;
    for (const auto& [queue, counts] : depth) {
      all.push_back({{"queue", queue},
                     {"depth", counts.first},
                     {"leased", counts.second},
                     {"dead_letters", 0},
                     {"oldest", format_rfc3339(now_, china_offset)}});
    }
    return {200, json::serialize(json::object{{"queues", all}})};
  }

  FakeAnswer lease(const std::string& queue, const json::value& body) {
    json::array leases;
    for (auto& [id, ticket] : tickets_) {
      if (static_cast<std::int64_t>(leases.size()) >= number(body, "max")) break;
      const bool notice = queue == "notice" && ticket.notice;
      auto& receipt = notice ? ticket.notice_receipt : ticket.receipt;
      if ((!notice && queue_of(ticket) != queue) || !receipt.empty()) continue;
      receipt = fmt::format("r{}", ++receipts_);
      leases.push_back(
          {{"receipt", receipt}, {"seq", notice ? 1001 : 1}, {"ticket", view(id, ticket)}});
    }
    return {200, json::serialize(json::object{{"leases", leases}})};
  }

  FakeAnswer page(const std::string& target) {
    json::array all;
    for (const auto& [id, ticket] : tickets_) {
      if (target.find("status=" + ticket.status + "&") != std::string::npos)
        all.push_back(view(id, ticket));
    }
    return {200, json::serialize(json::object{{"tickets", all}, {"next_cursor", nullptr}})};
  }

  json::value view(const std::string& id, const Ticket& ticket) const {
    json::object callback{{"attempts", ticket.attempts}, {"ready", ticket.ready}};
    if (ticket.status == "callback")
      callback["next_attempt_at"] = format_rfc3339(ticket.next_attempt_at, china_offset);
    json::object result{{"id", id},
                        {"status", ticket.status},
                        {"round", ticket.round},
                        {"callback", callback},
                        {"classification", {{"lead", id.back() % 2 == 0 ? "d1" : "d2"}}}};
    if (!ticket.department.empty()) {
      json::object task{{"seq", 1},
                        {"department", ticket.department},
                        {"role", "lead"},
                        {"round", ticket.round},
                        {"dispatched_at", format_rfc3339(ticket.dispatched_at, china_offset)}};
      if (ticket.contacted) task["contacted_at"] = "x";
      if (ticket.status == "callback" || ticket.status == "closed") task["ending"] = "answered";
      result["assignments"] = json::array{task};
    }
    return result;
  }

  FakeAnswer move(const std::string& id, const std::string& verb, const json::value& body) {
    auto& ticket = tickets_.at(id);
    if (verb == "notified") return notified(id, ticket, body);
    const bool leased = !ticket.receipt.empty() && text(body, "receipt") == ticket.receipt;
    bool done = false;
    if (verb == "dispatch" && ticket.status == "triage" && leased) {
      dispatch(ticket, std::string(text(body, "department")));
      done = true;
    } else if (verb == "sign" && ticket.status == "dispatched" && leased) {
      ticket.status = "in_progress";
      done = true;
    } else if (verb == "contact" && ticket.status == "in_progress" && !ticket.contacted) {
      done = ticket.contacted = true;
    } else if (verb == "answer" && ticket.status == "in_progress") {
      schedule(ticket, std::chrono::minutes{30});
      done = true;
    } else if (verb == "callback" && ticket.status == "callback" && leased) {
      called(ticket, body);
      done = true;
    }
    if (!done) {
      ++refusals_;
      return {409, R"({"code":"wrong_state","detail":"not now"})"};
    }
    if (leased) ticket.receipt.clear();
    return {200, json::serialize(view(id, ticket))};
  }

  FakeAnswer notified(const std::string& id, Ticket& ticket, const json::value& body) {
    const bool leased = ticket.notice && text(body, "receipt") == ticket.notice_receipt;
    if (!leased || number(body, "notice") != 1001 || text(body, "outcome") != "sent") {
      ++refusals_;
      return {409, R"({"code":"wrong_state","detail":"no such notice"})"};
    }
    ticket.notice = false;
    ticket.notice_receipt.clear();
    return {200, json::serialize(view(id, ticket))};
  }

  /// Every department is reminded when it is given a ticket.
  void dispatch(Ticket& ticket, std::string department) const {
    ticket.notice = true;
    ticket.notice_receipt.clear();
    ticket.status = "dispatched";
    ticket.department = std::move(department);
    ticket.dispatched_at = now_;
    ticket.contacted = false;
  }

  void schedule(Ticket& ticket, Duration delay) const {
    ticket.status = "callback";
    ticket.next_attempt_at = now_ + delay;
    ticket.ready = false;
  }

  void called(Ticket& ticket, const json::value& body) const {
    ++ticket.attempts;
    const auto outcome = text(body, "outcome");
    const auto level = text(body, "satisfaction");
    if ((outcome == "no_answer" || outcome == "busy") && ticket.attempts < 3) {
      schedule(ticket, std::chrono::hours{2});
    } else if (level.ends_with("dissatisfied") && ticket.round < 3) {
      ++ticket.round;
      ticket.attempts = 0;
      dispatch(ticket, ticket.department);
    } else {
      ticket.status = "closed";
    }
  }

  FakeAnswer advance(const json::value& body) {
    if (!virtual_clock_) return {404, R"({"code":"not_found","detail":"no virtual clock"})"};
    now_ = std::max(now_, *parse_rfc3339(text(body, "to")));
    for (auto& [id, ticket] : tickets_)
      ticket.ready =
          ticket.ready || (ticket.status == "callback" && ticket.next_attempt_at <= now_);
    return {200, json::serialize(json::object{{"now", format_rfc3339(now_, china_offset)}})};
  }

  const bool virtual_clock_;
  std::mutex guard_;
  Time now_ = *parse_rfc3339("2021-06-01T09:00:00+08:00");
  int receipts_ = 0;
  int refusals_ = 0;
  std::map<std::string, Ticket> tickets_;
};

}  // namespace hotline::client

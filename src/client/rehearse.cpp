#include "client/rehearse.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <span>
#include <sstream>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "client/hands.hpp"
#include "client/layout.hpp"
#include "client/pace.hpp"
#include "client/progress.hpp"

namespace hotline::client {
namespace {

constexpr std::size_t lines_at_once = 256;  ///< of one bulk request; its answer stays small
constexpr std::uint32_t leases_at_once = 20;
constexpr unsigned lease_seconds = 3'600;
constexpr auto patience_after = std::chrono::days{120};  ///< from the last day to the last end

/// A signed ticket on a desk.
struct Task {
  std::string ticket;
  std::string department;
};

/// `guard_` protects what jobs share: `result_`, `ended_` and `in_hand_`.
class Rehearsal {
 public:
  Rehearsal(const Daemon& daemon, const RehearseOptions& options, const Scenario& scenario,
            const Terminal& terminal)
      : options_(options),
        scenario_(scenario),
        client_(daemon.client_as("rehearsal-lead")),
        clock_(make_turn(Pace::virtual_clock, 1, daemon)),
        hands_(daemon, "rehearsal", options.connections),
        begun_(Steady::now()),
        progress_(terminal.err, terminal.interactive, "rehearse", 0, begun_) {}

  RehearseResult run() {
    if (auto played = play(); !played) result_.lost = std::move(played.error());
    for (auto& [department, waits] : result_.waits) std::ranges::sort(waits);
    result_.wall = std::chrono::duration_cast<milliseconds>(Steady::now() - begun_);
    progress_.finish(ended_, describe(), Steady::now());
    return std::move(result_);
  }

 private:
  Result<void> play() {
    if (auto known = ask_departments(); !known) return known;
    const auto coming = arrivals(scenario_, options_.seed, departments_.size(), options_.zone);
    const Time begin = start_of_day(rehearsal_day, options_.zone);
    const Time end = begin + std::chrono::days{scenario_.days} + patience_after;
    auto next = coming.begin();
    for (now_ = begin + scenario_.step; now_ <= end; now_ += scenario_.step) {
      const auto first = next;
      while (next != coming.end() && next->received_at <= now_) ++next;
      if (auto played = play_step({first, next}); !played) return played;
      progress_.show(ended_, describe(), Steady::now());
      if (next == coming.end() && ended_ == coming.size()) return {};
    }
    return fail(ErrorCode::wrong_state,
                fmt::format("{} tickets did not end", coming.size() - ended_));
  }

  Result<void> play_step(const std::vector<Arrival>& come) {
    if (auto turned = clock_->wait_for(now_); !turned) return turned;
    for (std::size_t i = 0; i < come.size(); i += lines_at_once) {
      const auto count = std::min(lines_at_once, come.size() - i);
      if (auto taken = take_in({come.begin() + static_cast<std::ptrdiff_t>(i), count}); !taken)
        return taken;
    }
    for (const auto* queue : {"triage", "callback", "notice"}) {
      if (auto served = serve_centre(queue); !served) return served;
    }
    if (!office_hour(now_, options_.zone)) return {};
    if (auto signed_all = sign_all(); !signed_all) return signed_all;
    return answer_due();
  }

  Result<void> ask_departments() {
    auto answer = get("/v1/departments");
    if (!answer) return tl::make_unexpected(std::move(answer.error()));
    for (const auto& department : list(*answer, "departments")) {
      departments_.emplace_back(text(department, "code"));
    }
    std::ranges::sort(departments_);
    if (departments_.empty()) return fail(ErrorCode::invalid, "the catalogue has no department");
    return {};
  }

  /// In their order over one connection, so that their numbers are the same in every run.
  Result<void> take_in(std::span<const Arrival> come) {
    Call call{.method = "POST", .target = "/v1/tickets:bulk"};
    call.content_type = "application/x-ndjson";
    for (const auto& arrival : come) {
      call.body +=
          arrival_body(arrival, scenario_, departments_[arrival.department], options_.zone);
      call.body += '\n';
    }
    const auto answer = body_of(client_.send(call));
    if (!answer) return tl::make_unexpected(answer.error());
    std::istringstream lines(*answer);
    for (std::string line; std::getline(lines, line);) {
      const auto told = parse_json(line);
      if (!told) return tl::make_unexpected(told.error());
      if (number(*told, "status") >= 400) return fail(ErrorCode::invalid, line);
      if (member(*told, "id") == nullptr) continue;
      ++result_.tickets;
      if (text(*told, "ticket_status") == "closed") ++ended_;
    }
    return {};
  }

  /// What of a queue can be taken now.
  Result<std::map<std::string, std::int64_t>> depths() {
    auto answer = get("/v1/queues");
    if (!answer) return tl::make_unexpected(std::move(answer.error()));
    std::map<std::string, std::int64_t> depths;
    for (const auto& queue : list(*answer, "queues")) {
      depths.emplace(text(queue, "queue"), number(queue, "depth"));
    }
    return depths;
  }

  /// The centre has people enough: everything that waits is done.
  Result<void> serve_centre(const std::string& queue) {
    auto waiting = depths();
    if (!waiting) return tl::make_unexpected(std::move(waiting.error()));
    std::vector<Hands::Job> jobs;
    for (auto left = (*waiting)[queue]; left > 0; left -= leases_at_once) {
      jobs.emplace_back([this, &queue](Hand& hand) {
        auto served = serve(hand, queue, leases_at_once);
        return served ? Result<void>{} : tl::make_unexpected(std::move(served.error()));
      });
    }
    return hands_.run(jobs);
  }

  Result<void> sign_all() {
    auto waiting = depths();
    if (!waiting) return tl::make_unexpected(std::move(waiting.error()));
    std::vector<Hands::Job> jobs;
    for (const auto& [queue, depth] : *waiting) {
      if (!std::ranges::binary_search(departments_, queue)) continue;
      jobs.emplace_back([this, &queue](Hand& hand) { return sign_some(hand, queue); });
    }
    return hands_.run(jobs);
  }

  Result<void> sign_some(Hand& hand, const std::string& department) {
    std::uint32_t left = scenario_.at_once;
    while (left > 0) {
      const auto served = serve(hand, department, std::min(left, leases_at_once));
      if (!served) return tl::make_unexpected(served.error());
      if (*served == 0) break;
      left -= *served;
    }
    return {};
  }

  /// How many were leased and done.
  Result<std::uint32_t> serve(Hand& hand, const std::string& queue, std::uint32_t max) {
    const json::object order{{"max", max}, {"lease_s", lease_seconds}};
    const auto answer =
        hand.post(fmt::format("/v1/queues/{}/leases", percent_encoded(queue)), order);
    if (!answer) return tl::make_unexpected(answer.error());
    const auto& leases = list(*answer, "leases");
    for (const auto& lease : leases) {
      const auto& ticket = at(lease, "ticket");
      auto move = decide(queue, lease);
      move.body["receipt"] = at(lease, "receipt");
      const auto after = make(hand, text(ticket, "id"), move);
      if (!after) return tl::make_unexpected(after.error());
      if (move.verb == "sign") note_signed(queue, *after, number(lease, "seq"));
    }
    return static_cast<std::uint32_t>(leases.size());
  }

  SimMove decide(const std::string& queue, const json::value& lease) const {
    if (queue == "notice") return send_notice(lease, SimPolicy{.seed = options_.seed});
    const auto& ticket = at(lease, "ticket");
    const auto number_here = number_of(text(ticket, "source_id"));
    if (queue == "callback") {
      return call_back(number_here, number(ticket, "round"),
                       number(at(ticket, "callback"), "attempts"), options_.seed);
    }
    if (queue != "triage") return {"sign", {{"department", queue}}};
    const auto planned =
        arrival(number_here, scenario_, options_.seed, departments_.size(), options_.zone);
    return {"dispatch",
            {{"department", departments_[planned.department]}, {"note", "人工研判派单"}}};
  }

  void note_signed(const std::string& department, const json::value& ticket, std::int64_t seq) {
    const auto* task = assignment(ticket, seq);
    if (task == nullptr || text(*task, "role") != "lead") return;
    const auto from = parse_rfc3339(text(*task, "dispatched_at"));
    const auto to = parse_rfc3339(text(*task, "signed_at"));
    const auto due = now_ + handling_time(number_of(text(ticket, "source_id")),
                                          number(ticket, "round"), options_.seed);
    const std::lock_guard lock(guard_);
    if (from && to) result_.waits[department].push_back(*to - *from);
    in_hand_.emplace(due, Task{std::string(text(ticket, "id")), department});
  }

  Result<void> answer_due() {
    std::vector<Hands::Job> jobs;
    const auto end = in_hand_.upper_bound(now_);
    for (auto task = in_hand_.begin(); task != end; ++task) {
      jobs.emplace_back([this, task = task->second](Hand& hand) { return finish(hand, task); });
    }
    in_hand_.erase(in_hand_.begin(), end);
    return hands_.run(jobs);
  }

  Result<void> finish(Hand& hand, const Task& task) {
    const SimMove contact{"contact", {{"department", task.department}, {"note", "已电话联系"}}};
    const SimMove answer{"answer",
                         {{"department", task.department},
                          {"text", "您好!您反映的问题已核实处理完毕,感谢您的监督。"}}};
    for (const auto& move : {contact, answer}) {
      const auto after = make(hand, task.ticket, move);
      if (!after) return tl::make_unexpected(after.error());
    }
    return {};
  }

  Result<json::value> make(Hand& hand, std::string_view ticket, const SimMove& move) {
    auto after = hand.post(fmt::format("/v1/tickets/{}:{}", ticket, move.verb), move.body);
    if (!after) return after;
    const std::lock_guard lock(guard_);
    ++result_.moves;
    if (text(*after, "status") == "closed") ++ended_;
    return after;
  }

  Result<json::value> get(const std::string& target) {
    const auto body = body_of(client_.send(Call{.target = target}));
    if (!body) return tl::make_unexpected(body.error());
    return parse_json(*body);
  }

  std::string describe() const {
    return fmt::format("moves {}  {}", result_.moves,
                       format_rfc3339(now_, options_.zone).substr(0, 16));
  }

  const RehearseOptions& options_;
  const Scenario scenario_;
  HttpClient client_;
  const std::unique_ptr<Turn> clock_;
  Hands hands_;
  const Steady::time_point begun_;
  Progress progress_;
  std::vector<std::string> departments_;
  Time now_{};
  std::mutex guard_;
  RehearseResult result_;
  std::uint64_t ended_ = 0;
  std::multimap<Time, Task> in_hand_;  ///< by when they are answered
};

/// The smallest that at least `share` of them reach.
Duration quantile(const std::vector<Duration>& ascending, double share) {
  const auto last = static_cast<double>(ascending.size() - 1);
  return ascending[static_cast<std::size_t>(last * share)];
}

double hours(Duration duration) {
  return std::chrono::duration<double, std::ratio<3'600>>(duration).count();
}

struct Wait {
  std::size_t count;
  double median_h;
  double p90_h;
  double longest_h;
};
Wait wait_of(const std::vector<Duration>& ascending) {
  return {ascending.size(), hours(quantile(ascending, 0.5)), hours(quantile(ascending, 0.9)),
          hours(ascending.back())};
}

json::object as_json(const RehearseResult& result) {
  json::object departments;
  for (const auto& [code, waits] : result.waits) {
    const auto wait = wait_of(waits);
    departments[code] = {{"signed", wait.count},
                         {"median_h", wait.median_h},
                         {"p90_h", wait.p90_h},
                         {"longest_h", wait.longest_h}};
  }
  return {{"tickets", result.tickets},
          {"moves", result.moves},
          {"wall_ms", result.wall.count()},
          {"waiting", std::move(departments)},
          {"complete", !result.lost}};
}

void print_summary(const RehearseResult& result, const Terminal& terminal) {
  using enum Align;
  Table table({{"部门"},
               {"签收", right},
               {"候签中位(时)", right},
               {"九成(时)", right},
               {"最长(时)", right}});
  for (const auto& [code, waits] : result.waits) {
    const auto wait = wait_of(waits);
    table.row({code, std::to_string(wait.count), fmt::format("{:.1f}", wait.median_h),
               fmt::format("{:.1f}", wait.p90_h), fmt::format("{:.1f}", wait.longest_h)});
  }
  terminal.out << table.str();
  const double seconds = std::max(0.001, std::chrono::duration<double>(result.wall).count());
  const auto changes = static_cast<double>(result.tickets + result.moves);
  terminal.out << fmt::format("\n{} tickets and {} moves in {:.1f} s: {:.0f} changes/s\n",
                              result.tickets, result.moves, seconds, changes / seconds);
}

}  // namespace

RehearseResult rehearse(const Daemon& daemon, const RehearseOptions& options,
                        const Terminal& terminal) {
  const auto* scenario = std::ranges::find(scenarios, options.scenario, &Scenario::name);
  return Rehearsal(daemon, options, scaled(*scenario, options.scale), terminal).run();
}

Exit rehearse_command(const Daemon& daemon, const RehearseOptions& options,
                      const Terminal& terminal) {
  const auto result = rehearse(daemon, options, terminal);
  if (terminal.json) {
    terminal.out << json::serialize(as_json(result)) << '\n';
  } else {
    print_summary(result, terminal);
  }
  return result.lost ? complain(terminal, *result.lost) : Exit::ok;
}

}  // namespace hotline::client

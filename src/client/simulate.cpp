#include "client/simulate.hpp"

#include <algorithm>
#include <array>
#include <thread>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "client/fields.hpp"
#include "client/progress.hpp"
#include "domain/vocabulary.hpp"

namespace hotline::client {
namespace {

using namespace std::chrono_literals;

constexpr auto look_interval = 25ms;
constexpr unsigned quiet_looks = 2;      ///< in a row, with nothing ready and nothing leased
constexpr unsigned foreign_looks = 120;  ///< in a row, when others hold leases
constexpr unsigned idle_rounds_max = 3;  ///< of the agenda, without one successful move
constexpr Duration stop_span = std::chrono::hours{6};

Time parse_time(const json::value& value, std::string_view key) {
  const auto time = parse_rfc3339(text(value, key));
  return time ? *time : Time{};
}

/// One look at all queues.
struct Look {
  std::int64_t triage = 0;
  std::int64_t direct = 0;
  std::int64_t departments = 0;
  std::int64_t callback = 0;
  std::int64_t notices = 0;
  std::int64_t ready = 0;  ///< that somebody could take now
  std::int64_t leased = 0;
  std::int64_t stuck = 0;  ///< dead letters and leases
  std::vector<QueueLook> queues;
  std::vector<Agenda::Absent> absent;
};

class Simulation {
 public:
  Simulation(const Daemon& daemon, const SimulateOptions& options, const Terminal& terminal)
      : options_(options),
        client_(daemon.client_as("sim-lead")),
        progress_(terminal.err, terminal.interactive, "simulate", 0, Steady::now()),
        daemon_(daemon) {}

  SimulateResult run() {
    SimulateResult result;
    const auto departments = department_codes();
    if (!lost_) result.virtual_clock = probe_clock();
    if (!lost_) play(departments, result);
    result.lost = lost_;
    return result;
  }

 private:
  void play(const std::vector<std::string>& departments, SimulateResult& result) {
    Crew crew(daemon_, options_.policy, options_.workers, departments);
    unsigned idle_rounds = 0;
    while (idle_rounds < idle_rounds_max) {
      const auto moves_before = crew.moves();
      drain(crew);
      if (lost_) break;
      const Agenda agenda = survey();
      result.waiting = agenda.waiting();
      const bool waits_for_the_wall = !result.virtual_clock && agenda.only_calls();
      if (lost_ || agenda.empty() || waits_for_the_wall) break;
      idle_rounds = crew.moves() == moves_before ? idle_rounds + 1 : 0;
      proceed(crew, agenda, result.virtual_clock);
    }
    crew.stop();
    progress_.finish(crew.moves(), describe(), Steady::now());
    result.counts = crew.counts();
    result.refused = crew.refused();
    result.refusals = crew.refusals();
    result.stuck = static_cast<std::uint64_t>(last_.stuck);
    if (crew.lost()) lost_ = crew.lost();
  }

  /// Returns when nothing is ready in any queue and nobody works.
  void drain(Crew& crew) {
    unsigned quiet = 0;
    while (quiet < foreign_looks) {
      last_ = look(crew);
      if (crew.lost()) lost_ = crew.lost();
      if (lost_) return;
      crew.show(last_.queues);
      const bool still = last_.ready == 0 && crew.idle();
      quiet = still ? quiet + 1 : 0;
      if (quiet >= quiet_looks && last_.leased == 0) return;
      progress_.show(crew.moves(), describe(), Steady::now());
      std::this_thread::sleep_for(look_interval);
    }
  }

  Look look(const Crew& crew) {
    Look now;
    const auto answer = get("/v1/queues");
    for (const auto& queue : list(answer, "queues")) add_queue(queue, crew, now);
    return now;
  }

  static void add_queue(const json::value& queue, const Crew& crew, Look& now) {
    const std::string name(text(queue, "queue"));
    const auto depth = number(queue, "depth");
    const auto stuck = number(queue, "leased") + number(queue, "dead_letters");
    (name == "triage"     ? now.triage
     : name == "direct"   ? now.direct
     : name == "callback" ? now.callback
     : name == "notice"   ? now.notices
                          : now.departments) += depth;
    now.leased += number(queue, "leased");
    now.stuck += stuck;
    if (depth <= stuck) return;
    if (crew.away(name)) {
      now.absent.push_back({name, parse_time(queue, "oldest") + absence});
      return;
    }
    now.ready += depth - stuck;
    now.queues.push_back({name, depth - stuck});
  }

  Agenda survey() {
    Agenda agenda;
    agenda.absent = last_.absent;
    each_ticket("in_progress", [&](const json::value& ticket) {
      const auto* task = open_lead(ticket);
      if (task == nullptr) return;
      agenda.late.push_back(
          {{ticket, number(*task, "seq")}, answer_due(ticket, *task, options_.policy)});
    });
    each_ticket("callback", [&](const json::value& ticket) {
      const auto& callback = at(ticket, "callback");
      if (!flag(callback, "ready")) agenda.calls.push_back(parse_time(callback, "next_attempt_at"));
    });
    return agenda;
  }

  template <typename Visit>
  void each_ticket(std::string_view status, Visit visit) {
    std::string cursor;
    do {
      auto target = fmt::format("/v1/tickets?status={}&limit=200", status);
      if (!cursor.empty()) target += "&cursor=" + percent_encoded(cursor);
      const auto page = get(target);
      for (const auto& ticket : list(page, "tickets")) visit(ticket);
      cursor = text(page, "next_cursor");
    } while (!cursor.empty() && !lost_);
  }

  /// On to the next thing: by the clock when it can be moved, else the second pass at once.
  void proceed(Crew& crew, const Agenda& agenda, bool virtual_clock) {
    const Time stop = agenda.next_stop();
    if (virtual_clock) advance(stop);
    std::vector<LateTask> due;
    for (const auto& late : agenda.late) {
      if (!virtual_clock || late.due <= stop) due.push_back(late.task);
    }
    for (const auto& absent : agenda.absent) {
      if (!virtual_clock || absent.due <= stop) crew.wake(absent.department);
    }
    crew.hand_out(std::move(due));
  }

  /// A moment long past asks for nothing and tells whether the clock can be moved.
  bool probe_clock() {
    const auto answer =
        client_.send(clock_call(Time{std::chrono::sys_days{std::chrono::year{2000} / 1 / 1}}));
    if (!answer) {
      lost_ = answer.error();
      return false;
    }
    return answer->status != 404 && answer->status != 403 && answer->status != 401;
  }

  void advance(Time to) {
    if (now_ && to <= *now_) return;
    const auto answer = client_.send(clock_call(to));
    if (!answer) {
      lost_ = answer.error();
      return;
    }
    const auto parsed = parse_json(answer->body);
    if (answer->ok() && parsed) now_ = parse_time(*parsed, "now");
  }

  Call clock_call(Time to) const {
    Call call{.method = "POST", .target = "/v1/admin/clock:advance"};
    call.body = json::serialize(json::object{{"to", format_rfc3339(to, options_.zone)}});
    call.timeout = 120s;
    return call;
  }

  std::vector<std::string> department_codes() {
    std::vector<std::string> codes;
    const auto answer = get("/v1/departments");
    for (const auto& department : list(answer, "departments")) {
      codes.emplace_back(text(department, "code"));
    }
    return codes;
  }

  json::value get(const std::string& target) {
    auto body = body_of(client_.send(Call{.target = target}));
    auto parsed = body ? parse_json(*body) : tl::make_unexpected(std::move(body.error()));
    if (parsed) return std::move(*parsed);
    if (!lost_) lost_ = std::move(parsed.error());
    return {};
  }

  std::string describe() const {
    auto line = fmt::format("待派单 {}  直办 {}  部门 {}  待回访 {}  通知 {}", last_.triage,
                            last_.direct, last_.departments, last_.callback, last_.notices);
    if (now_) line += "  时钟 " + format_rfc3339(*now_, options_.zone).substr(0, 16);
    return line;
  }

  const SimulateOptions& options_;
  HttpClient client_;
  Progress progress_;
  const Daemon& daemon_;
  Look last_;
  std::optional<Time> now_;
  std::optional<Error> lost_;
};

void add_waiting(std::vector<Waiting>& all, std::string_view what, const std::vector<Time>& times) {
  if (times.empty()) return;
  const auto [first, last] = std::minmax_element(times.begin(), times.end());
  all.push_back({std::string(what), times.size(), *first, *last});
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 16> count_titles{
    {{"dispatch", "派单"},
     {"direct", "转为直办"},
     {"redirect", "告知渠道"},
     {"acknowledge", "转警确认"},
     {"reject", "不予受理"},
     {"sign", "签收"},
     {"contact", "联系群众"},
     {"answer", "答复"},
     {"callback:reached", "回访接通"},
     {"callback:no_answer", "回访无人接听"},
     {"callback:busy", "回访占线"},
     {"callback:refused", "拒访"},
     {"callback:wrong_number", "号码有误"},
     {"notified:sent", "通知已发送"},
     {"notified:unreachable", "通知无法送达"},
     {"refused", "被拒绝的操作"}}};

std::string_view waiting_title(std::string_view what) {
  if (what == "callback") return "call-backs (待回访)";
  return what == "answer" ? "answers of slow departments (办理中)"
                          : "departments that are away (待签收)";
}

void print_summary(const SimulateResult& result, const SimulateOptions& options,
                   const Terminal& terminal) {
  auto counts = result.counts;
  if (result.refused > 0) counts["refused"] = result.refused;
  for (const auto& [key, title] : count_titles) {
    const auto found = counts.find(std::string(key));
    if (found != counts.end()) terminal.out << fmt::format("{} {}  ", title, found->second);
  }
  terminal.out << '\n';
  for (const auto& refusal : result.refusals) terminal.err << "refused " << refusal << '\n';
  for (const auto& waiting : result.waiting) {
    terminal.out << fmt::format(
        "waiting: {} {}, from {} until {}\n", waiting.count, waiting_title(waiting.what),
        format_rfc3339(waiting.from, options.zone), format_rfc3339(waiting.until, options.zone));
  }
  if (result.stuck > 0) {
    terminal.out << fmt::format(
        "{} entries stay in the queues: dead letters, or leased by others\n", result.stuck);
  }
  if (result.waiting.empty() && result.stuck == 0 && !result.lost) {
    terminal.out << "all queues are drained\n";
  }
}

json::object as_json(const SimulateResult& result, UtcOffset zone) {
  json::object counts;
  for (const auto& [key, count] : result.counts) counts[key] = count;
  json::array waiting;
  for (const auto& item : result.waiting) {
    waiting.push_back({{"what", item.what},
                       {"count", item.count},
                       {"from", format_rfc3339(item.from, zone)},
                       {"until", format_rfc3339(item.until, zone)}});
  }
  return {{"counts", std::move(counts)},
          {"refused", result.refused},
          {"virtual_clock", result.virtual_clock},
          {"waiting", std::move(waiting)},
          {"stuck", result.stuck},
          {"complete", !result.lost}};
}

}  // namespace

Time Agenda::next_stop() const {
  std::vector<Time> times = calls;
  for (const auto& item : late) times.push_back(item.due);
  for (const auto& item : absent) times.push_back(item.due);
  const Time first = *std::min_element(times.begin(), times.end());
  Time stop = first;
  for (const Time time : times) {
    if (time <= first + stop_span) stop = std::max(stop, time);
  }
  return stop;
}

std::vector<Waiting> Agenda::waiting() const {
  std::vector<Time> answers;
  for (const auto& item : late) answers.push_back(item.due);
  std::vector<Time> departments;
  for (const auto& item : absent) departments.push_back(item.due);
  std::vector<Waiting> all;
  add_waiting(all, "callback", calls);
  add_waiting(all, "answer", answers);
  add_waiting(all, "department", departments);
  return all;
}

SimulateResult simulate(const Daemon& daemon, const SimulateOptions& options,
                        const Terminal& terminal) {
  return Simulation(daemon, options, terminal).run();
}

Exit simulate_command(const Daemon& daemon, const SimulateOptions& options,
                      const Terminal& terminal) {
  const auto result = simulate(daemon, options, terminal);
  if (terminal.json) {
    terminal.out << json::serialize(as_json(result, options.zone)) << '\n';
  } else {
    print_summary(result, options, terminal);
  }
  if (result.lost) return complain(terminal, *result.lost);
  return result.stuck == 0 ? Exit::ok : Exit::failed;
}

}  // namespace hotline::client

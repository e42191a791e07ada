#include "client/crew.hpp"

#include <algorithm>
#include <array>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace hotline::client {
namespace {

using namespace std::chrono_literals;

constexpr auto lease_time = 300s;
constexpr unsigned wait_seconds = 1;

}  // namespace

/// One thread's hands: its connection and its name.
class Crew::Worker {
 public:
  Worker(Crew& crew, unsigned number)
      : crew_(crew),
        number_(number),
        client_(crew.daemon_.client_as(fmt::format("sim-{:02}", number))),
        key_(random_name()) {}

  void work() {
    while (!crew_.stopping_) {
      if (auto job = crew_.next_job()) {
        if (job->late)
          finish(*job->late);
        else
          serve(job->queue, 0);
        rest();
      } else if (number_ % 2 == 0) {
        serve_waiting(crew_.home_of(number_));
      } else {
        crew_.wait_for_news();
      }
    }
  }

 private:
  void rest() {
    const std::lock_guard lock(crew_.guard_);
    --crew_.busy_;
  }

  /// Waiting is not work: the worker is busy from the moment that the answer holds something.
  void serve_waiting(const std::string& queue) {
    const auto leases = lease(queue, wait_seconds);
    if (leases.empty()) return;
    {
      const std::lock_guard lock(crew_.guard_);
      ++crew_.busy_;
    }
    for (const auto& item : leases) play(queue, item);
    rest();
  }

  void serve(const std::string& queue, unsigned wait) {
    for (const auto& item : lease(queue, wait)) play(queue, item);
  }

  json::array lease(const std::string& queue, unsigned wait) {
    const json::object body{
        {"max", lease_batch}, {"wait_s", wait}, {"lease_s", lease_time.count()}};
    auto answer = post(fmt::format("/v1/queues/{}/leases", percent_encoded(queue)), body);
    return answer ? list(*answer, "leases") : json::array{};
  }

  void play(const std::string& queue, const json::value& item) {
    const auto& ticket = at(item, "ticket");
    const auto receipt = text(item, "receipt");
    std::optional<json::value> after;
    if (queue == "triage") {
      after = move(ticket, at_the_desk(ticket, crew_.departments_, crew_.policy_), receipt);
    } else if (queue == "direct") {
      after = move(ticket, answer_direct(ticket, crew_.policy_), receipt);
    } else if (queue == "returns") {
      after = move(ticket, rule_on_return(ticket), receipt);
    } else if (queue == "extensions") {
      after = move(ticket, grant_extension(), receipt);
    } else if (queue == "callback") {
      after = move(ticket, call_back(ticket, crew_.policy_), receipt);
    } else if (queue == "notice") {
      after = move(ticket, send_notice(item, crew_.policy_), receipt);
    } else {
      after = sign(queue, item, receipt);
    }
    if (!after) give_back(receipt);
  }

  std::optional<json::value> sign(const std::string& department, const json::value& item,
                                  std::string_view receipt) {
    const auto& ticket = at(item, "ticket");
    const auto* task = assignment(ticket, number(item, "seq"));
    const auto leased = parse_rfc3339(text(item, "leased_until")).value_or(Time{}) - lease_time;
    if (auto objection = return_of(ticket, task, leased, crew_.policy_)) {
      return move(ticket, std::move(*objection), receipt);
    }
    auto after = move(ticket, {"sign", {{"department", department}}}, receipt);
    if (!after || task == nullptr) return after;
    for (auto& step : after_signing(ticket, *task, crew_.policy_))
      move(ticket, std::move(step), {});
    return after;
  }

  void finish(const LateTask& late) {
    const auto* task = assignment(late.ticket, late.seq);
    if (task == nullptr) return;
    for (auto& step : finish_task(late.ticket, *task, crew_.policy_)) {
      move(late.ticket, std::move(step), {});
    }
  }

  std::optional<json::value> move(const json::value& ticket, SimMove step,
                                  std::string_view receipt) {
    if (!receipt.empty()) step.body["receipt"] = json::string_view(receipt.data(), receipt.size());
    auto after = post(fmt::format("/v1/tickets/{}:{}", text(ticket, "id"), step.verb), step.body);
    if (!after) return std::nullopt;
    ++crew_.moves_;
    const auto* outcome = step.body.if_contains("outcome");
    if (outcome != nullptr) step.verb += ":" + std::string(outcome->as_string());
    const std::lock_guard lock(crew_.guard_);
    ++crew_.counts_[step.verb];
    return after;
  }

  /// Blames the ticket, so that one that cannot be moved becomes a dead letter and is not met for
  /// ever.
  void give_back(std::string_view receipt) {
    Call call{.method = "POST",
              .target = fmt::format("/v1/leases/{}:fail", percent_encoded(receipt)),
              .body = R"({"reason":"the move was refused"})"};
    const auto answer = client_.send(call);
    if (!answer) lose(answer.error());
  }

  std::optional<json::value> post(const std::string& target, const json::object& body) {
    Call call{.method = "POST", .target = target, .body = json::serialize(body)};
    call.idempotency_key = fmt::format("{}-{}", key_, ++calls_);
    const auto answer = client_.send(call);
    if (!answer || answer->status == 503) {
      lose(answer ? Error{ErrorCode::unavailable, explain(*answer)} : answer.error());
      return std::nullopt;
    }
    if (answer->status == 401 || answer->status == 403) {
      lose({ErrorCode::forbidden, explain(*answer)});
      return std::nullopt;
    }
    auto parsed =
        answer->ok() ? parse_json(answer->body) : fail(ErrorCode::invalid, explain(*answer));
    if (parsed) return std::move(*parsed);
    ++crew_.refused_;
    const std::lock_guard lock(crew_.guard_);
    if (crew_.refusals_.size() < refusals_listed_max) {
      crew_.refusals_.push_back(fmt::format("{}: {}", target, parsed.error().detail));
    }
    return std::nullopt;
  }

  void lose(const Error& error) {
    crew_.stopping_ = true;
    const std::lock_guard lock(crew_.guard_);
    if (!crew_.lost_) crew_.lost_ = error;
    crew_.news_.notify_all();
  }

  Crew& crew_;
  const unsigned number_;
  HttpClient client_;
  const std::string key_;
  std::uint64_t calls_ = 0;
};

Crew::Crew(const Daemon& daemon, const SimPolicy& policy, unsigned workers,
           std::vector<std::string> departments)
    : daemon_(daemon), policy_(policy), departments_(std::move(departments)) {
  for (const auto& code : departments_) {
    if (absent_at_first(code, policy_)) away_.insert(code);
  }
  for (unsigned i = 0; i < workers; ++i) {
    threads_.emplace_back([this, i] { Worker(*this, i).work(); });
  }
}

Crew::~Crew() { stop(); }

void Crew::stop() {
  stopping_ = true;
  news_.notify_all();
  threads_.clear();
}

void Crew::show(std::vector<QueueLook> queues) {
  const std::lock_guard lock(guard_);
  queues_ = std::move(queues);
  news_.notify_all();
}

void Crew::hand_out(std::vector<LateTask> tasks) {
  const std::lock_guard lock(guard_);
  for (auto& task : tasks) late_.push_back(std::move(task));
  news_.notify_all();
}

void Crew::wake(const std::string& department) {
  const std::lock_guard lock(guard_);
  away_.erase(department);
}

bool Crew::away(const std::string& queue) const {
  const std::lock_guard lock(guard_);
  return away_.contains(queue);
}

bool Crew::idle() const {
  const std::lock_guard lock(guard_);
  return busy_ == 0 && late_.empty();
}

SimCounts Crew::counts() const {
  const std::lock_guard lock(guard_);
  return counts_;
}

std::vector<std::string> Crew::refusals() const {
  const std::lock_guard lock(guard_);
  return refusals_;
}

std::optional<Error> Crew::lost() const {
  const std::lock_guard lock(guard_);
  return lost_;
}

std::optional<Crew::Job> Crew::next_job() {
  const std::lock_guard lock(guard_);
  if (!late_.empty()) {
    Job job{std::move(late_.front()), {}};
    late_.pop_front();
    ++busy_;
    return job;
  }
  const auto deepest =
      std::max_element(queues_.begin(), queues_.end(),
                       [](const QueueLook& a, const QueueLook& b) { return a.ready < b.ready; });
  if (deepest == queues_.end() || deepest->ready <= 0) return std::nullopt;
  deepest->ready -= lease_batch;
  ++busy_;
  return Job{std::nullopt, deepest->queue};
}

void Crew::wait_for_news() {
  std::unique_lock lock(guard_);
  news_.wait_for(lock, 200ms);
}

std::string Crew::home_of(unsigned worker) const {
  // Not call-backs: who waits there while a virtual clock jumps is given leases that end before the
  // jump does.
  static constexpr std::array<std::string_view, 3> centre{"triage", "direct", "returns"};
  const std::size_t home = worker / 2 % (centre.size() + departments_.size());
  if (home < centre.size()) return std::string(centre[home]);
  const auto& department = departments_[home - centre.size()];
  return away(department) ? std::string(centre[0]) : department;
}

}  // namespace hotline::client

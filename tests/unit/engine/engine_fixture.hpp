#pragma once

#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/check.hpp"
#include "engine/engine.hpp"
#include "engine/reader.hpp"
#include "storage/memory_store.hpp"

namespace hotline::test {

/// A clock that stands still; engine time moves by `advance`.
class StandingClock final : public Clock {
 public:
  explicit StandingClock(Time at) : at_(at) {}
  Time now() const override { return at_; }

 private:
  Time at_;
};

/// A reply to wait for.
template <typename T>
class Waiting {
 public:
  Engine::Reply<T> reply() {
    return [promise = promise_](Result<T> result) { promise->set_value(std::move(result)); };
  }
  bool answered() const {
    return future_.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
  }
  Result<T> get() { return future_.get(); }

 private:
  std::shared_ptr<std::promise<Result<T>>> promise_ = std::make_shared<std::promise<Result<T>>>();
  std::future<Result<T>> future_ = promise_->get_future();
};

inline const Time start_time = *parse_rfc3339("2021-06-01T10:00:00+08:00");

/// A started engine over a store, and its calls made blocking.
class Daemon {
 public:
  explicit Daemon(Store& store, EngineOptions options = {}, Policy policy = {})
      : store_(store), engine_(store, clock_, policy, options, metrics, 42) {
    started = engine_.start();
  }

  Result<Applied> submit(Command command) {
    Waiting<Applied> waiting;
    engine_.submit(std::move(command), waiting.reply());
    return waiting.get();
  }
  Result<Applied> move(TicketId id, Move move, std::string receipt = {}) {
    return submit({id, std::move(move), desk, std::nullopt, std::nullopt, std::move(receipt)});
  }
  Result<std::vector<Lease>> lease(const std::string& queue, std::uint32_t max = 1,
                                   Actor actor = desk) {
    Waiting<std::vector<Lease>> waiting;
    engine_.lease({queue, std::move(actor), max, std::chrono::seconds{60}, false}, waiting.reply());
    return waiting.get();
  }
  Result<Lease> move_lease(LeaseMoveKind kind, const std::string& receipt, Actor actor = desk) {
    Waiting<Lease> waiting;
    engine_.move_lease({kind, receipt, std::move(actor), std::chrono::seconds{60}, "坏了"},
                       waiting.reply());
    return waiting.get();
  }
  QueueStats stats(const std::string& queue) {
    Waiting<std::vector<QueueStats>> waiting;
    engine_.queue_stats(queue, waiting.reply());
    return waiting.get()->front();
  }
  Result<Time> advance(Duration by) {
    Waiting<Time> waiting;
    engine_.advance(engine_.now() + by, waiting.reply());
    return waiting.get();
  }

  Engine& engine() { return engine_; }
  TicketReader reader() const { return TicketReader(store_); }
  void expect_clean() const {
    const auto report = check(store_, china_offset);
    ASSERT_TRUE(report) << report.error().detail;
    EXPECT_EQ(report->findings, 0U) << (report->details.empty() ? "" : report->details.front());
  }

  static inline const Actor desk{"desk", "张三", nullptr};
  Metrics metrics;
  Result<void> started;

 private:
  Store& store_;
  StandingClock clock_{start_time};
  Engine engine_;
};

/// A ticket that goes straight to department ZJ.
inline Intake to_department(std::string source_id = {}) {
  Intake move;
  move.channel = "phone";
  move.source = source_id.empty() ? "" : "call-centre";
  move.source_id = std::move(source_id);
  move.personal.content = "路灯不亮";
  move.personal.caller.phone = "13800000000";
  move.classification.edit().category = "0101";
  move.classification.edit().lead = "ZJ";
  move.classification.edit().handling = Handling::transferred;
  move.classification.edit().confidence = 0.95;
  return move;
}

inline Command intake(Intake move, std::uint64_t hash = 1, std::string key = {}) {
  return {{}, std::move(move), Daemon::desk, std::nullopt, Idempotency{std::move(key), hash}, {}};
}

}  // namespace hotline::test

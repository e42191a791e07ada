#include "client/pace.hpp"

#include <algorithm>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "client/fields.hpp"

namespace hotline::client {
namespace {

/// Advances the daemon's clock; a record of the past moves nothing.
class ClockTurn : public Turn {
 public:
  explicit ClockTurn(const Daemon& daemon) : client_(daemon.client()) {}

  Result<void> wait_for(Time received_at) override {
    if (now_ && received_at <= *now_) return {};
    Call call{.method = "POST", .target = "/v1/admin/clock:advance"};
    call.body = json::serialize(json::object{{"to", format_rfc3339(received_at, UtcOffset{0})}});
    call.timeout = std::chrono::minutes{2};
    auto answer = client_.send(call);
    if (answer && answer->status == 404) {
      return fail(ErrorCode::wrong_state,
                  "the daemon goes by the wall's clock; start it with --virtual-clock");
    }
    // Refused for lying before engine time, which is then the clock's time.
    const bool past = answer && lies_before(*answer);
    if (past) return {};
    const auto body = body_of(std::move(answer));
    if (!body) return tl::make_unexpected(body.error());
    now_ = received_at;
    return {};
  }

 private:
  static bool lies_before(const Answer& answer) {
    const auto problem = parse_json(answer.body);
    return !answer.ok() && problem && text(*problem, "code") == "invalid";
  }

  HttpClient client_;
  std::optional<Time> now_;
};

}  // namespace

std::unique_ptr<Turn> make_turn(Pace pace, double speed, const Daemon& daemon) {
  if (pace == Pace::file) return std::make_unique<FileTurn>(speed);
  if (pace == Pace::virtual_clock) return std::make_unique<ClockTurn>(daemon);
  return nullptr;
}

FileTurn::Steady::time_point FileTurn::due(Steady::time_point begun, Time first, Time received_at,
                                           double speed) {
  const std::chrono::duration<double> distance = received_at - first;
  return begun + std::chrono::duration_cast<Steady::duration>(distance / speed);
}

Result<void> FileTurn::wait_for(Time received_at) {
  std::unique_lock lock(guard_);
  news_.wait(lock, [this] { return begun_ || !asking_ || stopped_; });
  if (!begun_) {
    asking_ = true;
    return {};
  }
  const auto [begun, first] = *begun_;
  news_.wait_until(lock, due(begun, first, received_at, speed_), [this] { return stopped_; });
  return {};
}

void FileTurn::posted(Time received_at, bool created) {
  const std::lock_guard lock(guard_);
  asking_ = false;
  if (created && !begun_) begun_ = {Steady::now(), received_at};
  news_.notify_all();
}

void FileTurn::stop() {
  const std::lock_guard lock(guard_);
  stopped_ = true;
  news_.notify_all();
}

}  // namespace hotline::client

#include "bench/micro/life.hpp"

#include <stdexcept>

#include "bench/fixtures/samples.hpp"

namespace bench {
namespace {

using namespace hotline;

const Time begin = *parse_rfc3339("2026-06-01T10:00:00+08:00");

CallbackAttempt satisfied_callback() {
  return {CallbackOutcome::reached, true, Resolved::yes, Satisfaction::satisfied, "谢谢"};
}

}  // namespace

Life::Life() {
  const std::vector<std::string> departments{"cgj-sz"};
  const Intake sample = sample_intakes(1, departments).front();
  intake = {nullptr, sample, begin};
  dispatched_ = after(intake);
  sign = {&dispatched_, Sign{}, begin + std::chrono::hours{1}};
  signed_ = after(sign);
  answer = {&signed_, Answer{"", "已派人到现场处理完毕。"}, begin + std::chrono::hours{2}};
  waiting_ = after(answer);
  const Time due = waiting_.callback.next_attempt_at;
  called_ = after({&waiting_, Tick{}, due});
  callback = {&called_, satisfied_callback(), due + std::chrono::minutes{5}};
  closed_ = after(callback);
  intake_change = change_of(intake);
  personal = **remember(nullptr, intake.move, clerk(), dispatched_, begin);
}

const Actor& Life::clerk() {
  static const Actor actor{"department", "张三", nullptr};
  return actor;
}

const Policy& Life::policy() {
  static const Policy usual;
  return usual;
}

Change Life::change_of(const Step& step) {
  auto events = decide(step.before, step.move, clerk(), {step.now, {2606010000000001}, policy()});
  if (!events) throw std::runtime_error(events.error().detail);
  return {step.before ? step.before->version + 1 : 1,
          step.now,
          clerk().principal,
          clerk().person,
          std::string(name(step.move)),
          std::move(*events)};
}

Ticket Life::after(const Step& step) {
  return evolve(step.before ? *step.before : Ticket{}, change_of(step));
}

}  // namespace bench

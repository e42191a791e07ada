#include "client/scenario.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace hotline::client {
namespace {

constexpr double unclear_share = 0.2;
constexpr double seldom_at_home = 0.2;   ///< share of citizens who miss the first call
constexpr double cross_at_first = 0.05;  ///< share content only after a redo
constexpr Duration office_from = std::chrono::hours{8};
constexpr Duration office_to = std::chrono::hours{18};

/// Tickets by hour of the day, in per mille: little at night, most in the morning.
constexpr std::array<std::uint32_t, 24> by_hour{8,  5,  3,  3,  3,  6,  15, 35, 85, 100, 95, 70,
                                                45, 55, 75, 78, 72, 60, 45, 42, 38, 30,  20, 12};

struct Matter {
  std::string_view title;
  std::string_view content;
};
constexpr std::array<Matter, 8> matters{
    {{"路灯不亮", "门口的路灯坏了两个月,晚上出行不安全,希望尽快维修。"},
     {"井盖破损", "人行道上的井盖破损下沉,行人容易绊倒,请安排更换。"},
     {"夜间施工噪音", "工地夜里十二点还在施工,噪音很大,影响休息。"},
     {"停水", "小区从昨天下午开始停水,没有看到通知,什么时候恢复?"},
     {"占道经营", "路口每天傍晚有摊贩占道经营,车辆无法通行。"},
     {"垃圾清运", "楼下垃圾桶三天没有清运,气味很大。"},
     {"拖欠工资", "在工地干了四个月,工资一直没有发,请帮助协调。"},
     {"公交班次", "早高峰这趟公交要等四十分钟,希望增加班次。"}}};
constexpr std::array<Matter, 4> inquiries{{{"咨询医保缴费", "请问城乡居民医保今年怎样缴费?"},
                                           {"咨询身份证", "请问身份证到期换领需要带什么材料?"},
                                           {"咨询公积金", "请问公积金提取需要多长时间到账?"},
                                           {"咨询生育登记", "请问生育登记可以在网上办理吗?"}}};

Dice dice_of(std::uint32_t number, std::uint64_t seed, std::string_view question) {
  return {seed, fmt::format("{}", number), question};
}

/// A moment of a day, as citizens call.
Duration moment_of_day(Dice dice) {
  std::uint32_t sum = 0;
  for (const auto part : by_hour) sum += part;
  auto left = dice.below(sum);
  int hour = 0;
  for (const auto part : by_hour) {
    if (left < part) break;
    left -= part;
    ++hour;
  }
  return std::chrono::hours{hour} + std::chrono::seconds{dice.below(3'600)};
}

std::uint32_t storm_tickets(const Scenario& scenario) {
  if (!scenario.storm) return 0;
  const auto all = static_cast<double>(scenario.transferred);
  const auto parts = static_cast<double>(scenario.departments) * scenario.days;
  return static_cast<std::uint32_t>(std::lround((storm_times - 1) * all / parts));
}

bool bitter(std::uint32_t number) {
  const auto until = [](std::uint64_t count) { return count * bitter_per_mille / 1'000; };
  return until(std::uint64_t{number} + 1) > until(number);
}

}  // namespace

Scenario scaled(Scenario scenario, double share) {
  const auto part = [share](std::uint32_t whole) {
    const auto rounded = std::lround(static_cast<double>(whole) * share);
    return whole == 0 ? 0U : std::max(1U, static_cast<std::uint32_t>(rounded));
  };
  scenario.direct = part(scenario.direct);
  scenario.transferred = part(scenario.transferred);
  scenario.at_once = part(scenario.at_once);
  return scenario;
}

Arrival arrival(std::uint32_t number, const Scenario& scenario, std::uint64_t seed,
                std::size_t departments, UtcOffset zone) {
  const auto dice = [&](std::string_view question) { return dice_of(number, seed, question); };
  const bool stormy = number >= scenario.transferred + scenario.direct;
  const auto day = stormy ? 1 : dice("day").below(static_cast<std::size_t>(scenario.days));
  const auto served =
      scenario.departments == 0 ? departments : std::min(departments, scenario.departments);
  Arrival result{.number = number, .direct = !stormy && number >= scenario.transferred};
  result.received_at =
      start_of_day(rehearsal_day, zone) + std::chrono::days{day} + moment_of_day(dice("moment"));
  result.department = stormy ? 0 : dice("department").below(served);
  result.unclear = !result.direct && dice("unclear").chance(unclear_share);
  return result;
}

std::vector<Arrival> arrivals(const Scenario& scenario, std::uint64_t seed, std::size_t departments,
                              UtcOffset zone) {
  const auto count = scenario.transferred + scenario.direct + storm_tickets(scenario);
  std::vector<Arrival> all;
  for (std::uint32_t number = 0; number < count; ++number) {
    all.push_back(arrival(number, scenario, seed, departments, zone));
  }
  std::ranges::sort(all, {},
                    [](const Arrival& one) { return std::pair(one.received_at, one.number); });
  return all;
}

std::string arrival_body(const Arrival& arrival, const Scenario& scenario,
                         const std::string& department, UtcOffset zone) {
  json::object body{{"source", "rehearsal"},
                    {"source_id", fmt::format("{}-{:08}", scenario.name, arrival.number)},
                    {"channel", "phone"},
                    {"caller", {{"phone", fmt::format("138{:08}", arrival.number)}}},
                    {"handling", arrival.direct ? "direct" : "transferred"},
                    {"received_at", format_rfc3339(arrival.received_at, zone)}};
  const auto say = [&body](const Matter& matter) {
    body["title"] = json::string_view(matter.title.data(), matter.title.size());
    body["content"] = json::string_view(matter.content.data(), matter.content.size());
  };
  if (arrival.unclear) {
    say({"请求帮助", "有个事情想反映一下,请联系我当面说明。"});
  } else if (arrival.direct) {
    say(inquiries[arrival.number % inquiries.size()]);
    body["answer"] = "所需材料、办理地点和时间已向您逐项说明。";
  } else {
    say(matters[arrival.number % matters.size()]);
    body["department"] = department;
  }
  return json::serialize(body);
}

std::uint32_t number_of(std::string_view source_id) {
  const auto digits = source_id.substr(source_id.rfind('-') + 1);
  std::uint32_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

Duration handling_time(std::uint32_t number, std::int64_t round, std::uint64_t seed) {
  const std::size_t hours_max = round > 1 ? 24 : 96;
  return std::chrono::hours{1 + dice_of(number, seed, "handling").below(hours_max)};
}

SimMove call_back(std::uint32_t number, std::int64_t round, std::int64_t attempts,
                  std::uint64_t seed) {
  if (attempts == 0 && dice_of(number, seed, "home").chance(seldom_at_home)) {
    return {"callback", {{"outcome", "no_answer"}}};
  }
  const bool cross = round <= 1 && dice_of(number, seed, "cross").chance(cross_at_first);
  if (bitter(number) || cross) {
    return {"callback",
            {{"outcome", "reached"},
             {"contacted", true},
             {"resolved", "no"},
             {"satisfaction", "dissatisfied"},
             {"words", "问题没有真正解决,请重新处理。"}}};
  }
  const bool delighted = dice_of(number, seed, "mood").chance(0.5);
  return {"callback",
          {{"outcome", "reached"},
           {"contacted", true},
           {"resolved", "yes"},
           {"satisfaction", delighted ? "very_satisfied" : "satisfied"}}};
}

bool office_hour(Time time, UtcOffset zone) {
  const auto clock = time_of_day(time, zone);
  return clock >= office_from && clock < office_to;
}

}  // namespace hotline::client

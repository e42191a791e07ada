#pragma once

#include <array>
#include <cstdint>

#include "base/time.hpp"
#include "domain/vocabulary.hpp"

namespace hotline {

/// The limits that one urgency has. All run from the moment of dispatch, not of signing (DOMAIN:
/// the clock that starts at signing makes flying tickets), `decide` from intake.
struct Limits {
  Duration decide;   ///< 派单 from triage, or the centre's own answer
  Duration sign;     ///< 签收
  Duration contact;  ///< 联系群众
  Duration resolve;  ///< 办结
};

struct CallbackPolicy {
  bool direct = false;  ///< call back tickets that the centre answered itself
  bool transferred = true;
  std::uint32_t sample_percent =
      100;  ///< of those; chosen by the ticket's number, so that it can be reproduced
  Duration delay = std::chrono::minutes{30};     ///< from finishing to the first attempt
  std::uint32_t attempts_max = 3;                ///< then the ticket is closed unrated
  Duration retry_delay = std::chrono::hours{2};  ///< doubled after each further attempt
  Duration hours_from = std::chrono::hours{9};   ///< calling hours, time of day in the zone
  Duration hours_to = std::chrono::hours{20};
  std::uint32_t redo_max = 2;  ///< redos of one ticket; from the second on it is supervised
};

/// Which notices (通知) are posted. Those to citizens only when a number is known.
struct NoticePolicy {
  bool reminder = true;
  bool overdue = true;
  bool received = false;
  bool answered = false;
};

/// How rates are published.
struct Publishing {
  int decimals = 1;                     ///< of a percentage, 0..2, half up
  std::int64_t small_denominator = 30;  ///< below it a rate is marked: it says little
};

/// Everything in the rules that differs between cities. A value that `decide` reads; validated when
/// it is loaded.
struct Policy {
  UtcOffset zone = china_offset;
  double auto_dispatch_confidence = 0.75;  ///< below it a person dispatches
  std::array<Limits, 3> limits{{
      {std::chrono::hours{24}, std::chrono::hours{24}, std::chrono::hours{24},
       std::chrono::hours{24 * 7}},
      {std::chrono::hours{2}, std::chrono::hours{4}, std::chrono::hours{4}, std::chrono::hours{24}},
      {std::chrono::hours{1}, std::chrono::hours{1}, std::chrono::hours{1}, std::chrono::hours{2}},
  }};  ///< normal, urgent, critical
  Duration redo_resolve = std::chrono::hours{72};
  Duration reminder_before = std::chrono::hours{24};
  Duration return_window = std::chrono::hours{24};  ///< from dispatch (Anyang: 24 h)
  Duration return_review = std::chrono::hours{4};   ///< from the return to the ruling
  CallbackPolicy callback{};
  NoticePolicy notice{};
  Publishing publishing{};
  Satisfaction least_satisfied =
      Satisfaction::basically_satisfied;  ///< this level and those above it count as satisfied

  const Limits& limits_for(Urgency urgency) const {
    return limits[static_cast<std::size_t>(urgency) - 1];
  }
  /// The first moment at or after `wanted` that lies in calling hours.
  Time calling_time(Time wanted) const;
  bool satisfies(Satisfaction level) const { return level <= least_satisfied; }
};

}  // namespace hotline

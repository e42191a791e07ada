#pragma once

#include <cstdint>
#include <memory>

#include "base/time.hpp"
#include "domain/deadlines.hpp"
#include "domain/vocabulary.hpp"

namespace hotline {

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
  bool extended = true;
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
  /// Every time limit of the law and the city's rules; never null. A reload puts another one in its
  /// place.
  std::shared_ptr<const Deadlines> deadlines = shipped_deadlines();
  std::uint32_t extensions_max = 1;                 ///< granted to one assignment (延期)
  Duration return_window = std::chrono::hours{24};  ///< from dispatch (Anyang: 24 h)
  Duration return_review = std::chrono::hours{4};   ///< from the return to the ruling
  CallbackPolicy callback{};
  NoticePolicy notice{};
  Publishing publishing{};
  Satisfaction least_satisfied =
      Satisfaction::basically_satisfied;  ///< this level and those above it count as satisfied

  /// The first moment at or after `wanted` that lies in calling hours.
  Time calling_time(Time wanted) const;
  bool satisfies(Satisfaction level) const { return level <= least_satisfied; }
};

}  // namespace hotline

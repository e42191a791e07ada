#include "domain/policy.hpp"

namespace hotline {

Time Policy::calling_time(Time wanted) const {
  const Duration of_day = time_of_day(wanted, zone);
  const Time midnight = wanted - of_day;
  if (of_day < callback.hours_from) return midnight + callback.hours_from;
  if (of_day < callback.hours_to) return wanted;
  return midnight + std::chrono::days{1} + callback.hours_from;
}

}  // namespace hotline

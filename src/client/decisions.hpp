#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "base/time.hpp"
#include "client/fields.hpp"

/// What the people of a rehearsal decide. Pure functions of the ticket as the API shows it and of
/// the seed, so that the same tickets meet the same people in every run, whatever thread serves
/// them.
namespace hotline::client {

struct SimPolicy {
  std::uint64_t seed = 1;
  double satisfied = 0.90;  ///< share of rating citizens content with a first answer
  double no_answer = 0.20;  ///< share of calls that nobody takes
  double returns = 0.25;    ///< share of doubtful dispatches that their department returns
  double slow = 0.08;       ///< share of signed tickets that are answered days later
  double absent = 0.06;  ///< share of departments that do not look at their queue on the first day
};

/// Repeatable randomness for one question about one ticket. The same on every machine.
class Dice {
 public:
  Dice(std::uint64_t seed, std::string_view subject, std::string_view question);

  double unit();  ///< [0, 1)
  bool chance(double probability) { return unit() < probability; }
  std::size_t below(std::size_t end);  ///< 0 when `end` is 0

 private:
  std::uint64_t next();
  std::uint64_t state_;
};

/// One POST to a ticket.
struct SimMove {
  std::string verb;   ///< `dispatch`, `sign`, ...
  json::object body;  ///< without receipt
};

/// What the centre's desk does with a ticket out of triage: acknowledges an emergency, tells the
/// proper channel, keeps what the catalogue says is direct, dispatches the rest to the best
/// candidate; with none it answers itself or asks a department of `departments` (codes).
SimMove at_the_desk(const json::value& ticket, const std::vector<std::string>& departments,
                    const SimPolicy& policy);

/// The centre's own answer.
SimMove answer_direct(const json::value& ticket, const SimPolicy& policy);

/// The assignment with number `seq`; null when the ticket has none.
const json::value* assignment(const json::value& ticket, std::int64_t seq);
/// The open lead assignment; null when there is none.
const json::value* open_lead(const json::value& ticket);

/// The return of a task that its department thinks another's: the classification names one, and
/// nobody disputed the ticket before. Absent: it signs, as it does when the window for returns has
/// passed by `now`. `task` may be null.
std::optional<SimMove> return_of(const json::value& ticket, const json::value* task, Time now,
                                 const SimPolicy& policy);
/// The desk follows the suggestion.
SimMove rule_on_return(const json::value& ticket);
SimMove grant_extension();

/// After signing: empty for a ticket that only informs (抄送); contact and answer, or nothing yet
/// when the department takes its time, see `answer_due`.
std::vector<SimMove> after_signing(const json::value& ticket, const json::value& task,
                                   const SimPolicy& policy);
/// Contact (when still due) and answer.
std::vector<SimMove> finish_task(const json::value& ticket, const json::value& task,
                                 const SimPolicy& policy);
/// When a department that takes its time answers: between one and three days after the dispatch,
/// some beyond a week; with the dispatch itself for all others.
Time answer_due(const json::value& ticket, const json::value& task, const SimPolicy& policy);

bool absent_at_first(std::string_view department, const SimPolicy& policy);
inline constexpr Duration absence = std::chrono::hours{26};

/// What a gateway says of the notice of a lease, as the API shows that: sent, but for a few
/// citizens whose number takes no messages.
SimMove send_notice(const json::value& lease, const SimPolicy& policy);

/// One attempt of a call-back agent.
SimMove call_back(const json::value& ticket, const SimPolicy& policy);

}  // namespace hotline::client

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/load/tickets.hpp"

namespace bench {

/// What one connection says. A unit of work is one request or several, each made from the answer
/// before. The views hold until the next call.
class Script {
 public:
  virtual ~Script() = default;
  /// The first request of unit `number`; numbers are never repeated in a run.
  virtual std::string_view begin(std::uint64_t number) = 0;
  /// The next request of the same unit after an answer with this body; empty: the unit is done.
  virtual std::string_view next(std::string_view answer_body) = 0;
};

/// Posts the prepared requests, over and over, each with a serial number of its own. They outlive
/// the script.
std::unique_ptr<Script> post_script(const std::vector<PreparedRequest>& requests);

/// A department's clerk: leases one ticket of `queue`, signs it, answers it. Throws when the queue
/// has run dry.
std::unique_ptr<Script> cycle_script(const std::string& queue);

}  // namespace bench

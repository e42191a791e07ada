#pragma once

#include <cstdint>
#include <string>

#include "api/call.hpp"
#include "base/time.hpp"
#include "domain/command.hpp"
#include "hotline/catalogue.hpp"
#include "hotline/metrics.hpp"

namespace hotline::api {

/// The body of an intake, in form as it should be; not yet classified.
struct IntakeBody {
  Intake intake;
  std::string category;    ///< the operator's override, empty when none
  std::string department;  ///< the same
  std::uint64_t hash = 0;  ///< canonical
};

/// The fields that an intake and an import share: source, channel, matter, caller, place,
/// attachments, extra and received_at.
void read_posted(ObjectReader& body, Intake& intake, Time now);

/// The words of an intake that may be amended, under the same rules: title, content, address and
/// caller.
void read_amended_words(ObjectReader& body, Amend& move);

/// Reads and validates. All faults at once, with JSON pointers, after those that `errors` has from
/// the headers. `now` is engine time: nothing is received later than five minutes ahead of it.
Result<IntakeBody> read_intake(const http::Request& request, Time now, FieldErrors errors = {});

/// The same of one line of a bulk.
Result<IntakeBody> read_intake_line(std::string_view line, Time now);

/// Told with a repeat by source and source_id whose body is another one.
Warning repeat_differs();

/// Classifies, and notes what the catalogue does not know. Observes `classify_seconds`.
void classify(IntakeBody& body, const Catalogue& catalogue, Time now, Metrics& metrics);

}  // namespace hotline::api

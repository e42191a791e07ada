#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/json_writer.hpp"
#include "domain/event.hpp"
#include "domain/personal.hpp"
#include "domain/ticket.hpp"
#include "engine/engine.hpp"
#include "hotline/catalogue.hpp"

namespace hotline::api {

/// What a view needs beside the thing itself.
struct ViewContext {
  std::shared_ptr<const Catalogue> catalogue;
  UtcOffset zone;
  double auto_dispatch_confidence = 0;  ///< of the policy in force, as is
  Duration return_window{};             ///< for returns, from dispatch
  Time now{};                           ///< engine time, for the lights
};

/// How much of the personal data a reader sees.
enum class Privacy {
  unmasked,    ///< all of it; audited
  masked,      ///< names shortened, numbers starred; the vendor's `extra` left out
  department,  ///< masked; of a confidential ticket neither caller, address, place nor recording
};

/// The ticket as an object, without personal data unless `personal` is given.
void write_ticket(JsonWriter& out, const Ticket& ticket, const ViewContext& context,
                  const Personal* personal = nullptr, Privacy privacy = Privacy::masked);
std::string ticket_json(const Ticket& ticket, const ViewContext& context);

/// Why the machine left a ticket in triage to a person. Nothing stores it: it follows from the
/// ticket and from the policy in force, `auto_dispatch_confidence`.
std::string triage_reason(const Ticket& ticket, double auto_dispatch_confidence);

/// What a reader sees of the record's texts where they stand outside a ticket's JSON. Not for
/// `Privacy::department`, which hides more of a confidential ticket.
Personal shown_personal(Personal personal, Privacy privacy);

void write_classification(JsonWriter& out, const Classification& found, const ViewContext& context);
void write_warnings(JsonWriter& out, const std::vector<Warning>& warnings);
void write_change(JsonWriter& out, const Change& change, const ViewContext& context);
/// With the ticket when `ticket` is given. A lease of a notice then says what to send and to whom,
/// a citizen's number in full (see `goes_to_citizen`), and leaves out `personal` itself.
void write_lease(JsonWriter& out, const Lease& lease, const ViewContext& context,
                 const Ticket* ticket = nullptr, const Personal* personal = nullptr,
                 Privacy privacy = Privacy::masked);

/// Whether the lease shows its holder a citizen's number, which is audited before it is answered.
bool goes_to_citizen(const Ticket& ticket, const Lease& lease);

/// The name of a queue for people: a department's, or that of one of the centre's own.
std::string_view queue_name(std::string_view queue, const Catalogue& catalogue);

}  // namespace hotline::api

#pragma once

#include <cstdint>
#include <optional>

#include "domain/ticket.hpp"

namespace hotline {

/// What the office made of a learned model's proposal (模型与人工的一致性).
enum class Agreement : std::uint8_t {
  confirmed = 0,           ///< a person sent the ticket where the model would have
  stood = 1,               ///< the machine sent it there, and it was answered there
  category_changed = 2,    ///< a person gave it another category
  department_changed = 3,  ///< a person, or the ruling on a return, gave it another lead
};
inline constexpr std::size_t agreements = 4;

/// What a change from `before` to `after` says about the model's proposal; absent when it says
/// nothing or no model had a part in the classification. A proposal that is overruled counts when
/// it is left; what happens to the ticket after that says nothing more.
std::optional<Agreement> agreement(const Ticket& before, const Ticket& after);

}  // namespace hotline

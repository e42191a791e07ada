#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "api/auth.hpp"
#include "api/json_reader.hpp"
#include "domain/command.hpp"
#include "hotline/catalogue.hpp"

// The moves as the API offers them: what each is called, who may make it, and what its body says.

namespace hotline::api {

/// One line of the table of moves: POST /v1/tickets/{id}:<move>.
struct MoveCall {
  std::string_view move;
  std::string_view operation;  ///< operationId in openapi.json
  Scopes scopes = 0;           ///< one of them is enough
  bool of_department = false;  ///< made on the caller's own assignment, not on the whole ticket
  /// Reads the move's own fields; faults are noted in the reader.
  Move (*read)(ObjectReader&, const Catalogue&) = nullptr;
  bool by_software = false;  ///< no person need be named
};

std::span<const MoveCall> centre_moves();
std::span<const MoveCall> department_moves();
std::span<const MoveCall> citizen_moves();  ///< call-backs, and the citizen's own word
std::span<const MoveCall> notice_moves();

// What several bodies are read with.

inline constexpr TextRule code_rule{.bytes_max = code_bytes_max};
inline constexpr TextRule words_rule{.characters_max = 5'000, .lines = true};

std::string text_of(ObjectReader& body, std::string_view field, const TextRule& rule);
std::string required_text_of(ObjectReader& body, std::string_view field, const TextRule& rule);
/// The field `days`, of working days; how many a matter may have is the rules' affair.
std::optional<std::uint32_t> days_of(ObjectReader& body);
/// Unlike at intake, a person is there to correct an unknown code, so it is refused.
void expect_department(ObjectReader& body, std::string_view field, std::string_view code,
                       const Catalogue& catalogue);
void expect_category(ObjectReader& body, std::string_view code, const Catalogue& catalogue);
void expect_region(ObjectReader& body, std::string_view code, const Catalogue& catalogue);

}  // namespace hotline::api

#include "api/move_bodies.hpp"

#include <fmt/format.h>

namespace hotline::api {

std::string text_of(ObjectReader& body, std::string_view field, const TextRule& rule) {
  return std::string(body.text(field, rule).value_or(std::string_view()));
}

std::string required_text_of(ObjectReader& body, std::string_view field, const TextRule& rule) {
  return std::string(body.required_text(field, rule).value_or(std::string_view()));
}

std::optional<std::uint32_t> days_of(ObjectReader& body) {
  constexpr std::int64_t days_max = 1'000;
  const auto days = body.integer("days", 1, days_max);
  if (!days) return std::nullopt;
  return static_cast<std::uint32_t>(*days);
}

void expect_department(ObjectReader& body, std::string_view field, std::string_view code,
                       const Catalogue& catalogue) {
  if (code.empty() || catalogue.department(code) != nullptr) return;
  body.refuse(field, fmt::format("no department \"{}\"; see /v1/departments", code));
}

void expect_category(ObjectReader& body, std::string_view code, const Catalogue& catalogue) {
  if (code.empty() || catalogue.category(code) != nullptr) return;
  body.refuse("category",
              fmt::format("no category \"{}\" in catalogue {}", code, catalogue.version()));
}

void expect_region(ObjectReader& body, std::string_view code, const Catalogue& catalogue) {
  if (code.empty() || catalogue.region(code) != nullptr) return;
  body.refuse("region", fmt::format("no region \"{}\" in catalogue {}", code, catalogue.version()));
}

}  // namespace hotline::api

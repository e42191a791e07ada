#include "api/csv.hpp"

namespace hotline::api {

std::string csv_field(std::string_view text) {
  constexpr std::string_view formula_begins = "=+-@\t\r";
  const bool formula = !text.empty() && formula_begins.find(text.front()) != text.npos;
  std::string plain = formula ? "'" : "";
  plain += text;
  if (plain.find_first_of(",\"\r\n") == plain.npos) return plain;
  std::string out = "\"";
  for (const char c : plain) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

}  // namespace hotline::api

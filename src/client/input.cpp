#include "client/input.hpp"

#include <fstream>
#include <iostream>

#include <fmt/format.h>

namespace hotline::client {

Result<std::string> read_body(const std::string& file) {
  constexpr std::size_t bytes_max = 1UL << 20;
  std::ifstream opened;
  if (file != "-") opened.open(file);
  std::istream& in = file == "-" ? std::cin : opened;
  std::string body(bytes_max + 1, '\0');
  in.read(body.data(), static_cast<std::streamsize>(body.size()));
  if (in.bad() || (file != "-" && !opened.is_open())) {
    return fail(ErrorCode::invalid, fmt::format("cannot read {}", file));
  }
  body.resize(static_cast<std::size_t>(in.gcount()));
  if (body.size() > bytes_max) {
    return fail(ErrorCode::invalid, fmt::format("{} is larger than 1 MiB", file));
  }
  return body;
}

}  // namespace hotline::client

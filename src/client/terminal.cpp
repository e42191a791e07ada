#include "client/terminal.hpp"

namespace hotline::client {

Exit complain(const Terminal& terminal, const Error& error) {
  terminal.err << "hotlinectl: " << error.detail << '\n';
  return error.code == ErrorCode::unavailable ? Exit::unreachable : Exit::failed;
}

Exit refuse(const Terminal& terminal, std::string_view fault) {
  terminal.err << "hotlinectl: " << fault << '\n';
  return Exit::usage;
}

}  // namespace hotline::client

#include "client/terminal.hpp"

namespace hotline::client {

Exit complain(const Terminal& terminal, const Error& error) {
  terminal.err << "hotlinectl: " << error.detail << '\n';
  return error.code == ErrorCode::unavailable ? Exit::unreachable : Exit::failed;
}

}  // namespace hotline::client

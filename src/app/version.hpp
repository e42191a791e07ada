#pragma once

#include <string_view>

namespace hotline {

inline constexpr std::string_view daemon_version = HOTLINE_VERSION;

}  // namespace hotline

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// The fixed places of MODEL_FORMAT.md, for its reader and its writer.
namespace hotline::classify {

inline constexpr std::string_view model_magic{"HLMODEL\0", 8};
inline constexpr std::uint32_t model_format_version = 1;
inline constexpr std::size_t header_bytes = 64;
inline constexpr std::size_t checksum_at = 24;
inline constexpr std::size_t checked_from = 32;
inline constexpr std::size_t section_alignment = 64;

/// Of a whole file, which must hold a header.
std::uint64_t model_checksum(std::string_view file);

}  // namespace hotline::classify

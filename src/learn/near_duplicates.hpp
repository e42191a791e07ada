#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace hotline::learn {

/// A group for every text: texts that share most of their shingles (five folded characters each),
/// or are linked by a chain of such texts, are one group. Groups are numbered by their first text
/// from 0.
///
/// "Most" is a Jaccard similarity of about 0.6, estimated over 64 minimal hashes (Broder 1997) in
/// 16 bands of 4; pairs near it may fall on either side. Texts without a character are each alone.
/// Time and memory grow with the number of texts, also where all of them are equal.
std::vector<std::uint32_t> near_duplicate_groups(std::span<const std::string> texts);

}  // namespace hotline::learn

#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace hotline::http {

/// One part of a path, percent-decoded. A raw ':' begins the suffix (`:sign`), which keeps its
/// colon; an encoded one belongs to the name.
struct Segment {
  std::string_view name;
  std::string_view suffix;
};

/// A request target taken apart. Its views point into the target that was parsed and into itself,
/// so it is neither copied nor moved; `parse` may be called again and again.
class Target {
 public:
  static constexpr std::size_t segments_max = 16;

  Target() = default;
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  /// Takes a target that the guard let pass. Fails with `malformed` when an encoding is broken, or
  /// what it stands for is not UTF-8 or holds a zero byte.
  Result<void> parse(std::string_view target);

  /// Empty for `/`, for `*`, and for paths with more parts than any route has.
  std::span<const Segment> segments() const { return {segments_.data(), count_}; }
  bool routable() const { return routable_; }
  bool asterisk() const { return asterisk_; }

  std::string path;                                        ///< decoded; for the caller to move away
  std::vector<std::pair<std::string, std::string>> query;  ///< decoded, `+` is a space; in order

 private:
  Result<void> split_path(std::string_view raw);
  Result<void> split_query(std::string_view raw);
  Result<std::string_view> decoded_part(std::string_view raw);

  std::array<Segment, segments_max> segments_;
  std::size_t count_ = 0;
  bool routable_ = false;
  bool asterisk_ = false;
  std::array<std::string, 2 * segments_max> decoded_;  ///< parts that had encodings
  std::size_t decoded_count_ = 0;
};

/// Percent-decoding into valid UTF-8 without zero bytes, else `malformed`.
enum class Plus { literal, space };
Result<std::string> decode_percent(std::string_view raw, Plus plus);

}  // namespace hotline::http

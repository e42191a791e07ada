#pragma once

#include <cstdio>
#include <cstdlib>

namespace hotline::fuzz {

/// A property that every input must have; libFuzzer keeps the input that has not.
inline void must(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace hotline::fuzz

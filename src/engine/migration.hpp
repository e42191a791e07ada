#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "hotline/store.hpp"

namespace hotline {

/// Brings a store of an older format (records/FORMAT.md) up to this version's, before anything else
/// is read; does nothing to one that is fresh, up to date, or newer. What it changes it can change
/// again: broken off, it begins anew.
Result<void> migrate(Store& store, Epoch epoch, UtcOffset zone);

}  // namespace hotline

#pragma once

namespace bench {

// Each makes its benchmarks known to Google Benchmark. Their names carry their parameters.
void register_codec();
void register_rules();
void register_classify();
void register_storage();
/// `full`: a queue of 1,000,000 tickets as well.
void register_queue_depth(bool full);

}  // namespace bench

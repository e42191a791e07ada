"""Bulk intake over one connection and over four, against the same bytes into bare RocksDB with as many tickets a sync."""

import statistics

from .intake import measure_daemon, measure_raw
from .programs import load_row

CONNECTIONS = (1, 4)


def measure(options, known):
    rounds = {count: [] for count in CONNECTIONS}
    for number in range(1, options.rounds + 1):
        print(f"round {number}", flush=True)
        for count in CONNECTIONS:
            ours = measure_daemon(options, number, "--load", "bulk", connections=count)
            print(load_row(f"bulk, {count}", ours), flush=True)
            raw = measure_raw(options, ours)
            print(f"  {'rocksdb':8} {raw['per_second']:9.0f}/s   the same bytes, {raw['batch']} tickets a sync", flush=True)
            rounds[count].append((ours, raw))
    found = {}
    for count, pairs in rounds.items():
        name = "bulk" if count == 1 else f"bulk_{count}"
        found[f"{name}.per_raw_rocksdb"] = statistics.median(ours["per_second"] / raw["per_second"] for ours, raw in pairs)
        found[f"{name}.per_second"] = statistics.median(ours["per_second"] for ours, _ in pairs)
        found[f"{name}.tickets_a_commit"] = statistics.median(raw["batch"] for _, raw in pairs)
    return found

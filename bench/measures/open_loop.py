"""Latency of durable intake at a fixed rate of arrivals, from the moment that each was due: no coordinated omission."""

from .programs import Daemon, fresh_folder, load, load_row

UNKNOWN_CAPACITY_RATE = 1000  # when intake was not measured in the same run
SHARE = 0.5  # of what the closed loop gave


def measure(options, known):
    rate = known.get("intake.per_second", UNKNOWN_CAPACITY_RATE / SHARE) * SHARE
    with fresh_folder(options) as folder, Daemon(options, folder) as server:
        result = load(options, server.port, "--rate", f"{rate:.0f}", *options.bodies, warm_up=options.warm_up)
    print(load_row(f"at {rate:.0f}/s", result), flush=True)
    latency = result["latency_ms"]
    return {"open.arrivals_per_second": rate, "open.per_second": result["per_second"], "open.p50_ms": latency["p50"],
            "open.p99_ms": latency["p99"], "open.p99.9_ms": latency["p99.9"], "open.max_ms": latency["max"]}

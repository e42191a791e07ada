"""What departments do all day: lease a ticket, sign it, answer it; three requests, three syncs."""

import json

from .programs import Daemon, fresh_folder, load, load_row

DEPARTMENT = "cgj-sz"
SECONDS_MAX = 120


def measure(options, known):
    with fresh_folder(options) as folder, Daemon(options, folder) as server:
        load(options, server.port, "--department", DEPARTMENT, "--count", options.cycle_tickets, seconds=SECONDS_MAX)
        # Some texts are emergencies, which no department gets.
        depth = json.loads(server.get(f"/v1/queues/{DEPARTMENT}"))["depth"]
        result = load(options, server.port, "--load", "cycle", "--department", DEPARTMENT, "--count", depth,
                      seconds=SECONDS_MAX)
    print(load_row("cycles", result), flush=True)
    found = {"cycle.per_second": result["per_second"], "cycle.p50_ms": result["latency_ms"]["p50"],
             "cycle.p99_ms": result["latency_ms"]["p99"]}
    if "intake.per_second" in known:
        found["cycle.per_intake"] = result["per_second"] / known["intake.per_second"]
    return found

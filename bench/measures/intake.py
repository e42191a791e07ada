"""Durable intake against a bare Beast echo and against bare RocksDB, in alternating rounds, so that a slow minute meets all."""

import statistics
import subprocess

from .programs import Daemon, Process, fresh_folder, load, load_row, run_json


def measure(options, known):
    echoes, intakes, raws = [], [], []
    for number in range(1, options.rounds + 1):
        echoes.append(measure_echo(options))
        print(f"round {number}\n{load_row('echo', echoes[-1])}", flush=True)
        intakes.append(measure_daemon(options, number))
        print(load_row("intake", intakes[-1]), flush=True)
        raws.append(measure_raw(options, intakes[-1]))
        print(f"  {'rocksdb':8} {raws[-1]['per_second']:9.0f}/s   the same bytes, {raws[-1]['batch']} tickets a sync", flush=True)
    print_stages(intakes)
    return figures(echoes, intakes, raws)


def measure_echo(options):
    with Process([options.program("echo_server")], stdout=subprocess.PIPE, text=True) as server:
        port = int(server.process.stdout.readline().split()[1])
        return load(options, port, "--source", "echo", *options.bodies, warm_up=options.warm_up)


def measure_daemon(options, number, *kind, connections=None):
    with fresh_folder(options) as folder, Daemon(options, folder) as server:
        if options.warm_up > 0:
            load(options, server.port, "--source", f"warm-up-{number}", *kind, *options.bodies,
                 seconds=options.warm_up, connections=connections)
        before, cpu_before = server.samples(), server.thread_seconds()
        result = load(options, server.port, "--source", f"bench-{number}", *kind, *options.bodies, connections=connections)
        cpu_after, after = server.thread_seconds(), server.samples()
    result["threads_cpu"] = {name: seconds - cpu_before.get(name, 0) for name, seconds in cpu_after.items()}
    result["metrics"] = {name: value - before.get(name, 0) for name, value in after.items()}
    return result


def measure_raw(options, intake):
    """With as many tickets a sync as the daemon had."""
    commits = intake["metrics"]["hotline_commit_duration_seconds_count"]
    batch = max(1, round(intake["answers"] / commits))
    return run_json(options, "raw_rocksdb", "--batch", batch, "--tickets", options.raw_tickets)


def group_of(thread):
    for prefix in ("http-", "rocksdb"):
        if thread.startswith(prefix):
            return prefix.rstrip("-")
    return thread


def summed(dictionaries, key=lambda name: name):
    totals = {}
    for one in dictionaries:
        for name, value in one.items():
            totals[key(name)] = totals.get(key(name), 0) + value
    return totals


def stages(rounds):
    """Rows of (stage, microseconds a ticket, remark), over all rounds."""
    tickets = sum(one["answers"] for one in rounds)
    cpu = summed((one["threads_cpu"] for one in rounds), group_of)
    totals = summed(one["metrics"] for one in rounds)

    def per_ticket(seconds):
        return seconds * 1e6 / tickets

    def total(name):
        return totals.get(f"hotline_{name}_duration_seconds_sum", 0), totals.get(f"hotline_{name}_duration_seconds_count", 0)

    rows = [(f"CPU, threads {name}", per_ticket(seconds), "") for name, seconds in
            sorted(cpu.items(), key=lambda item: -item[1]) if per_ticket(seconds) >= 0.05]
    classify, classified = total("classify")
    if classified:
        rows.append(("classify", per_ticket(classify), "within the http threads' CPU"))
    commits_s, commits = total("commit")
    if commits:
        rows.append(("commit", per_ticket(commits_s),
                     f"wall time; {tickets / commits:.1f} tickets a commit of {commits_s * 1e3 / commits:.2f} ms"))
    engine, commands = total("command")
    if commands:
        rows.append(("command, from queue to answer", engine * 1e6 / commands, "wall time, waiting included"))
    return rows


def print_stages(intakes):
    print("where the time of one ticket goes, in microseconds:")
    for stage, microseconds, remark in stages(intakes):
        print(f"  {stage:32} {microseconds:8.1f}   {remark}")


def figures(echoes, intakes, raws):
    def median(rounds, figure="per_second"):
        return statistics.median(one[figure] for one in rounds)

    def ratio(others):
        return statistics.median(ours["per_second"] / other["per_second"] for ours, other in zip(intakes, others))

    cpu = summed(one["threads_cpu"] for one in intakes)
    return {
        "intake.per_echo": ratio(echoes),
        "intake.per_raw_rocksdb": ratio(raws),
        "intake.per_second": median(intakes),
        "intake.echo_per_second": median(echoes),
        "intake.raw_rocksdb_per_second": median(raws),
        "intake.p50_ms": statistics.median(one["latency_ms"]["p50"] for one in intakes),
        "intake.p99_ms": statistics.median(one["latency_ms"]["p99"] for one in intakes),
        "intake.cpu_us": sum(cpu.values()) * 1e6 / sum(one["answers"] for one in intakes),
        "intake.tickets_a_commit": median(raws, "batch"),
        "intake.stored_bytes": median(raws, "bytes_per_ticket"),
    }

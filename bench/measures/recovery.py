"""How long hotlined takes to be ready again, and in how much memory, on a store of many tickets of which a tenth is open."""

import json
import subprocess

from .programs import Daemon, fresh_folder


def measure(options, known):
    tickets = options.stored_tickets
    opened = tickets // 10
    with fresh_folder(options) as folder:
        store = folder / "data" / "store"
        subprocess.run([options.program("fill_store"), "--path", store, "--tickets", str(tickets), "--open", str(opened)],
                       check=True)
        stored_mb = megabytes(store)
        # The first start replays the log of what was written last, as after a crash; the second finds it sorted into tables.
        first = start_and_kill(options, folder, opened)
        second = start_and_kill(options, folder, opened)
    print(f"  {tickets} tickets, {opened} open, {stored_mb:.0f} MiB on disk: ready in {first['seconds']:.2f} s with the log to "
          f"replay, {second['seconds']:.2f} s without; {first['mb']:.0f} and {second['mb']:.0f} MiB of memory", flush=True)
    return {"recovery.tickets": tickets, "recovery.stored_mb": stored_mb,
            "recovery.ready_s": first["seconds"], "recovery.resident_mb": first["mb"],
            "recovery.again_ready_s": second["seconds"], "recovery.again_resident_mb": second["mb"]}


def megabytes(folder):
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 2**20


def start_and_kill(options, folder, opened):
    with Daemon(options, folder) as server:
        found = {"seconds": server.ready_seconds, "mb": server.resident_mb()}
        depth = sum(queue["depth"] for queue in json.loads(server.get("/v1/queues"))["queues"])
        server.kill()
    if depth != opened:
        raise RuntimeError(f"{depth} tickets wait after the start, {opened} were left open")
    return found

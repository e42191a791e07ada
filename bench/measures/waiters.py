"""Every department of a province in a long poll at once: what one that waits costs the daemon while nothing comes in."""

import resource
import shutil
import socket
import time

from .programs import ROOT, Daemon, fresh_folder

SPARE_FILES = 200  # beside the connections
WAIT_S = 30  # the longest that a poll may ask for
SETTLE_SECONDS_MAX = 20


def measure(options, known):
    count = min(options.waiters, file_limit() - SPARE_FILES)
    with fresh_folder(options) as folder:
        catalogue = catalogue_of(folder, count)
        with Daemon(options, folder, [f"catalogue.path={catalogue}"]) as server:
            return watch(options, server, count)


def file_limit():
    """Raises our own to what the system allows; the daemon inherits it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def catalogue_of(folder, count):
    catalogue = folder / "catalogue"
    shutil.copytree(ROOT / "conf" / "catalogue", catalogue)
    with (catalogue / "departments.csv").open("a", encoding="utf-8") as departments:
        departments.writelines(f"wait-{i},等候单位{i},,\n" for i in range(count))
    return catalogue


def poll(port, i):
    body = f'{{"wait_s":{WAIT_S}}}'
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall((f"POST /v1/queues/wait-{i}/leases HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                        f"Content-Length: {len(body)}\r\n\r\n{body}").encode())
    return connection


def watch(options, server, count):
    before_mb = server.resident_mb()
    begin = time.monotonic()
    connections = [poll(server.port, i) for i in range(count)]
    while (waiting := server.samples()["hotline_waiters"]) < count and time.monotonic() - begin < SETTLE_SECONDS_MAX:
        time.sleep(0.1)
    if waiting < count:
        raise RuntimeError(f"{waiting:.0f} of {count} polls wait after {SETTLE_SECONDS_MAX} s")
    waiting_mb = server.resident_mb()
    cpu_before, idle_from = server.thread_seconds(), time.monotonic()
    time.sleep(options.idle_seconds)
    idle = time.monotonic() - idle_from
    cpu = sum(server.thread_seconds().values()) - sum(cpu_before.values())
    for connection in connections:
        connection.close()
    print(f"  {count} wait; {cpu:.2f} CPU seconds in {idle:.1f} s idle, "
          f"{(waiting_mb - before_mb) * 1024 / count:.1f} KiB each ({before_mb:.0f} → {waiting_mb:.0f} MiB)", flush=True)
    return {"waiters.count": count, "waiters.idle_cpu_share": cpu / idle,
            "waiters.kib_each": (waiting_mb - before_mb) * 1024 / count}

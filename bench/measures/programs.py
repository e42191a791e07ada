"""The built programs as every measurement uses them: started, fed, watched through /proc, ended."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS_MAX = 600
STOP_SECONDS_MAX = 60


class Process:
    """A server of ours: ended by its own process id, whatever happens."""

    def __init__(self, command, **options):
        self.process = subprocess.Popen([str(part) for part in command], **options)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def thread_seconds(self):
        """CPU seconds of each thread so far, summed by thread name."""
        ticks_per_second = os.sysconf("SC_CLK_TCK")
        seconds = {}
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            try:
                name = (task / "comm").read_text().strip()
                fields = (task / "stat").read_text().rsplit(")", 1)[1].split()
            except FileNotFoundError:
                continue
            seconds[name] = seconds.get(name, 0) + (int(fields[11]) + int(fields[12])) / ticks_per_second
        return seconds

    def resident_mb(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
        return int(kilobytes) / 1024


class Daemon(Process):
    """hotlined on a free port of loopback, with its data in `folder`/data. Ready once it is made."""

    def __init__(self, options, folder, settings=()):
        port_file, log = folder / "port", folder / "log"
        port_file.unlink(missing_ok=True)
        settings = ["http.port=0", f"storage.path={folder / 'data'}", "auth.mode=none", "log.level=warn",
                    f"catalogue.path={ROOT / 'conf' / 'catalogue'}",
                    f"deadlines.path={ROOT / 'conf' / 'deadlines'}", *settings, *options.set]
        command = [options.program("hotlined"), "--config", ROOT / "conf" / "hotlined.toml", "--port-file", port_file]
        for setting in settings:
            command += ["--set", setting]
        begin = time.monotonic()
        with log.open("w") as out:
            super().__init__(command, stdout=out, stderr=out)
        self.port = self.wait_port(port_file, log)
        self.ready_seconds = time.monotonic() - begin

    def wait_port(self, port_file, log):
        """The daemon writes its port when it is ready."""
        end = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < end and self.process.poll() is None:
            if port_file.exists():
                return int(port_file.read_text())
            time.sleep(0.002)
        self.kill()
        sys.exit(f"hotlined did not become ready:\n{log.read_text()[-4000:]}")

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return answer.read().decode()

    def samples(self):
        """The exposition's series without labels (and the sums over those with), by name."""
        values = {}
        for line in self.get("/metrics").splitlines():
            if line and not line.startswith("#"):
                series, value = line.rsplit(" ", 1)
                name = series.split("{", 1)[0]
                values[name] = values.get(name, 0) + float(value)
        return values


@contextlib.contextmanager
def fresh_folder(options):
    """On the disk that is measured, and gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=options.data))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_json(options, name, *arguments):
    """Runs one of our programs, which prints one line of JSON. Its temporary files are on the disk that is measured."""
    command = [str(part) for part in (options.program(name), *arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "TMPDIR": str(options.data)})
    if not done.stdout:
        sys.exit(f"{name} failed: {done.stderr.strip()}")
    return json.loads(done.stdout)


def load(options, port, *arguments, seconds=None, warm_up=0, connections=None):
    """One run of the load generator."""
    figures = run_json(options, "loadgen", "--port", port, "--connections", connections or options.connections, "--json",
                       "--seconds", seconds or options.seconds, "--warm-up", warm_up, *arguments)
    if figures["refused"]:
        print(f"first of {figures['refused']} refusals:\n{figures['first_refusal']}", file=sys.stderr)
    if figures["answers"] == 0 or figures["broken"]:
        sys.exit(f"port {port}: no usable measurement: {figures}")
    return figures


def load_row(label, figures):
    latency = figures["latency_ms"]
    return (f"  {label:8} {figures['per_second']:9.0f}/s   p50 {latency['p50']:7.2f}  p99 {latency['p99']:7.2f}  "
            f"max {latency['max']:7.2f} ms   refused {figures['refused']}")

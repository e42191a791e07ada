"""The micro-benchmarks; what a lease in the deepest queue costs the engine's thread against one in the shallowest."""

import re

from .programs import run_json

MICROSECONDS = {"ns": 1e-3, "us": 1.0, "ms": 1e3, "s": 1e6}
SHALLOW = 1000


def measure(options, known):
    arguments = ["--benchmark_format=json", f"--benchmark_min_time={options.micro_seconds}"]
    if options.micro_filter:
        arguments.append(f"--benchmark_filter={options.micro_filter}")
    if options.full:
        arguments.append("--full")
    times, engine_cpu = {}, {}
    for one in run_json(options, "micro", *arguments)["benchmarks"]:
        if one.get("aggregate_name", "median") != "median":
            continue
        times[name_of(one)] = one["real_time"] * MICROSECONDS[one["time_unit"]]
        if "engine_cpu_us" in one:
            engine_cpu[name_of(one)] = one["engine_cpu_us"]
    for name, microseconds in times.items():
        remark = f"   of it CPU of the engine's thread {engine_cpu[name]:.3f} us" if name in engine_cpu else ""
        print(f"  {name:50} {microseconds:12.3f} us{remark}", flush=True)
    return {**{f"micro.{name}_us": value for name, value in times.items()},
            **{f"micro.{name}.engine_cpu_us": value for name, value in engine_cpu.items()},
            **depth_ratios(engine_cpu)}


def name_of(one):
    """Without what says how it was measured."""
    return re.sub(r"/(iterations|repeats):\d+|/(manual|real)_time", "", one["run_name"])


def depth_ratios(engine_cpu):
    """By name of the row, which bench/run prints with the other ratios."""
    deepest = max((int(depth) for name in engine_cpu for depth in re.findall(r"/depth:(\d+)/", name)), default=SHALLOW)
    ratios = {}
    for name, shallow in engine_cpu.items():
        if f"/depth:{SHALLOW}/" in name and deepest > SHALLOW:
            deep = engine_cpu[name.replace(f":{SHALLOW}/", f":{deepest}/")]
            ratios[name.replace(f"/depth:{SHALLOW}/", f"/depth:{deepest}_per_{SHALLOW}/")] = deep / shallow
    return ratios

"""The unit file, as systemd's own tools see it: no error, and exposed no more than EXPOSURE_MAX on systemd's scale of 0 to 10."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

NAME = "systemd/hotlined.service"
EXPOSURE_MAX = 1.5
SKIPPED = 77  # CMakeLists.txt tells ctest


def analyze(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(["systemd-analyze", "--no-pager", *arguments], capture_output=True, text=True, check=False)


def faults(unit: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        # verify wants the program to be there, which it is not before it is installed.
        path = pathlib.Path(folder) / "hotlined.service"
        path.write_text(unit.replace("/usr/bin/hotlined", shutil.which("true") or "/bin/true"), encoding="utf-8")
        verified = analyze("verify", "--man=no", "--recursive-errors=no", str(path))
        # Of what it says, only what concerns this file: it reads the machine's other units too.
        found = [line for line in verified.stderr.splitlines() if "hotlined" in line]
        rated = analyze("security", "--offline=true", str(path))
    match = re.search(r"Overall exposure level for \S+: ([0-9.]+)", rated.stdout)
    if not match:
        return found + [f"systemd-analyze security says nothing: {rated.stderr.strip()}"]
    if float(match.group(1)) > EXPOSURE_MAX:
        found += [rated.stdout, f"exposure {match.group(1)}; at most {EXPOSURE_MAX}"]
    return found


def self_test() -> None:
    good = "[Service]\nExecStart=/usr/bin/hotlined\n"
    samples = [
        (good, "exposure"),
        (good + "WatchdogSek=3\n", "WatchdogSek"),
        ("[Service]\nExecStart=relative\n", "hotlined"),
    ]
    for unit, expected in samples:
        found = "\n".join(faults(unit))
        if expected not in found:
            sys.exit(f"self-test: {unit!r} gave {found!r}")
    print("self-test passed")


def main() -> None:
    if not shutil.which("systemd-analyze"):
        print("skipped: systemd-analyze is not installed (scripts/setup --ci installs it)")
        sys.exit(SKIPPED)
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    found = faults((root / NAME).read_text(encoding="utf-8"))
    print("\n".join(found) or "nothing found")
    if found:
        sys.exit(1)


if __name__ == "__main__":
    main()

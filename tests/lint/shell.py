"""The shell scripts, as shellcheck sees them."""

import pathlib
import shutil
import subprocess
import sys
import tempfile

from source import files

SKIPPED = 77  # CMakeLists.txt tells ctest


def scripts(root: pathlib.Path) -> list[pathlib.Path]:
    return [path for path in files(root) if path.read_bytes()[:64].startswith((b"#!/bin/bash", b"#!/bin/sh"))]


def check(paths: list[pathlib.Path]) -> subprocess.CompletedProcess:
    return subprocess.run(["shellcheck", "--severity=style", *map(str, paths)], capture_output=True, text=True, check=False)


def self_test() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "a"
        path.write_text("#!/bin/bash\nrm -rf $1/*\n", encoding="utf-8")
        if scripts(pathlib.Path(folder)) != [path] or "SC2086" not in check([path]).stdout:
            sys.exit("self-test: an unquoted variable is not found")
    print("self-test passed")


def main() -> None:
    if not shutil.which("shellcheck"):
        print("skipped: shellcheck is not installed (scripts/setup --ci installs it)")
        sys.exit(SKIPPED)
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    found = check(scripts(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
    print(found.stdout or "nothing found")
    sys.exit(found.returncode)


if __name__ == "__main__":
    main()

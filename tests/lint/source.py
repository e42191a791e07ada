"""What the lints share: the files of the repository, C++ text without comments and literals, and how a lint ends."""

import pathlib
import re
import subprocess
import sys
import tempfile
from typing import Callable, NamedTuple

SKIPPED_FOLDERS = {".git", "build", "data", "__pycache__"}


class Finding(NamedTuple):
    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def files(root: pathlib.Path) -> list[pathlib.Path]:
    """Every file that git knows or would add, sorted; all files when `root` is no git checkout."""
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True, check=False)
    if listed.returncode == 0:
        names = [name for name in listed.stdout.decode().split("\0") if name]
        return sorted(root / name for name in names if (root / name).is_file())
    found = []
    for path in root.rglob("*"):
        if path.is_file() and not SKIPPED_FOLDERS & set(path.relative_to(root).parts):
            found.append(path)
    return sorted(found)


def cpp_files(root: pathlib.Path) -> list[pathlib.Path]:
    return [path for path in files(root) if path.suffix in {".hpp", ".cpp"}]


TOKEN = re.compile(
    r'R"(?P<delimiter>[^()\\\s]{0,16})\((?:.|\n)*?\)(?P=delimiter)"'  # raw string
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'"  # a digit before it makes it a separator
    r"|//[^\n]*|/\*(?:.|\n)*?\*/")


def code_only(text: str) -> str:
    """`text` with comments and literals blanked; lines and columns stay where they are."""
    return TOKEN.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def line_of(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def expect(lint: Callable[[pathlib.Path], list[Finding]], sample: dict[str, str],
           expected: list[str]) -> None:
    """Runs the lint on a small tree; its findings must hold the expected words, in order, and be no more."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in sample.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        findings = [str(finding) for finding in lint(root)]
    matches = len(findings) == len(expected) and all(
        words in finding for words, finding in zip(expected, findings))
    if not matches:
        sys.exit(f"self-test: of {str(sample)[:300]}\n  expected {expected}\n  found    {findings}")


def main(lint: Callable[[pathlib.Path], list[Finding]], self_test: Callable[[], None]) -> None:
    """Command line: the repository's root, or --self-test."""
    if sys.argv[1:] == ["--self-test"]:
        self_test()
        print("self-test passed")
        return
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    findings = lint(root)
    for finding in findings:
        print(finding)
    if findings:
        sys.exit(f"{len(findings)} findings")
    print("nothing found")

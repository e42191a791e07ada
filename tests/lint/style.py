"""Holds what neither compiler nor formatter holds: lengths, leftovers, and paths of one machine."""

import pathlib
import re
import unicodedata

from source import TOKEN, Finding, expect, files, line_of, main

FILE_LINES_MAX = 600
COLUMNS_MAX = 100
TEXT_SUFFIXES = {".hpp", ".cpp", ".py", ".cmake", ".txt", ".md", ".toml", ".yml", ".json", ".proto", ".csv", ".service", ".sysusers", ""}

# A line may be longer when it is one that the formatter cannot break either: a long literal, an address, or inside a raw literal.
UNBREAKABLE = re.compile(r'"[^"]{50,}"|https?://|NOLINT')
RULES = [
    (re.compile(r"\b(TODO|FIXME|XXX|HACK)\b"), "leftover"),
    (re.compile(r"(?<![\w.<}$)-])/(?:home|root|Users|work|tmp)/\w"), "path of one machine"),
    (re.compile(r"\busing namespace std;"), "using namespace std"),
    (re.compile(r"[ \t]+$"), "space at the end of the line"),
    (re.compile(r"\r$"), "carriage return"),
]


def columns(line: str) -> int:
    """Width on a terminal: Chinese characters take two columns, as clang-format counts them."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


def raw_literal_lines(text: str) -> set[int]:
    lines: set[int] = set()
    for match in TOKEN.finditer(text):
        if match.group().startswith("R"):
            lines |= set(range(line_of(text, match.start()), line_of(text, match.end()) + 1))
    return lines


def is_text(path: pathlib.Path) -> bool:
    return path.suffix in TEXT_SUFFIXES


def file_findings(name: str, path: pathlib.Path) -> list[Finding]:
    text = path.read_bytes().decode("utf-8", errors="replace")
    if "\0" in text:
        return []
    lines = text.split("\n")
    findings = []
    cpp = path.suffix in {".hpp", ".cpp"}
    raw = raw_literal_lines(text) if cpp else set()
    if cpp and len(lines) - 1 > FILE_LINES_MAX:
        findings.append(Finding(name, FILE_LINES_MAX, f"{len(lines) - 1} lines; at most {FILE_LINES_MAX}"))
    if path.suffix == ".hpp" and "#pragma once" not in lines:
        findings.append(Finding(name, 1, "no #pragma once"))
    if text and not text.endswith("\n"):
        findings.append(Finding(name, len(lines), "no newline at the end"))
    for number, line in enumerate(lines, 1):
        if cpp and columns(line) > COLUMNS_MAX and number not in raw and not UNBREAKABLE.search(line):
            findings.append(Finding(name, number, f"{columns(line)} columns; at most {COLUMNS_MAX}"))
        for pattern, what in RULES:
            if pattern.search(line):
                findings.append(Finding(name, number, what))
    return findings


def check(root: pathlib.Path) -> list[Finding]:
    findings = []
    for path in files(root):
        # This file names what it looks for.
        if is_text(path) and path.name != pathlib.Path(__file__).name:
            findings += file_findings(str(path.relative_to(root)), path)
    return findings


def self_test() -> None:
    good = {
        "src/a.hpp": "#pragma once\n// " + "x" * 97 + "\n",
        "src/b.cpp": "using namespace std::chrono_literals;\nconst char* a = \"" + "x" * 200 + "\";\n// 中" + "\n" * 598,
        "src/c.cpp": "auto a = R\"({\n" + "x y " * 30 + "z\n})\";\n",
        "README.md": "x" * 300 + " https://example.org/tmp/x ${folder}/tmp/x\n",
        "photo.png": "TODO \n",
    }
    expect(check, good, [])
    bad = [
        ("src/a.cpp", "\n" * 601, ["601 lines"]),
        ("src/a.cpp", "// " + "x" * 98 + "\n", ["101 columns"]),
        ("src/a.cpp", "// " + "中" * 49 + "\n", ["101 columns"]),
        ("src/a.hpp", "int a;\n", ["no #pragma once"]),
        ("src/a.cpp", "int a;", ["no newline"]),
        ("src/a.cpp", "int a; \n", ["src/a.cpp:1: space at the end"]),
        ("src/a.cpp", "\nint a;  // TODO: b\n", ["src/a.cpp:2: leftover"]),
        ("scripts/a", "cd /" + "work/main\n", ["path of one machine"]),
        ("conf/a.toml", 'path = "/tmp/store"\n', ["path of one machine"]),
        ("src/a.cpp", "using namespace std;\n", ["using namespace std"]),
        ("src/a.cpp", "int a;\r\n", ["carriage return"]),
    ]
    for name, text, expected in bad:
        expect(check, {name: text}, expected)


if __name__ == "__main__":
    main(check, self_test)

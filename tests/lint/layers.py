"""Holds the arrows: who may include whom, no cycles, and one folder for each outside library.

The arrows are read from src/CMakeLists.txt: `hotline_library(api USES http engine ...)` lets src/api include from src/http and
src/engine, and from nothing else. `ports` is include/hotline.
"""

import pathlib
import re

from source import Finding, code_only, cpp_files, expect, line_of, main

# The outside libraries that are bound to folders. The first pattern that fits decides; what fits none may be included anywhere.
OWNERS = [
    (r"rocksdb/", {"storage"}),
    (r"prometheus/", {"metrics"}),
    (r"(google/protobuf/|.*\.pb\.h$)", {"records"}),
    (r"toml\+\+/", {"config"}),
    (r"spdlog/", {"app", "engine", "hotlined"}),
    (r"systemd/", {"app"}),
    (r"csv\.h", {"tables", "client"}),
    (r"linear\.h", {"learn"}),
    (r"CLI/", {"hotlined", "hotlinectl", "hotline-train"}),
    (r"boost/(asio|beast)[/.]", {"http", "api", "client", "app", "hotlined", "hotlinectl"}),
    (r"boost/(json|url)[/.]", {"http", "api", "client", "learn", "app", "hotlined", "hotlinectl"}),
    (r"openssl/", {"http", "api", "client", "app"}),
    (r"boost/", {"http", "api", "client", "app", "engine", "classify", "learn", "hotlined", "hotlinectl"}),
]

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.M)
CALL = re.compile(r"hotline_(?:library|program)\(([^)]*)\)")
PORTS = re.compile(r"target_link_libraries\(hotline_ports INTERFACE([^)]*)\)")


def arrows(root: pathlib.Path) -> dict[str, set[str]]:
    """Folder -> folders that it may include from, itself among them."""
    text = re.sub(r"#.*", "", (root / "src" / "CMakeLists.txt").read_text(encoding="utf-8"))
    allowed: dict[str, set[str]] = {}
    for call in CALL.finditer(text):
        words = call.group(1).split()
        uses = words[words.index("USES") + 1:] if "USES" in words else []
        if "EXTERNAL" in uses:
            uses = uses[:uses.index("EXTERNAL")]
        allowed[words[0]] = {words[0], *uses}
    ports = PORTS.search(text)
    allowed["ports"] = {"ports"}
    for word in ports.group(1).split() if ports else []:
        name = word.removeprefix("hotline_").removeprefix("hotline::")
        if name in allowed:
            # The ports speak the domain's language, whatever it is made of.
            allowed["ports"] |= allowed[name]
    return allowed


def folder_of(root: pathlib.Path, path: pathlib.Path) -> str | None:
    parts = path.relative_to(root).parts
    if parts[:2] == ("include", "hotline"):
        return "ports"
    return parts[1] if parts[0] == "src" and len(parts) > 2 else None


def target_of(root: pathlib.Path, included: str) -> pathlib.Path | None:
    """The repository's file that an include names, if it is one."""
    for base in (root / "src", root / "include"):
        if (base / included).is_file():
            return base / included
    return None


def wrong_owner(folder: str, included: str) -> str | None:
    for pattern, owners in OWNERS:
        if re.match(pattern, included):
            if folder in owners:
                return None
            return f"<{included}> belongs to {', '.join(sorted(owners))}; {folder} must not include it"
    return None


def cycles(graph: dict[pathlib.Path, list[pathlib.Path]]) -> list[list[pathlib.Path]]:
    found, done, trail = [], set(), []

    def visit(node: pathlib.Path) -> None:
        if node in trail:
            found.append(trail[trail.index(node):] + [node])
        if node in done or node in trail:
            return
        trail.append(node)
        for following in graph.get(node, []):
            visit(following)
        trail.pop()
        done.add(node)

    for start in sorted(graph):
        visit(start)
    return found


def check(root: pathlib.Path) -> list[Finding]:
    allowed = arrows(root)
    findings = []
    graph: dict[pathlib.Path, list[pathlib.Path]] = {}
    for path in cpp_files(root):
        folder = folder_of(root, path)
        if folder is None:
            continue
        name = str(path.relative_to(root))
        text = path.read_text(encoding="utf-8")
        code = code_only(text)
        if folder not in allowed:
            findings.append(Finding(name, 1, f"folder {folder} has no line in src/CMakeLists.txt"))
            continue
        for match in INCLUDE.finditer(text):
            if "include" not in code[match.start():match.end()]:
                continue
            line, included = line_of(text, match.start()), match.group(1) or match.group(2)
            target = target_of(root, included)
            if target is None:
                wrong = wrong_owner(folder, included)
                if wrong:
                    findings.append(Finding(name, line, wrong))
                continue
            graph.setdefault(path, []).append(target)
            to = folder_of(root, target)
            if to not in allowed[folder]:
                findings.append(Finding(name, line, f"{folder} must not include from {to}: {included}"))
    for cycle in cycles(graph):
        names = " -> ".join(str(path.relative_to(root)) for path in cycle)
        findings.append(Finding(str(cycle[0].relative_to(root)), 1, f"include cycle: {names}"))
    return findings


def self_test() -> None:
    cmake = {"src/CMakeLists.txt": "\n".join([
        "target_link_libraries(hotline_ports INTERFACE hotline_options hotline_domain)",
        "hotline_library(base EXTERNAL fmt::fmt)  # hotline_library(base USES storage)",
        "hotline_library(domain USES base)",
        "hotline_library(storage USES ports base)",
        "hotline_library(engine USES ports",
        "                domain base EXTERNAL Threads::Threads)",
        "hotline_program(hotlined USES engine EXTERNAL CLI11::CLI11)"])}
    good = {
        "include/hotline/store.hpp": '#include "base/a.hpp"\n#include "domain/b.hpp"\n',
        "src/base/a.hpp": "#include <fmt/format.h>\n",
        "src/domain/b.hpp": '#include "base/a.hpp"\n// #include "storage/s.hpp"\n',
        "src/storage/s.hpp": '#include "hotline/store.hpp"\n#include <rocksdb/db.h>\n',
        "src/engine/e.cpp": '#include "domain/b.hpp"\n#include "hotline/store.hpp"\n',
        "src/hotlined/main.cpp": '#include <CLI/CLI.hpp>\nconst char* s = R"(\n#include "storage/s.hpp"\n)";\n',
        "tests/unit/x.cpp": '#include "storage/s.hpp"\n#include <rocksdb/db.h>\n',
    }
    expect(check, cmake | good, [])
    bad = [
        ({"src/base/a.hpp": '#include "domain/b.hpp"\n', "src/domain/b.hpp": ""},
         ["src/base/a.hpp:1: base must not include from domain"]),
        ({"src/engine/e.cpp": '\n#include "storage/s.hpp"\n'},
         ["src/engine/e.cpp:2: engine must not include from storage"]),
        ({"src/hotlined/main.cpp": '#include "domain/b.hpp"\n'}, ["must not include from domain"]),
        ({"src/engine/e.cpp": "#include <rocksdb/db.h>\n"}, ["<rocksdb/db.h> belongs to storage"]),
        ({"src/engine/e.cpp": '#include "records/records.pb.h"\n'}, ["belongs to records"]),
        ({"src/domain/b.hpp": "#  include <boost/asio.hpp>\n"}, ["belongs to"]),
        ({"src/base/a.hpp": "#include <spdlog/spdlog.h>\n"}, ["belongs to app, engine"]),
        ({"include/hotline/store.hpp": '#include "engine/f.hpp"\n', "src/engine/f.hpp": ""},
         ["ports must not include from engine"]),
        ({"src/base/a.hpp": '#include "base/c.hpp"\n', "src/base/c.hpp": '#include "base/a.hpp"\n'},
         ["include cycle: src/base/a.hpp -> src/base/c.hpp -> src/base/a.hpp"]),
        ({"src/extra/a.hpp": ""}, ["folder extra has no line"]),
    ]
    for sample, expected in bad:
        expect(check, cmake | good | sample, expected)


if __name__ == "__main__":
    main(check, self_test)

"""Holds the forms in which a co_await is safe with g++ 12, which miscompiles others (see ARCHITECTURE.md).

A co_await stands only as `auto x = co_await f(a);`, `co_await f(a);` or `co_return co_await f(a);`, and between it and the semicolon
there are no braces, lambdas, `?:` and no `new`: every argument is a named variable, or a call whose arguments are.
"""

import pathlib
import re

from source import Finding, code_only, cpp_files, expect, line_of, main

BEFORE = re.compile(r"^\s*(?:(?:const\s+)?auto(?:\s*&&|\s*&)?\s+\w+\s*=|co_return)?\s*$")
FORBIDDEN = [
    (re.compile(r"[{}]"), "braces among its arguments"),
    (re.compile(r"[(,]\s*\["), "a lambda among its arguments"),
    (re.compile(r"\?"), "a conditional among its arguments"),
    (re.compile(r"\bnew\b"), "new among its arguments"),
    (re.compile(r"\bco_await\b"), "a second co_await among its arguments"),
]


def fault(before: str, after: str) -> str | None:
    if not BEFORE.match(before):
        return "stands in another form than `auto x = co_await f(a);`, `co_await f(a);`, `co_return co_await f(a);`"
    for pattern, what in FORBIDDEN:
        if pattern.search(after):
            return f"has {what}; name it before"
    return None


def check(root: pathlib.Path) -> list[Finding]:
    findings = []
    for path in cpp_files(root):
        text = path.read_text(encoding="utf-8")
        code = re.sub(r"^[ \t]*#[^\n]*", lambda line: " " * len(line.group()), code_only(text), flags=re.M)
        for match in re.finditer(r"\bco_await\b", code):
            begin = max(code.rfind(stop, 0, match.start()) for stop in ";{}") + 1
            end = code.find(";", match.end())
            what = fault(code[begin:match.start()], code[match.end():end])
            if what:
                findings.append(Finding(str(path.relative_to(root)), line_of(code, match.start()), "co_await " + what))
    return findings


def self_test() -> None:
    good = """
    // if (co_await f()) is miscompiled
    const char* text = "while (co_await f())";
    awaitable<int> g() {
      auto x = co_await f(a, b);
      const auto y = co_await object.method<std::vector<int>>(std::move(a),
                                                              token(b));
      if (x) {
        co_await f();
      }
      for (int i = 0; i < 10; ++i) { co_await f(i); }
      const int separated = 1'000; co_await f('{', "?");
      co_return co_await f(x);
    }
    """
    expect(check, {"src/a.cpp": good}, [])
    bad = {
        "if (co_await f()) {}": "another form",
        "while (co_await f()) {}": "another form",
        "switch (co_await f()) {}": "another form",
        "if (x) co_await f();": "another form",
        "return g(co_await f());": "another form",
        "int x = co_await f();": "another form",
        "x = co_await f();": "another form",
        "auto x = y ? co_await f() : 0;": "another form",
        "auto x = co_await f() ? 1 : 2;": "conditional",
        "auto x = new T(co_await f());": "another form",
        "auto x = !co_await f();": "another form",
        "auto x = (co_await f()).value();": "another form",
        "co_await f({1, 2});": "braces",
        "co_await f(Order{1});": "braces",
        "co_await f([&] { return 1; });": "braces",
        "co_await f(new T);": "new",
        "co_return g(co_await f());": "another form",
    }
    for statement, words in bad.items():
        expect(check, {"src/a.cpp": f"void g() {{\n  {statement}\n}}\n"}, [words])
    expect(check, {"src/a.cpp": "\n\n  f(co_await g());\n"}, ["src/a.cpp:3: co_await stands"])


if __name__ == "__main__":
    main(check, self_test)

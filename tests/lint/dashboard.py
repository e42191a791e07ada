"""The Grafana dashboard: one that loads, whose panels lie side by side, each with a title and a line that explains it."""

import json
import pathlib

from source import Finding, expect, main

NAME = "conf/grafana/hotlined.json"
GRID_COLUMNS = 24


def cells(panel: dict) -> set[tuple[int, int]]:
    at = panel["gridPos"]
    return {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}


def faults(panel: dict) -> list[str]:
    found = []
    if not panel.get("title"):
        found.append("no title")
    if panel["type"] == "row":
        return found
    if not panel.get("description"):
        found.append("no description")
    if not panel.get("targets"):
        found.append("no query")
    for target in panel.get("targets", []):
        if target.get("datasource", {}).get("uid") != "${datasource}":
            found.append("a query that is bound to one machine's data source")
    return found


def check(root: pathlib.Path) -> list[Finding]:
    try:
        dashboard = json.loads((root / NAME).read_text(encoding="utf-8"))
    except ValueError as error:
        return [Finding(NAME, 1, f"not JSON: {error}")]
    findings = []
    taken: set[tuple[int, int]] = set()
    ids: set[int] = set()
    for panel in dashboard["panels"]:
        found = faults(panel)
        if panel["id"] in ids:
            found.append("its id twice")
        if taken & cells(panel):
            found.append("another panel under it")
        if panel["gridPos"]["x"] + panel["gridPos"]["w"] > GRID_COLUMNS:
            found.append("no room in the grid")
        ids.add(panel["id"])
        taken |= cells(panel)
        findings += [Finding(NAME, 1, f"panel {panel['id']} {panel.get('title', '')} has {what}") for what in found]
    return findings


def self_test() -> None:
    def panel(number: int, x: int, **more: object) -> dict:
        return {"id": number, "type": "stat", "title": "今日受理", "description": "a",
                "targets": [{"datasource": {"uid": "${datasource}"}, "expr": "a"}],
                "gridPos": {"x": x, "y": 0, "w": 6, "h": 4}} | more

    def sample(*panels: dict) -> dict[str, str]:
        return {NAME: json.dumps({"panels": panels})}

    expect(check, sample(panel(1, 0), panel(2, 6)), [])
    expect(check, {NAME: "{"}, ["not JSON"])
    expect(check, sample(panel(1, 0), panel(1, 6)), ["its id twice"])
    expect(check, sample(panel(1, 0), panel(2, 5)), ["another panel under it"])
    expect(check, sample(panel(1, 20)), ["no room"])
    expect(check, sample(panel(1, 0, title="", targets=[])), ["no title", "no query"])
    expect(check, sample(panel(1, 0, targets=[{"datasource": {"uid": "abc"}}])), ["one machine's"])


if __name__ == "__main__":
    main(check, self_test)

#!/usr/bin/env python3
"""What can be told of a Grafana dashboard and of alert rules without Grafana.

usage: dashboard_check.py DASHBOARD RULES METRICS_TEXT

Each metric that an expression names is in the exporter's text, every panel but a row has a unit and a
query, ids are unique, and panels do not overlap. Whether Grafana draws it well, this cannot tell.
"""
import json
import re
import sys


def metrics_in(text):
    """The names of the families, with the endings that their samples have."""
    names = set()
    for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE):
        names.add(name)
        if kind == "histogram":
            names.update(name + ending for ending in ("_bucket", "_sum", "_count"))
    return names


def named_in(expression):
    outside_braces = re.sub(r"\{[^}]*\}|\"[^\"]*\"", "", expression)
    return set(re.findall(r"\b(?:pianissimo|process)_[a-z_]+\b", outside_braces))


def cells(panel):
    at = panel["gridPos"]
    return {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}


def faults(dashboard, rules, metrics):
    """Every fault, as a sentence."""
    known = metrics_in(metrics)
    expressions = re.findall(r"^ +expr: (?:>-\n)?((?:.|\n(?! +(?:for|labels):))*)", rules, re.MULTILINE)
    if not expressions:
        yield "no expressions are found in the alert rules"
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            expressions.append(variable["query"]["query"])
    ids = [panel["id"] for panel in dashboard["panels"]]
    if len(ids) != len(set(ids)):
        yield "two panels have the same id"
    taken = set()
    for panel in dashboard["panels"]:
        title = panel["title"]
        if taken & cells(panel):
            yield f"panel '{title}' lies over another"
        if max(x for x, _ in cells(panel)) >= 24:
            yield f"panel '{title}' is wider than the page"
        taken |= cells(panel)
        if panel["type"] == "row":
            continue
        if not panel["fieldConfig"]["defaults"].get("unit"):
            yield f"panel '{title}' has no unit"
        if not panel["targets"]:
            yield f"panel '{title}' shows nothing"
        if len({target["refId"] for target in panel["targets"]}) != len(panel["targets"]):
            yield f"panel '{title}' has two queries of one refId"
        expressions += [target["expr"] for target in panel["targets"]]
    used = set()
    for expression in expressions:
        used |= named_in(expression)
        for name in sorted(named_in(expression) - known):
            yield f"the exporter has no metric {name}"
    ours = {name for name in known if name.startswith("pianissimo_")} - {"pianissimo_dry_run"}
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in used | ours}
    for name in sorted(families - {re.sub(r"_(bucket|sum|count)$", "", name) for name in used}):
        yield f"nothing shows the metric {name}"


def main():
    dashboard, rules, metrics = (open(path, encoding="utf-8").read() for path in sys.argv[1:4])
    found = list(faults(json.loads(dashboard), rules, metrics))
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

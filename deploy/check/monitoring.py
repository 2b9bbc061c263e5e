"""Prometheus rules and Grafana dashboards: every query parses and asks for metrics and labels that newsbeam exposes."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import promql_parser
import yaml
from promql_parser import AggregateExpr, BinaryExpr, Call, MatrixSelector, ParenExpr, SubqueryExpr, UnaryExpr

from deploy.check import programs
from deploy.check.faults import FileError
from reports.metrics import COUNTERS, GAUGES

METRICS: Final = {*GAUGES, *(f"{name}_total" for name in COUNTERS)}
LABELS: Final = {"output", "source", "outcome", "reason", "kind", "result", "version", "instance", "job"}
"""Those that newsbeam writes, and those that Prometheus adds."""

_RULE: Final = {"alert", "expr", "for", "keep_firing_for", "labels", "annotations"}
_DURATION: Final = re.compile(r"(?:\d+(?:ms|[smhdwy]))+")
_VARIABLE: Final = {"$__rate_interval": "5m", "$__range": "1h", "$__interval": "1m"}
"""What Grafana puts into a query before it is sent."""
_TEMPLATED: Final = re.compile(r"\$\w+")


def rules(path: Path) -> None:
    """A file of alert rules; also by promtool, where this machine has it."""
    document = yaml.safe_load(path.read_text("utf-8"))
    if set(document) != {"groups"}:
        raise FileError(f"unknown keys among {sorted(document)}")
    names = []
    for group in document["groups"]:
        if unknown := set(group) - {"name", "interval", "rules"}:
            raise FileError(f"unknown keys in a group: {sorted(unknown)}")
        for rule in group["rules"]:
            names.append(rule["alert"])
            _rule(rule)
    if len(set(names)) != len(names) or not names:
        raise FileError(f"each alert needs a name of its own: {names}")
    if promtool := shutil.which("promtool"):
        programs.run(promtool, "check", "rules", path)


def _rule(rule: dict[str, Any]) -> None:
    where = rule["alert"]
    if unknown := set(rule) - _RULE:
        raise FileError(f"{where}: unknown keys {sorted(unknown)}")
    for name in ("for", "keep_firing_for"):
        if name in rule and not _DURATION.fullmatch(str(rule[name])):
            raise FileError(f"{where}: {name}: {rule[name]} is no duration")
    if not rule.get("labels", {}).get("severity") or not rule.get("annotations", {}).get("summary"):
        raise FileError(f"{where}: a severity and a summary are wanted")
    query(rule["expr"], where)


def dashboard(path: Path) -> None:
    """A dashboard for import: panels with ids of their own that do not overlap, and queries that find something."""
    document = json.loads(path.read_text("utf-8"))
    for name in ("title", "uid", "panels", "schemaVersion", "templating"):
        if name not in document:
            raise FileError(f"no {name}")
    if document.get("id") is not None:
        raise FileError("an id is given by the Grafana that has the dashboard; it must be null")
    panels = document["panels"]
    if len({panel["id"] for panel in panels}) != len(panels):
        raise FileError("two panels have one id")
    taken: dict[tuple[int, int], str] = {}
    for panel in panels:
        for cell in _cells(panel):
            if taken.setdefault(cell, panel["title"]) != panel["title"]:
                raise FileError(f"{panel['title']} lies over {taken[cell]}")
        for target in panel.get("targets", []):
            query(target["expr"], panel["title"])
    if not any(panel.get("targets") for panel in panels):
        raise FileError("no panel asks for anything")


def _cells(panel: dict[str, Any]) -> Iterator[tuple[int, int]]:
    place = panel["gridPos"]
    if place["x"] + place["w"] > 24:
        raise FileError(f"{panel['title']}: a row has 24 columns")
    for x in range(place["x"], place["x"] + place["w"]):
        for y in range(place["y"], place["y"] + place["h"]):
            yield x, y


def query(text: str, where: str) -> None:
    """A PromQL query over what newsbeam exposes."""
    for name, value in _VARIABLE.items():
        text = text.replace(name, value)
    try:
        expression = promql_parser.parse(_TEMPLATED.sub("x", text))
    except ValueError as error:
        raise FileError(f"{where}: {error}") from error
    selectors = [*_selectors(expression)]
    if not selectors:
        raise FileError(f"{where}: asks for no metric")
    for selector in selectors:
        if selector.name not in METRICS:
            raise FileError(f"{where}: {selector.name} is no metric of newsbeam")
        for matcher in selector.matchers.matchers:
            if matcher.name not in LABELS:
                raise FileError(f"{where}: {matcher.name} is no label of {selector.name}")


def _selectors(expression: Any) -> Iterator[Any]:  # noqa: ANN401  # the parser's classes share no type with names
    match expression:
        case BinaryExpr():
            yield from _selectors(expression.lhs)
            yield from _selectors(expression.rhs)
        case AggregateExpr() | ParenExpr() | SubqueryExpr() | UnaryExpr():
            yield from _selectors(expression.expr)
        case Call():
            for argument in expression.args:
                yield from _selectors(argument)
        case MatrixSelector():
            yield expression.vector_selector
        case promql_parser.VectorSelector():
            yield expression

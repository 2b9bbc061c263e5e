"""Dashboard and alerts ask for what newsbeam exposes."""

import json
import re
from pathlib import Path

import yaml

from reports.metrics import COUNTERS, GAUGES

ROOT = Path(__file__).parents[2]
DASHBOARD = json.loads((ROOT / "deploy/grafana/newsbeam.json").read_text("utf-8"))
RULES = yaml.safe_load((ROOT / "deploy/prometheus/newsbeam.rules.yaml").read_text("utf-8"))
EXPOSED = {*GAUGES, *(f"{name}_total" for name in COUNTERS)}


def names(text):
    return set(re.findall(r"\bnewsbeam_\w+", text))


def queries():
    return [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


def alerts():
    return [rule for group in RULES["groups"] for rule in group["rules"]]


def test_dashboard_queries_metrics_that_are_exposed():
    assert len(queries()) >= 10
    for query in queries():
        assert names(query)
        assert names(query) <= EXPOSED, query
    for variable in DASHBOARD["templating"]["list"]:
        assert names(variable.get("definition", "")) <= EXPOSED


def test_alerts_ask_for_metrics_that_are_exposed_and_name_ones_that_are():
    assert len(alerts()) >= 5
    for rule in alerts():
        assert names(rule["expr"]) <= EXPOSED, rule["alert"]
        assert names(" ".join(rule["annotations"].values())) <= EXPOSED, rule["alert"]


def test_counters_are_never_shown_as_they_stand():
    """A counter says something only by how it rises, over resets too."""
    for query in [*queries(), *(rule["expr"] for rule in alerts())]:
        for name in names(query):
            if name.endswith("_total"):
                assert re.search(rf"(?:increase|rate)\({name}\b", query), query


def test_docs_name_every_metric_and_no_other():
    text = (ROOT / "docs/monitoring.md").read_text("utf-8")
    assert set(re.findall(r"`(newsbeam_\w+)`", text)) == EXPOSED


def test_docs_name_every_alert():
    text = (ROOT / "docs/monitoring.md").read_text("utf-8")
    assert {rule["alert"] for rule in alerts()} <= set(re.findall(r"`(Newsbeam\w+)`", text))

"""`make check-deploy` finds what is broken: each of its rules on a file as it is, and on one with a fault."""

import contextlib
import importlib
import shutil
from pathlib import Path

import pytest

from deploy.check.__main__ import files, rules
from deploy.check.faults import FileError, UncheckedError

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"

FAULTS = [
    ("manifests.kubernetes", "kubernetes/ingest.yaml", "concurrencyPolicy: Forbid", "concurrentPolicy: Forbid"),
    ("manifests.kubernetes", "kubernetes/ingest.yaml", "backoffLimit: 0", "backoffLimit: none"),
    ("manifests.kubernetes", "kubernetes/ingest.yaml", "drop: [ALL]", "dropped: [ALL]"),
    ("manifests.kubernetes", "kubernetes/ingest.yaml", "kind: CronJob", "kind: CronTab"),
    ("manifests.kubernetes", "kubernetes/ingest.yaml", "      backoffLimit: 0", "      backoffLimit: 0\n" * 2),
    ("monitoring.rules", "prometheus/newsbeam.rules.yaml", "newsbeam_last_run_alarms", "newsbeam_last_run_alarm"),
    ("monitoring.rules", "prometheus/newsbeam.rules.yaml", 'result="failure"', 'outcom="failure"'),
    ("monitoring.rules", "prometheus/newsbeam.rules.yaml", "for: 15m", "for: soon"),
    ("monitoring.rules", "prometheus/newsbeam.rules.yaml", "severity: info", "level: info"),
    ("monitoring.rules", "prometheus/newsbeam.rules.yaml", "time() -", "time(() -"),
    ("monitoring.dashboard", "grafana/newsbeam.json", "sum by (reason)", "sum of (reason)"),
    ("monitoring.dashboard", "grafana/newsbeam.json", "newsbeam_rejects_total", "newsbeam_rejects"),
    ("monitoring.dashboard", "grafana/newsbeam.json", '"x": 18', '"x": 12'),
    ("plain.json_document", "grafana/newsbeam.json", '"x": 18', '"x": 18, "x": 18'),
    ("plain.crontab", "cron/newsbeam.cron", "*/5 *", "*/5 25"),
    ("plain.crontab", "cron/newsbeam.cron", "* newsbeam", "*"),
    ("plain.crontab", "cron/newsbeam.cron", "wires.toml", "$(date +%F).toml"),
    ("programs.systemd", "systemd/newsbeam-upkeep.service", "MemoryMax", "MemryMax"),
    ("programs.systemd", "systemd/newsbeam.timer", "*:0/5", "*:0/65"),
    ("plain.newsbeam_options", "systemd/wires.toml", "max_reject_rate", "max_rejects"),
    ("plain.links", "cron/README.md", "../systemd/README.md", "../system/README.md"),
    ("plain.locked_requirements", "airflow/requirements.lock", "==", ">="),
    ("plain.requirements", "dataflow/requirements.in", "==2.77.0", "=2.77.0"),
    ("terraform.configuration", "dataflow/terraform/main.tf", "var.region", "var.zone"),
    ("terraform.configuration", "dataflow/terraform/main.tf", "locals {", "locals {{"),
    ("programs.hadolint", "docker/Dockerfile", "FROM python:3.11-slim-bookworm", "FROM python:latest"),
    ("programs.shellcheck", "cron/run", 'exit "$status"', "exit $status*"),
    ("programs.ruff", "dataflow/launch.py", "import sys", "import sys, os"),
]


def load(name):
    if name == "programs.systemd" and not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not on this machine")
    module, _, function = name.partition(".")
    return getattr(importlib.import_module(f"deploy.check.{module}"), function)


@pytest.fixture
def copied(tmp_path):
    """A copy of deploy/ that may be spoilt."""
    shutil.copytree(DEPLOY, tmp_path / "deploy")
    return tmp_path / "deploy"


@pytest.mark.parametrize(("rule", "name"), sorted({(rule, name) for rule, name, *_ in FAULTS}))
def test_files_are_as_they_should_be(rule, name):
    check = load(rule)
    with contextlib.suppress(UncheckedError):  # terraform, to compare the format, is not on every machine
        check(DEPLOY / name)


@pytest.mark.parametrize(("rule", "name", "sound", "broken"), FAULTS)
def test_faults_are_found(rule, name, sound, broken, copied):
    check = load(rule)
    path = copied / name
    text = path.read_text("utf-8")
    assert sound in text
    path.write_text(text.replace(sound, broken), "utf-8")
    with pytest.raises((FileError, ValueError)):
        check(path)


def test_every_file_has_a_rule_and_a_stray_one_has_none():
    for path in files():
        assert [*rules(path, path.relative_to(DEPLOY).as_posix())], path
    assert not [*rules(DEPLOY / "systemd/wires.toml", "systemd/wires.conf")]

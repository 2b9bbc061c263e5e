"""A corpus made to mislead, small: no wire may be lost, and every copy found."""

import sys
from pathlib import Path

import pytest

from pipelines.cli import main

sys.path.append(str(Path(__file__).parents[2]))

from benchmarks.duplicates.corpus import make, shrink
from benchmarks.duplicates.traps import judge, write

WIRES = list(make({**shrink(0.01), "frames": 40, "one text": 1_010}))


@pytest.fixture(scope="module")
def wires(tmp_path_factory):
    folder = tmp_path_factory.mktemp("traps") / "wires"
    write(WIRES, folder, files=3)
    return folder


def ingest(wires, output, *options):
    return main(["ingest", "--quiet", str(wires / "*.jsonl"), "--output", str(output), "--chunk-size", "1M", *options])


def test_no_wire_is_lost_and_every_copy_is_found(wires, tmp_path):
    assert ingest(wires, tmp_path / "tables", "--max-duplicate-rate", "1") == 0
    verdicts = judge(WIRES, tmp_path / "tables")
    assert sum(verdict.articles + verdict.duplicates for verdict in verdicts) == len(WIRES)
    assert [(it.trap, it.lost, it.astray, it.missed) for it in verdicts if it.lost or it.astray or it.missed] == []


def test_a_run_of_nearly_nothing_but_duplicates_commits_nothing(wires, tmp_path, capsys):
    assert ingest(wires, tmp_path / "tables", "--max-duplicate-rate", "0.5") == 1
    assert "--max-duplicate-rate 0.5" in capsys.readouterr().err
    assert not list((tmp_path / "tables").rglob("*.parquet"))

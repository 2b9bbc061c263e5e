"""The same items in any order, out of any files, in chunks of any size: the same tables."""

import itertools
import random
import shutil
import sys
from pathlib import Path

import pyarrow.dataset as ds
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.cli import main

sys.path.append(str(Path(__file__).parents[2]))

from benchmarks.duplicates.corpus import make

SIZES = {"footer": 3, "footer copies": 1, "tables": 3, "table copies": 1, "chains": 1, "one text": 2, "near copies": 3}
WIRES = list(make({**SIZES, "frames": 9, "short": 2}))
CHANGED = [wire.line.replace('"title": "', '"title": "UPDATE 1-') for wire in WIRES[:2]]
LINES = [*(wire.line for wire in WIRES), *CHANGED, *CHANGED[:1], "{broken\n"]
OF_THE_RUN = {"run_id", "ingested_at", "source_uri", "message"}


def ingest(lines, folder, cuts, chunk):
    """The tables of a run over the lines, cut into files at these places."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "in").mkdir(parents=True)
    places = sorted({0, len(lines), *(cut % len(lines) for cut in cuts)})
    for number, (start, stop) in enumerate(itertools.pairwise(places)):
        (folder / "in" / f"{number}.jsonl").write_text("".join(lines[start:stop]), "utf-8")
    arguments = ("--output", folder / "out", "--chunk-size", chunk, "--max-reject-rate", 1)
    assert main(["ingest", "--quiet", str(folder / "in" / "*.jsonl"), *map(str, arguments)]) == 0
    return {table: rows(folder / "out" / table) for table in ("articles", "duplicates", "rejects")}


def rows(table):
    """All rows, in a fixed order; `item_index` of a reject is its place in its file."""
    found = ds.dataset(table, partitioning="hive").to_table().to_pylist()
    leave = OF_THE_RUN | ({"item_index"} if table.name == "rejects" else set())
    return sorted(repr({name: value for name, value in row.items() if name not in leave}) for row in found)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("order")


@pytest.fixture(scope="module")
def plain(folder):
    found = ingest(LINES, folder, [], "64M")
    assert len(found["duplicates"]) > 5
    return found


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6), st.lists(st.integers(1, 100), max_size=2), st.sampled_from(["1", "64M", "64M", "64M"]))
def test_order_files_and_chunks_never_matter(folder, plain, seed, cuts, chunk):
    lines = LINES.copy()
    random.Random(seed).shuffle(lines)
    assert ingest(lines, folder, cuts, chunk) == plain

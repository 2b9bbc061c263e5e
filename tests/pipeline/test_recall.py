"""The history read by many workers is the history read by one."""

import dataclasses
import datetime as dt
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.ingest import ingest
from pipelines.options import IngestOptions
from pipelines.progress import Reporter
from pipelines.settlement import DuplicateRateError
from sinks import state

WORDS = ("harbour", "council", "vote", "strike", "ferry", "budget", "storm", "school", "bridge", "market", "police")


def wire(number, first=0, **fields):
    """A line of JSONL: a text that no other number gives, from its `first` word on."""
    words = [f"{WORDS[(number * 7 + place * place) % 11]}{(number * 31 + place) % 97}x{number}" for place in range(80)]
    stamp = dt.datetime(2026, 3, 5, tzinfo=dt.UTC) + dt.timedelta(minutes=number)
    given = {
        "id": f"n{number}",
        "title": f"Wire {number}",
        "body": " ".join(words[first:]),
        "published": stamp.isoformat(),
    }
    return str(given | fields).replace("'", '"')


def run(folder: Path, output: Path, **options):
    return ingest(IngestOptions(inputs=(str(folder),), output=output, **options), Reporter(quiet=True)).manifest


def rows(output: Path, table: str):
    found = pq.read_table(output / table).to_pylist()
    return sorted(
        ({name: value for name, value in row.items() if name not in {"run_id", "ingested_at"}} for row in found),
        key=lambda row: (row["article_id"], row["version"], row["source_uri"]),
    )


@pytest.mark.parametrize("shards", [1, 3])
def test_shards_change_nothing(tmp_path, monkeypatch, shards):
    monkeypatch.setattr(state, "ROW_GROUP_ROWS", 64)
    inputs = tmp_path / "in"
    inputs.mkdir()
    (inputs / "first.jsonl").write_text("\n".join(wire(number) for number in range(200)))
    second = [
        *(wire(number, id=f"copy {number}") for number in range(0, 40, 2)),
        *(wire(number, first=1, id=f"near copy {number}") for number in range(40, 60)),
        *(wire(number, title=f"New headline {number}") for number in range(60, 80)),
        *(wire(number) for number in range(200, 220)),
    ]
    for name, count in (("one", 0), ("many", shards)):
        output = tmp_path / name
        (inputs / "second.jsonl").unlink(missing_ok=True)
        run(inputs, output)
        (inputs / "second.jsonl").write_text("\n".join(second))
        manifest = run(inputs, output, history_shards=count)
        assert manifest.totals == {
            "read": 280,
            "articles": 40,
            "duplicates": 40,
            "held": 0,
            "rejects": 0,
            "unchanged": 200,
        }
        assert manifest.duplicates["near"] == 20
    for table in ("articles", "duplicates"):
        assert rows(tmp_path / "one", table) == rows(tmp_path / "many", table)


def test_nothing_is_committed_where_nearly_all_is_a_duplicate(tmp_path):
    inputs, output = tmp_path / "in.jsonl", tmp_path / "out"
    inputs.write_text("\n".join(wire(1, id=f"copy {number}") for number in range(1_200)))
    with pytest.raises(DuplicateRateError, match="1,199 of 1,200"):
        run(inputs, output)
    assert not (output / "articles").exists()
    assert run(inputs, output, max_duplicate_rate=1.0).totals["duplicates"] == 1_199
    assert dataclasses.asdict(run(inputs, output))["totals"]["unchanged"] == 1_200

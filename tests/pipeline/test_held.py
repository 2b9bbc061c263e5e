import datetime as dt
import json

import pyarrow.dataset as ds

from pipelines.cli import main
from pipelines.ingest import ingest
from pipelines.options import IngestOptions
from pipelines.progress import Reporter

NOW = dt.datetime(2026, 3, 5, 12, tzinfo=dt.UTC)
EMBARGOES = {"a": None, "b": "2026-03-05T14:00:00+01:00", "c": "2026-03-05T17:00:00Z"}


def write_wires(folder):
    folder.mkdir()
    for name, embargo in EMBARGOES.items():
        item = {
            "uri": f"urn:island-news:{name}",
            "type": "text",
            "language": "en",
            "versioncreated": "2026-03-05T10:00:00Z",
            "headline": f"Ship {name} sails",
            "body_text": f"The ship {name} left the harbour on Thursday with grain for the outer islands.",
        }
        if embargo:
            item["embargoed"] = embargo
        (folder / f"{name}.json").write_text(json.dumps(item))


def ids(output, table):
    if not any((output / table).rglob("*.parquet")):
        return {}
    rows = ds.dataset(output / table).to_table(columns=["title", "version", "run_id"]).to_pylist()
    return {row["title"].split()[1]: (row["version"], row["run_id"]) for row in rows}


def test_embargoed_items_wait_and_are_moved_by_the_first_run_after(tmp_path):
    source, output = tmp_path / "wires", tmp_path / "out"
    write_wires(source)

    def run(hours):
        options = IngestOptions(inputs=(str(source),), output=output)
        return ingest(options, Reporter(quiet=True), NOW + dt.timedelta(hours=hours)).manifest

    first = run(0)
    assert (first.totals["articles"], first.totals["held"]) == (1, 2)
    assert set(ids(output, "held")) == {"b", "c"}

    second = run(2)
    assert second.totals == {**dict.fromkeys(first.totals, 0), "read": 3, "unchanged": 3}
    assert second.released == {first.run_id: 1}
    assert set(ids(output, "articles")) == {"a", "b"}
    assert ids(output, "held") == {"c": (1, first.run_id)}
    assert ids(output, "articles")["b"] == (1, first.run_id), "a released row keeps its version and its run"
    assert main(["verify", str(output)]) == 0

    third = run(3)
    assert (third.released, third.files) == ({}, ())
    fourth = run(6)
    assert fourth.released == {first.run_id: 1}
    assert set(ids(output, "articles")) == {"a", "b", "c"}
    assert ids(output, "held") == {}
    assert main(["verify", str(output)]) == 0

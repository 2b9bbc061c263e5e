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


def item(name, embargo=None, hour=10, **changes):
    return {
        "uri": f"urn:island-news:{name}",
        "type": "text",
        "versioncreated": f"2026-03-05T{hour:02d}:00:00Z",
        "headline": f"Ship {name} sails",
        "body_text": f"The ship {name} left the harbour on Thursday with grain for the outer islands.",
        **({"embargoed": embargo} if embargo else {}),
        **changes,
    }


def run_at(hours, output, folder, *items):
    folder.mkdir(parents=True)
    for number, wire in enumerate(items):
        (folder / f"{number}.json").write_text(json.dumps(wire))
    options = IngestOptions(inputs=(str(folder),), output=output)
    manifest = ingest(options, Reporter(quiet=True), NOW + dt.timedelta(hours=hours)).manifest
    assert main(["verify", str(output)]) == 0
    return manifest


def test_one_item_held_and_released_alone(tmp_path):
    first = run_at(0, tmp_path / "out", tmp_path / "1", item("a", "2026-03-05T13:00:00Z"))
    assert first.totals["held"] == 1
    second = run_at(2, tmp_path / "out", tmp_path / "2")
    assert second.released == {first.run_id: 1}
    assert set(ids(tmp_path / "out", "articles")) == {"a"}


def test_two_readings_of_a_held_item_under_two_days(tmp_path):
    early = item("a", "2026-03-05T13:00:00Z", versioncreated="2026-03-04T10:00:00Z")
    run_at(0, tmp_path / "out", tmp_path / "1", early, item("a", "2026-03-05T13:00:00Z"))
    second = run_at(2, tmp_path / "out", tmp_path / "2")
    assert sum(second.released.values()) == 2
    assert ids(tmp_path / "out", "held") == {}


def test_version_superseded_under_embargo_is_never_published(tmp_path):
    end = "2026-03-05T13:00:00Z"
    run_at(
        0, tmp_path / "out", tmp_path / "1", *(item(name, end) for name in ("longer", "withheld", "killed", "plain"))
    )
    changes = (
        item("longer", "2026-03-09T00:00:00Z", hour=11),
        item("withheld", end, hour=11, pubstatus="withheld"),
        item("killed", end, hour=11, pubstatus="canceled"),
    )
    second = run_at(0.5, tmp_path / "out", tmp_path / "2", *changes)
    assert (second.totals["held"], second.totals["articles"]) == (2, 1)
    assert set(ids(tmp_path / "out", "articles")) == {"killed"}, "a kill is never held"
    run_at(2, tmp_path / "out", tmp_path / "3")
    found = ids(tmp_path / "out", "articles")
    assert {name: version for name, (version, _) in found.items()} == {"killed": 2, "plain": 1}
    again = run_at(3, tmp_path / "out", tmp_path / "4")
    assert (again.released, again.files, again.removed) == ({}, (), ()), (
        "what is superseded is not moved time and again"
    )
    run_at(24 * 5, tmp_path / "out", tmp_path / "5")
    assert ids(tmp_path / "out", "articles")["longer"][0] == 2


def test_newer_version_that_comes_with_the_release_supersedes(tmp_path):
    end = "2026-03-05T13:00:00Z"
    run_at(0, tmp_path / "out", tmp_path / "1", item("a", end))
    second = run_at(2, tmp_path / "out", tmp_path / "2", item("a", None, hour=14, headline="Ship a sails late"))
    assert second.released == {}
    assert ids(tmp_path / "out", "articles")["a"][0] == 2
    assert set(ids(tmp_path / "out", "held")) == {"a"}

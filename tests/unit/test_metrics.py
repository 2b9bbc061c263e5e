import pytest
from prometheus_client.parser import text_string_to_metric_families

from reports.metrics import COUNTERS, GAUGES, Ended, source_class, write_metrics
from reports.summary import Summary

LEDGER = {"read": 5, "articles": 2, "duplicates": 1, "held": 0, "rejects": 1, "unchanged": 1}


def summary(**fields):
    given = {
        "run_id": "run",
        "sequence": 1,
        "output": "tables",
        "seconds": 2.0,
        "totals": LEDGER,
        "rejects_by_reason": {"malformed": 1},
        "duplicates": {"exact": 1},
        "released": 3,
        "feeds": {"new": 4, "unchanged": 1},
        "alarms": ("silent",),
        "files": 2,
        "bytes": 700,
        "recovered": (),
    }
    return Summary(**given | fields)


def ended(**fields):
    given = {
        "output": "/tables",
        "version": "0.1.0",
        "finished": 1000.0,
        "seconds": 2.0,
        "exit_status": 0,
        "summary": summary(),
        "sources": {"/in/a.xml": LEDGER, "/in/b.xml": LEDGER, "https://wire.example/rss": LEDGER},
    }
    return Ended(**given | fields)


def failed(**fields):
    return ended(summary=None, sources={}, exit_status=1, **fields)


def samples(path):
    """Values by name and labels; the labels without `output`."""
    return {
        (sample.name, *(value for name, value in sorted(sample.labels.items()) if name != "output")): sample.value
        for family in text_string_to_metric_families(path.read_text())
        for sample in family.samples
    }


def test_a_run_is_told_by_class_of_source_and_outcome(tmp_path):
    path = tmp_path / "wires.prom"
    write_metrics(path, ended())
    found = samples(path)
    assert found["newsbeam_last_run_items", "articles", "file"] == 4
    assert found["newsbeam_last_run_items", "articles", "feed"] == 2
    assert found["newsbeam_last_run_items", "articles", "bucket"] == 0
    assert found["newsbeam_last_run_rejects", "malformed"] == 1
    assert found["newsbeam_last_run_duplicates", "exact"] == 1
    assert found["newsbeam_last_run_duplicates", "near"] == 0
    assert found["newsbeam_last_run_feeds", "new"] == 4
    assert found["newsbeam_last_run_released_items",] == 3
    assert found["newsbeam_last_run_alarms",] == 1
    assert found["newsbeam_last_run_written_bytes",] == 700
    assert found["newsbeam_last_run_success",] == 1
    assert found["newsbeam_last_success_timestamp_seconds",] == 1000


def test_every_metric_is_declared_and_every_declared_one_is_written(tmp_path):
    path = tmp_path / "wires.prom"
    write_metrics(path, ended())
    assert {name for name, *_ in samples(path)} == {*GAUGES, *(f"{name}_total" for name in COUNTERS)}
    for line in path.read_text().splitlines():
        assert line.startswith("#") or 'output="/tables"' in line


def test_counters_add_up_over_runs_and_gauges_are_the_last_run_s(tmp_path):
    path = tmp_path / "wires.prom"
    write_metrics(path, ended())
    write_metrics(path, ended(summary=summary(rejects_by_reason={"no-text": 2}, feeds={}), sources={"a": LEDGER}))
    found = samples(path)
    assert found["newsbeam_items_total", "articles", "file"] == 6
    assert found["newsbeam_items_total", "articles", "feed"] == 2
    assert found["newsbeam_rejects_total", "malformed"] == 1
    assert found["newsbeam_rejects_total", "no-text"] == 2
    assert found["newsbeam_runs_total", "success"] == 2
    assert found["newsbeam_run_seconds_total",] == 4
    assert found["newsbeam_last_run_items", "articles", "feed"] == 0
    assert ("newsbeam_last_run_rejects", "malformed") not in found


def test_a_failed_run_keeps_what_was_counted_and_when_the_last_success_was(tmp_path):
    path = tmp_path / "wires.prom"
    write_metrics(path, ended())
    write_metrics(path, failed(finished=2000.0))
    found = samples(path)
    assert found["newsbeam_last_run_success",] == 0
    assert found["newsbeam_last_run_exit_status",] == 1
    assert found["newsbeam_last_run_timestamp_seconds",] == 2000
    assert found["newsbeam_last_success_timestamp_seconds",] == 1000
    assert found["newsbeam_last_run_items", "articles", "file"] == 0
    assert found["newsbeam_items_total", "articles", "file"] == 4
    assert found["newsbeam_runs_total", "failure"] == 1


def test_a_first_run_that_fails_never_had_a_success(tmp_path):
    write_metrics(tmp_path / "wires.prom", failed())
    assert samples(tmp_path / "wires.prom")["newsbeam_last_success_timestamp_seconds",] == 0


def test_series_do_not_grow_with_sources(tmp_path):
    few, many = tmp_path / "few.prom", tmp_path / "many.prom"
    write_metrics(few, ended())
    write_metrics(many, ended(sources={f"/in/{number}.xml": LEDGER for number in range(1000)}))
    assert len(samples(few)) == len(samples(many))


@pytest.mark.parametrize("content", ["", "not { metrics", "newsbeam_items_total{", "# TYPE a b\na 1", "\x00"])
def test_a_damaged_file_is_a_reset(tmp_path, content):
    path = tmp_path / "wires.prom"
    path.write_text(content)
    write_metrics(path, ended())
    assert samples(path)["newsbeam_runs_total", "success"] == 1


def test_a_file_cut_anywhere_is_read_or_a_reset(tmp_path):
    path = tmp_path / "wires.prom"
    write_metrics(path, ended())
    whole = path.read_bytes()
    for end in range(0, len(whole), 37):
        path.write_bytes(whole[:end])
        write_metrics(path, ended())
        assert samples(path)["newsbeam_runs_total", "success"] in {1, 2}


def test_counters_of_another_output_are_left_behind(tmp_path):
    path = tmp_path / "wires.prom"
    write_metrics(path, ended(output="/other"))
    write_metrics(path, ended())
    assert samples(path)["newsbeam_runs_total", "success"] == 1
    assert "/other" not in path.read_text()


def test_nothing_but_the_file_is_left(tmp_path):
    write_metrics(tmp_path / "wires.prom", ended())
    assert [path.name for path in tmp_path.iterdir()] == ["wires.prom"]


@pytest.mark.parametrize(
    ("uri", "kind"),
    [
        ("/in/a.xml", "file"),
        ("in/a:b.xml", "file"),
        ("file:///in/a.xml", "file"),
        ("http://wire.example/rss", "feed"),
        ("HTTPS://wire.example/rss", "feed"),
        ("s3://bucket/a.jsonl", "bucket"),
    ],
)
def test_classes_of_sources(uri, kind):
    assert source_class(uri) == kind

"""Who follows a stream: says its commits, keeps its metrics, ends with its job."""

import json
import threading
import time
from collections import Counter

import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from feed_server import FeedServer, answer
from prometheus_client.parser import text_string_to_metric_families

from pipelines.cli import main
from pipelines.logs import JsonReporter, in_json
from pipelines.progress import Reporter
from pipelines.stream import job_name
from pipelines.streaming import client
from pipelines.streaming.client import Client
from pipelines.streaming.delivery import Place
from pipelines.streaming.engine import Engine, engine_of
from sinks.manifest import Manifest, manifest_path

LEDGER = {"read": 3, "articles": 2, "duplicates": 0, "held": 0, "rejects": 1, "unchanged": 0}


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path / "tables", "wires")
    place.home.mkdir(parents=True)
    manifest_path(place.output, 1).parent.mkdir()
    return place


def commit(place, sequence, run_id, **fields):
    manifest = Manifest(
        sequence=sequence,
        run_id=run_id,
        started_at="2026-03-05T12:00:00+00:00",
        finished_at="2026-03-05T12:00:02+00:00",
        newsbeam_version="0",
        schema_version=1,
        totals=LEDGER,
        sources={"https://wire.example/rss": LEDGER},
        rejects_by_reason={"no-text": 1},
        released={},
        files=(),
        removed=(),
        state=(),
        **fields,
    )
    manifest_path(place.output, sequence).write_bytes(manifest.to_json())


def job(feed_server, *states, cause=""):
    """A job that is in each of these states when it is asked for, one after the other, and stays in the last."""
    feed_server.serve(
        "/jobs/7",
        lambda request: [answer(body=json.dumps({"state": states[min(request.attempt, len(states)) - 1]}).encode())],
    )
    feed_server.serve("/jobs/7/exceptions", answer(body=json.dumps({"root-exception": cause}).encode()))
    return Engine(f"http://127.0.0.1:{feed_server.port}")


def metrics(path):
    """Sums over all labels but these."""
    found = Counter()
    for family in text_string_to_metric_families(path.read_text()):
        for sample in family.samples:
            found[sample.name, sample.labels.get("result") or sample.labels.get("outcome")] += sample.value
    return found


def test_what_is_committed_is_said_and_measured_until_the_job_fails(place, feed_server: FeedServer, tmp_path, capsys):
    commit(place, 1, "wires-before")
    engine = job(feed_server, "RUNNING", "RUNNING", "FAILED", cause="java.io.IOException: disk full")
    following = Client(engine, "7", place, Reporter(quiet=False), tmp_path / "wires.prom")
    publish = threading.Timer(
        0.3,
        lambda: [
            commit(place, 2, "wires-1"),
            commit(place, 3, "others-1"),
            commit(place, 4, "wires-2", alarms=("gone",)),
        ],
    )
    publish.start()
    assert following.follow(threading.Event()) == 1
    publish.join()
    said = capsys.readouterr().err
    assert "wires-1: 3 read, 2 articles, 1 rejects\n" in said
    assert "wires-2: 3 read, 2 articles, 1 rejects; ALARM gone" in said
    assert "wires-before" not in said
    assert "others-1" not in said
    assert "newsbeam: job 7 is FAILED: java.io.IOException: disk full" in said
    found = metrics(tmp_path / "wires.prom")
    assert found["newsbeam_runs_total", "success"] == 2
    assert found["newsbeam_runs_total", "failure"] == 1
    assert found["newsbeam_items_total", "articles"] == 4
    assert found["newsbeam_last_run_success", None] == 0


def test_a_job_that_its_cluster_knows_no_more_is_given_up(place, feed_server: FeedServer, capsys, monkeypatch):
    monkeypatch.setattr(client, "_PATIENCE", 1.5)
    states = [answer(body=b'{"state": "RUNNING"}'), answer(503), answer(503), answer(503)]
    feed_server.serve("/jobs/7", lambda request: [[*states, states[0], answer(404)][min(request.attempt, 6) - 1]])
    engine = Engine(f"http://127.0.0.1:{feed_server.port}")
    assert Client(engine, "7", place, Reporter(quiet=False)).follow(threading.Event()) == 1
    said = capsys.readouterr().err.splitlines()
    assert [line[:36] for line in said] == [
        "newsbeam: no answer for 2 s, going o",
        "the cluster answers again",
        "newsbeam: no answer for 2 s, going o",
        "newsbeam: job 7 is LOST: its JobMana",
    ]


def test_a_commit_is_one_line_of_json(place, feed_server: FeedServer, capsys):
    engine = job(feed_server, "RUNNING", "CANCELED")
    reporter = JsonReporter(quiet=False)
    publish = threading.Timer(0.3, lambda: commit(place, 1, "wires-1"))
    publish.start()
    with in_json(reporter, {}):
        assert Client(engine, "7", place, reporter).follow(threading.Event()) == 0
    publish.join()
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (committed,) = [line for line in lines if line["stage"] == "committed"]
    assert (committed["run_id"], committed["totals"], committed["seconds"]) == ("wires-1", LEDGER, 2.0)


def test_a_client_that_is_asked_drains_the_job_and_tells_its_last_commit(place, feed_server: FeedServer, capsys):
    feed_server.serve("/jobs/7?mode=cancel", answer(202, b"{}"))
    engine = job(feed_server, "RUNNING", "RUNNING", "RUNNING", "CANCELED")
    place.groups.write_bytes(b'["host wire.example"]')
    place.ended.mkdir()

    def end() -> None:
        while not place.stop_sign.exists():
            time.sleep(0.05)
        commit(place, 1, "wires-last")
        (place.ended / "a").touch()

    ending = threading.Thread(target=end)
    ending.start()
    asked = threading.Event()
    asked.set()
    assert Client(engine, "7", place, Reporter(quiet=False)).follow(asked) == 0
    ending.join()
    said = capsys.readouterr().err.splitlines()
    assert said[-3:] == [
        "stopping: nothing more is read, what was is being committed",
        "wires-last: 3 read, 2 articles, 1 rejects",
        "stopped: all that was seen is committed",
    ]


def test_a_stream_that_runs_is_followed_by_who_attaches(tmp_path, feed_server: FeedServer, capsys):
    master = f"--flink_master=127.0.0.1:{feed_server.port}"
    place = Place(tmp_path, "stream")
    running = [{"jid": "7", "name": job_name(place), "state": "RUNNING"}]
    feed_server.serve("/jobs/overview", answer(body=json.dumps({"jobs": running}).encode()))
    assert engine_of(PipelineOptions([master])) == job(feed_server, "CANCELED")
    flags = [
        "--runner=FlinkRunner",
        "--job_endpoint=127.0.0.1:1",
        "--environment_type=EXTERNAL",
        "--environment_config=127.0.0.1:2",
        master,
    ]
    stream = ["stream", "https://wire.example/rss", "--output", str(tmp_path), *flags]
    assert main(stream) == 2
    assert "--attach follows it" in capsys.readouterr().err
    assert main([*stream, "--attach"]) == 0
    assert "job 7 is CANCELED" in capsys.readouterr().err


def test_metrics_need_a_client_that_stays(tmp_path, capsys):
    stream = ["stream", "inbox", "--output", str(tmp_path), f"--metrics-file={tmp_path}/a.prom"]
    assert main([*stream, "--detach"]) == 2
    assert "--detach leaves nobody to write --metrics-file" in capsys.readouterr().err
    assert main(["stream", "inbox", "--output", str(tmp_path), f"--metrics-file={tmp_path}/none/a.prom"]) == 2
    assert "there is no directory" in capsys.readouterr().err

"""Who follows a stream: says its commits, keeps its metrics, stops it, ends with its job."""

import json
import threading
from collections import Counter

import pytest
from feed_server import FeedServer, answer
from manifests import blank
from prometheus_client.parser import text_string_to_metric_families

from pipelines.cli import main
from pipelines.logs import JsonReporter, in_json
from pipelines.options import UsageError
from pipelines.progress import Reporter
from pipelines.streaming import client
from pipelines.streaming.client import Client
from pipelines.streaming.delivery import Place
from pipelines.streaming.engine import Engine
from pipelines.streaming.job import job_name
from sinks.manifest import manifest_path
from storage.files import write_whole

LEDGER = {"read": 3, "articles": 2, "duplicates": 0, "held": 0, "rejects": 1, "unchanged": 0}
FIGURES = "3 read, 2 articles, 1 rejects"


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path / "tables", "wires")
    place.ended.mkdir(parents=True)
    place.groups.write_bytes(b'["host wire.example"]')
    manifest_path(place.output, 1).parent.mkdir()
    return place


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(client, "_LOOK_SECONDS", 0.05)
    monkeypatch.setattr(client, "DRAIN_SECONDS", 30.0)


def run(number, stream="wires"):
    return f"{stream}-20260305T120000Z-{number:012x}"


def commit(place, sequence, run_id, **fields):
    manifest = blank(
        sequence,
        run_id,
        totals=LEDGER,
        sources={"https://wire.example/rss": LEDGER},
        rejects_by_reason={"no-text": 1},
        **fields,
    )
    write_whole(manifest_path(place.output, sequence), manifest.to_json())


class Job:
    """A job as its JobManager tells of it: a state, or a status that is no success, for each time it is asked.

    What there is to `happen` happens as it is asked for the first time; once it is cancelled, it stays so.
    """

    def __init__(self, server: FeedServer, *states, cause="", happen=lambda: None):
        self.engine = Engine(f"http://127.0.0.1:{server.port}")
        self.cancelled = False
        self._states, self._happen, self._asked = list(states), happen, 0
        server.serve("/jobs/7", self._answer)
        server.serve("/jobs/7/exceptions", answer(body=json.dumps({"root-exception": cause}).encode()))

    def _answer(self, request):
        if request.method == "PATCH":
            self.cancelled = True
            return [answer(202, b"{}")]
        self._asked += 1
        if self._asked == 1:
            self._happen()
        state = self._states.pop(0) if len(self._states) > 1 else self._states[0]
        state = "CANCELED" if self.cancelled else state
        return [answer(state) if isinstance(state, int) else answer(body=json.dumps({"state": state}).encode())]


def metrics(path):
    """Sums over all labels but these."""
    found = Counter()
    for family in text_string_to_metric_families(path.read_text()):
        for sample in family.samples:
            found[sample.name, sample.labels.get("result") or sample.labels.get("outcome")] += sample.value
    return found


def test_what_is_committed_is_said_and_measured_until_the_job_fails(place, feed_server: FeedServer, tmp_path, capsys):
    def happen() -> None:
        commit(place, 2, run(2))
        commit(place, 3, run(3, "wires-eu"))
        commit(place, 4, "wires-1")
        commit(place, 5, run(5), alarms=("gone",))

    commit(place, 1, run(1))
    job = Job(feed_server, "RUNNING", "FAILED", cause="java.io.IOException: disk full", happen=happen)
    following = Client(job.engine, "7", place, Reporter(quiet=False), tmp_path / "wires.prom")
    assert following.follow(threading.Event()) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"{run(2)}: {FIGURES}",
        f"{run(5)}: {FIGURES}; ALARM gone",
        "newsbeam: job 7 is FAILED: java.io.IOException: disk full",
    ]
    found = metrics(tmp_path / "wires.prom")
    assert found["newsbeam_runs_total", "success"] == 2
    assert found["newsbeam_runs_total", "failure"] == 1
    assert found["newsbeam_items_total", "articles"] == 4
    assert found["newsbeam_last_run_success", None] == 0


def test_an_absent_job_manager_is_waited_for(place, feed_server: FeedServer, capsys, monkeypatch):
    monkeypatch.setattr(client, "_PATIENCE", 0.0)
    job = Job(feed_server, "RUNNING", 503, 503, "RUNNING", "FINISHED")
    assert Client(job.engine, "7", place, Reporter(quiet=False)).follow(threading.Event()) == 0
    said = capsys.readouterr().err.splitlines()
    assert "no answer for 0 s, going on to ask" in said[0]
    assert said[1:] == ["the cluster answers again", "job 7 is FINISHED"]


def test_a_job_that_its_cluster_knows_no_more_is_given_up(place, feed_server: FeedServer, capsys, monkeypatch):
    monkeypatch.setattr(client, "_PATIENCE", 0.2)
    job = Job(feed_server, "RUNNING", 404, "RUNNING", 404)
    assert Client(job.engine, "7", place, Reporter(quiet=False)).follow(threading.Event()) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("newsbeam: job 7 is LOST: its JobManager began anew without it")


def test_a_commit_is_one_line_of_json(place, feed_server: FeedServer, capsys):
    job = Job(feed_server, "RUNNING", "CANCELED", happen=lambda: commit(place, 1, run(1)))
    reporter = JsonReporter(quiet=False)
    with in_json(reporter, {}):
        assert Client(job.engine, "7", place, reporter).follow(threading.Event()) == 0
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (committed,) = [line for line in lines if line["stage"] == "committed"]
    assert (committed["run_id"], committed["totals"], committed["seconds"]) == (run(1), LEDGER, 2.0)


@pytest.mark.parametrize("before", [(), (503,)])
def test_a_client_that_is_asked_drains_the_job_and_tells_its_last_commit(
    place, feed_server: FeedServer, capsys, before
):
    def happen() -> None:
        assert place.stop_sign.exists()
        commit(place, 1, run(1))
        (place.ended / "a").touch()

    job = Job(feed_server, *before, "RUNNING", happen=happen)
    asked = threading.Event()
    asked.set()
    assert Client(job.engine, "7", place, Reporter(quiet=False)).follow(asked) == 0
    assert job.cancelled
    assert capsys.readouterr().err.splitlines() == [
        "stopping: nothing more is read, what was is being committed",
        f"{run(1)}: {FIGURES}",
        "stopped: all that was seen is committed",
    ]


def test_a_job_that_fails_while_it_is_drained_says_why(place, feed_server: FeedServer, capsys):
    job = Job(feed_server, "RUNNING", "FAILED", cause="java.io.IOException: disk full")
    assert Client(job.engine, "7", place, Reporter(quiet=False)).drain() == 1
    assert "job 7 is FAILED: java.io.IOException: disk full" in capsys.readouterr().err
    assert not job.cancelled


def test_what_is_not_committed_in_time_is_left_to_the_next_stream(place, feed_server: FeedServer, capsys, monkeypatch):
    monkeypatch.setattr(client, "DRAIN_SECONDS", 0.2)
    job = Job(feed_server, "RUNNING")
    assert Client(job.engine, "7", place, Reporter(quiet=False)).drain() == 1
    assert job.cancelled
    assert "not all that was seen was committed" in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, b"[", b"5"])
def test_a_stream_of_unknown_inputs_is_not_told_to_stop(place, feed_server: FeedServer, content):
    place.groups.unlink()
    if content:
        place.groups.write_bytes(content)
    job = Job(feed_server, "RUNNING")
    with pytest.raises(UsageError, match="cancel job 7 in Flink"):
        Client(job.engine, "7", place, Reporter(quiet=False)).drain()
    assert not place.stop_sign.exists()


@pytest.fixture
def cluster(tmp_path, feed_server: FeedServer, monkeypatch):
    """Flags for a cluster that has the stream's job, and no job server."""
    monkeypatch.setattr("pipelines.stream._ATTACH_SECONDS", 0.1)
    running = [{"jid": "7", "name": job_name(Place(tmp_path, "stream")), "state": "RUNNING"}]
    ending = [running[0] | {"state": "CANCELLING"}]
    overviews = [ending, running]

    def overview(request):
        jobs = [] if job.cancelled else overviews[min(request.attempt, 2) - 1]
        return [answer(body=json.dumps({"jobs": jobs}).encode())]

    job = Job(feed_server, "CANCELED")
    feed_server.serve("/jobs/overview", overview)
    flags = [
        f"--output={tmp_path}",
        "--runner=FlinkRunner",
        "--job_endpoint=127.0.0.1:1",
        "--environment_type=EXTERNAL",
        "--environment_config=127.0.0.1:2",
        f"--flink_master=127.0.0.1:{feed_server.port}",
    ]
    return ["stream", "https://wire.example/rss", *flags]


def test_a_stream_that_runs_is_followed_by_who_attaches(tmp_path, cluster, capsys, monkeypatch):
    assert main(cluster) == 2
    assert "--attach follows it" in capsys.readouterr().err
    monkeypatch.setattr("pipelines.stream._reason_to_end", lambda *_: "")
    assert main([*cluster, "--attach"]) == 0
    assert "job 7 is CANCELED" in capsys.readouterr().err


def test_a_stream_with_other_options_is_drained_by_who_attaches(tmp_path, feed_server: FeedServer, cluster, capsys):
    place = Place(tmp_path, "stream")
    place.ended.mkdir(parents=True)
    (place.ended / "a").touch()
    place.groups.write_bytes(b'["host wire.example"]')
    job = Job(feed_server, "RUNNING")
    feed_server.serve(
        "/jobs/overview",
        lambda _: [
            answer(
                body=json.dumps(
                    {"jobs": [] if job.cancelled else [{"jid": "7", "name": job_name(place), "state": "RUNNING"}]}
                ).encode()
            )
        ],
    )
    assert main([*cluster, "--attach"]) == 2
    said = capsys.readouterr().err
    assert "job 7 was started with other options or by another version" in said
    assert "stopped: all that was seen is committed" in said
    assert "no Beam job server answers" in said
    assert job.cancelled


def test_metrics_need_a_client_that_stays(tmp_path, capsys):
    stream = ["stream", "inbox", "--output", str(tmp_path), f"--metrics-file={tmp_path}/a.prom"]
    assert main([*stream, "--detach"]) == 2
    assert "--detach leaves nobody to write --metrics-file" in capsys.readouterr().err
    assert main(["stream", "inbox", "--output", str(tmp_path), f"--metrics-file={tmp_path}/none/a.prom"]) == 2
    assert "there is no directory" in capsys.readouterr().err


def test_attaching_goes_with_no_savepoint(tmp_path, cluster, capsys):
    assert main([*cluster, "--attach", "--from-savepoint=file:/savepoints/7"]) == 2
    assert "each new client would go back to it" in capsys.readouterr().err

"""The batch on a real Flink cluster leaves the tables of a local run, also where a TaskManager is killed on the way."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from object_server import Server

sys.path.append(str(Path(__file__).parents[2]))

from benchmarks.crash import digest

ROOT = Path(__file__).parents[2]
CLUSTER = [sys.executable, str(ROOT / "deploy/flink/cluster.py")]
NEWSBEAM = [sys.executable, "-m", "pipelines.cli"]
ARTICLES = 5_000
"""Enough that each of two workers fills a staged file, which holds 2,048 rows, before it has read everything."""
PATIENCE = 900


class Flink:
    """The cluster of these tests, beside any other."""

    def __init__(self, home):
        self.home = home
        self.up()
        ports = json.loads((home / "cluster.json").read_text())["ports"]
        self.address = f"http://127.0.0.1:{ports['rest']}"
        self.flags = [
            "--runner=FlinkRunner",
            f"--job_endpoint=127.0.0.1:{ports['job']}",
            "--environment_type=EXTERNAL",
            f"--environment_config=127.0.0.1:{ports['pool']}",
            "--parallelism=2",
        ]

    def up(self):
        subprocess.run([*CLUSTER, "up", "--name", self.home.name, "--free-ports"], check=True)

    def down(self):
        subprocess.run([*CLUSTER, "down", "--name", self.home.name], check=True)

    def ask(self, path):
        with urllib.request.urlopen(self.address + path, timeout=10) as answer:
            return json.load(answer)

    def jobs(self):
        return {job["jid"]: job["state"] for job in self.ask("/jobs/overview")["jobs"]}

    def kill_task_manager(self, number):
        pid, _ = json.loads((self.home / f"run/taskmanager-{number}.pid").read_text())
        os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """An object store, whose keys are in the environment of the cluster and of the commands."""
    server = Server(tmp_path_factory.mktemp("s3"))
    server.start()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        yield server
    server.stop()


@pytest.fixture(scope="module")
def flink(store):
    home = Path(os.environ.get("NEWSBEAM_FLINK_HOME") or ROOT / "build/flink")
    cluster = Flink(home / "test")
    yield cluster
    cluster.down()


def make_wire(number, draw):
    """A story of its own words."""
    words = [f"{draw.choice('bdfgklmnprst')}{draw.choice('aeiou')}{draw.randrange(5_000)}" for _ in range(60)]
    return {
        "id": f"wire:{number}",
        "title": f"Harbour report {number}",
        "body": f"PORT VERRIN, March 5 - Ship {number} left with {' '.join(words)}.",
        "published": f"2026-03-{1 + number % 5:02d}T{number % 24:02d}:00:00Z",
    }


def make_embargoed(number):
    """The same in ninjs, not to be published yet."""
    return {
        "uri": f"urn:wire:{number}",
        "type": "text",
        "headline": f"Budget {number}",
        "body_text": f"The budget of year {number} was laid before the harbour council on Thursday, its clerk told us.",
        "versioncreated": "2026-03-05T12:00:00Z",
        "embargoed": "2099-01-01T00:00:00Z",
    }


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wires")
    draw = random.Random(5)
    wires = [make_wire(number, draw) for number in range(ARTICLES)]
    for number in range(3, ARTICLES, 60):
        wires[number] = {**wires[number - 3], "id": f"copy:{number}"}
    lines = [json.dumps(wire) for wire in wires]
    lines[::100] = ["{no json"] * len(lines[::100])
    for place in range(40):
        (folder / f"{place:02d}.jsonl").write_text("\n".join(lines[place::40]) + "\n")
    for number in range(12):
        (folder / f"budget-{number}.json").write_text(json.dumps(make_embargoed(number)))
    (folder / "story.txt").write_text(
        "Lighthouse to close\n\nThe lighthouse of Port Verrin closes in May, its keeper said.\n"
    )
    return folder


def command(inputs, output, flags=()):
    return [
        *NEWSBEAM,
        "ingest",
        "--quiet",
        "--json-summary",
        "--max-reject-rate",
        "1",
        inputs,
        "--output",
        output,
        *flags,
    ]


def plain(found):
    """Digests by name, without the token that attempts in an object store end their names in."""
    return {re.sub(r"-[0-9a-f]{8}(?=\.parquet)", "", name): rows for name, rows in found.items()}


@pytest.fixture(scope="module")
def local(inputs, tmp_path_factory):
    """Contents and totals of an undisturbed local run."""
    output = tmp_path_factory.mktemp("local") / "tables"
    done = subprocess.run(command(inputs, output), check=True, capture_output=True, cwd=ROOT)
    totals = json.loads(done.stdout)["totals"]
    assert all(totals[table] > 10 for table in ("articles", "duplicates", "held", "rejects")), totals
    return digest(output), totals


def test_a_run_on_flink_leaves_the_tables_of_a_local_run(flink, inputs, local, tmp_path):
    output = tmp_path / "tables"
    before = set(flink.jobs())
    done = subprocess.run(
        command(inputs, output, flink.flags), check=False, capture_output=True, cwd=ROOT, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["totals"] == local[1]
    assert digest(output) == local[0]
    # Two pipelines, and they ran there.
    assert sorted(state for job, state in flink.jobs().items() if job not in before) == ["FINISHED", "FINISHED"]


def test_workers_that_share_nothing_but_an_object_store_leave_the_same_tables(flink, store, inputs, local):
    output = store.bucket("flink") + "/tables"
    done = subprocess.run(
        command(inputs, output, flink.flags), check=False, capture_output=True, cwd=ROOT, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr.decode()
    assert plain(digest(store.folder(output))) == local[0]
    assert subprocess.run([*NEWSBEAM, "verify", output], check=False, cwd=ROOT).returncode == 0


def test_a_detached_run_is_one_job_that_commits_by_itself(flink, store, inputs, local):
    output = store.bucket("detached") + "/tables"
    before = set(flink.jobs())
    done = subprocess.run(
        [*command(inputs, output, flink.flags), "--detach"],
        check=False,
        capture_output=True,
        cwd=ROOT,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr.decode()
    deadline = time.monotonic() + PATIENCE
    while not (states := [state for job, state in flink.jobs().items() if job not in before]) or states == ["RUNNING"]:
        assert time.monotonic() < deadline
        time.sleep(0.5)
    assert states == ["FINISHED"]
    assert plain(digest(store.folder(output))) == local[0]
    assert subprocess.run([*NEWSBEAM, "verify", output], check=False, cwd=ROOT).returncode == 0


def test_a_task_manager_killed_in_the_middle_changes_nothing(flink, inputs, local, tmp_path):
    output = tmp_path / "tables"
    before = set(flink.jobs())
    run = subprocess.Popen(
        command(inputs, output, flink.flags), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    )
    deadline = time.monotonic() + PATIENCE
    while not (staged := list(output.glob("_staging/*/rows/*.parquet"))):
        assert run.poll() is None, run.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    flink.kill_task_manager(1)
    out, err = run.communicate(timeout=PATIENCE)
    flink.up()
    assert run.returncode == 0, err.decode()

    # The kill hit a job at work, after rows had been staged that must not count twice.
    failed = [flink.ask(f"/jobs/{job}/exceptions")["exceptionHistory"]["entries"] for job in set(flink.jobs()) - before]
    assert staged
    assert any(failed)
    assert json.loads(out)["totals"] == local[1]
    assert digest(output) == local[0]
    assert subprocess.run([*NEWSBEAM, "verify", output], check=False, cwd=ROOT).returncode == 0

"""Tables in a real S3 server: the same as in a directory, whatever is killed, and whoever else writes."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.dataset as ds
import pytest
from pyarrow import fs

sys.path.append(str(Path(__file__).parents[2]))

from benchmarks.crash import digest

ROOT = Path(__file__).parents[2]
NEWSBEAM = [sys.executable, "-m", "pipelines.cli"]
ARTICLES = 600
PATIENCE = 300


def make_lines(numbers):
    draw = random.Random(7)
    for number in numbers:
        words = " ".join(
            f"{draw.choice('bdfgklmnprst')}{draw.choice('aeiou')}{draw.randrange(5_000)}" for _ in range(60)
        )
        body = f"PORT VERRIN, March 5 - Ship {number} left with {words}."
        published = f"2026-03-{1 + number % 5:02d}T08:00:00Z"
        yield json.dumps({"id": f"wire:{number}", "title": f"Harbour {number}", "body": body, "published": published})


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wires")
    lines = [*make_lines(range(ARTICLES)), "{no json"]
    lines += [line.replace('"wire:', '"copy:') for line in lines[:20]]
    for place in range(3):
        (folder / f"{place}.jsonl").write_text("\n".join(lines[place::3]) + "\n")
    return folder


@pytest.fixture
def newsbeam(server):
    """Runs a command to its end: its exit status, output and errors."""

    def run(*arguments, status=0):
        done = subprocess.run(
            [*NEWSBEAM, *map(str, arguments)],
            env=server.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stderr
        return done

    return run


def ingest(inputs, output):
    return [*NEWSBEAM, "ingest", "--quiet", "--max-reject-rate", "1", str(inputs), "--output", str(output)]


@pytest.fixture(scope="module")
def local(inputs, tmp_path_factory):
    """The tables of an undisturbed run in a directory."""
    output = tmp_path_factory.mktemp("local") / "tables"
    subprocess.run(ingest(inputs, output), check=True, cwd=ROOT)
    return digest(output)


def objects(server, url):
    """Digests by name, without the token that each attempt ends its names in."""
    return {re.sub(r"-[0-9a-f]{8}(?=\.parquet)", "", name): rows for name, rows in digest(server.folder(url)).items()}


def kinds(server, url):
    commits = sorted((server.folder(url) / "_commits").iterdir())
    return [json.loads(path.read_bytes())["kind"] for path in commits]


def test_tables_are_those_of_a_directory(server, newsbeam, inputs, local):
    output = server.bucket("same") + "/deep/tables"
    newsbeam(*ingest(inputs, output)[len(NEWSBEAM) :])
    assert objects(server, output) == local
    assert "every item adds up" in newsbeam("verify", output).stdout

    again = newsbeam("ingest", inputs, "--output", output, "--json-summary", "--quiet", "--max-reject-rate", "1")
    totals = json.loads(again.stdout)["totals"]
    assert totals["unchanged"] == totals["read"]
    assert objects(server, output) == local


def test_every_command_reads_and_writes_them(server, newsbeam, inputs, tmp_path):
    output = server.bucket("commands")
    for place in range(3):
        newsbeam("ingest", inputs / f"{place}.jsonl", "--output", output, "--max-reject-rate", "1")
    kill = {"uri": "wire:0", "pubstatus": "canceled", "headline": "Harbour 0", "version": "2"}
    (tmp_path / "kill.json").write_text(json.dumps(kill))
    newsbeam("ingest", tmp_path / "kill.json", "--output", output)

    shown = json.loads(newsbeam("show", output, "--json").stdout)
    article = shown["articles"][0]["id"]
    assert "Harbour" in newsbeam("show", output, article).stdout
    newsbeam("feeds", output)
    newsbeam("report", output, "--output", tmp_path / "report.html")
    assert b"Harbour" in (tmp_path / "report.html").read_bytes()
    assert "rejected again" in newsbeam("replay", output).stdout
    before = len([*(server.folder(output) / "articles").rglob("*.parquet")])
    assert "compacted" in newsbeam("compact", output).stdout
    assert len([*(server.folder(output) / "articles").rglob("*.parquet")]) < before
    newsbeam("verify", output)


def test_arrow_reads_them_by_their_url(server, newsbeam, inputs):
    output = server.bucket("readers") + "/tables"
    newsbeam("ingest", inputs, "--output", output, "--max-reject-rate", "1")
    store = fs.S3FileSystem(
        access_key="newsbeam", secret_key="only-for-tests", endpoint_override=f"http://127.0.0.1:{server.port}"
    )
    articles = ds.dataset("readers/tables/articles", filesystem=store, partitioning="hive")
    assert articles.count_rows() == ARTICLES


def test_inputs_are_objects_as_well(server, newsbeam, inputs, local):
    wires, output = server.bucket("inbox") + "/wires", server.bucket("outbox") + "/tables"
    store = server.folder(wires)
    store.mkdir()
    for path in inputs.iterdir():
        (store / path.name).write_bytes(path.read_bytes())
    newsbeam("ingest", f"{wires}/*.jsonl", "--output", output, "--max-reject-rate", "1")
    assert {name.rpartition("/")[0] for name in objects(server, output)} == {name.rpartition("/")[0] for name in local}
    again = newsbeam("ingest", wires, "--output", output, "--json-summary", "--quiet", "--max-reject-rate", "1")
    totals = json.loads(again.stdout)["totals"]
    assert totals["read"] == totals["unchanged"] == ARTICLES + 21
    missing = newsbeam("ingest", f"{wires}/*.xml", "--output", output, status=2)
    assert "nothing to read" in missing.stderr


def free(server, output):
    """What time does: the lease of a run that died runs out."""
    if (server.folder(output) / "_lock").exists():
        server.delete(f"{output}/_lock")


def started(server, inputs, output):
    return subprocess.Popen(ingest(inputs, output), env=server.environment, cwd=ROOT, stderr=subprocess.PIPE, text=True)


def at_the_commit(server, output, process):
    """Wait until the run is about to publish."""
    deadline = time.monotonic() + PATIENCE
    while not [*server.folder(output).glob("_staging/*/intent.json")]:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_killed_at_any_instant_and_run_again_they_are_the_same(server, newsbeam, inputs, local):
    draw = random.Random(11)
    bucket = server.bucket("kills")
    begin = time.monotonic()
    subprocess.run(ingest(inputs, f"{bucket}/whole"), check=True, env=server.environment, cwd=ROOT)
    whole = time.monotonic() - begin
    committed = []
    for number in range(6):
        output = f"{bucket}/{number}"
        run = started(server, inputs, output)
        if number % 2:
            at_the_commit(server, output, run)
            time.sleep((number - 1) * 0.005)
        else:
            time.sleep(draw.uniform(0.5, whole))
        run.send_signal(signal.SIGKILL)
        run.communicate()
        free(server, output)
        newsbeam(*ingest(inputs, output)[len(NEWSBEAM) :])
        assert objects(server, output) == local, number
        newsbeam("verify", output)
        committed.append(kinds(server, output))
    assert ["undone", "ingest"] in committed, "no kill hit a commit"


def test_run_that_slept_through_its_lease_can_not_finish(server, newsbeam, inputs, local):
    output = server.bucket("sleeper") + "/tables"
    sleeper = started(server, inputs, output)
    at_the_commit(server, output, sleeper)
    sleeper.send_signal(signal.SIGSTOP)
    published = (server.folder(output) / "_commits/00000001.json").exists()
    free(server, output)
    newsbeam(*ingest(inputs, output)[len(NEWSBEAM) :])
    sleeper.send_signal(signal.SIGCONT)
    _, errors = sleeper.communicate(timeout=PATIENCE)
    if not published:
        assert sleeper.returncode == 1
        # Another run was first; or the store had given up on a request that had waited so long, and said what it liked.
        assert errors.startswith("newsbeam: ")
        assert kinds(server, output) == ["undone", "ingest"]
    newsbeam(*ingest(inputs, output)[len(NEWSBEAM) :])  # deletes what the sleeper left
    assert objects(server, output) == local
    newsbeam("verify", output)


def test_second_run_fails_and_names_the_first_or_waits_for_it(server, newsbeam, inputs, local):
    output = server.bucket("two") + "/tables"
    first = started(server, inputs, output)
    deadline = time.monotonic() + PATIENCE
    while not (server.folder(output) / "_lock").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.kill(first.pid, signal.SIGSTOP)
    refused = newsbeam(*ingest(inputs, output)[len(NEWSBEAM) :], status=1)
    assert f"(process {first.pid} on" in refused.stderr
    os.kill(first.pid, signal.SIGCONT)
    newsbeam(*ingest(inputs, output)[len(NEWSBEAM) :], "--lock-wait", PATIENCE)
    first.communicate(timeout=PATIENCE)
    assert first.returncode == 0
    assert objects(server, output) == local
    assert kinds(server, output) == ["ingest", "ingest"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"AWS_SECRET_ACCESS_KEY": "wrong"}, "SignatureDoesNotMatch"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "can't be reached"),
    ],
)
def test_store_that_can_not_be_used_is_said_before_anything_is_read(server, inputs, change, message):
    output = "s3://refused/tables"
    done = subprocess.run(
        ingest(inputs, output), env=server.environment | change, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    looked = subprocess.run(
        [*NEWSBEAM, "verify", output],
        env=server.environment | change,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert looked.returncode == 1
    assert looked.stderr.startswith("newsbeam: ")
    assert "Traceback" not in looked.stderr


def test_bucket_that_is_not_there_is_named(newsbeam, inputs):
    done = newsbeam("ingest", inputs, "--output", "s3://nowhere/tables", status=2)
    assert "s3://nowhere/tables can't be reached" in done.stderr
    assert "NoSuchBucket" in done.stderr

"""A run as one job, on the local runner: the tables are those of a run that the driver carries out."""

import datetime as dt
import json
import os

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from feed_server.replies import answer

from benchmarks.crash import digest
from pipelines import job
from pipelines.beam_flags import LOCAL
from pipelines.cli import main
from pipelines.ingest import VERSION
from pipelines.job import commit, job_folder, submit
from pipelines.options import IngestOptions, UsageError
from pipelines.polling import subscriptions
from pipelines.progress import Reporter
from pipelines.work import Work
from sinks.manifest import LEDGER, last_manifest
from sinks.schema import SCHEMA_VERSION
from sinks.verify import verify
from sources.read import expand
from storage.objects import ObjectPath
from transforms.stages import Run

RUN = "20260305T120000Z-job"
NOW = dt.datetime(2026, 3, 5, 12, tzinfo=dt.UTC)


def wire(number):
    body = f"PORT VERRIN, March 5 - Ship {number} left with {number * 7} crates of pears aboard, its owner told us."
    return {"id": f"wire:{number}", "title": f"Harbour {number}", "body": body, "published": "2026-03-05T08:00:00Z"}


@pytest.fixture
def inputs(tmp_path, monkeypatch):
    monkeypatch.setattr(job, "_UNITS_A_FILE", 2)
    folder = tmp_path / "wires"
    folder.mkdir()
    for place in range(5):
        lines = [json.dumps(wire(number)) for number in range(place * 10, place * 10 + 12)]  # two of the next file
        (folder / f"{place}.jsonl").write_text("\n".join([*lines, "{no json"]) + "\n")
    return folder


def begin(inputs, output, run_id=RUN, now=NOW):
    """Submit a job to the local runner, which carries it out at once."""
    options = IngestOptions(inputs=tuple(map(str, inputs)), output=output, quiet=True, allow_private_hosts=True)
    output.mkdir(parents=True, exist_ok=True)
    names, feeds, _ = subscriptions(options.inputs)
    run = Run(run_id, now, VERSION, SCHEMA_VERSION)
    work = Work(options, PipelineOptions(list(LOCAL)), Reporter(quiet=True), job_folder(output, run_id), run)
    return submit(work, output, expand(names), feeds)


def test_tables_are_those_of_a_run(inputs, tmp_path):
    assert main(["ingest", str(inputs), "--output", str(tmp_path / "run"), "--quiet", "--max-reject-rate", "1"]) == 0
    begin([inputs], tmp_path / "job")
    # Rejects stand in the partition of the day that each run says it is.
    of_job, of_run = (
        {name: rows for name, rows in digest(tmp_path / folder).items() if not name.startswith(("rejects", "_state"))}
        for folder in ("job", "run")
    )
    assert of_job == of_run
    assert last_manifest(tmp_path / "job").totals == last_manifest(tmp_path / "run").totals
    assert not list(verify(tmp_path / "job"))
    assert not (tmp_path / "job/_jobs" / RUN).exists()


def test_tables_in_an_object_store_are_the_same(inputs, tmp_path):
    output = ObjectPath.parse(f"memory://jobs-{os.getpid()}/tables")
    begin([inputs], output)
    begin([inputs], tmp_path / "job")
    ours, theirs = last_manifest(output), last_manifest(tmp_path / "job")
    assert ours.totals == theirs.totals
    assert [file.sha256 for file in ours.files] == [file.sha256 for file in theirs.files]
    assert not list(verify(output))
    assert not list((output / "_jobs").rglob("*"))


def test_next_job_finds_all_unchanged(inputs, tmp_path):
    begin([inputs], tmp_path)
    begin([inputs], tmp_path, f"{RUN}-2", NOW + dt.timedelta(hours=1))
    totals = last_manifest(tmp_path).totals
    assert totals["unchanged"] == totals["read"] > 50


def test_what_others_commit_while_it_reads_is_its_history(inputs, tmp_path, monkeypatch):
    def late(settings):
        status = main(["ingest", str(inputs / "0.jsonl"), "--output", str(tmp_path / "out"), "--quiet"])
        assert status == 0
        return commit(settings)

    monkeypatch.setattr(job, "commit", late)
    begin([inputs], tmp_path / "out")
    totals = last_manifest(tmp_path / "out").totals
    assert totals["unchanged"] >= 12
    assert not list(verify(tmp_path / "out"))


def test_commit_tried_again_commits_once(inputs, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(job, "commit", lambda settings: seen.append(settings) or commit(settings))
    begin([inputs], tmp_path)
    assert commit(seen[0]) is None
    assert last_manifest(tmp_path).sequence == 1


def test_feeds_are_polled_before_and_learned_with_the_rows(feed_server, tmp_path):
    body = b"""<rss version="2.0"><channel><title>Harbour</title><item><guid>1</guid><title>Ferry talks</title>
    <description>Talks on the harbour lease of Port Verrin go on in May, its council said.</description></item>
    </channel></rss>"""
    url = feed_server.serve("/rss", answer(body=body, headers={"ETag": '"1"', "Content-Type": "application/rss+xml"}))
    begin([url], tmp_path)
    manifest = last_manifest(tmp_path)
    assert manifest.totals["articles"] == 1
    assert manifest.feeds == {"fetched": 1}
    assert [file.table for file in manifest.state] == ["signatures", "feeds"]


def test_job_that_fails_commits_nothing_and_its_folder_goes_in_time(inputs, tmp_path, monkeypatch):
    def fail(_):
        raise OSError("out of luck")

    with monkeypatch.context() as patch:
        patch.setattr(job, "commit", fail)
        with pytest.raises(OSError, match="out of luck"):
            begin([inputs], tmp_path)
    assert last_manifest(tmp_path) is None
    begin([inputs], tmp_path, "next", NOW + dt.timedelta(days=1))
    assert (tmp_path / "_jobs" / RUN).exists()
    begin([inputs], tmp_path, "later", NOW + job.KEPT + dt.timedelta(days=1))
    assert not (tmp_path / "_jobs" / RUN).exists()


def test_nothing_to_read_commits_a_ledger_of_zeros(tmp_path):
    (tmp_path / "inbox").mkdir()
    begin([tmp_path / "inbox"], tmp_path / "out")
    assert last_manifest(tmp_path / "out").totals == dict.fromkeys(LEDGER, 0)


def test_graph_does_not_grow_with_the_input(inputs, tmp_path, monkeypatch):
    sizes = []
    monkeypatch.setattr(beam.Pipeline, "run", lambda self: sizes.append(self.to_runner_api().ByteSize()))
    begin([inputs / f"{place}.jsonl" for place in range(3)], tmp_path)  # two files of units
    begin([inputs], tmp_path, "more")  # three
    assert abs(sizes[1] - sizes[0]) < 300


def test_name_of_a_job_that_was_never_submitted_is_free_again(inputs, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(job, "_write_units", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            begin([inputs], tmp_path)
    begin([inputs], tmp_path)
    assert last_manifest(tmp_path).totals["articles"] > 0


def test_job_of_a_name_that_was_submitted_is_refused(inputs, tmp_path, monkeypatch):
    monkeypatch.setattr(beam.Pipeline, "run", lambda _: None)
    begin([inputs], tmp_path)
    with pytest.raises(UsageError, match="was submitted already"):
        begin([inputs], tmp_path)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--detach"], "--detach is for a cluster"),
        (["--runner=DataflowRunner"], "needs --project, --region, --temp_location, --sdk_container_image"),
    ],
)
def test_what_can_not_be_a_job_is_said(flags, message, inputs, tmp_path, capsys):
    assert main(["ingest", str(inputs), "--output", str(tmp_path / "out"), *flags]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()

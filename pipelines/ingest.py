"""The batch run: inputs in, one commit out.

The input is read in chunks, each a Beam pipeline of its own that leaves enriched rows in staging; what
becomes of them is decided once, over all of them; a last pipeline writes the tables' files; then they
are published at once. A chunk is a unit of memory, never of meaning.
"""

import dataclasses
import datetime as dt
import importlib.metadata
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from apache_beam.io.filesystem import FileMetadata
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.runner import PipelineResult

from articles import FeedState
from pipelines.beam_flags import checked_options
from pipelines.job import job_folder, submit
from pipelines.mistakes import suggest_inputs
from pipelines.options import IngestOptions, UsageError
from pipelines.polling import subscriptions
from pipelines.progress import Reporter
from pipelines.runners import check_reachable, is_distributed, is_job
from pipelines.work import Work
from sinks.commit import abandon, publish, recover
from sinks.layout import COMMITS, name_attempt, shared_staging, staging_path
from sinks.lock import locked
from sinks.manifest import Manifest, last_manifest, manifests
from sinks.schema import SCHEMA_VERSION, TABLES
from sources.read import expand
from storage.objects import ObjectPath
from storage.paths import Location
from transforms.stages import Run

VERSION: Final = importlib.metadata.version("newsbeam")


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: its manifest, how long it took, and what it mended before it began."""

    manifest: Manifest
    seconds: float
    recovered: tuple[str, ...]


def ingest(options: IngestOptions, reporter: Reporter, started: dt.datetime | None = None) -> Outcome:
    """Carry out one run, at the UTC time `started` (None: now), which rules what is under embargo.

    Raises `UsageError` for options that can't be and for an input that isn't there,
    `sinks.lock.OutputBusyError` where another run holds the output. Whatever it raises, the tables are
    as they were, or will be as the run intended once the next run has begun.
    """
    beam_options, run_id, output, names, feeds = _begin(options, reporter)
    files = _input_files(names, output)
    make_output(output)
    with locked(output, run_id, options.lock_wait):
        if options.lock_wait:
            files = _input_files(names, output)  # the run that was waited for may have outlived some
        started = started or dt.datetime.now(dt.UTC)
        recovered = recover(output)
        for line in recovered:
            reporter.say(line)
        check_output(output, options.run_id)
        attempt = name_attempt(output, run_id)
        staging = shared_staging(output, attempt) if is_distributed(beam_options) else staging_path(output, attempt)
        staging.mkdir(parents=True)
        try:
            work = Work(options, beam_options, reporter, staging, Run(run_id, started, VERSION, SCHEMA_VERSION))
            manifest = work.prepare(output, files, feeds)
        except BaseException:
            abandon(output, attempt)
            raise
        reporter.stage("publishing")
        publish(output, manifest, staging)
    return Outcome(manifest, reporter.elapsed, tuple(recovered))


def start(options: IngestOptions, reporter: Reporter) -> tuple[PipelineResult, str, dt.datetime]:
    """Begin a run that is one job of a cluster (`pipelines.job`): the job, the run's name, and when it began (UTC).

    Raises what `ingest` raises.
    """
    beam_options, run_id, output, names, feeds = _begin(options, reporter)
    if not is_distributed(beam_options):
        raise UsageError(
            "--detach is for a cluster: name it with --runner=FlinkRunner or DataflowRunner, or leave it out"
        )
    if is_job(beam_options) and not isinstance(output, ObjectPath):
        raise UsageError(
            f"--output {output} is on this machine, and Dataflow's workers are not: give gs://BUCKET/FOLDER"
        )
    files = _input_files(names, output)
    make_output(output)
    check_output(output, options.run_id)
    started = dt.datetime.now(dt.UTC)
    run = Run(run_id, started, VERSION, SCHEMA_VERSION)
    work = Work(options, beam_options, reporter, job_folder(output, run_id), run)
    return submit(work, output, files, feeds), run_id, started


def _begin(
    options: IngestOptions, reporter: Reporter
) -> tuple[PipelineOptions, str, Location, list[str], dict[str, FeedState]]:
    """What is asked for: Beam's options, the run's name, its output, what is to be read, and the feeds to be polled."""
    beam_options = checked_options(options.beam)
    check_reachable(beam_options)
    run_id = options.run_id or f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    reporter.run_id = run_id
    names, feeds, passed_over = subscriptions(options.inputs)
    for line in passed_over:
        reporter.say(line)
    return beam_options, run_id, options.output.resolve(), names, feeds


def _input_files(names: Sequence[str], output: Location) -> list[FileMetadata]:
    """The files that the inputs stand for, without the tables themselves where they are below an input."""
    try:
        files = expand(names)
    except FileNotFoundError as error:
        raise UsageError(f"{error}{suggest_inputs(names)}") from error
    return [file for file in files if not _is_below(file.path, output)]


def _is_below(file: str, output: Location) -> bool:
    if isinstance(output, ObjectPath):
        return file.startswith(f"{output}/")
    return "://" not in file and Path(file).resolve().is_relative_to(output)


def make_output(output: Location) -> None:
    """Make the directory of the tables; raises `UsageError` where that can't be."""
    if isinstance(output, ObjectPath):
        try:
            output.is_dir()
        except OSError as error:
            raise UsageError(f"{output} can't be reached: {error.strerror}") from error
        return
    if output.exists() and not output.is_dir():
        msg = f"{output} is no directory: tables need one"
        raise UsageError(msg)
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{output} can't be made: {error.strerror}") from error


def check_output(output: Location, run_id: str | None) -> None:
    """Raise `UsageError` for tables without manifests, and for a name that a run had before."""
    if last_manifest(output) is None and any((output / table).is_dir() for table in TABLES):
        msg = f"{output} has tables, but no manifest says what is in them: restore {COMMITS}/, or name another output"
        raise UsageError(msg)
    if run_id and any(run.run_id == run_id and run.kind != "undone" for run in manifests(output)):
        msg = f"{output} has a run {run_id} already: each run needs a name of its own"
        raise UsageError(msg)

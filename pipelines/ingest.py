"""The batch run: inputs in, one commit out.

The input is read in chunks, each a Beam pipeline of its own that leaves enriched rows in staging; what
becomes of them is decided once, over all of them; a last pipeline writes the tables' files; then they
are published at once. A chunk is a unit of memory, never of meaning.
"""

import dataclasses
import datetime as dt
import functools
import importlib.metadata
import secrets
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import apache_beam as beam
import pyarrow as pa
from apache_beam.io.filesystem import FileMetadata
from apache_beam.options.pipeline_options import PipelineOptions

from articles import FeedState
from pipelines import full_text
from pipelines.beam_flags import checked_options
from pipelines.mistakes import suggest_inputs
from pipelines.options import IngestOptions, UsageError
from pipelines.polling import learn, outcomes, poll_feeds, recall, subscriptions
from pipelines.progress import READING, Reporter
from pipelines.reading import Reading, StageUnits
from pipelines.recall import Recall, recalled, write_items
from pipelines.runners import check_reachable, is_distributed, running
from pipelines.settlement import Past, Staged, settle
from pipelines.tally import Opened
from sinks.commit import FINAL, abandon, publish, recover
from sinks.layout import COMMITS, staging_path
from sinks.lock import locked
from sinks.manifest import CommittedFile, Manifest, last_manifest, manifests
from sinks.merge import MergeTask
from sinks.schema import SCHEMA_VERSION, TABLES
from sinks.staging import StagedFile
from sinks.state import signature_pieces
from sinks.write import Collect, Merge, collected
from sources.containers import Limits
from sources.feeds import Manners
from sources.plan import Spool, plan
from sources.polled import Polled
from sources.read import expand, open_uri
from sources.unit import Unit
from transforms.duplicates.compare import Rules
from transforms.duplicates.known import write_known
from transforms.duplicates.recall import Days
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
    beam_options = checked_options(options.beam)
    check_reachable(beam_options)
    run_id = options.run_id or f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    reporter.run_id = run_id
    output = options.output.resolve()
    names, feeds, passed_over = subscriptions(options.inputs)
    for line in passed_over:
        reporter.say(line)
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
        staging = staging_path(output, run_id)
        staging.mkdir(parents=True)
        try:
            work = Work(options, beam_options, reporter, staging, Run(run_id, started, VERSION, SCHEMA_VERSION))
            manifest = work.prepare(output, files, feeds)
        except BaseException:
            abandon(output, run_id)
            raise
        reporter.stage("publishing")
        publish(output, manifest)
    return Outcome(manifest, reporter.elapsed, tuple(recovered))


def _input_files(names: Sequence[str], output: Path) -> list[FileMetadata]:
    """The files that the inputs stand for, without the tables themselves where they are below an input."""
    try:
        files = expand(names)
    except FileNotFoundError as error:
        raise UsageError(f"{error}{suggest_inputs(names)}") from error
    return [file for file in files if "://" in file.path or not Path(file.path).resolve().is_relative_to(output)]


def make_output(output: Path) -> None:
    """Make the directory of the tables; raises `UsageError` where that can't be."""
    if output.exists() and not output.is_dir():
        msg = f"{output} is no directory: tables need one"
        raise UsageError(msg)
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{output} can't be made: {error.strerror}") from error


def check_output(output: Path, run_id: str | None) -> None:
    """Raise `UsageError` for tables without manifests, and for a name that a run had before."""
    if last_manifest(output) is None and any((output / table).is_dir() for table in TABLES):
        msg = f"{output} has tables, but no manifest says what is in them: restore {COMMITS}/, or name another output"
        raise UsageError(msg)
    if run_id and any(manifest.run_id == run_id for manifest in manifests(output)):
        msg = f"{output} has a run {run_id} already: each run needs a name of its own"
        raise UsageError(msg)


@dataclasses.dataclass(frozen=True, slots=True)
class Work:
    """Everything a run does before it publishes, all of it below its staging folder."""

    options: IngestOptions
    beam_options: PipelineOptions
    reporter: Reporter
    staging: Path
    run: Run

    @property
    def manners(self) -> Manners:
        """How the run behaves towards servers."""
        return Manners(
            contact=self.options.contact,
            host_delay=self.options.host_delay,
            allow_private_hosts=self.options.allow_private_hosts,
        )

    @property
    def pages(self) -> Path:
        """Where the pages of `--full-text` are put."""
        return self.staging / "pages"

    def prepare(
        self,
        output: Path,
        files: Sequence[FileMetadata],
        feeds: Mapping[str, FeedState],
        more: Sequence[Unit] = (),
    ) -> Manifest:
        """Write all files of the run; the manifest that will make them part of the tables.

        `more` are units to be read beside those of the files and feeds.
        """
        past = Past.read(output)
        rows = self.staging / "rows"
        with self.reporter.watch(rows, self.staging / FINAL):
            polled = self._poll(recall(feeds, past.feed_states()))
            known = self._known(past)
            units = [*more, *(result.unit for result in polled if result.unit)]
            if self.options.full_text:
                self.reporter.stage("fetching pages")
                full_text.fetch(units, known, self.manners, self.run.ingested_at, self.pages)
            staged, read = self._stage(files, units, rows, known)
            return settle(
                past,
                Staged(staged, read, functools.partial(learn, polled), outcomes(polled)),
                self.staging,
                self.run,
                self._write,
                rules=Rules(near_threshold=self.options.near_threshold, days=self.options.history),
                max_duplicate_rate=self.options.max_duplicate_rate,
                recall=functools.partial(self._recall, past) if self.options.history_shards else None,
                stage=self.reporter.stage,
            )

    def _known(self, past: Past) -> str | None:
        """A file of what was committed before, for the workers; None where that is nothing."""
        path = self.staging / "known.npy"
        return str(path) if write_known(past.history(), path) else None

    def _recall(self, past: Past, items: pa.Table, days: Days | None) -> Iterator[pa.Table]:
        """What the items need of the history, read by a pipeline."""
        pieces = signature_pieces(past.output, past.signatures)
        folder = self.staging / "recalled"
        folder.mkdir()
        write_items(items, folder / "items.arrow")
        receipt = folder / "receipt"
        with running(self.beam_options) as pipeline:
            recall = Recall(str(folder / "items.arrow"), days, self.options.history_shards, str(folder), str(receipt))
            pipeline | "pieces" >> beam.Create(pieces) | "recall" >> recall
        return recalled(collected(receipt), pieces)

    def _poll(self, feeds: Sequence[FeedState]) -> list[Polled]:
        if not feeds:
            return []
        self.reporter.stage(f"polling {len(feeds):,} feeds")
        return poll_feeds(feeds, self.staging / "polled", self.manners, self.run.ingested_at)

    def _stage(
        self, files: Sequence[FileMetadata], polled: Sequence[Unit], rows: Path, known: str | None
    ) -> tuple[list[StagedFile], Counter[str]]:
        """Read and enrich everything; the staged files, and how many items each source gave."""
        staged: list[StagedFile] = []
        read: Counter[str] = Counter()
        odometer = self.reporter.odometer
        odometer.total = sum(file.size_in_bytes for file in files) + sum(unit.size for unit in polled)
        self.reporter.feed_sizes = {unit.source_uri: unit.size for unit in polled}
        self.reporter.stage(READING)
        # A cluster keeps on disk what a local run must not keep in memory: there all input is one chunk.
        chunk_size = sys.maxsize if is_distributed(self.beam_options) else self.options.chunk_size
        reading = Reading(
            run=self.run,
            limits=Limits(payload=self.options.max_payload_size),
            strict=self.options.strict_formats,
            known=known,
            pages=str(self.pages) if self.options.full_text else None,
        )
        for index, units in enumerate(_chunks(self._units(files, polled), chunk_size)):
            receipts = {name: str(self.staging / f"{name}-{index:06d}.receipt") for name in ("staged", "read")}
            with running(self.beam_options) as pipeline:
                pipeline | "units" >> beam.Create(units) | StageUnits(reading, str(rows), receipts)
            staged += collected(Path(receipts["staged"]))
            for source, number in collected(Path(receipts["read"])):
                read[source] += number
            odometer.arrive()
        return staged, read

    def _units(self, files: Sequence[FileMetadata], polled: Sequence[Unit]) -> Iterator[Unit]:
        spool = Spool(str(self.staging / "spool"))
        limits = Limits(payload=self.options.max_payload_size)
        follow = self.reporter.odometer.follow
        for unit in polled:
            yield from follow([unit], unit.uri, unit.size, lambda: 0)
        for file in files:
            opened = Opened(open_uri)
            units = plan(file.path, file.size_in_bytes, opened, spool=spool, limits=limits)
            yield from follow(units, file.path, file.size_in_bytes, opened.position)

    def _write(self, tasks: Sequence[MergeTask], folder: Path) -> list[CommittedFile]:
        receipt = self.staging / "written.receipt"
        with running(self.beam_options) as pipeline:
            written = pipeline | "tasks" >> beam.Create(tasks) | "merge" >> Merge(str(folder))
            written | "files" >> Collect(str(receipt))
        return collected(receipt)


_UNIT_OVERHEAD: Final = 4_096
"""Bytes a unit counts for beside its size, so that a million empty files are several chunks."""


def _chunks(units: Iterable[Unit], chunk_size: int) -> Iterator[list[Unit]]:
    """Group units so that each group is about `chunk_size` bytes."""
    group: list[Unit] = []
    weight = 0
    for unit in units:
        group.append(unit)
        weight += unit.size + _UNIT_OVERHEAD
        if weight >= chunk_size:
            yield group
            group, weight = [], 0
    if group:
        yield group

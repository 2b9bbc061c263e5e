"""The work of a run: from inputs to files that are ready to be published, all below its staging folder."""

import dataclasses
import functools
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import apache_beam as beam
import pyarrow as pa
from apache_beam.io.filesystem import FileMetadata
from apache_beam.options.pipeline_options import PipelineOptions

from articles import FeedState
from pipelines import full_text
from pipelines.options import IngestOptions
from pipelines.polling import learn, outcomes, poll_feeds, recall
from pipelines.progress import READING, Reporter
from pipelines.reading import Reading, StageUnits
from pipelines.recall import Recall, recalled, write_items
from pipelines.runners import is_distributed, running
from pipelines.settlement import Past, Staged, settle
from pipelines.tally import Opened
from sinks.layout import FINAL
from sinks.manifest import CommittedFile, Manifest
from sinks.merge import MergeTask
from sinks.staging import StagedFile
from sinks.state import signature_pieces
from sinks.write import Collect, Merge, collected
from sources.containers import Limits
from sources.feeds import Manners
from sources.plan import Spool, plan
from sources.polled import Polled
from sources.read import open_uri
from sources.unit import Unit
from storage.paths import Location, location
from transforms.duplicates.compare import Rules
from transforms.duplicates.known import write_known
from transforms.duplicates.recall import Days
from transforms.stages import Run


@dataclasses.dataclass(frozen=True, slots=True)
class Gathered:
    """What is known before anything is read.

    `units` are those that are no files of the input, `known` is a file of what was committed before.
    """

    polled: list[Polled]
    units: list[Unit]
    known: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Work:
    """Everything a run does before it publishes, all of it below its staging folder."""

    options: IngestOptions
    beam_options: PipelineOptions
    reporter: Reporter
    staging: Location
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
    def rules(self) -> Rules:
        """How texts are compared."""
        return Rules(near_threshold=self.options.near_threshold, days=self.options.history)

    @property
    def rows(self) -> Location:
        """Where enriched rows are staged."""
        return self.staging / "rows"

    @property
    def pages(self) -> Location:
        """Where the pages of `--full-text` are put."""
        return self.staging / "pages"

    def prepare(
        self,
        output: Location,
        files: Sequence[FileMetadata],
        feeds: Mapping[str, FeedState],
        more: Sequence[Unit] = (),
    ) -> Manifest:
        """Write all files of the run; the manifest that will make them part of the tables.

        `more` are units to be read beside those of the files and feeds.
        """
        past = Past.read(output)
        with self.reporter.watch(self.rows, self.staging / FINAL):
            gathered = self.gather(past, feeds, more)
            staged, read = self._stage(files, gathered)
            return settle(
                past,
                Staged(staged, read, functools.partial(learn, gathered.polled), outcomes(gathered.polled)),
                self.staging,
                self.run,
                self._write,
                rules=self.rules,
                max_duplicate_rate=self.options.max_duplicate_rate,
                recall=functools.partial(self._recall, past) if self.options.history_shards else None,
                stage=self.reporter.stage,
            )

    def gather(self, past: Past, feeds: Mapping[str, FeedState], more: Sequence[Unit] = ()) -> Gathered:
        """What is done before anything is read: feeds are polled, and pages fetched."""
        polled = self._poll(recall(feeds, past.feed_states()))
        known = self._known(past)
        units = [*more, *(result.unit for result in polled if result.unit)]
        if self.options.full_text:
            self.reporter.stage("fetching pages")
            full_text.fetch(units, known, self.manners, self.run.ingested_at, self.pages)
        return Gathered(polled, units, known)

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

    def reading(self, gathered: Gathered) -> Reading:
        """How units are read."""
        return Reading(
            run=self.run,
            limits=Limits(payload=self.options.max_payload_size),
            strict=self.options.strict_formats,
            known=gathered.known,
            pages=str(self.pages) if self.options.full_text else None,
        )

    def _stage(self, files: Sequence[FileMetadata], gathered: Gathered) -> tuple[list[StagedFile], Counter[str]]:
        """Read and enrich everything; the staged files, and how many items each source gave."""
        staged: list[StagedFile] = []
        read: Counter[str] = Counter()
        reading = self.reading(gathered)
        # A cluster keeps on disk what a local run must not keep in memory: there all input is one chunk.
        chunk_size = sys.maxsize if is_distributed(self.beam_options) else self.options.chunk_size
        for index, units in enumerate(_chunks(self.units(files, gathered), chunk_size)):
            receipts = {name: str(self.staging / f"{name}-{index:06d}.receipt") for name in ("staged", "read")}
            with running(self.beam_options) as pipeline:
                pipeline | "units" >> beam.Create(units) | StageUnits(reading, str(self.rows), receipts)
            staged += collected(location(receipts["staged"]))
            for source, number in collected(location(receipts["read"])):
                read[source] += number
            self.reporter.odometer.arrive()
        return staged, read

    def units(self, files: Sequence[FileMetadata], gathered: Gathered) -> Iterator[Unit]:
        """What there is to read, cut into units of bounded memory."""
        polled = gathered.units
        odometer = self.reporter.odometer
        odometer.total = sum(file.size_in_bytes for file in files) + sum(unit.size for unit in polled)
        self.reporter.feed_sizes = {unit.source_uri: unit.size for unit in polled}
        self.reporter.stage(READING)
        spool = Spool(str(self.staging / "spool"))
        limits = Limits(payload=self.options.max_payload_size)
        follow = odometer.follow
        for unit in polled:
            yield from follow([unit], unit.uri, unit.size, lambda: 0)
        for file in files:
            opened = Opened(open_uri)
            units = plan(file.path, file.size_in_bytes, opened, spool=spool, limits=limits)
            yield from follow(units, file.path, file.size_in_bytes, opened.position)

    def _write(self, tasks: Sequence[MergeTask], folder: Location) -> list[CommittedFile]:
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

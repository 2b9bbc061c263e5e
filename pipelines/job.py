"""A run as one job of a cluster, which commits by itself: nobody has to wait for it.

What must be known before anything is read (feeds polled, inputs cut into units, what was committed before) is put in
the job's folder below the output; the rest is one pipeline, whose last step does in a worker what the driver does
otherwise: take the lock, decide, write, publish. The lock is held for that step alone: what others commit while the
job reads, it meets in the history like any run.
"""

import dataclasses
import datetime as dt
import functools
import pickle
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import apache_beam as beam
from apache_beam.io.filesystem import FileMetadata
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection
from apache_beam.runners.runner import PipelineResult

from articles import FeedState
from pipelines.options import UsageError
from pipelines.polling import learn, outcomes
from pipelines.reading import Reading, StageUnits
from pipelines.settlement import Past, Staged, settle, write_here
from pipelines.work import Work
from sinks.commit import abandon, publish, recover
from sinks.layout import JOBS, name_attempt, staging_path
from sinks.lock import locked
from sinks.manifest import Manifest, find_run
from sinks.write import collected
from sources.polled import Polled
from sources.unit import Unit
from storage.files import write_whole
from storage.paths import Location, location, remove_tree
from transforms.duplicates.compare import Rules
from transforms.stages import Run

_UNITS_A_FILE: Final = 1_000
"""A job's graph names files of units, and not each unit: engines bound its size (Dataflow: 10 MB)."""
_LOCK_WAIT: Final = 600.0
"""Seconds the commit of a job waits at least for a run that uses the same tables; a job that failed reads all again."""
_BEGUN: Final = "begun"
KEPT: Final = dt.timedelta(days=7)
"""How long what a job that failed has left is kept."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a job's workers must know."""

    output: str
    run: Run
    reading: Reading
    rules: Rules
    max_duplicate_rate: float
    lock_wait: float

    @property
    def folder(self) -> Location:
        """The job's own."""
        return job_folder(location(self.output), self.run.run_id)

    @property
    def receipts(self) -> dict[str, str]:
        """Files in which workers say what they staged, and how many items each source gave."""
        return {name: str(self.folder / f"{name}.receipt") for name in ("staged", "read")}


def job_folder(output: Location, run_id: str) -> Location:
    """Where a job keeps what it has not committed yet."""
    return output / JOBS / run_id


def submit(work: Work, output: Location, files: Sequence[FileMetadata], feeds: dict[str, FeedState]) -> PipelineResult:
    """Poll, cut the inputs into units, and hand the rest to the engine that `work.beam_options` name.

    The staging folder of `work` is the job's. What jobs that failed have left for longer than `KEPT` is deleted.
    """
    folder = job_folder(output, work.run.run_id)
    if (folder / _BEGUN).is_file():
        raise UsageError(f"a job {work.run.run_id} was submitted already: each run needs a name of its own")
    try:
        settings, names = _prepare(work, output, files, feeds)
    except BaseException:
        remove_tree(folder)  # no job reads it: the name is free again
        raise
    pipeline = beam.Pipeline(options=work.beam_options)
    pipeline | "files of units" >> beam.Create(names) | "run" >> RunJob(settings, str(work.rows))
    work.reporter.stage("submitting")
    return pipeline.run()


def _prepare(
    work: Work, output: Location, files: Sequence[FileMetadata], feeds: dict[str, FeedState]
) -> tuple[Settings, list[str]]:
    """Write what the job reads to its folder; what workers must know, and the names of the files of units."""
    run = work.run
    with locked(output, run.run_id, work.options.lock_wait):
        _clear(output, run.ingested_at)
        write_whole(job_folder(output, run.run_id) / _BEGUN, run.ingested_at.isoformat().encode())
        gathered = work.gather(Past.read(output), feeds)
    settings = Settings(
        output=str(output),
        run=run,
        reading=work.reading(gathered),
        rules=work.rules,
        max_duplicate_rate=work.options.max_duplicate_rate,
        lock_wait=max(work.options.lock_wait, _LOCK_WAIT),
    )
    names = list(_write_units(work.units(files, gathered), settings.folder))
    write_whole(_polled_path(settings.folder), pickle.dumps(gathered.polled))
    return settings, names


class RunJob(beam.PTransform[PCollection[str], PCollection[str]]):
    """From names of files of units to the name of the run that committed them."""

    def __init__(self, settings: Settings, rows: str) -> None:
        super().__init__()
        self.settings = settings
        self.rows = rows

    def expand(self, names: PCollection[str]) -> PCollection[str]:
        """Read and stage; then, once both receipts are written, commit."""
        units = names | "units" >> beam.FlatMap(_read_units) | "spread" >> beam.Reshuffle()
        receipts = units | StageUnits(self.settings.reading, self.rows, self.settings.receipts)
        return (
            receipts
            | "both receipts" >> beam.Flatten()
            | "key all alike" >> beam.WithKeys(0)
            | "wait" >> beam.GroupByKey()
            | "commit" >> beam.FlatMap(_commit, self.settings)
        )


def _commit(_: tuple[int, Iterable[object]], settings: Settings) -> Iterator[str]:
    """What a bundle does; one that is tried again after it committed finds its run, and does nothing."""
    manifest = commit(settings)
    if manifest:
        for name, number in manifest.totals.items():
            Metrics.counter("committed", name).inc(number)
    yield settings.run.run_id


def commit(settings: Settings) -> Manifest | None:
    """Make what the job has staged part of the tables; None where it is already."""
    output, run = location(settings.output), settings.run
    with locked(output, run.run_id, settings.lock_wait):
        recover(output)
        if find_run(output, run.run_id, run.ingested_at):
            remove_tree(settings.folder)
            return None
        attempt = name_attempt(output, run.run_id)
        polled: list[Polled] = pickle.loads(_polled_path(settings.folder).read_bytes())  # noqa: S301  # the job's own
        read: Counter[str] = Counter()
        for source, number in collected(location(settings.receipts["read"])):
            read[source] += number
        staged = collected(location(settings.receipts["staged"]))
        staging = staging_path(output, attempt)
        staging.mkdir(parents=True)
        try:
            manifest = settle(
                Past.read(output),
                Staged(staged, read, functools.partial(learn, polled), outcomes(polled)),
                staging,
                run,
                write_here,
                rules=settings.rules,
                max_duplicate_rate=settings.max_duplicate_rate,
            )
        except BaseException:
            abandon(output, attempt)
            raise
        publish(output, manifest, staging)
    remove_tree(settings.folder)
    return manifest


def _polled_path(folder: Location) -> Location:
    return folder / "polled.pickle"


def _write_units(units: Iterable[Unit], folder: Location) -> Iterator[str]:
    """Put units in files; the files' names."""
    group: list[Unit] = []
    number = 0
    for unit in units:
        group.append(unit)
        if len(group) == _UNITS_A_FILE:
            yield _write_group(group, folder, number)
            group, number = [], number + 1
    if group:
        yield _write_group(group, folder, number)


def _write_group(units: list[Unit], folder: Location, number: int) -> str:
    path = folder / "units" / f"{number:06d}.pickle"
    write_whole(path, pickle.dumps(units))
    return str(path)


def _read_units(name: str) -> Iterator[Unit]:
    yield from pickle.loads(location(name).read_bytes())  # noqa: S301  # written by the job's own driver


def _clear(output: Location, now: dt.datetime) -> None:
    """Delete the folders of jobs that began long ago: committed jobs have deleted theirs."""
    folder = output / JOBS
    for job in [*folder.iterdir()] if folder.is_dir() else ():
        try:
            begun = dt.datetime.fromisoformat((job / _BEGUN).read_bytes().decode())
        except FileNotFoundError:  # left by a worker that was cut off, and ended after all
            write_whole(job / _BEGUN, now.isoformat().encode())
            continue
        if now - begun > KEPT:
            remove_tree(job)

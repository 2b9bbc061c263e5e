"""The sink as Beam transforms: rows to staging, staged rows to files.

Beam's own file sinks don't serve: WriteToParquet has no partitions and leaves stale shards when a
run is repeated; fileio.WriteToFiles loses rows where file names have folders.
"""

import datetime as dt
import pickle
from collections.abc import Iterable, Iterator
from typing import Any, Final

import apache_beam as beam
from apache_beam.pvalue import PCollection
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

from articles import Article, Reject
from sinks.manifest import CommittedFile
from sinks.merge import MergeTask, write_merge
from sinks.staging import StagedFile, StagingWriter
from storage.files import whole
from storage.paths import Location, location


class _StageRows(beam.DoFn):
    """Collects rows over a bundle and stages them; what it yields names the files."""

    def __init__(self, folder: str, today: dt.date) -> None:
        self.folder = folder
        self.today = today

    def start_bundle(self) -> None:
        self.writer = StagingWriter(location(self.folder))

    def process(self, record: Article | Reject) -> Iterator[StagedFile]:
        yield from self.writer.add(record, self.today)

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for file in self.writer.flush(self.today):
            yield GlobalWindows.windowed_value(file)


class Stage(beam.PTransform[PCollection[Article | Reject], PCollection[StagedFile]]):
    """Write enriched rows to a folder; the files are named by what comes out.

    `today` is the partition of rejects, the UTC day of the run.
    """

    def __init__(self, folder: str, today: dt.date) -> None:
        super().__init__()
        self.folder = folder
        self.today = today

    def expand(self, records: PCollection[Article | Reject]) -> PCollection[StagedFile]:
        return records | "Stage rows" >> beam.ParDo(_StageRows(self.folder, self.today))


def _merge(task: MergeTask, folder: str) -> Iterable[CommittedFile]:
    return write_merge(task, location(folder))


class Merge(beam.PTransform[PCollection[MergeTask], PCollection[CommittedFile]]):
    """Write the tables' files below a folder that mirrors the output directory."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = folder

    def expand(self, tasks: PCollection[MergeTask]) -> PCollection[CommittedFile]:
        return tasks | "Write files" >> beam.FlatMap(_merge, self.folder)


_SEAL: Final = "sealed"
"""An element of every receipt, so that a receipt of nothing is a file too, and a missing one an error."""


def _write_receipts(keyed: tuple[int, Iterable[object]], path: str) -> None:
    with whole(location(path), durable=False) as file:
        file.write(pickle.dumps([record for record in keyed[1] if record != _SEAL]))


class Collect(beam.PTransform[PCollection[object], PCollection[None]]):
    """Hand a small collection back to the driver, through a file (`collected`).

    Grouped first: a bundle that failed and was tried again counts once.
    """

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    def expand(self, records: PCollection[object]) -> PCollection[None]:
        seal = records.pipeline | "Seal" >> beam.Create([_SEAL], reshuffle=False)
        return (
            (records, seal)
            | "Add seal" >> beam.Flatten()
            | "Key all alike" >> beam.WithKeys(0)
            | "Group" >> beam.GroupByKey()
            | "Write receipts" >> beam.Map(_write_receipts, self.path)
        )


def collected(path: Location) -> list[Any]:
    """What `Collect` wrote; raises `FileNotFoundError` where it wrote nothing this machine can see."""
    if not path.exists():
        raise FileNotFoundError(f"{path} was not written: do the workers share the output directory with this machine?")
    # Written by this run, into a folder only this run writes to.
    return list(pickle.loads(path.read_bytes()))  # noqa: S301

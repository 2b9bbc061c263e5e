"""What a run has done so far, seen from outside: in its staging folder, and in how much of the input it took."""

import dataclasses
import os
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, Final

import pyarrow as pa

from sinks.columnar import read_parquet
from sinks.staging import container, staged_rows
from sources.unit import Opener, Unit
from storage.objects import ObjectPath
from storage.paths import Location, find

KEPT_SOURCES: Final = 64
"""Sources remembered: a run may have a million, and a terminal shows a few."""


@dataclasses.dataclass(slots=True)
class Source:
    """A source's staged rows; `since` is when rows were seen last before it, `until` when the last of its own were."""

    since: float
    until: float
    items: int = 0


class Tally:
    """Rows staged in a folder, by kind and by source. Each file is opened once, for one column."""

    def __init__(self, folder: Location) -> None:
        self.rows: Counter[str] = Counter()
        self.sources: OrderedDict[str, Source] = OrderedDict()
        """The sources that rows were staged of last, the latest at the end."""
        self.forgotten = False
        """Whether there were more sources than are remembered."""
        self._folder = folder
        self._seen: set[str] = set()
        self._news = 0.0

    def update(self, now: float, *, by_source: bool) -> None:
        """Count what is new at the time `now`, by source only where that is wanted: it opens files."""
        self.rows = staged_rows(self._folder)
        self._news = self._news or now
        if not by_source:
            return
        for path in find(self._folder, "*.parquet"):
            if path.name not in self._seen:
                self._seen.add(path.name)
                self._count_sources(path, now)

    def _count_sources(self, path: Location, now: float) -> None:
        try:
            column = read_parquet(path, ["source_uri"], use_threads=False)["source_uri"]
        except (OSError, pa.ArrowException):  # the run is over and has cleared up
            return
        counts: Counter[str] = Counter()
        for entry in column.value_counts().to_pylist():
            counts[container(entry["values"])] += entry["counts"]
        for name, items in counts.items():
            source = self.sources.setdefault(name, Source(self._news, now))
            source.items += items
            source.until = now
            self.sources.move_to_end(name)
            if len(self.sources) > KEPT_SOURCES:
                self.sources.popitem(last=False)
                self.forgotten = True
        self._news = now


def written_bytes(folder: Location) -> int:
    """Size of all files below a folder that may come and go."""
    if isinstance(folder, ObjectPath):
        return sum(size for _, size in folder.walk())
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(root, name)).st_size  # noqa: PTH116, PTH118
            except OSError:
                continue
    return total


class Opened:
    """An opener that tells how far the file it opened last is read."""

    def __init__(self, opener: Opener) -> None:
        self._opener = opener
        self._stream: BinaryIO | None = None

    def __call__(self, uri: str) -> BinaryIO:
        """Open it."""
        self._stream = self._opener(uri)
        return self._stream

    def position(self) -> int:
        """Bytes from the file's start."""
        return 0 if self._stream is None or self._stream.closed else self._stream.tell()


class Odometer:
    """How far into the input a run is, in bytes of the files as they lie there, packed or not.

    `planned` is what chunks were made of, `done` what is read for sure.
    """

    def __init__(self) -> None:
        self.total = 0
        self.done = 0
        self.planned = 0
        self._before = 0

    def follow(self, units: Iterable[Unit], path: str, size: int, position: Callable[[], int]) -> Iterator[Unit]:
        """Pass on the units that a file is cut into; `position` tells how far into the file the cutting is."""
        for unit in units:
            whole = unit.uri == path and unit.member is None and unit.stop is None
            self.planned = self._before + (size if whole else min(position(), size))
            yield unit
        self._before += size
        self.planned = self._before

    def arrive(self) -> None:
        """Note that all that was planned is read."""
        self.done = self.planned

"""Files and units as Beam sees them: patterns matched, units read, rejects and counters set apart."""

import datetime as dt
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Literal

import apache_beam as beam
from apache_beam.io.filesystem import CompressionTypes, FileMetadata, FileSystem
from apache_beam.io.filesystems import FileSystems
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.typehints.decorators import no_annotations

from articles import Article, FeedState, Reject
from sources.archives import is_hidden
from sources.containers import Limits
from sources.feeds import Client, Manners, poll_all
from sources.polled import Polled, put_aside
from sources.unit import DEFAULT_LIMITS, Unit, read_unit
from storage.objects import SCHEMES, ObjectPath
from storage.paths import location

_GLOB = re.compile(r"[*?\[]")


def open_uri(uri: str) -> BinaryIO:
    """Open a file's own bytes: in an object store, or on whichever other file system Beam knows for its URI."""
    if uri.startswith(SCHEMES):
        return ObjectPath.parse(uri).open("rb")
    stream: BinaryIO = FileSystems.open(uri, compression_type=CompressionTypes.UNCOMPRESSED)
    return stream


def expand(patterns: Iterable[str]) -> list[FileMetadata]:
    """List the files that names, folders (with all below) and globs (`**` crosses folders) stand for.

    Sorted by path, each once. Below a folder or glob, names that start with `.` or `_` are skipped. A folder
    may be empty; raises `FileNotFoundError` that names every other pattern without a file.
    """
    found: dict[str, FileMetadata] = {}
    missing = []
    for pattern in patterns:
        files = _match(pattern)
        for file in files:
            # One file under two names, by a link or a way round, is one file.
            found.setdefault(file.path if "://" in file.path else os.path.realpath(file.path), file)
        if not files and not _is_folder(pattern):
            missing.append(pattern)
    if missing:
        raise FileNotFoundError(f"nothing to read: {', '.join(missing)}")
    return sorted(found.values(), key=lambda file: file.path)


def _is_folder(pattern: str) -> bool:
    """Whether the pattern is a folder of this machine: one without files is an inbox with nothing new."""
    return "://" not in pattern and Path(pattern).is_dir()


def _match(pattern: str) -> list[FileMetadata]:
    """Files of one pattern. A local path that exists is taken by its name, brackets and all."""
    if "://" not in pattern:
        pattern = os.path.abspath(pattern)  # noqa: PTH100  # `..` is resolved by the name alone, links stay
        if Path(pattern).is_dir():
            return _walk(pattern)
        if Path(pattern).exists():
            return _regular([pattern])
    if _GLOB.search(pattern):
        return _list(pattern, below=_GLOB.split(pattern)[0].rpartition("/")[0])
    folder = pattern.rstrip("/")
    return _list(f"{folder}/**", below=folder) or _list(pattern)


def _walk(folder: str) -> list[FileMetadata]:
    """All files below a local folder; raises `OSError` for a folder that can't be listed, or files would be lost."""

    def fail(error: OSError) -> None:
        raise error

    paths = [os.path.join(root, name) for root, _, names in os.walk(folder, onerror=fail) for name in names]  # noqa: PTH118
    return _regular(path for path in paths if not is_hidden(path[len(folder) :].lstrip("/")))


def _regular(paths: Iterable[str]) -> list[FileMetadata]:
    """Those that are files: a pipe or socket would hold a run for ever."""
    return [FileMetadata(path, Path(path).stat().st_size) for path in paths if Path(path).is_file()]


def _list(pattern: str, below: str | None = None) -> list[FileMetadata]:
    """Files that match, but none hidden `below` a folder, if one is given."""
    if pattern.startswith(SCHEMES):
        files = _list_objects(pattern)
    else:
        files = [file for file in FileSystems.match([pattern])[0].metadata_list if not file.path.endswith("/")]
    files = [file for file in files if "://" in file.path or Path(file.path).is_file()]
    if below is None:
        return files
    return [file for file in files if not is_hidden(file.path.removeprefix(below).lstrip("/"))]


def _list_objects(pattern: str) -> list[FileMetadata]:
    """Objects that match, with the wildcards that Beam knows."""
    fits = re.compile(FileSystem.translate_pattern(pattern))
    folder = ObjectPath.parse(_GLOB.split(pattern)[0].rpartition("/")[0])
    found = dict(folder.walk())
    # Consoles make empty objects of folders, whose names end in a slash that is not told.
    folders = {str(path.parent) for path in found} | {str(folder)}
    return [
        FileMetadata(str(path), size)
        for path, size in found.items()
        if fits.fullmatch(str(path)) and (size or str(path) not in folders)
    ]


class Match(beam.PTransform[PCollection[str], PCollection[FileMetadata]]):
    """Find the files that patterns stand for. A pattern without a file fails the run."""

    def expand(self, patterns: PCollection[str]) -> PCollection[FileMetadata]:
        """Wire it up."""
        return patterns | "Expand" >> beam.FlatMap(lambda pattern: expand([pattern])).with_output_types(FileMetadata)


class _ReadUnit(beam.DoFn):
    def __init__(self, limits: Limits, *, strict: bool) -> None:
        self._limits = limits
        self._strict = strict

    def process(self, unit: Unit) -> Iterable[Article | TaggedOutput[Literal["rejects"], Reject]]:
        for item in read_unit(unit, open_uri, self._limits, strict=self._strict):
            if isinstance(item, Reject):
                Metrics.counter("rejects", item.reason).inc()
                yield TaggedOutput("rejects", item)
            else:
                Metrics.counter("items", item.source_format).inc()
                yield item


class ReadUnits(beam.PTransform):
    """Read every item of every unit: `articles`, and `rejects` beside them.

    `strict` rejects items that break the schema of their format, where we have one.
    Counts items by format in the counters `items/<format>`, rejects by reason in `rejects/<reason>`.
    """

    def __init__(self, limits: Limits = DEFAULT_LIMITS, *, strict: bool = False) -> None:
        super().__init__()
        self._limits = limits
        self._strict = strict

    @no_annotations  # Beam has no type for a main output with tagged ones
    def expand(self, units: PCollection[Unit]) -> beam.pvalue.DoOutputsTuple:
        """Wire it up."""
        return units | "Read" >> beam.ParDo(_ReadUnit(self._limits, strict=self._strict)).with_outputs(
            "rejects", main="articles"
        )


class _PollFeeds(beam.DoFn):
    def __init__(self, folder: str, manners: Manners, now: dt.datetime, workers: int) -> None:
        self._folder = folder
        self._manners = manners
        self._now = now
        self._workers = workers

    def setup(self) -> None:
        self._client = Client(manners=self._manners)  # holds locks and robots.txt files: one a worker

    def process(self, feeds: tuple[FeedState, ...]) -> Iterator[Polled]:
        for poll in poll_all(feeds, self._client, self._now, workers=self._workers):
            Metrics.counter("polls", poll.outcome).inc()
            yield put_aside(poll, location(self._folder))


class PollFeeds(beam.PTransform[PCollection[tuple[FeedState, ...]], PCollection[Polled]]):
    """Poll groups of feeds, `workers` at a time; payloads are put in `folder`.

    A group should hold all feeds of its hosts: pauses between requests to a host are kept within one.
    Counts polls by outcome in the counters `polls/<outcome>`.
    """

    def __init__(self, folder: str, manners: Manners, now: dt.datetime, workers: int = 32) -> None:
        super().__init__()
        self._poll = _PollFeeds(folder, manners, now, workers)

    def expand(self, groups: PCollection[tuple[FeedState, ...]]) -> PCollection[Polled]:
        return groups | "Poll" >> beam.ParDo(self._poll)

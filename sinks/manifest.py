"""Manifests: what each run committed. The list of manifests is the only truth about a table."""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal, Self

import orjson

from sinks.layout import COMMITS
from storage.objects import ObjectPath
from storage.paths import Location

LEDGER: Final = ("read", "articles", "duplicates", "held", "rejects", "unchanged")
"""What a ledger counts: the first is the sum of the others."""

Kind = Literal["ingest", "compact", "replay", "undone"]
"""An undone run died before its commit, and must not finish it any more: its manifest holds its number and nothing."""

_NAME = re.compile(r"(\d{8})\.json")


class CommitError(Exception):
    """What is to be committed can't be: files are not as they must be, or another run was first."""


@dataclasses.dataclass(frozen=True, slots=True)
class CommittedFile:
    """A file of a table; `path` is relative to the output directory, `bytes` its size."""

    path: str
    table: str
    rows: int
    bytes: int
    sha256: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One run, committed: the files it added and removed, and its ledger.

    Times are ISO 8601 UTC. `sources` has a ledger for each source file or feed, `totals` their sum.
    `state` lists all files of `_state/` that are valid after this run, so that the newest manifest
    alone tells the next run what it must know.
    """

    sequence: int
    run_id: str
    started_at: str
    finished_at: str
    newsbeam_version: str
    schema_version: int
    totals: dict[str, int]
    sources: dict[str, dict[str, int]]
    rejects_by_reason: dict[str, int]
    released: dict[str, int]
    """Rows moved from held to articles, by the run that had read them."""
    files: tuple[CommittedFile, ...]
    removed: tuple[str, ...]
    state: tuple[CommittedFile, ...]
    feeds: dict[str, int] = dataclasses.field(default_factory=dict)
    """Feeds polled, by outcome."""
    alarms: tuple[str, ...] = ()
    """Feeds that answer, and give nothing."""
    duplicates: dict[str, int] = dataclasses.field(default_factory=dict)
    """Duplicates by kind, and `closed_groups`: groups of texts too large to compare each with all."""
    kind: Kind = "ingest"
    """What the run was. A compaction reads no items: its ledger is all zeros."""
    dropped: dict[str, dict[str, dict[str, int]]] = dataclasses.field(default_factory=dict)
    """Rows that this run took out of the tables for good: by the run that had read them, their source, the table."""

    def to_json(self) -> bytes:
        """As it is stored."""
        return orjson.dumps(dataclasses.asdict(self), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    @classmethod
    def from_json(cls, content: bytes) -> Self:
        """The inverse of `to_json`; raises `ValueError` where the content is no manifest."""
        try:
            fields: dict[str, Any] = orjson.loads(content)
            for name in ("files", "state"):
                fields[name] = tuple(CommittedFile(**file) for file in fields[name])
            for name in ("removed", "alarms"):
                fields[name] = tuple(fields.get(name, ()))
            return cls(**fields)
        except (KeyError, TypeError) as error:
            msg = f"no manifest: {error}"
            raise ValueError(msg) from error


def manifest_path(output: Location, sequence: int) -> Location:
    """Where the manifest with this number is."""
    return output / COMMITS / f"{sequence:08d}.json"


def last_sequence(output: Location) -> int:
    """The number of the newest manifest, 0 where there is none."""
    folder = output / COMMITS
    if isinstance(folder, ObjectPath):
        return _last_object(output)
    if not folder.is_dir():
        return 0
    numbers = [int(match[1]) for path in folder.iterdir() if (match := _NAME.fullmatch(path.name))]
    return max(numbers, default=0)


def _last_object(output: Location) -> int:
    """The same by asking for single names: there is no gap between them, and listing years of runs takes long."""
    stop = 1
    while manifest_path(output, stop).is_file():
        stop *= 2
    start = stop // 2  # the last that is known to be there
    while stop - start > 1:
        middle = (start + stop) // 2
        if manifest_path(output, middle).is_file():
            start = middle
        else:
            stop = middle
    return start


def last_manifest(output: Location) -> Manifest | None:
    """The newest manifest, None where nothing was committed yet."""
    sequence = last_sequence(output)
    return Manifest.from_json(manifest_path(output, sequence).read_bytes()) if sequence else None


def find_run(output: Location, run_id: str, begun: dt.datetime) -> Manifest | None:
    """The manifest of a run that began at that time, None where it has not committed."""
    for sequence in range(last_sequence(output), 0, -1):
        manifest = Manifest.from_json(manifest_path(output, sequence).read_bytes())
        if manifest.run_id == run_id and manifest.kind != "undone":
            return manifest
        if manifest.kind != "undone" and dt.datetime.fromisoformat(manifest.finished_at) < begun:
            break
    return None


def manifests(output: Location, after: int = 0) -> Iterator[Manifest]:
    """All manifests with greater numbers, oldest first; raises `ValueError` where one can't be read."""
    for sequence in range(after + 1, last_sequence(output) + 1):
        path = manifest_path(output, sequence)
        try:
            yield Manifest.from_json(path.read_bytes())
        except (OSError, ValueError) as error:
            msg = f"{path}: {error}"
            raise ValueError(msg) from error


def live_files(history: Iterable[Manifest]) -> dict[str, CommittedFile]:
    """The files of all tables after these runs, by path."""
    files: dict[str, CommittedFile] = {}
    for manifest in history:
        files.update((file.path, file) for file in manifest.files)
        for path in manifest.removed:
            files.pop(path, None)
    return files

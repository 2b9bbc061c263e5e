"""The tables as they stand after the last commit, for those who only read.

A file that no manifest names does not exist. A file that a manifest names may be gone while another
run commits: it removes files once it has published. Then the manifests are read again.
"""

import dataclasses
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from sinks.columnar import open_parquet
from sinks.layout import COMMITS, INTENT, STAGING
from sinks.manifest import CommittedFile, Manifest, manifests
from sinks.schema import TABLES
from storage.objects import ObjectPath
from storage.paths import Location, below

_ATTEMPTS: Final = 3
_PAUSE: Final = 0.2
BATCH_ROWS: Final = 32_768
_TEXT_ROWS: Final = 512
"""Rows of texts and payloads that are decoded at a time; a payload has up to 64 KiB."""


@dataclasses.dataclass(frozen=True, slots=True)
class Snapshot:
    """The files of all tables at one commit."""

    output: Location
    last: Manifest | None
    """The newest manifest, None where nothing was committed yet."""
    files: tuple[CommittedFile, ...]
    """Files that are there."""
    missing: tuple[str, ...]
    """Paths of files that a manifest names and that are not there."""
    interrupted: bool
    """Whether a run has begun its commit: it is running, or the next run will finish it."""

    def table(self, name: str) -> list[CommittedFile]:
        """The table's files, newest partition first."""
        files = [file for file in self.files if file.table == name]
        return sorted(files, key=lambda file: file.path, reverse=True)

    def batches(self, file: CommittedFile, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Some columns of a file, in order; names of columns may reach into structs."""
        with open_parquet(self.output / file.path) as parquet:
            yield from parquet.iter_batches(BATCH_ROWS, columns=list(columns))

    def rows(
        self, file: CommittedFile, wanted: Sequence[int], columns: Sequence[str] | None = None
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """The rows of a file with these numbers, ascending; only their row groups are read."""
        left = sorted(wanted, reverse=True)
        with open_parquet(self.output / file.path) as parquet:
            start = 0
            for group in range(parquet.num_row_groups):
                stop = start + parquet.metadata.row_group(group).num_rows
                if left and left[-1] < stop:
                    yield from _take(parquet, group, start, left, columns)
                start = stop


def _missing(output: Location, paths: Iterable[str]) -> set[str]:
    """Those that are not there."""
    if isinstance(output, ObjectPath):
        # One answer lists a thousand.
        there = {below(output, path) for table in TABLES for path in (output / table).rglob("*.parquet")}
        return {*paths} - there
    return {path for path in paths if not (output / path).is_file()}


def _take(
    parquet: pq.ParquetFile, group: int, start: int, left: list[int], columns: Sequence[str] | None
) -> Iterator[tuple[int, dict[str, Any]]]:
    for batch in parquet.iter_batches(_TEXT_ROWS, row_groups=[group], columns=columns and list(columns)):
        if not left:
            return
        while left and left[-1] < start + batch.num_rows:
            row = left.pop()
            yield row, batch.slice(row - start, 1).to_pylist()[0]
        start += batch.num_rows


def take_snapshot(output: Location, visit: Callable[[Manifest], object] = lambda _: None) -> Snapshot:
    """Read the manifests, oldest first, showing each to `visit` (once).

    Raises `FileNotFoundError` where there are no tables, `ValueError` where a manifest can't be read.
    """
    if not (output / COMMITS).is_dir() and not (output / STAGING).is_dir():
        msg = f"{output}: no newsbeam tables here (there is no {COMMITS}/)"
        raise FileNotFoundError(msg)
    files: dict[str, CommittedFile] = {}
    last: Manifest | None = None
    attempt = 0
    while True:
        attempt += 1
        for manifest in manifests(output, after=last.sequence if last else 0):
            visit(manifest)
            last = manifest
            files.update((file.path, file) for file in manifest.files)
            for path in manifest.removed:
                files.pop(path, None)
        missing = _missing(output, files)
        if not missing or attempt == _ATTEMPTS:
            break
        time.sleep(_PAUSE)
    there = tuple(file for path, file in files.items() if path not in missing)
    interrupted = any((output / STAGING).glob(f"*/{INTENT}"))
    return Snapshot(output, last, there, tuple(sorted(missing)), interrupted)

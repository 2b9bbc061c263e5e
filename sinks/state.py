"""What a later run must know of the rows committed before it: their signatures.

Each commit adds one file; where small files have become many, the commit merges them into one, so
that reading the history stays cheap however often newsbeam runs.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from sinks.files import sha256, sync_file
from sinks.layout import SIGNATURES
from sinks.manifest import CommittedFile
from sinks.schema import SIGNATURES as SCHEMA
from sinks.schema import SKETCH

_READ: Final = pa.schema([field if field.name != "table" else pa.field("table", pa.string()) for field in SCHEMA])
_PLAIN: Final = [name for name in SCHEMA.names if name not in {field.name for field in SKETCH} - {"headline"}]
"""What is read of rows that nothing is compared with."""
ROW_GROUP_ROWS: Final = 1 << 16
WRITTEN: Final = {
    "compression": "zstd",
    "use_dictionary": ["table", "story", "edition"],
    "write_statistics": ["date"],
}
"""How Parquet is told to write them: readers skip row groups by their days."""

MERGE_FACTOR: Final = 8
"""Files of one order of magnitude that may stand side by side, as in a log-structured merge tree."""


Days = tuple[dt.date, dt.date]
"""First and last."""


def scan_signatures(output: Path, files: Sequence[CommittedFile], days: Days | None = None) -> Iterator[pa.Table]:
    """The signatures of all committed rows, in the order of the commits, a piece at a time.

    Sketches are read of the rows of these days alone (None: of no day); elsewhere they may be null.
    """
    for path, group in signature_pieces(output, files):
        yield read_piece(path, group, days)


def signature_pieces(output: Path, files: Sequence[CommittedFile]) -> list[tuple[str, int]]:
    """The pieces that `read_piece` reads, in the order of the commits: a file and the number of its row group."""
    paths = [str(output / file.path) for file in files]
    return [(path, group) for path in paths for group in range(pq.read_metadata(path).num_row_groups)]


def read_piece(path: str, group: int, days: Days | None) -> pa.Table:
    """The signatures of one piece; the sketches where it can have rows of these days."""
    with pq.ParquetFile(path) as source:
        stored = source.schema_arrow.names
        wanted = SCHEMA.names if _overlaps(source, group, days) else _PLAIN
        found = source.read_row_group(group, columns=[name for name in wanted if name in stored])
    columns = [
        found[field.name] if field.name in found.column_names else pa.nulls(len(found), field.type) for field in _READ
    ]
    return pa.table(columns, schema=_READ)


def _overlaps(source: pq.ParquetFile, group: int, days: Days | None) -> bool:
    """Whether a row group can have rows of these days."""
    if days is None or "date" not in source.schema_arrow.names:
        return False
    place = source.schema_arrow.names.index("date")
    found = source.metadata.row_group(group).column(place).statistics
    return found is None or not found.has_min_max or (found.min <= days[1] and found.max >= days[0])


def extend_signatures(
    output: Path, files: Sequence[CommittedFile], rows: pa.Table, folder: Path
) -> tuple[tuple[CommittedFile, ...], tuple[str, ...]]:
    """Add a run's signatures: the state's files after it, and the paths that no longer belong to it.

    New files are written below `folder`, which mirrors the output directory.
    """
    if not rows.num_rows:
        return tuple(files), ()
    kept = list(files)
    merged: list[CommittedFile] = []
    size = rows.num_rows
    while _tail(kept, size) >= MERGE_FACTOR - 1:
        for _ in range(_tail(kept, size)):
            merged.insert(0, kept.pop())
        size += sum(file.rows for file in merged)
    old = [pq.read_table(output / file.path, schema=SCHEMA, partitioning=None) for file in merged]
    new = _write(pa.concat_tables([*old, rows.cast(SCHEMA)]), folder)
    return (*kept, new), tuple(file.path for file in merged)


def _tail(files: Sequence[CommittedFile], rows: int) -> int:
    """How many of the last files are of the order of magnitude of a file of `rows` rows, or smaller."""
    count = 0
    for file in reversed(files):
        if file.rows >= rows * MERGE_FACTOR:
            break
        count += 1
    return count


def _write(rows: pa.Table, folder: Path) -> CommittedFile:
    digest = hashlib.blake2b(digest_size=10)
    for row in zip(*(column.to_pylist() for column in rows.columns), strict=True):
        digest.update(repr(row).encode())
    path = f"{SIGNATURES}/{digest.hexdigest()}.parquet"
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(rows, target, row_group_size=ROW_GROUP_ROWS, **WRITTEN)
    sync_file(target)
    return CommittedFile(path, "signatures", rows.num_rows, target.stat().st_size, sha256(target))

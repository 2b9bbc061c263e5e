"""What a later run must know of the rows committed before it: their signatures.

Each commit adds one file; where small files have become many, the commit merges them into one, so
that reading the history stays cheap however often newsbeam runs.
"""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from sinks.columnar import open_parquet, read_metadata
from sinks.layout import SIGNATURES
from sinks.manifest import CommittedFile
from sinks.schema import SIGNATURES as SCHEMA
from sinks.schema import SKETCH
from storage.files import whole
from storage.paths import Location, location, move

_READ: Final = pa.schema([field if field.name != "table" else pa.field("table", pa.string()) for field in SCHEMA])
_PLAIN: Final = [name for name in SCHEMA.names if name not in {field.name for field in SKETCH} - {"headline"}]
"""What is read of rows that nothing is compared with."""
ROW_GROUP_ROWS: Final = 1 << 16
_WRITTEN: Final = {
    "compression": "zstd",
    "use_dictionary": ["table", "story", "edition"],
    "write_statistics": ["date"],
}
"""How Parquet is told to write them: readers skip row groups by their days."""

MERGE_FACTOR: Final = 8
"""Files of one order of magnitude that may stand side by side, as in a log-structured merge tree."""


Days = tuple[dt.date, dt.date]
"""First and last."""


def scan_signatures(output: Location, files: Sequence[CommittedFile], days: Days | None = None) -> Iterator[pa.Table]:
    """The signatures of all committed rows, in the order of the commits, a piece at a time.

    Sketches are read of the rows of these days alone (None: of no day); elsewhere they may be null.
    """
    for path, group in signature_pieces(output, files):
        yield read_piece(path, group, days)


def signature_pieces(output: Location, files: Sequence[CommittedFile]) -> list[tuple[str, int]]:
    """The pieces that `read_piece` reads, in the order of the commits: a file and the number of its row group."""
    paths = [str(output / file.path) for file in files]
    return [(path, group) for path in paths for group in range(read_metadata(location(path)).num_row_groups)]


def read_piece(path: str, group: int, days: Days | None) -> pa.Table:
    """The signatures of one piece; the sketches where it can have rows of these days."""
    with open_parquet(location(path)) as source:
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
    return found is None or not found.has_min_max or bool(found.min <= days[1] and found.max >= days[0])


def extend_signatures(
    output: Location, files: Sequence[CommittedFile], rows: pa.Table, folder: Location
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
    pieces = itertools.chain(_stored(output, merged), [rows.select(_READ.names).cast(_READ)])
    new = write_signatures(whole_groups(pieces), folder)
    return (*kept, new), tuple(file.path for file in merged)


def _tail(files: Sequence[CommittedFile], rows: int) -> int:
    """How many of the last files are of the order of magnitude of a file of `rows` rows, or smaller."""
    count = 0
    for file in reversed(files):
        if file.rows >= rows * MERGE_FACTOR:
            break
        count += 1
    return count


def signature_groups(output: Location, files: Sequence[CommittedFile]) -> Iterator[pa.Table]:
    """All signatures with their sketches, in the order of the commits, as many at a time as a row group has."""
    return whole_groups(_stored(output, files))


def write_signatures(groups: Iterable[pa.Table], folder: Location) -> CommittedFile:
    """Write row groups to one file below `folder`, named by its digest; holds one group in memory."""
    part = folder / SIGNATURES / "part"
    count = 0
    with whole(part) as file, pq.ParquetWriter(file, SCHEMA, **_WRITTEN) as writer:
        for rows in groups:
            writer.write_table(rows.cast(SCHEMA), row_group_size=ROW_GROUP_ROWS)
            count += len(rows)
    target = move(part, part.with_name(f"{file.sha256[:20]}.parquet"))
    return CommittedFile(f"{SIGNATURES}/{target.name}", "signatures", count, file.size, file.sha256)


def _stored(output: Location, files: Sequence[CommittedFile]) -> Iterator[pa.Table]:
    for path, group in signature_pieces(output, files):
        yield read_piece(path, group, (dt.date.min, dt.date.max))


def whole_groups(pieces: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in tables of `ROW_GROUP_ROWS`; the last may have fewer."""
    waiting: list[pa.Table] = []
    for piece in pieces:
        waiting.append(piece)
        while sum(map(len, waiting)) >= ROW_GROUP_ROWS:
            rows = pa.concat_tables(waiting)
            yield rows[:ROW_GROUP_ROWS].combine_chunks()
            waiting = [rows[ROW_GROUP_ROWS:]]
    if any(map(len, waiting)):
        yield pa.concat_tables(waiting).combine_chunks()

"""What a later run must know of the rows committed before it: their signatures.

Each commit adds one file; where small files have become many, the commit merges them into one, so
that reading the history stays cheap however often newsbeam runs.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from sinks.files import sha256, sync_file
from sinks.layout import SIGNATURES
from sinks.manifest import CommittedFile
from sinks.schema import SIGNATURES as SCHEMA

MERGE_FACTOR: Final = 8
"""Files of one order of magnitude that may stand side by side, as in a log-structured merge tree."""


def read_signatures(output: Path, files: Sequence[CommittedFile]) -> pa.Table:
    """The signatures of all committed rows, in the order of the commits."""
    tables = [pq.read_table(output / file.path, schema=SCHEMA, partitioning=None) for file in files]
    return _plain(pa.concat_tables(tables) if tables else SCHEMA.empty_table())


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
    pq.write_table(rows, target, compression="zstd", use_dictionary=["table"], write_statistics=False)
    sync_file(target)
    return CommittedFile(path, "signatures", rows.num_rows, target.stat().st_size, sha256(target))


def _plain(rows: pa.Table) -> pa.Table:
    return rows.set_column(rows.column_names.index("table"), "table", rows["table"].cast(pa.string()))

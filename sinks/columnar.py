"""Parquet and Arrow files, wherever they are."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from storage.files import Measured, whole
from storage.paths import Location


def open_parquet(path: Location) -> pq.ParquetFile:
    """A file to read parts of; of an object, the ranges asked for are fetched, near ones at once."""
    if isinstance(path, Path):
        return pq.ParquetFile(path)
    return pq.ParquetFile(path.open("rb"), pre_buffer=True)


def read_metadata(path: Location) -> pq.FileMetaData:
    """Rows, row groups and statistics of a file."""
    with open_parquet(path) as file:
        return file.metadata


def read_parquet(path: Location, columns: Sequence[str] | None = None, **how: Any) -> pa.Table:  # noqa: ANN401
    """Some columns of all rows; `how` is told to `pyarrow.parquet.read_table`. The path's folders are no columns."""
    source = path if isinstance(path, Path) else path.open("rb")
    return pq.read_table(source, columns=columns and list(columns), partitioning=None, **how)


def write_parquet(path: Location, rows: pa.Table, *, durable: bool = True, **how: Any) -> Measured:  # noqa: ANN401
    """Write a file, whole or not at all; its size and digest.

    `how` is told to `pyarrow.parquet.write_table`. What need not outlive a power cut is not `durable`.
    """
    with whole(path, durable=durable) as file:
        pq.write_table(rows, file, **how)
    return file


def read_arrow(path: Location) -> pa.Table:
    """All of an Arrow file; a local one is mapped into memory."""
    if isinstance(path, Path):
        with pa.memory_map(str(path)) as source:
            return pa.ipc.open_file(source).read_all()
    return pa.ipc.open_file(pa.BufferReader(path.read_bytes())).read_all()


def write_arrow(path: Location, rows: pa.Table, max_chunksize: int | None = None) -> None:
    """Write an Arrow file, in batches of `max_chunksize` rows at most."""
    with whole(path, durable=False) as file, pa.ipc.new_file(file, rows.schema) as writer:
        writer.write_table(rows, max_chunksize=max_chunksize)

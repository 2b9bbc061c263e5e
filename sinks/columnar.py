"""Parquet and Arrow files, wherever they are."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from storage.files import Measured, whole
from storage.paths import Location


def open_parquet(path: Location) -> pq.ParquetFile:
    """A file to read parts of; of an object, the ranges asked for are fetched."""
    # Arrow could fetch ahead in threads of its own, which then call Python, and abort a process that ends meanwhile.
    return pq.ParquetFile(path if isinstance(path, Path) else path.open("rb"))


def read_metadata(path: Location) -> pq.FileMetaData:
    """Rows, row groups and statistics of a file."""
    with open_parquet(path) as file:
        return file.metadata


def read_parquet(
    path: Location,
    columns: Sequence[str] | None = None,
    *,
    schema: pa.Schema | None = None,
    filters: pc.Expression | None = None,
    use_threads: bool = True,
) -> pa.Table:
    """Some columns of the rows that fit; those of a schema that an older file lacks are null.

    Parameters are those of `pyarrow.parquet.read_table`. The path's folders are no columns.
    """
    if isinstance(path, Path):
        wanted = columns and list(columns)
        how = {"schema": schema, "filters": filters, "use_threads": use_threads}
        return pq.read_table(path, columns=wanted, partitioning=None, **how)
    with open_parquet(path) as file:
        stored = file.schema_arrow.names
        wanted = columns or (schema.names if schema else stored)
        rows = file.read([name for name in wanted if name in stored], use_threads=use_threads)
    if filters is not None:
        rows = rows.filter(filters)
    if schema is None:
        return rows
    fields = [schema.field(name) for name in wanted]
    found = [rows[field.name] if field.name in stored else pa.nulls(len(rows), field.type) for field in fields]
    return pa.table(found, names=[field.name for field in fields]).cast(pa.schema(fields))


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

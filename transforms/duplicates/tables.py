"""The tables that deciding takes and gives, and how their columns are read as arrays."""

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

DIGEST: Final = pa.binary(16)

SKETCH: Final = pa.schema(
    [
        ("date", pa.date32()),  # the partition: the day that tells how far apart two texts are
        ("headline", pa.binary(8)),
        ("edition", pa.binary(8)),
        ("length", pa.int32()),  # this and the next three are null for a text that is compared as a whole only
        ("minhash", pa.binary(128)),
        ("lead", pa.binary(64)),
        ("figures", pa.binary(40)),
    ]
)
"""What texts are compared by, see `transforms.duplicates.sketch`."""

ITEMS: Final = pa.schema(
    [
        ("key", DIGEST),  # article_id, or the digest that identifies a reject
        ("revision", DIGEST),  # all that the source gave of the item
        ("content_hash", DIGEST),
        ("table", pa.string()),  # where the item goes if it is new: articles, held or rejects
        ("published_at", pa.timestamp("us", tz="UTC")),
        ("updated_at", pa.timestamp("us", tz="UTC")),
        ("payload_sha256", pa.string()),
        ("source_uri", pa.string()),
        ("item_index", pa.int32()),
        ("version", pa.int32()),  # of a row that was held until now; null for an item read in this run
        *SKETCH,
    ]
)
"""What is known of each item of the run, and of each held row that the run moves."""

HISTORY: Final = pa.schema(
    [
        ("key", DIGEST),
        ("revision", DIGEST),
        ("content_hash", DIGEST),
        ("canonical", DIGEST),
        ("story", DIGEST),
        ("version", pa.int32()),
        ("table", pa.string()),
        *SKETCH,
    ]
)
"""What is known of each row committed before, in the order of the commits."""

DECISIONS: Final = pa.schema(
    [
        ("table", pa.string()),  # articles, duplicates, held, rejects or unchanged
        ("canonical", DIGEST),  # article_id of the canonical article, the row's own unless a duplicate
        ("kind", pa.string()),  # exact or near; null unless a duplicate
        ("similarity", pa.float32()),  # null unless a duplicate
        ("story", DIGEST),
        ("version", pa.int32()),
    ]
)
"""One row an item, in the items' order."""

Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Column: TypeAlias = "pa.Array | pa.ChunkedArray"


def one_array(column: Column) -> pa.Array:
    """A column as one piece."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def as_bytes(column: Column, width: int = 16) -> npt.NDArray[np.bytes_]:
    """Digests as numpy byte strings, which sort and compare as a whole; nulls are zeros."""
    return np.ascontiguousarray(as_cells(column, width)).view(f"S{width}").reshape(-1)


def as_cells(column: Column, width: int) -> npt.NDArray[np.uint8]:
    """Binary values of one width as rows of bytes; nulls are zeros."""
    array = pc.fill_null(one_array(column).cast(pa.binary(width)), bytes(width))
    if not len(array):
        return np.empty((0, width), np.uint8)
    return np.frombuffer(array.buffers()[1], np.uint8, len(array) * width, array.offset * width).reshape(-1, width)


def as_binary(digests: npt.NDArray[np.bytes_]) -> pa.Array:
    """The inverse of `as_bytes`; left to itself, Arrow would end each digest at its first zero byte."""
    width, data = digests.dtype.itemsize, np.ascontiguousarray(digests)
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), len(digests), [None, pa.py_buffer(data)])


def as_flags(values: Column) -> Flags:
    """Booleans as an array; nulls are false."""
    return np.asarray(pc.fill_null(values, False), np.bool_)


def as_integers(values: Column) -> npt.NDArray[np.int32]:
    """Integers, or days since 1970, as an array; nulls are 0."""
    return np.asarray(pc.fill_null(one_array(values).cast(pa.int32()), 0), np.int32)


def join(left: Column, right: Column) -> pa.Array:
    """Two digests as one value."""
    return pc.binary_join_element_wise(*(pc.cast(one_array(column), pa.binary()) for column in (left, right)), b"")


def sort_indices(table: pa.Table) -> Indices:
    """Indices that sort a table by all its columns, ascending, nulls last."""
    keys = [(name, "ascending", "at_end") for name in table.column_names]
    return np.asarray(pc.sort_indices(table, sort_keys=keys), np.int64)

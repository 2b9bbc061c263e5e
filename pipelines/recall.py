"""The history recalled by many workers at once, for tables that have outgrown one.

Probes of the run's items and of the history meet in shards, by `CoGroupByKey`; what crosses the shuffle
is numbers, 12 bytes each, and never a row. Only rows that matter are then read whole.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import apache_beam as beam
import numpy as np
import pyarrow as pa
from apache_beam.pvalue import PCollection

from sinks.columnar import read_arrow, write_arrow
from sinks.state import read_piece
from sinks.write import Collect
from storage.paths import Location, location
from transforms.duplicates.recall import Days, probes

Piece = tuple[str, int]

_ITEMS: Final = 65_536
"""Items whose probes are made at once."""


class Recall(beam.PTransform[PCollection[Piece], PCollection[None]]):
    """Pieces of the history to files that hold, of each, the rows that the items need.

    `items` is an Arrow file with the columns of `transforms.duplicates.tables.ITEMS`. The files' names reach
    the driver through the receipt (`recalled`).
    """

    def __init__(self, items: str, days: Days | None, shards: int, folder: str, receipt: str) -> None:
        super().__init__()
        self.items = items
        self.days = days
        self.shards = shards
        self.folder = folder
        self.receipt = receipt

    def expand(self, pieces: PCollection[Piece]) -> PCollection[None]:
        """Probe, meet, read."""
        wanted = (
            pieces.pipeline
            | "items" >> beam.Create(_parts(self.items))
            | "probe items" >> beam.FlatMap(_probe_items, self.items, self.days, self.shards)
        )
        stored = pieces | "probe pieces" >> beam.FlatMap(_probe_piece, self.days, self.shards)
        return (
            {"wanted": wanted, "stored": stored}
            | "meet" >> beam.CoGroupByKey()
            | "match" >> beam.FlatMap(_match)
            | "by piece" >> beam.GroupByKey()
            | "read rows" >> beam.Map(_read_rows, self.days, self.folder)
            | "collect" >> Collect(self.receipt)
        )


def recalled(names: Iterable[tuple[Piece, str]], pieces: Sequence[Piece]) -> Iterator[pa.Table]:
    """What was recalled, in the order of the commits, from the names that `Recall` gave."""
    files = dict(names)
    for piece in pieces:
        if piece in files:
            yield read_arrow(location(files[piece]))


def write_items(items: pa.Table, path: Location) -> None:
    """The file that `Recall` reads the items from, in batches of `_ITEMS`."""
    write_arrow(path, items.combine_chunks(), _ITEMS)


def _parts(path: str) -> list[int]:
    return list(range(len(read_arrow(location(path)).to_batches())))


def _probe_items(part: int, path: str, days: Days | None, shards: int) -> Iterator[tuple[int, bytes]]:
    rows = pa.Table.from_batches([read_arrow(location(path)).to_batches()[part]])
    _, values = probes(rows, days)
    values = np.unique(values)
    shard = _shard(values, shards)
    for number in range(shards):
        yield number, values[shard == number].tobytes()


def _probe_piece(piece: Piece, days: Days | None, shards: int) -> Iterator[tuple[int, tuple[Piece, bytes, bytes]]]:
    found, values = probes(read_piece(*piece, days), days)
    shard = _shard(values, shards)
    for number in range(shards):
        of_shard = shard == number
        yield number, (piece, found[of_shard].astype(np.uint32).tobytes(), values[of_shard].tobytes())


def _shard(values: np.ndarray, shards: int) -> np.ndarray:
    return (values >> np.uint64(32)) % np.uint64(shards)


def _match(met: tuple[int, dict[str, Iterable[Any]]]) -> Iterator[tuple[Piece, bytes]]:
    wanted = np.concatenate([np.empty(0, np.uint64), *(np.frombuffer(part, np.uint64) for part in met[1]["wanted"])])
    for piece, rows, values in met[1]["stored"]:
        shared = np.isin(np.frombuffer(values, np.uint64), wanted)
        if shared.any():
            yield piece, np.unique(np.frombuffer(rows, np.uint32)[shared]).tobytes()


def _read_rows(found: tuple[Piece, Iterable[bytes]], days: Days | None, folder: str) -> tuple[Piece, str]:
    piece, parts = found
    rows = np.unique(np.concatenate([np.frombuffer(part, np.uint32) for part in parts]))
    path = location(folder) / f"{location(piece[0]).stem}-{piece[1]:05d}.arrow"
    write_arrow(path, read_piece(*piece, days).take(pa.array(rows)))
    return piece, str(path)

"""Staged rows, decided upon, become the files of the tables.

The driver plans (`plan_merge`), workers write (`write_merge`). A file's rows and name follow from what
the rows hold, not from the order, the files or the chunks they came in.
"""

import dataclasses
import hashlib
import itertools
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sinks.columnar import read_arrow, write_arrow, write_parquet
from sinks.layout import partition_path
from sinks.manifest import CommittedFile
from sinks.schema import SCHEMA_VERSION, TABLES
from sinks.staging import take_staged
from storage.paths import Location, location

ROUTES: Final = pa.schema(
    [
        ("file", pa.int32()),  # index into the staged files
        ("row", pa.int32()),  # index into that file
        ("table", pa.string()),
        ("date", pa.date32()),
        ("key", pa.binary(16)),
        ("revision", pa.binary(16)),
        ("canonical", pa.binary(16)),
        ("story", pa.binary(16)),
        ("version", pa.int32()),
        ("kind", pa.string()),
        ("similarity", pa.float32()),
        ("payload_sha256", pa.string()),
        ("source_uri", pa.string()),
        ("item_index", pa.int32()),
        ("size", pa.int32()),  # code points of text, or bytes of payload
    ]
)
"""Where each staged row goes."""

ROW_OVERHEAD: Final = 2_000
"""Bytes a row takes beside its text, about: what keeps a file of tiny rows from growing without bound."""

_ORDER: Final = ("table", "date", "key", "version", "payload_sha256", "source_uri", "item_index")


@dataclasses.dataclass(frozen=True, slots=True)
class Output:
    """A file to be written: rows `start` to `stop` of its task's routes. `path` is below the output directory."""

    table: str
    path: str
    start: int
    stop: int


@dataclasses.dataclass(frozen=True, slots=True)
class MergeTask:
    """Some files that one worker writes: what they hold is in the Arrow file `routes`."""

    routes: str
    staged: tuple[str, ...]
    outputs: tuple[Output, ...]


def plan_merge(
    routes: pa.Table,
    staged: Sequence[str],
    folder: Location,
    *,
    newsbeam_version: str,
    bytes_per_file: int = 64 << 20,
) -> list[MergeTask]:
    """Cut the routed rows into files, and the files into tasks that fit in memory.

    `routes` has the columns of `ROUTES`, without the rows that go nowhere; each task's share of it is
    written to `folder`.
    """
    routes = routes.sort_by([(name, "ascending") for name in _ORDER])
    weight = np.cumsum(np.asarray(routes["size"], np.int64) + ROW_OVERHEAD)
    tasks: list[MergeTask] = []
    group: list[Output] = []
    for output in _outputs(routes, weight, bytes_per_file, newsbeam_version):
        if group and weight[output.stop - 1] - weight[group[0].start] > bytes_per_file:
            tasks.append(_task(routes, staged, group, folder / f"routes-{len(tasks):05d}.arrow"))
            group = []
        group.append(output)
    if group:
        tasks.append(_task(routes, staged, group, folder / f"routes-{len(tasks):05d}.arrow"))
    return tasks


def write_merge(task: MergeTask, folder: Location) -> Iterator[CommittedFile]:
    """Write a task's files below `folder`, durably."""
    routes = read_arrow(location(task.routes))
    for kind in ("articles", "rejects"):
        of_kind = [output for output in task.outputs if (output.table == "rejects") == (kind == "rejects")]
        if of_kind:
            start, stop = of_kind[0].start, of_kind[-1].stop
            rows = _gather(routes.slice(start, stop - start), task.staged, TABLES[kind].names)
            for output in of_kind:
                part = slice(output.start - start, output.stop - start)
                yield _write(_shape(rows[part], routes[output.start : output.stop], output.table), output, folder)


def _outputs(
    routes: pa.Table, weight: npt.NDArray[np.int64], bytes_per_file: int, newsbeam_version: str
) -> Iterator[Output]:
    """One file for each table and day, more where it would grow too large."""
    count = routes.num_rows
    if not count:
        return
    table, date = routes["table"].to_numpy(), routes["date"].to_numpy()
    starts = np.flatnonzero(np.r_[True, (table[1:] != table[:-1]) | (date[1:] != date[:-1])])
    for start, stop in zip(starts.tolist(), [*starts[1:].tolist(), count], strict=True):
        shard = (weight[start:stop] - weight[start]) // bytes_per_file
        cuts = [0, *(np.flatnonzero(np.diff(shard)) + 1).tolist(), stop - start]
        for index, (first, last) in enumerate(itertools.pairwise(cuts)):
            digest = _digest(routes[start + first : start + last], newsbeam_version)
            name = f"part-{index:05d}-{digest}.parquet"
            path = partition_path(table[start], routes["date"][start].as_py(), name)
            yield Output(table[start], path, start + first, start + last)


def _digest(routes: pa.Table, newsbeam_version: str) -> str:
    """Of what the rows hold and the code that wrote them; of neither run nor time."""
    digest = hashlib.blake2b(f"{newsbeam_version}/{SCHEMA_VERSION}".encode(), digest_size=10)
    said = routes.select(
        ["table", "date", "key", "revision", "canonical", "story", "version", "kind", "payload_sha256"]
    )
    for row in zip(*(column.to_pylist() for column in said.columns), strict=True):
        digest.update(repr(row).encode())
    return digest.hexdigest()


def _task(routes: pa.Table, staged: Sequence[str], outputs: Sequence[Output], path: Location) -> MergeTask:
    start, stop = outputs[0].start, outputs[-1].stop
    write_arrow(path, routes.slice(start, stop - start))
    moved = [dataclasses.replace(output, start=output.start - start, stop=output.stop - start) for output in outputs]
    return MergeTask(str(path), tuple(staged), tuple(moved))


def _gather(routes: pa.Table, staged: Sequence[str], columns: Sequence[str]) -> pa.Table:
    """The staged rows that the routes name, in the routes' order: what sketches and shingles were for is decided."""
    file, row = routes["file"].to_numpy(), routes["row"].to_numpy()
    parts, places = [], []
    for index in np.unique(file).tolist():
        place = np.flatnonzero(file == index)
        place = place[np.argsort(row[place])]
        parts.append(take_staged(staged[index], pa.array(row[place]), columns))
        places.append(place)
    return pa.concat_tables(parts).take(np.argsort(np.concatenate(places)))


def _shape(rows: pa.Table, routes: pa.Table, table: str) -> pa.Table:
    """Staged rows with what was decided of them, in the table's columns."""
    schema = TABLES[table]
    if table == "rejects":
        return rows.select(schema.names).cast(schema)
    columns = {name: rows[name] for name in rows.column_names}
    columns["version"] = routes["version"]
    columns["story_id"] = _hex(routes["story"])
    if table == "duplicates":
        columns["duplicate_of"] = _hex(routes["canonical"])
        columns["duplicate_kind"] = routes["kind"]
        columns["similarity"] = routes["similarity"]
    return pa.table([columns[name] for name in schema.names], schema=schema)


def _hex(digests: pa.ChunkedArray) -> pa.Array:
    return pa.array([digest.hex() for digest in digests.to_pylist()], pa.string())


def _write(rows: pa.Table, output: Output, folder: Location) -> CommittedFile:
    written = write_parquet(folder / output.path, rows, compression="zstd", compression_level=3, row_group_size=32_768)
    return CommittedFile(output.path, output.table, rows.num_rows, written.size, written.sha256)

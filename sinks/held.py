"""Held rows whose time has come: moved to their tables by the first run after their embargo ends."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from sinks.columnar import read_parquet, write_parquet
from sinks.manifest import live_files, manifests
from sinks.rows import STAGED_ARTICLES
from sinks.schema import ARTICLES, SIGNATURES, SKETCH
from sinks.staging import ROW_GROUP_ROWS, StagedFile, container
from storage.objects import ObjectPath
from storage.paths import Location, below, find

_SIGNED: Final = [field.name for field in SKETCH]


def stage_due(
    output: Location, signatures: Callable[[], Iterable[pa.Table]], now: dt.datetime, folder: Location
) -> tuple[list[StagedFile], list[str]]:
    """Stage anew every held file that has a row due: the staged files, and the paths they replace.

    Rows of such a file that are not due are staged too, to be written to `held` again. `signatures` gives
    those of all rows committed, a piece at a time.
    """
    paths = find(output / "held", "date=*/*.parquet")
    if paths and isinstance(output, ObjectPath):
        # What a run that died has left may lie there until the next run undoes it.
        live = live_files(manifests(output))
        paths = [path for path in paths if below(output, path) in live]
    if not paths:
        return [], []
    held = _held(signatures)
    staged, replaced = [], []
    for path in paths:
        rows = read_parquet(path, columns=["article_id", "version", "embargoed_until", "status"])
        keys = pa.array([bytes.fromhex(article_id) for article_id in rows["article_id"].to_pylist()], pa.binary(16))
        found = held.take(_places(held, keys, rows["version"]))
        current = pc.equal(found["newest"], rows["version"])
        if not pc.any(pc.and_(due(rows, now), current)).as_py():
            continue
        rows = read_parquet(path, schema=ARTICLES)
        date = dt.date.fromisoformat(path.parent.name.removeprefix("date="))
        extra = {name: found[name] for name in _SIGNED} | {
            "date": [date] * len(rows),
            "revision": [digest.hex() for digest in found["revision"].to_pylist()],
            "item_index": [0] * len(rows),
            "known": [False] * len(rows),
            "size": pc.utf8_length(rows["body"]),
        }
        values = [
            rows[field.name] if field.name in rows.column_names else _column(extra.get(field.name), field, len(rows))
            for field in STAGED_ARTICLES
        ]
        target = folder / path.parent.name / path.name
        table = pa.table(values, schema=STAGED_ARTICLES)
        write_parquet(target, table, durable=False, row_group_size=ROW_GROUP_ROWS, write_statistics=False)
        sources = Counter(container(uri) for uri in rows["source_uri"].to_pylist())
        staged.append(StagedFile("articles", str(target), len(rows), dict(sources)))
        replaced.append(below(output, path))
    return staged, replaced


def _held(signatures: Callable[[], Iterable[pa.Table]]) -> pa.Table:
    """The signatures of the rows held, with `newest`, the newest version of each row's id in any table."""
    nothing = pa.schema([*SIGNATURES]).empty_table()
    pieces = [piece.filter(pc.equal(piece["table"], "held")) for piece in signatures()]
    held = pa.concat_tables(pieces).combine_chunks() if pieces else nothing
    keys = held["key"].combine_chunks()
    versions = [
        piece.filter(pc.is_in(piece["key"], value_set=keys)).select(["key", "version"]) for piece in signatures()
    ]
    newest = pa.concat_tables(versions).group_by("key").aggregate([("version", "max")]) if versions else nothing
    place = pc.index_in(keys, value_set=newest["key"].combine_chunks())
    return held.append_column("newest", newest["version_max"].take(place))


def _places(held: pa.Table, keys: pa.Array, versions: pa.ChunkedArray) -> pa.Array:
    """Where in the signatures each row is."""
    signed = zip(held["key"].to_pylist(), held["version"].to_pylist(), strict=True)
    places = {pair: place for place, pair in enumerate(signed)}
    return pa.array([places[pair] for pair in zip(keys.to_pylist(), versions.to_pylist(), strict=True)], pa.int64())


def _column(values: object, field: pa.Field, count: int) -> pa.ChunkedArray:
    if values is None:
        return pa.chunked_array([pa.nulls(count, field.type)])
    return (
        values.cast(field.type)
        if isinstance(values, pa.ChunkedArray)
        else pa.chunked_array([pa.array(values, field.type)])
    )


def due(rows: pa.Table, now: dt.datetime) -> pa.ChunkedArray:
    """Which rows nothing holds: neither the sender nor an embargo. A kill is never held."""
    free = pc.not_equal(rows["status"], "withheld")
    over = pc.fill_null(pc.less_equal(rows["embargoed_until"], pa.scalar(now, rows["embargoed_until"].type)), True)
    return pc.or_(pc.equal(rows["status"], "canceled"), pc.and_(free, over))

"""The signatures as a compaction leaves them: one file, in which removed rows stand for nothing any more.

A removed row's signature stays, under the table `removed`: the same item read again is unchanged, and so
stays killed; but no new text becomes the duplicate of one that is gone.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sinks.files import sha256, sync_file
from sinks.layout import SIGNATURES
from sinks.manifest import CommittedFile
from sinks.removals import Edits
from sinks.schema import SIGNATURES as SCHEMA
from sinks.state import ROW_GROUP_ROWS, WRITTEN

REMOVED: Final = "removed"
"""The table of a signature whose row a kill has removed."""


def compact_signatures(
    output: Path, files: Sequence[CommittedFile], edits: Edits, folder: Path
) -> tuple[CommittedFile, ...]:
    """Write all signatures to one file below `folder`; the files as they are where that would change nothing."""
    if not files:
        return ()
    part = folder / SIGNATURES / ".part"
    part.parent.mkdir(parents=True, exist_ok=True)
    promoted = {(bytes.fromhex(key), version) for key, versions in edits.promoted.values() for version in versions}
    changed = len(files) > 1
    with pq.ParquetWriter(part, SCHEMA, **WRITTEN) as writer:
        for rows in _groups(output, files):
            edited = _edit(rows, edits, promoted)
            changed = changed or not edited.equals(rows)
            writer.write_table(edited, row_group_size=ROW_GROUP_ROWS)
    if not changed:
        part.unlink()
        part.parent.rmdir()
        return tuple(files)
    digest = sha256(part)
    target = part.replace(part.with_name(f"{digest[:20]}.parquet"))
    sync_file(target)
    rows_written = sum(file.rows for file in files)
    path = f"{SIGNATURES}/{target.name}"
    return (CommittedFile(path, "signatures", rows_written, target.stat().st_size, digest),)


def _groups(output: Path, files: Sequence[CommittedFile]) -> Iterator[pa.Table]:
    """All rows in their order, as many at a time as a row group has."""
    waiting: list[pa.Table] = []
    for file in files:
        with pq.ParquetFile(output / file.path) as source:
            for batch in source.iter_batches(ROW_GROUP_ROWS):
                waiting.append(_conform(batch))
                if sum(map(len, waiting)) >= ROW_GROUP_ROWS:
                    rows = pa.concat_tables(waiting)
                    yield rows[:ROW_GROUP_ROWS].unify_dictionaries().combine_chunks()
                    waiting = [rows[ROW_GROUP_ROWS:]]
    if any(map(len, waiting)):
        yield pa.concat_tables(waiting).unify_dictionaries().combine_chunks()


def _conform(batch: pa.RecordBatch) -> pa.Table:
    """The rows in today's columns: nulls where they were written before a column was."""
    columns = [
        batch.column(field.name).cast(field.type)
        if field.name in batch.schema.names
        else pa.nulls(batch.num_rows, field.type)
        for field in SCHEMA
    ]
    return pa.table(columns, schema=SCHEMA)


def _edit(rows: pa.Table, edits: Edits, promoted: set[tuple[bytes, int]]) -> pa.Table:
    """Mark removed rows; give copies whose canonical article is gone their new one. Takes from `promoted`."""
    ids = pa.array(sorted(map(bytes.fromhex, edits.kills)), pa.binary(16))
    touched = pc.or_(pc.is_in(rows["key"], value_set=ids), pc.is_in(rows["canonical"], value_set=ids))
    places = pc.indices_nonzero(touched).to_pylist()
    if not places:
        return rows
    tables = rows["table"].cast(pa.string()).to_pylist()
    canonical = rows["canonical"].to_pylist()
    names = ["key", "content_hash", "version"]
    for place, row in zip(places, rows.select(names).take(pa.array(places)).to_pylist(), strict=True):
        key, version = row["key"].hex(), row["version"]
        kill = edits.kills.get(key)
        lost = (canonical[place].hex(), row["content_hash"].hex())
        if kill and (kill.ends(version, tables[place]) or (key, version) in edits.late):
            tables[place] = REMOVED
        elif tables[place] == "duplicates" and row["key"] != canonical[place] and lost not in edits.standing:
            chosen = edits.promoted.get(lost)
            if chosen is None:  # its row was dropped as superseded
                tables[place] = REMOVED
                continue
            canonical[place] = bytes.fromhex(chosen[0])
            if (row["key"], row["version"]) in promoted and row["key"] == canonical[place]:
                promoted.remove((row["key"], row["version"]))
                tables[place] = "articles"
    for name, values in (("table", tables), ("canonical", canonical)):
        place = rows.column_names.index(name)
        rows = rows.set_column(place, SCHEMA.field(name), _column(values, SCHEMA.field(name).type))
    return rows


def _column(values: Sequence[object], kind: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(kind):
        return pa.array(values, kind.value_type).dictionary_encode().cast(kind)
    return pa.array(values, kind)

"""The signatures as a compaction leaves them: one file, in which removed rows stand for nothing any more.

A removed row's signature stays, under the table `removed`: the same item read again is unchanged, and so
stays killed; but no new text becomes the duplicate of one that is gone.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from sinks.layout import SIGNATURES
from sinks.manifest import CommittedFile
from sinks.removals import Edits
from sinks.state import signature_groups, write_signatures
from storage.paths import Location, remove_tree

REMOVED: Final = "removed"
"""The table of a signature whose row a kill has removed."""

Sketches = Mapping[tuple[bytes, int], Mapping[str, object]]
"""What texts are compared by, column by column, for each row that becomes an article, by id and version: the signatures
of duplicates don't have it."""


def compact_signatures(
    output: Location, files: Sequence[CommittedFile], edits: Edits, sketches: Sketches, folder: Location
) -> tuple[CommittedFile, ...]:
    """Write all signatures to one file below `folder`; the files as they are where that would change nothing."""
    if not files:
        return ()
    promoted = {(bytes.fromhex(key), version) for key, versions in edits.promoted.values() for version in versions}
    changed = len(files) > 1

    def edited() -> Iterator[pa.Table]:
        nonlocal changed
        for rows in signature_groups(output, files):
            found = _edit(rows, edits, promoted, sketches)
            changed = changed or not found.equals(rows)
            yield found

    new = write_signatures(edited(), folder)
    if changed:
        return (new,)
    remove_tree(folder / SIGNATURES)
    return tuple(files)


def _edit(rows: pa.Table, edits: Edits, promoted: set[tuple[bytes, int]], sketches: Sketches) -> pa.Table:
    """Mark removed rows; give copies whose canonical article is gone their new one. Takes from `promoted`."""
    ids = pa.array(sorted(map(bytes.fromhex, edits.kills)), pa.binary(16))
    touched = pc.or_(pc.is_in(rows["key"], value_set=ids), pc.is_in(rows["canonical"], value_set=ids))
    places = pc.indices_nonzero(touched).to_pylist()
    if not places:
        return rows
    sketched: dict[int, Mapping[str, object]] = {}
    tables = rows["table"].to_pylist()
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
                sketched[place] = sketches.get((row["key"], row["version"]), {})
    for name, values in (("table", tables), ("canonical", canonical)):
        rows = _replace(rows, name, dict(enumerate(values)))
    for name in rows.column_names:
        rows = _replace(rows, name, {row: sketch[name] for row, sketch in sketched.items() if name in sketch})
    return rows


def _replace(rows: pa.Table, name: str, values: Mapping[int, object]) -> pa.Table:
    """Give a column other values in some rows."""
    if not values:
        return rows
    place = rows.column_names.index(name)
    field = rows.schema.field(place)
    mask = pa.array([row in values for row in range(len(rows))], pa.bool_())
    new = pa.array([values[row] for row in sorted(values)], field.type)
    return rows.set_column(place, field, pc.replace_with_mask(rows[name].combine_chunks(), mask, new))

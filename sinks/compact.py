"""Compaction: small files of a table and day become few, and rows that are to go are left out.

The driver plans (`plan_compaction`), `write_task` writes one file and holds no more in memory than that
file's rows, unsorted and sorted. What comes out follows from the files that go in.
"""

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from sinks.columnar import read_metadata, read_parquet, write_parquet
from sinks.manifest import CommittedFile
from sinks.removals import BLANK, Edits, FileEdits
from sinks.schema import TABLES
from sinks.staging import container
from storage.paths import Location, move

BYTES_PER_FILE: Final = 64 << 20
"""What a file may hold, unpacked: about as much as ingestion writes to one."""

_ORDER: Final[Mapping[str, Sequence[str]]] = {
    "articles": ("article_id", "version", "payload_sha256", "source_uri"),
    "duplicates": ("article_id", "version", "payload_sha256", "source_uri"),
    "held": ("article_id", "version", "payload_sha256", "source_uri"),
    "rejects": ("source_uri", "item_index", "payload_sha256", "reason"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """Rows of a file: those that stay in its table, or, where `promoted`, those that become articles.

    `weight` is about how many bytes they are, unpacked.
    """

    file: CommittedFile
    weight: int
    promoted: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Task:
    """A file to be written from some pieces, in the folder of a table's day."""

    table: str
    folder: str
    pieces: tuple[Piece, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """Everything a compaction does to the tables."""

    tasks: tuple[Task, ...]
    removed: tuple[CommittedFile, ...]
    edits: Edits


def plan_compaction(
    output: Location, files: Sequence[CommittedFile], edits: Edits, bytes_per_file: int = BYTES_PER_FILE
) -> Plan:
    """Pack the files of each table and day, first fit decreasing, so that no two of the packs would fit in one.

    A file that is alone in its pack and has no edits is left as it is.
    """
    pieces: defaultdict[tuple[str, str], list[Piece]] = defaultdict(list)
    for file in files:
        folder = file.path.rpartition("/")[0]
        edit = edits.files.get(file.path, FileEdits())
        row_weight = _weight(output / file.path) // max(file.rows, 1)
        stay = file.rows - len(edit.removed) - len(edit.promoted)
        pieces[file.table, folder].append(Piece(file, stay * row_weight))
        if edit.promoted:
            promoted = Piece(file, len(edit.promoted) * row_weight, promoted=True)
            pieces["articles", folder.replace("duplicates/", "articles/", 1)].append(promoted)
    tasks, removed = [], []
    for (table, folder), group in sorted(pieces.items()):
        for pack in _pack(group, bytes_per_file):
            if len(pack) == 1 and not pack[0].promoted and pack[0].file.path not in edits.files:
                continue
            tasks.append(Task(table, folder, tuple(pack)))
            removed += [piece.file for piece in pack if not piece.promoted]
    return Plan(tuple(tasks), tuple(sorted(removed, key=lambda file: file.path)), edits)


def write_task(task: Task, edits: Edits, output: Location, folder: Location, taken: set[str]) -> CommittedFile | None:
    """Write the task's file below `folder`, which mirrors the output directory; None where no row is left.

    The name has the digest of the file; `taken` are names it must not have, and its own is added.
    """
    parts = [_read(piece, edits, output) for piece in sorted(task.pieces, key=lambda piece: piece.file.path)]
    rows = pa.concat_tables(parts)
    if not rows.num_rows:
        return None
    del parts
    rows = rows.sort_by([(name, "ascending") for name in _ORDER[task.table]])
    part = folder / task.folder / "part"
    written = write_parquet(part, rows, compression="zstd", compression_level=3, row_group_size=32_768)
    index = 0
    while (path := f"{task.folder}/part-{index:05d}-{written.sha256[:20]}.parquet") in taken:
        index += 1
    taken.add(path)
    move(part, folder / path)
    return CommittedFile(path, task.table, rows.num_rows, written.size, written.sha256)


def count_dropped(output: Location, plan: Plan) -> dict[str, dict[str, dict[str, int]]]:
    """The rows that are removed, by the run that had read them, their source and the table."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for file in plan.removed:
        if removed := plan.edits.files.get(file.path, FileEdits()).removed:
            rows = read_parquet(output / file.path, columns=["run_id", "source_uri"])
            for row in rows.take(pa.array(sorted(removed))).to_pylist():
                counts[row["run_id"], container(row["source_uri"]), file.table] += 1
    dropped: dict[str, dict[str, dict[str, int]]] = {}
    for (run_id, source, table), number in sorted(counts.items()):
        dropped.setdefault(run_id, {}).setdefault(source, {})[table] = number
    return dropped


def _weight(path: Location) -> int:
    """About how many bytes a file's rows are, unpacked."""
    metadata = read_metadata(path)
    return sum(int(metadata.row_group(index).total_byte_size) for index in range(metadata.num_row_groups))


def _pack(pieces: Sequence[Piece], bytes_per_pack: int) -> Iterator[list[Piece]]:
    packs: list[tuple[int, list[Piece]]] = []
    for piece in sorted(pieces, key=lambda piece: (-piece.weight, piece.file.path, piece.promoted)):
        for place, (weight, pack) in enumerate(packs):
            if weight + piece.weight <= bytes_per_pack:
                packs[place] = (weight + piece.weight, [*pack, piece])
                break
        else:
            packs.append((piece.weight, [piece]))
    yield from (pack for _, pack in packs)


def _read(piece: Piece, edits: Edits, output: Location) -> pa.Table:
    """The rows of a piece as they are to be written."""
    schema = TABLES[piece.file.table]
    rows = read_parquet(output / piece.file.path, schema=schema)
    edit = edits.files.get(piece.file.path)
    if edit is None:
        return rows
    if piece.promoted:
        return rows.take(pa.array(sorted(edit.promoted), pa.int64())).select(TABLES["articles"].names)
    if edit.canonical:
        rows = _give(rows, "duplicate_of", edit.canonical)
        rows = _give(rows, "duplicate_kind", dict.fromkeys(edit.canonical, "exact"))
        rows = _give(rows, "similarity", dict.fromkeys(edit.canonical, 1.0))
    for name, value in BLANK.items():
        if edit.blanked:
            rows = _give(rows, name, dict.fromkeys(edit.blanked, value))
    gone = edit.removed | edit.promoted
    return rows.filter(pa.array([row not in gone for row in range(len(rows))], pa.bool_()))


def _give(rows: pa.Table, name: str, values: Mapping[int, Any]) -> pa.Table:
    """Replace the values of a column in some rows."""
    mask = pa.array([row in values for row in range(len(rows))], pa.bool_())
    place = rows.column_names.index(name)
    field = rows.schema.field(place)
    new = pa.array([values[row] for row in sorted(values)], field.type)
    if pa.types.is_nested(field.type):
        # Arrow's replace_with_mask knows no nested types; a kill's file is rewritten once.
        old = rows[name].to_pylist()
        column = pa.array([values.get(row, value) for row, value in enumerate(old)], field.type)
    else:
        column = pc.replace_with_mask(rows[name].combine_chunks(), mask, new)
    return rows.set_column(place, field, column)

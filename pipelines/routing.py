"""Between staging and the tables: what was staged is decided upon, counted, and told where to go."""

import dataclasses
import datetime as dt
import functools
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sinks.held import due
from sinks.manifest import LEDGER
from sinks.merge import ROUTES
from sinks.schema import SIGNATURES
from sinks.staging import ROW_GROUP_ROWS, StagedFile, container, read_group, read_staged
from transforms.duplicates.compare import Rules, Verifier
from transforms.duplicates.decide import decide
from transforms.duplicates.recall import Days, days_near
from transforms.duplicates.tables import DIGEST, ITEMS, SKETCH

History = Callable[[pa.Table, Days | None], Iterable[pa.Table]]
"""Gives the signatures of the rows committed that the items may need, or of more, a piece at a time, in the order of
the commits, with the sketches of the days asked for. The items have the columns of `ITEMS`."""

_STAGED: Final = pa.schema(
    [
        *ITEMS,
        ("file", pa.int32()),
        ("row", pa.int32()),
        ("size", pa.int32()),
        ("reason", pa.string()),
        ("run_id", pa.string()),
        ("moved", pa.bool_()),
        ("known", pa.bool_()),
    ]
)
"""What is read of each staged row: what deciding needs, and what routing and counting need."""

_SIGNED: Final = tuple(SIGNATURES.names)
_BLANK: Final = "0" * 32
"""The content hash of an item that was known and so never hashed."""
_SKETCHED: Final = ("length", "minhash", "lead", "figures")


class LedgerError(Exception):
    """The run's numbers don't add up: a bug, and the reason why nothing was committed."""


@dataclasses.dataclass(frozen=True, slots=True)
class Routing:
    """What becomes of everything staged.

    `routes` has the columns of `sinks.merge.ROUTES` and no unchanged items, `signatures` those of
    `sinks.schema.SIGNATURES`, `items` a row for each item read. `sources` has a ledger for each source
    file or feed. `released` counts the rows that leave `held`, by the run that had read them.
    """

    routes: pa.Table
    signatures: pa.Table
    items: pa.Table
    sources: dict[str, dict[str, int]]
    rejects_by_reason: dict[str, int]
    released: dict[str, int]
    removed: int
    """Articles that are duplicates of one with another id."""
    duplicates: dict[str, int]
    """By kind, and `closed_groups`: groups of texts too large to compare each with all."""

    @property
    def totals(self) -> dict[str, int]:
        """The ledger of the whole run."""
        return {name: sum(ledger[name] for ledger in self.sources.values()) for name in LEDGER}


def route(
    staged: Sequence[StagedFile],
    moved: Sequence[StagedFile],
    history: History,
    read: Mapping[str, int],
    now: dt.datetime,
    rules: Rules,
) -> Routing:
    """Decide on all staged rows at once.

    `moved` are staged files of rows that were held until now, numbered after `staged`; `history` gives the
    signatures of all rows committed, with the sketches of some days; `read` counts the items that each
    source gave. Raises `LedgerError` where these are not the items staged.
    """
    files = (*staged, *moved)
    parts = [_rows(index, file, now, moved=index >= len(staged)) for index, file in enumerate(files)]
    items = pa.concat_tables(parts) if parts else _STAGED.empty_table()
    compared = items.select(ITEMS.names)
    decided_on = decide(compared, history(compared, days_near(compared, rules)), rules, _verifier(files, items))
    decisions = decided_on.decisions
    decided = items.drop_columns(["table", "version"])
    for name in decisions.column_names:
        decided = decided.append_column(name, decisions[name])
    if pc.any(pc.and_(decided["known"], pc.not_equal(decided["table"], "unchanged"))).as_py():
        msg = "an item was taken for unchanged, and is not"
        raise LedgerError(msg)

    fresh = decided.filter(pc.invert(decided["moved"]))
    sources = _ledgers(fresh, read)
    kept = decided.filter(pc.not_equal(decided["table"], "unchanged"))
    released = kept.filter(pc.and_(kept["moved"], pc.not_equal(kept["table"], "held")))
    signed = pa.concat_tables([fresh.filter(pc.not_equal(fresh["table"], "unchanged")), released])
    return Routing(
        routes=kept.select(ROUTES.names).cast(ROUTES),
        signatures=_sign(signed),
        items=fresh.select(["source_uri", "table", "published_at"]),
        sources=sources,
        rejects_by_reason=_count(fresh.filter(pc.equal(fresh["table"], "rejects"))["reason"]),
        released=_count(released["run_id"]),
        removed=pc.sum(
            pc.and_(pc.equal(fresh["table"], "duplicates"), pc.not_equal(fresh["key"], fresh["canonical"]))
        ).as_py()
        or 0,
        duplicates=_count(fresh["kind"].drop_null()) | {"closed_groups": decided_on.closed_buckets},
    )


def _sign(rows: pa.Table) -> pa.Table:
    """What later runs must know of rows: nothing is ever compared with a duplicate, so it needs no sketch."""
    unsketched = pc.is_in(rows["table"], value_set=pa.array(["duplicates", "rejects"]))
    for name in _SKETCHED:
        values = rows[name].combine_chunks()
        blank = pa.nulls(len(rows), values.type)
        rows = rows.set_column(rows.column_names.index(name), name, pc.if_else(unsketched, blank, values))
    order = ("key", "revision", "content_hash", "canonical", "story", "version", "table")
    return rows.select(_SIGNED).sort_by([(name, "ascending") for name in order])


def _verifier(files: Sequence[StagedFile], items: pa.Table) -> Verifier:
    """Exact similarity of two staged texts, from their shingles."""
    place = [items[name].to_numpy() for name in ("file", "row")]

    @functools.lru_cache(maxsize=64)
    def read(file: int, group: int) -> pa.ChunkedArray:
        return read_group(files[file].path, group, ["shingles"])["shingles"]

    def shingles(index: int) -> npt.NDArray[np.uint32] | None:
        file, row = (int(values[index]) for values in place)
        value = read(file, row // ROW_GROUP_ROWS)[row % ROW_GROUP_ROWS].as_py()
        return None if value is None else np.frombuffer(value, np.uint32)

    def verify(one: int, other: int) -> float | None:
        left, right = shingles(one), shingles(other)
        if left is None or right is None:
            return None
        shared = len(np.intersect1d(left, right, assume_unique=True))
        return shared / (len(left) + len(right) - shared)

    return verify


def _rows(index: int, file: StagedFile, now: dt.datetime, *, moved: bool) -> pa.Table:
    """The rows of one staged file, with the columns of `_STAGED`."""
    rows = _article_rows(file, now) if file.kind == "articles" else _reject_rows(file)
    count = file.rows
    given = {
        "file": np.full(count, index, np.int32),
        "row": np.arange(count, dtype=np.int32),
        "moved": np.full(count, moved),
    }
    if not moved:
        given["version"] = pa.nulls(count, pa.int32())
    columns = []
    for field in _STAGED:
        values = given.get(field.name, rows.get(field.name))
        columns.append(pa.nulls(count, field.type) if values is None else _column(values, field.type))
    return pa.table(columns, schema=_STAGED)


def _article_rows(file: StagedFile, now: dt.datetime) -> dict[str, object]:
    names = "published_at updated_at payload_sha256 source_uri item_index version size run_id known"
    digests = {"key": "article_id", "revision": "revision", "content_hash": "content_hash"}
    plain = [*names.split(), *SKETCH.names]
    rows = read_staged(file, [*plain, *digests.values(), "status", "embargoed_until"])
    found: dict[str, object] = {name: rows[name] for name in plain}
    for name, column in digests.items():
        found[name] = [bytes.fromhex(text or _BLANK) for text in rows[column].to_pylist()]
    found["table"] = pc.if_else(due(rows, now), "articles", "held")
    # What is known is compared with nothing: its day must not have the history read for it.
    found["date"] = pc.if_else(rows["known"], pa.scalar(None, pa.date32()), rows["date"])
    return found


def _reject_rows(file: StagedFile) -> dict[str, object]:
    names = ["source_uri", "item_index", "payload_sha256", "reason", "run_id", "date", "size"]
    rows = read_staged(file, names)
    found: dict[str, object] = {name: rows[name] for name in names}
    identity = zip(*(rows[name].to_pylist() for name in names[:4]), strict=True)
    found["key"] = [hashlib.blake2b(repr(place).encode(), digest_size=16).digest() for place in identity]
    found["revision"] = found["content_hash"] = [bytes(DIGEST.byte_width)] * file.rows
    found["table"] = ["rejects"] * file.rows
    found["known"] = [False] * file.rows
    return found


def _column(values: object, kind: pa.DataType) -> pa.ChunkedArray:
    if isinstance(values, pa.ChunkedArray):
        return values.cast(kind)
    return pa.chunked_array([pa.array(values, kind)])


def _ledgers(items: pa.Table, read: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """A ledger for each source; raises where the items staged are not the items read."""
    counts = Counter(
        zip(map(container, items["source_uri"].to_pylist()), items["table"].to_pylist(), strict=True),
    )
    ledgers = {source: dict.fromkeys(LEDGER, 0) | {"read": number} for source, number in sorted(read.items())}
    for (source, table), number in counts.items():
        if source not in ledgers:
            msg = f"{source}: {number} items staged, none read"
            raise LedgerError(msg)
        ledgers[source][table] += number
    for source, ledger in ledgers.items():
        accounted = sum(ledger[table] for table in LEDGER[1:])
        if ledger["read"] != accounted:
            msg = f"{source}: {ledger['read']} items read, {accounted} accounted for: {ledger}"
            raise LedgerError(msg)
    return ledgers


def _count(values: Iterable[pa.Scalar]) -> dict[str, int]:
    return dict(sorted(Counter(value.as_py() for value in values).items()))

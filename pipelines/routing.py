"""Between staging and the tables: what was staged is decided upon, counted, and told where to go."""

import dataclasses
import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sinks.held import due
from sinks.manifest import LEDGER
from sinks.merge import ROUTES
from sinks.staging import StagedFile, container, read_staged
from transforms.duplicates.decide import DIGEST, HISTORY, ITEMS, decide

_STAGED: Final = pa.schema(
    [
        *ITEMS,
        ("file", pa.int32()),
        ("row", pa.int32()),
        ("date", pa.date32()),
        ("size", pa.int32()),
        ("reason", pa.string()),
        ("run_id", pa.string()),
        ("moved", pa.bool_()),
    ]
)
"""What is read of each staged row: what deciding needs, and what routing and counting need."""

_SIGNED: Final = ("key", "revision", "content_hash", "canonical", "story", "version", "table")


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

    @property
    def totals(self) -> dict[str, int]:
        """The ledger of the whole run."""
        return {name: sum(ledger[name] for ledger in self.sources.values()) for name in LEDGER}


def route(
    staged: Sequence[StagedFile],
    moved: Sequence[StagedFile],
    history: pa.Table,
    read: Mapping[str, int],
    now: dt.datetime,
) -> Routing:
    """Decide on all staged rows at once.

    `moved` are staged files of rows that were held until now, numbered after `staged`; `read` counts
    the items that each source gave. Raises `LedgerError` where these are not the items staged.
    """
    parts = [_rows(index, file, now, moved=index >= len(staged)) for index, file in enumerate((*staged, *moved))]
    items = pa.concat_tables(parts) if parts else _STAGED.empty_table()
    decisions = decide(items.select(ITEMS.names), history.select(HISTORY.names))
    decided = items.drop_columns(["table", "version"])
    for name in decisions.column_names:
        decided = decided.append_column(name, decisions[name])

    fresh = decided.filter(pc.invert(decided["moved"]))
    sources = _ledgers(fresh, read)
    kept = decided.filter(pc.not_equal(decided["table"], "unchanged"))
    released = kept.filter(pc.and_(kept["moved"], pc.not_equal(kept["table"], "held")))
    signed = [fresh.filter(pc.not_equal(fresh["table"], "unchanged")), released]
    return Routing(
        routes=kept.select(ROUTES.names).cast(ROUTES),
        signatures=pa.concat_tables(signed).select(_SIGNED).sort_by([(name, "ascending") for name in _SIGNED]),
        items=fresh.select(["source_uri", "table", "published_at"]),
        sources=sources,
        rejects_by_reason=_count(fresh.filter(pc.equal(fresh["table"], "rejects"))["reason"]),
        released=_count(released["run_id"]),
    )


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
    names = "published_at updated_at payload_sha256 source_uri item_index version date size run_id"
    digests = {"key": "article_id", "revision": "revision", "content_hash": "content_hash"}
    rows = read_staged(file, [*names.split(), *digests.values(), "status", "embargoed_until"])
    found: dict[str, object] = {name: rows[name] for name in names.split()}
    for name, column in digests.items():
        found[name] = [bytes.fromhex(text) for text in rows[column].to_pylist()]
    found["table"] = pc.if_else(due(rows, now), "articles", "held")
    return found


def _reject_rows(file: StagedFile) -> dict[str, object]:
    names = ["source_uri", "item_index", "payload_sha256", "reason", "run_id", "date", "size"]
    rows = read_staged(file, names)
    found: dict[str, object] = {name: rows[name] for name in names}
    identity = zip(*(rows[name].to_pylist() for name in names[:4]), strict=True)
    found["key"] = [hashlib.blake2b(repr(place).encode(), digest_size=16).digest() for place in identity]
    found["revision"] = found["content_hash"] = [bytes(DIGEST.byte_width)] * file.rows
    found["table"] = ["rejects"] * file.rows
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

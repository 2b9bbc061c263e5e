"""Search across the articles: every file is scanned, the newest day first, until a page is full or time is up.

A scan needs no index that could be out of step with the tables, and what is found first is what is
newest. How far a search came is in its cursor, with which the next one goes on.
"""

import dataclasses
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sinks.columnar import open_parquet
from sinks.manifest import CommittedFile
from sinks.snapshot import Snapshot

EXACT: Final = ("language", "source_format", "publisher", "doc_type")
"""Columns that a search can ask for a value of."""
STANDING: Final = ("article_id", "version", "status")
SHOWN: Final = (
    "article_id",
    "title",
    "publisher",
    "published_at",
    "language",
    "source_format",
    "doc_type",
    "word_count",
    "translation_probability",
    "artifacts",
)
MAX_WORDS: Final = 6
_KIND: Final = "artifacts.list.element.kind"
_ROWS: Final = 4_096
"""Rows whose texts are in memory at a time."""

Flags = npt.NDArray[np.bool_]
Allowed = Callable[[pa.RecordBatch], Flags]
"""Which rows may be shown, by their columns `STANDING`."""


@dataclasses.dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: words that title or body must all have, whatever their case, and values of columns."""

    words: tuple[str, ...] = ()
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    kind: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A page of a search."""

    rows: list[dict[str, Any]]
    """The columns `SHOWN` and the partition as `date`."""
    cursor: str | None
    """Where to go on; None where all was searched."""
    searched_to: str | None
    """The last partition searched, None where all were."""


def search(snapshot: Snapshot, allowed: Allowed, query: Query, limit: int, cursor: str, seconds: float) -> Found:
    """A page of at most `limit` rows; stops after about `seconds`, at the end of a file."""
    deadline = time.monotonic() + seconds
    path, _, offset = cursor.rpartition(":")
    skip = int(offset or 0)
    rows: list[dict[str, Any]] = []
    for file in snapshot.table("articles"):
        if path and file.path > path:
            continue
        if len(rows) >= limit or time.monotonic() > deadline:
            return Found(rows, f"{file.path}:0", _date(file))
        start = skip if file.path == path else 0
        found, more = _search_file(snapshot, file, allowed, query, start, limit - len(rows))
        rows += found
        if more:
            return Found(rows, f"{file.path}:{start + len(found)}", _date(file))
    return Found(rows, None, None)


def find_article(snapshot: Snapshot, allowed: Allowed, article_id: str) -> tuple[str, dict[str, Any]] | None:
    """The row of `articles` with this id that may be shown, with its partition."""
    wanted = pa.scalar(article_id, pa.string())
    for file in snapshot.table("articles"):
        first = 0
        for batch in snapshot.batches(file, STANDING):
            for row in np.flatnonzero(np.asarray(pc.equal(batch["article_id"], wanted), np.bool_)).tolist():
                if allowed(batch.slice(row, 1))[0]:
                    return next((_date(file), found) for _, found in snapshot.rows(file, [first + row]))
            first += batch.num_rows
    return None


def _search_file(
    snapshot: Snapshot, file: CommittedFile, allowed: Allowed, query: Query, skip: int, limit: int
) -> tuple[list[dict[str, Any]], bool]:
    """A file's rows from the `skip`-th match on, the newest first; whether there are more."""
    columns = [*STANDING, *query.values, "published_at", *([_KIND] if query.kind else [])]
    if query.words:
        columns += ["title", "body"]
    matches: list[tuple[int, int]] = []
    first = 0
    with open_parquet(snapshot.output / file.path) as parquet:
        for batch in parquet.iter_batches(_ROWS, columns=columns):
            times = pc.fill_null(pc.cast(batch["published_at"], pa.int64()), 0).to_pylist()
            matches += [(-times[row], first + row) for row in np.flatnonzero(_matches(batch, allowed, query)).tolist()]
            first += batch.num_rows
    matches.sort()
    wanted = [row for _, row in matches[skip : skip + limit]]
    rows = dict(snapshot.rows(file, wanted, SHOWN))
    return [rows[row] | {"date": _date(file)} for row in wanted], len(matches) > skip + limit


def _matches(batch: pa.RecordBatch, allowed: Allowed, query: Query) -> Flags:
    found = allowed(batch)
    for name, value in query.values.items():
        found = found & np.asarray(pc.fill_null(pc.equal(batch[name], value), False), np.bool_)
    if query.kind and found.any():
        column = batch["artifacts"]
        parents = np.asarray(pc.list_parent_indices(column), np.int64)
        has = np.zeros(len(column), np.bool_)
        has[parents[np.asarray(pc.equal(column.flatten().field(0), query.kind), np.bool_)]] = True
        found = found & has
    for word in query.words:
        # Each word is looked for only where all conditions before it held.
        rows = np.flatnonzero(found)
        if not len(rows):
            break
        part = batch.select(["title", "body"]).take(pa.array(rows))
        hits = [
            np.asarray(pc.match_substring(part[name], word, ignore_case=True), np.bool_) for name in ("title", "body")
        ]
        found = np.zeros(batch.num_rows, np.bool_)
        found[rows[hits[0] | hits[1]]] = True
    return found


def words(text: str) -> tuple[str, ...]:
    """What to look for, from what was typed.

    >>> words("  ferry talks ")
    ('ferry', 'talks')
    """
    return tuple(re.split(r"\s+", text.strip())[:MAX_WORDS]) if text.strip() else ()


def _date(file: CommittedFile) -> str:
    return file.path.split("/")[1].removeprefix("date=")


def cursor_is_valid(cursor: str) -> bool:
    """Whether a cursor is one that `search` may have given, or empty."""
    return not cursor or re.fullmatch(r"articles/date=[0-9-]{10}/[\w.-]{1,100}:\d{1,9}", cursor) is not None

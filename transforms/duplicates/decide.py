"""Which table each item goes to, decided once over all items of a run and the history before it.

Works on columns (Arrow in, Arrow out), so that a million items take seconds, and reads nothing but
ids and digests. The outcome does not depend on the order of the items.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

DIGEST: Final = pa.binary(16)

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
    ]
)
"""What is known of each row committed before, in the order of the commits."""

DECISIONS: Final = pa.schema(
    [
        ("table", pa.string()),  # articles, duplicates, held, rejects or unchanged
        ("canonical", DIGEST),  # article_id of the canonical article, the row's own unless a duplicate
        ("story", DIGEST),
        ("version", pa.int32()),
    ]
)
"""One row an item, in the items' order."""

_Indices = npt.NDArray[np.int64]
_Flags = npt.NDArray[np.bool_]


def decide(items: pa.Table, history: pa.Table) -> pa.Table:
    """Send each item to its table.

    `items` has the columns of `ITEMS`, `history` those of `HISTORY`; the result has those of
    `DECISIONS`. The rules:

    - An item committed before, with the same revision, is `unchanged`.
    - The same item twice in one run: the copies after the first are its duplicates.
    - Of articles with the same content hash one is canonical: the committed one, else the earliest
      published, else the one with the smallest id. The others are its duplicates, unless they have
      its id: then they are further versions of it (a new headline over the same text).
    - Versions of one id count on from the history, in the order of their times.
    - A row that was held keeps its version and is new to its table; the same item read again is not. Where
      its id has a newer version it stays held for good: that one says what holds now.
    """
    order = _order(items)
    items = items.take(order)
    known = _relevant(history, items)
    key, table = items["key"], items["table"].to_numpy(zero_copy_only=False)
    pair = _join(key, items["revision"])
    moved = _flags(pc.is_valid(items["version"]))
    unchanged = _flags(pc.is_in(pair, value_set=_join(known["key"], known["revision"]))) & ~moved
    versions = pc.coalesce(items["version"].combine_chunks(), _versions(items, pair, known, ~unchanged & ~moved))
    superseded = moved & (np.asarray(versions) < _newest(key, versions, known, ~unchanged))
    table = np.where(superseded, "held", table)

    leader = _first_of_each(pair, where=~unchanged)
    copy = leader != np.arange(len(leader))
    comparable = (table == "articles") & ~unchanged
    canonical = _canonical(items, known, comparable & ~copy).take(pa.array(leader))
    is_duplicate = comparable & (copy | (_bytes(canonical) != _bytes(key)))
    decided = np.where(unchanged, "unchanged", np.where(is_duplicate, "duplicates", table))

    decisions = pa.table(
        [pa.array(decided, pa.string()), canonical, _stories(key, canonical, known), versions], schema=DECISIONS
    )
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    return decisions.take(back)


def _order(items: pa.Table) -> _Indices:
    """Total order: earliest published first, then smallest id; the rest only breaks ties."""
    return _sorted(items.select(["published_at", "key", "revision", "payload_sha256", "source_uri", "item_index"]))


def _sorted(table: pa.Table) -> _Indices:
    """Indices that sort a table by all its columns, ascending, nulls last."""
    keys = [(name, "ascending", "at_end") for name in table.column_names]
    return np.asarray(pc.sort_indices(table, sort_keys=keys), np.int64)


def _relevant(history: pa.Table, items: pa.Table) -> pa.Table:
    """The rows of the history that share an id or a content with an item."""
    same_key = pc.is_in(history["key"], value_set=items["key"].combine_chunks())
    same_content = pc.is_in(history["content_hash"], value_set=items["content_hash"].combine_chunks())
    return history.filter(pc.or_(same_key, same_content))


def _canonical(items: pa.Table, known: pa.Table, comparable: _Flags) -> pa.Array:
    """For each item the id that stands for its content: its own where nothing else has the content."""
    key, content = items["key"].combine_chunks(), items["content_hash"].combine_chunks()
    committed = known.filter(pc.is_in(known["table"], value_set=pa.array(["articles", "duplicates"])))
    place = pc.index_in(content, value_set=committed["content_hash"].combine_chunks())
    in_history = committed["canonical"].combine_chunks().take(place)

    contents = _bytes(content)
    members = np.flatnonzero(comparable)
    _, leader, group = np.unique(contents[members], return_index=True, return_inverse=True)
    in_run = np.arange(len(contents))
    in_run[members] = members[leader][group]
    chosen = pc.coalesce(in_history, key.take(in_run))
    return pc.if_else(pa.array(comparable), chosen, key)


def _stories(key: pa.ChunkedArray, canonical: pa.Array, known: pa.Table) -> pa.Array:
    """The committed story of the item's id, else that of its canonical article, else the canonical id."""

    def committed(ids: pa.Array) -> pa.Array:
        place = pc.index_in(ids, value_set=known["key"].combine_chunks())
        return known["story"].combine_chunks().take(place)

    return pc.coalesce(committed(key.combine_chunks()), committed(canonical), canonical)


def _newest(key: pa.ChunkedArray, versions: pa.Array, known: pa.Table, counted: _Flags) -> npt.NDArray[np.int32]:
    """For each item the newest version of its id, in the history and among the items counted."""
    items = pa.table([key, versions], names=["key", "version"]).filter(pa.array(counted))
    newest = pa.concat_tables([items, known.select(["key", "version"])]).group_by("key").aggregate([("version", "max")])
    place = pc.index_in(key.combine_chunks(), value_set=newest["key"].combine_chunks())
    return np.array(pc.fill_null(newest["version_max"].combine_chunks().take(place), 0), np.int32)


def _versions(items: pa.Table, pair: pa.Array, known: pa.Table, new: _Flags) -> pa.Array:
    """The version of each new item: one more than the version of its id before it; copies share one."""
    committed = known.group_by("key").aggregate([("version", "max")])
    place = pc.index_in(items["key"].combine_chunks(), value_set=committed["key"].combine_chunks())
    base = pc.fill_null(committed["version_max"].combine_chunks().take(place), 0)
    versions: npt.NDArray[np.int32] = np.array(base, np.int32) + 1

    time = pc.coalesce(items["updated_at"], items["published_at"])
    by_time = _sorted(pa.table([items["key"], time, items["revision"]], names=["key", "time", "revision"]))
    by_time = by_time[new[by_time]]
    _, leader, copy_of = np.unique(_bytes(pair)[by_time], return_index=True, return_inverse=True)
    sequence = np.argsort(leader)
    keys = _bytes(items["key"])[by_time[leader[sequence]]]
    position = np.arange(len(keys))
    starts = np.r_[True, keys[1:] != keys[:-1]][: len(keys)]
    rank = np.empty(len(keys), np.int32)
    rank[sequence] = position - np.maximum.accumulate(np.where(starts, position, 0))
    versions[by_time] += rank[copy_of]
    return pa.array(versions)


def _join(left: pa.ChunkedArray, right: pa.ChunkedArray) -> pa.Array:
    parts = [pc.cast(column.combine_chunks(), pa.binary()) for column in (left, right)]
    return pc.binary_join_element_wise(*parts, b"")


def _bytes(column: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.bytes_]:
    """Digests as numpy byte strings, which sort and compare as a whole."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    width = len(array[0].as_py()) if len(array) else 16
    flat = pc.cast(array, pa.binary(width))
    buffer = flat.buffers()[1]
    return np.frombuffer(buffer, f"S{width}", len(flat), flat.offset * width)


def _flags(values: pa.Array | pa.ChunkedArray) -> _Flags:
    return np.asarray(values, np.bool_)


def _first_of_each(values: pa.Array, *, where: _Flags) -> _Indices:
    """For each row the index of the first row that has its value; its own where `where` is false."""
    first = np.arange(len(where))
    members = np.flatnonzero(where)
    _, leader, copy_of = np.unique(_bytes(values)[members], return_index=True, return_inverse=True)
    first[members] = members[leader][copy_of]
    return first

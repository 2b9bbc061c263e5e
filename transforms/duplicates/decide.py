"""Which table each item goes to, decided once over all items of a run and the history before it.

Works on columns (Arrow in, Arrow out), so that a million items take seconds, and reads nothing but
ids, digests and sketches. The outcome does not depend on the order of the items.
"""

import dataclasses
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from transforms.duplicates.compare import Rules, Verifier
from transforms.duplicates.match import Matches, match
from transforms.duplicates.nodes import Nodes
from transforms.duplicates.recall import recall
from transforms.duplicates.stories import join_stories
from transforms.duplicates.tables import (
    DECISIONS,
    Column,
    Flags,
    Indices,
    as_binary,
    as_bytes,
    as_flags,
    join,
    one_array,
    sort_indices,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Decided:
    """`decisions` has the columns of `DECISIONS`, a row an item, in the items' order.

    `closed_buckets` counts the groups of texts too large to compare each with all.
    """

    decisions: pa.Table
    closed_buckets: int


def decide(
    items: pa.Table, history: Iterable[pa.Table], rules: Rules | None = None, verify: Verifier | None = None
) -> Decided:
    """Send each item to its table.

    `items` has the columns of `ITEMS`, each piece of the history those of `HISTORY`, in the order of the commits.
    `verify` gives the exact similarity of two items, by their indices. The rules:

    - An item committed before, with the same revision, is `unchanged`.
    - The same item twice in one run: the copies after the first are its duplicates.
    - Of articles that say the same one is canonical: the committed one, else the earliest published, else
      the one with the smallest id. The others are its duplicates, unless they have its id: then they are
      further versions of it (a new headline over the same text). What saying the same means is in `compare`.
    - Versions of one id count on from the history, in the order of their times.
    - A row that was held keeps its version and is new to its table; the same item read again is not. Where
      its id has a newer version it stays held for good: that one says what holds now.
    - Versions, updates, extensions and duplicates share the story of what they follow.
    """
    rules = rules or Rules()
    order = _order(items)
    items = items.take(order)
    known = recall(items, history, rules)
    key, table = items["key"], items["table"].to_numpy(zero_copy_only=False)
    pair = join(key, items["revision"])
    moved = as_flags(pc.is_valid(items["version"]))
    unchanged = as_flags(pc.is_in(pair, value_set=join(known["key"], known["revision"]))) & ~moved
    versions = pc.coalesce(items["version"].combine_chunks(), _versions(items, pair, known, ~unchanged & ~moved))
    superseded = moved & (np.asarray(versions) < _newest(key, versions, known, ~unchanged))
    table = np.where(superseded, "held", table)

    leader = _first_of_each(pair, where=~unchanged)
    copy = leader != np.arange(len(leader))
    comparable = (table == "articles") & ~unchanged
    compared = _Compared.match(items, known, np.flatnonzero(comparable & ~copy), rules, order, verify)
    canonical = compared.canonical(key).take(pa.array(leader))
    is_duplicate = comparable & (copy | (as_bytes(canonical) != as_bytes(key)))
    near = compared.near[leader]
    decided = np.where(unchanged, "unchanged", np.where(is_duplicate, "duplicates", table))
    decisions = pa.table(
        [
            pa.array(decided, pa.string()),
            canonical,
            pa.array(np.where(near > 0, "near", "exact"), pa.string(), mask=~is_duplicate),
            pa.array(np.where(near > 0, near, 1.0), pa.float32(), mask=~is_duplicate),
            _stories(key, canonical, known, compared.links()),
            versions,
        ],
        schema=DECISIONS,
    )
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    return Decided(decisions.take(back), compared.matches.closed_buckets)


@dataclasses.dataclass(frozen=True, slots=True)
class _Compared:
    """The matches of the run's articles, told in terms of its items."""

    nodes: Nodes
    matches: Matches
    members: Indices
    """The item of each node of the run."""
    near: npt.NDArray[np.float64]
    """For each item the similarity to its canonical article, 0 where it is not a near-duplicate."""

    @classmethod
    def match(
        cls, items: pa.Table, known: pa.Table, members: Indices, rules: Rules, order: Indices, verify: Verifier | None
    ) -> "_Compared":
        texts = pc.is_in(known["table"], value_set=pa.array(["articles", "duplicates"]))
        committed = known.filter(texts) if rules.days != 0 else known.slice(0, 0)
        nodes = Nodes.gather(committed, items.take(pa.array(members)))

        def exact(earlier: int, later: int) -> float | None:
            if verify is None or earlier < nodes.first_item:
                return None
            places = order[members[[earlier - nodes.first_item, later - nodes.first_item]]]
            return verify(int(places[0]), int(places[1]))

        matches = match(nodes, dataclasses.replace(rules, days=rules.days or None), exact)
        of_run = slice(nodes.first_item, None)
        near = np.zeros(len(items))
        near[members] = np.where(matches.exact[of_run], 0.0, matches.similarity[of_run])
        return cls(nodes, matches, members, near)

    def canonical(self, key: Column) -> pa.Array:
        """For each item the id that stands for its text: its own where nobody else's does."""
        found = as_bytes(key).copy()
        found[self.members] = self.nodes.key[self.matches.canonical[self.nodes.first_item :]]
        return as_binary(found)

    def links(self) -> list[tuple[bytes, bytes]]:
        """Which article's story each article follows, where it follows another's, in the order of the items."""
        first = self.nodes.first_item
        follows = self.matches.follows[first:]
        linked = np.flatnonzero(follows != np.arange(first, first + len(follows)))
        later, earlier = self.nodes.key[first + linked], self.nodes.key[follows[linked]]
        return list(zip(_padded(later), _padded(earlier), strict=True))


def _padded(digests: npt.NDArray[np.bytes_]) -> list[bytes]:
    # numpy drops the zero bytes at the end of a string.
    return [digest.ljust(16, b"\0") for digest in digests.tolist()]


def _order(items: pa.Table) -> Indices:
    """Total order: earliest published first, then smallest id; the rest only breaks ties."""
    return sort_indices(items.select(["published_at", "key", "revision", "payload_sha256", "source_uri", "item_index"]))


def _stories(key: Column, canonical: pa.Array, known: pa.Table, links: list[tuple[bytes, bytes]]) -> pa.Array:
    """The committed story of the item's id, else the one its links lead to, else that of its canonical article.

    What is held was compared with nothing yet, and is of no story but its own: which it joins, its release tells.
    """
    public = known.filter(pc.not_equal(known["table"], "held"))
    told: dict[bytes, bytes] = {}
    for one, story in zip(public["key"].to_pylist(), public["story"].to_pylist(), strict=True):
        told.setdefault(one, story)
    joined = join_stories(links, told) | told
    if not joined:
        return canonical
    place = pa.array(joined.keys(), canonical.type)
    stories = pa.array(joined.values(), canonical.type)

    def look_up(names: pa.Array) -> pa.Array:
        return stories.take(pc.index_in(names, value_set=place))

    return pc.coalesce(look_up(one_array(key)), look_up(canonical), canonical)


def _newest(key: Column, versions: pa.Array, known: pa.Table, counted: Flags) -> npt.NDArray[np.int32]:
    """For each item the newest version of its id, in the history and among the items counted."""
    items = pa.table([key, versions], names=["key", "version"]).filter(pa.array(counted))
    newest = pa.concat_tables([items, known.select(["key", "version"])]).group_by("key").aggregate([("version", "max")])
    place = pc.index_in(one_array(key), value_set=newest["key"].combine_chunks())
    return np.array(pc.fill_null(newest["version_max"].combine_chunks().take(place), 0), np.int32)


def _versions(items: pa.Table, pair: pa.Array, known: pa.Table, new: Flags) -> pa.Array:
    """The version of each new item: one more than the version of its id before it; copies share one."""
    committed = known.group_by("key").aggregate([("version", "max")])
    place = pc.index_in(items["key"].combine_chunks(), value_set=committed["key"].combine_chunks())
    base = pc.fill_null(committed["version_max"].combine_chunks().take(place), 0)
    versions: npt.NDArray[np.int32] = np.array(base, np.int32) + 1

    time = pc.coalesce(items["updated_at"], items["published_at"])
    by_time = sort_indices(pa.table([items["key"], time, items["revision"]], names=["key", "time", "revision"]))
    by_time = by_time[new[by_time]]
    _, leader, copy_of = np.unique(as_bytes(pair, 32)[by_time], return_index=True, return_inverse=True)
    sequence = np.argsort(leader)
    keys = as_bytes(items["key"])[by_time[leader[sequence]]]
    position = np.arange(len(keys))
    starts = np.r_[True, keys[1:] != keys[:-1]][: len(keys)]
    rank = np.empty(len(keys), np.int32)
    rank[sequence] = position - np.maximum.accumulate(np.where(starts, position, 0))
    versions[by_time] += rank[copy_of]
    return pa.array(versions)


def _first_of_each(values: pa.Array, *, where: Flags) -> Indices:
    """For each row the index of the first row that has its value; its own where `where` is false."""
    first = np.arange(len(where))
    members = np.flatnonzero(where)
    _, leader, copy_of = np.unique(as_bytes(values, 32)[members], return_index=True, return_inverse=True)
    first[members] = members[leader][copy_of]
    return first

"""Which texts are worth comparing: those that agree in their content, a band of their sketch or their headline."""

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from transforms.duplicates.nodes import Array, Nodes, bands
from transforms.duplicates.tables import Indices

BUDGET: Final = 1 << 20
"""Comparisons that one bucket is good for. 5,000 wires with one footer share buckets; comparing each with all
would cost 12 million, and find nothing that their other buckets don't."""


Places = npt.NDArray[np.int32]
"""Indices of texts or buckets, where there may be fifty for each text of a run."""


@dataclasses.dataclass(slots=True)
class Buckets:
    """Groups of at least two texts, at least one of them the run's; `members` are in the texts' order.

    A bucket is closed once its budget is spent, always by the same comparisons: they are made in order.
    """

    members: Places
    starts: Indices
    places: Places
    """Indices of buckets, text by text."""
    nodes: Indices
    """The texts that are in any bucket, ascending."""
    node_starts: Indices
    spent: npt.NDArray[np.int64]

    @classmethod
    def sort(cls, nodes: Nodes) -> Self:
        """Sort texts into buckets."""
        members, sizes = _distinct(_groups(nodes))
        order = np.argsort(members, kind="stable")
        counts = np.bincount(members, minlength=len(nodes))
        inside = np.flatnonzero(counts)
        return cls(
            members=members,
            starts=np.r_[0, np.cumsum(sizes)].astype(np.int64),
            places=np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)[order],
            nodes=inside,
            node_starts=np.r_[0, np.cumsum(counts[inside])],
            spent=np.zeros(len(sizes), np.int64),
        )

    def after(self, place: int) -> Indices:
        """The texts after the one at `place` in `nodes` that share an open bucket with it, ascending."""
        node = self.nodes[place]
        found = []
        for bucket in self.places[self.node_starts[place] : self.node_starts[place + 1]].tolist():
            if self.spent[bucket] > BUDGET:
                continue
            members = self.members[self.starts[bucket] : self.starts[bucket + 1]]
            members = members[np.searchsorted(members, node, side="right") :]
            self.spent[bucket] += len(members)
            found.append(members)
        return np.unique(np.concatenate(found)).astype(np.int64) if found else np.empty(0, np.int64)

    @property
    def closed(self) -> int:
        """How many buckets ran out of budget."""
        return int((self.spent > BUDGET).sum())


def _distinct(groups: Iterable[tuple[Places, Indices]]) -> tuple[Places, Indices]:
    """All groups, one after the other, and their sizes; of groups of the same members the first alone.

    Copies of one text share its content, its headline and every band: fifty groups that are one. They would be
    opened and closed by the same comparisons, so nothing is lost with them.
    """
    kept_members, kept_sizes, known = [np.empty(0, np.int32)], [np.empty(0, np.int64)], np.empty(0, np.uint64)
    for members, sizes in groups:
        starts = np.cumsum(sizes) - sizes
        # Members are mixed to 64 bits and added up: two groups of one sum are the same but for a chance of 2^-64.
        sums = np.add.reduceat(_mix(members), starts) if len(starts) else known[:0]
        new = ~np.isin(sums, known)
        known = np.concatenate([known, sums[new]])
        kept_members.append(members[np.repeat(new, sizes)])
        kept_sizes.append(sizes[new])
    return np.concatenate(kept_members), np.concatenate(kept_sizes)


def _mix(members: Places) -> npt.NDArray[np.uint64]:
    """SplitMix64 of each."""
    mixed = members.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed ^= mixed >> np.uint64(shift)
        mixed *= np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))


def _groups(nodes: Nodes) -> Iterator[tuple[Places, Indices]]:
    """Members of groups, one group after the other, and the groups' sizes; for each thing that texts can share."""
    every = np.arange(len(nodes), dtype=np.int32)
    yield _group(nodes.content, every, nodes.first_item)
    yield _group(nodes.headline, every[nodes.leads], nodes.first_item)
    sketched = every[(nodes.length > 0) & nodes.leads]
    for band in bands(nodes, sketched):
        yield _group(band, sketched, nodes.first_item)


def _group(values: Array, rows: Places, first_item: int) -> tuple[Places, Indices]:
    """Group rows of equal value; `values` has one for each of `rows`, or for each text."""
    values = values[rows] if len(values) != len(rows) else values
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]][: len(ordered)])
    sizes = np.diff(np.r_[starts, len(ordered)])
    last = rows[order[starts + sizes - 1]] if len(starts) else starts
    kept = (sizes > 1) & (last >= first_item)
    return rows[order[np.repeat(kept, sizes)]], sizes[kept]

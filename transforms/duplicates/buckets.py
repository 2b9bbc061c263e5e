"""Which texts are worth comparing: those that agree in their content, a band of their sketch or their headline."""

import dataclasses
from collections.abc import Iterator
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from transforms.duplicates.nodes import Array, Nodes, bands
from transforms.duplicates.tables import Indices

BUDGET: Final = 1 << 20
"""Comparisons that one bucket is good for. 5,000 wires with one footer share buckets; comparing each with all
would cost 12 million, and find nothing that their other buckets don't."""


@dataclasses.dataclass(slots=True)
class Buckets:
    """Groups of at least two texts, at least one of them the run's; `members` are in the texts' order.

    A bucket is closed once its budget is spent, always by the same comparisons: they are made in order.
    """

    members: Indices
    starts: Indices
    places: Indices
    """Indices of buckets, text by text."""
    nodes: Indices
    """The texts that are in any bucket, ascending."""
    node_starts: Indices
    spent: npt.NDArray[np.int64]

    @classmethod
    def sort(cls, nodes: Nodes) -> Self:
        """Sort texts into buckets."""
        groups = list(_groups(nodes))
        members = np.concatenate([np.empty(0, np.int64), *(found for found, _ in groups)])
        sizes = np.concatenate([np.empty(0, np.int64), *(counts for _, counts in groups)])
        bucket = np.repeat(np.arange(len(sizes)), sizes)
        order = np.argsort(members, kind="stable")
        inside, node_starts = np.unique(members[order], return_index=True)
        return cls(
            members=members,
            starts=np.r_[0, np.cumsum(sizes)].astype(np.int64),
            places=bucket[order],
            nodes=inside,
            node_starts=np.r_[node_starts, len(order)],
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
        return np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)

    @property
    def closed(self) -> int:
        """How many buckets ran out of budget."""
        return int((self.spent > BUDGET).sum())


def _groups(nodes: Nodes) -> Iterator[tuple[Indices, Indices]]:
    """Members of groups, one group after the other, and the groups' sizes; for each thing that texts can share."""
    every = np.arange(len(nodes))
    yield _group(nodes.content, every, nodes.first_item)
    yield _group(nodes.headline, every[nodes.leads], nodes.first_item)
    sketched = np.flatnonzero((nodes.length > 0) & nodes.leads)
    for band in bands(nodes, sketched):
        yield _group(band, sketched, nodes.first_item)


def _group(values: Array, rows: Indices, first_item: int) -> tuple[Indices, Indices]:
    """Group rows of equal value; `values` has one for each of `rows`, or for each text."""
    values = values[rows] if len(values) != len(rows) else values
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]][: len(ordered)])
    sizes = np.diff(np.r_[starts, len(ordered)])
    last = rows[order[starts + sizes - 1]] if len(starts) else starts
    kept = (sizes > 1) & (last >= first_item)
    return rows[order[np.repeat(kept, sizes)]], sizes[kept]

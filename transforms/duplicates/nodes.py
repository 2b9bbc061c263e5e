"""The texts that are compared, as arrays: committed ones first, then the run's, each in its order."""

import dataclasses
from collections.abc import Iterator
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from transforms.duplicates.sketch import FIGURE_BUCKETS, LEAD_PERMUTATIONS, PERMUTATIONS
from transforms.duplicates.tables import Flags, as_bytes, as_cells, as_integers

_COMPARED: Final = ("key", "content_hash", "date", "headline", "edition", "length", "minhash", "lead", "figures")

Array = npt.NDArray[Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Nodes:
    """One row a text; a smaller index comes first when it is chosen who is canonical.

    `first_item` is the index of the run's first text: those before it are committed. `leads` says which may
    be canonical: every text of the run, and every committed one that is in `articles`.
    `settled` says which have an article committed under their own id.
    """

    first_item: int
    key: Array
    content: Array
    date: npt.NDArray[np.int32]
    headline: Array
    edition: Array
    length: npt.NDArray[np.int32]
    minhash: npt.NDArray[np.uint8]
    lead: npt.NDArray[np.uint16]
    counts: npt.NDArray[np.uint8]
    figures: Array
    leads: Flags
    settled: Flags

    @classmethod
    def gather(cls, known: pa.Table, items: pa.Table) -> Self:
        """Nodes of the history's rows and the run's items, in the order they have."""
        both = pa.concat_tables([known.select(_COMPARED), items.select(_COMPARED)]).combine_chunks()
        articles = np.asarray(known["table"]) == "articles"
        figures = as_cells(both["figures"], FIGURE_BUCKETS + 8)
        key = as_bytes(both["key"])
        return cls(
            first_item=len(known),
            key=key,
            content=as_bytes(both["content_hash"]),
            date=as_integers(both["date"]),
            headline=as_bytes(both["headline"], 8),
            edition=as_bytes(both["edition"], 8),
            length=as_integers(both["length"]),
            minhash=as_cells(both["minhash"], PERMUTATIONS),
            lead=as_cells(both["lead"], 2 * LEAD_PERMUTATIONS).view(np.uint16),
            counts=figures[:, :FIGURE_BUCKETS],
            figures=np.ascontiguousarray(figures[:, FIGURE_BUCKETS:]).view("S8").reshape(-1),
            leads=np.r_[articles, np.ones(len(items), np.bool_)],
            settled=np.isin(key, key[: len(known)][articles]),
        )

    def __len__(self) -> int:
        return len(self.key)


def bands(nodes: Nodes, rows: npt.NDArray[np.integer[Any]]) -> Iterator[npt.NDArray[np.uint32]]:
    """The bands of some texts, one at a time: 32 of the whole text, 16 of its opening, each four bytes."""
    for sketches in (nodes.minhash, nodes.lead):
        for band in sketches.view(np.uint32).T:
            yield band[rows]

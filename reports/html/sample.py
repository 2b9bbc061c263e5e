"""Which articles the page shows in full: chosen by their place in the files, before any text is read."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

Place = tuple[int, int]
"""Number of the file, number of the row in it."""
Rows = npt.NDArray[np.int64]

EXAMPLES: Final = 3
"""Articles kept for each kind of artifact."""


class Top:
    """The `most` rows with the largest keys; of equal keys the ones seen first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.keys = np.empty(0, np.int64)
        self.places = np.empty((0, 2), np.int64)

    def add(self, file: int, rows: Rows, keys: Rows) -> None:
        """Take in rows of a file."""
        if not self.most or not len(rows):
            return
        places = np.column_stack([np.full(len(rows), file, np.int64), rows])
        keys = np.concatenate([self.keys, keys])
        best = np.argsort(-keys, kind="stable")[: self.most]
        self.keys = keys[best]
        self.places = np.concatenate([self.places, places])[best]

    def __iter__(self) -> Iterator[Place]:
        return iter([(file, row) for file, row in self.places.tolist()])


class Examples:
    """The first rows seen of each kind, from different files where that is possible."""

    def __init__(self, most: int = EXAMPLES) -> None:
        self.most = most
        self.places: dict[str, list[Place]] = {}

    def wants(self, kind: str) -> bool:
        """Whether there is room for one more."""
        return len(self.places.get(kind, ())) < self.most

    def add(self, kind: str, place: Place) -> None:
        """Take in a row, where there is room and it is new."""
        found = self.places.setdefault(kind, [])
        if len(found) < self.most and place not in found:
            found.append(place)


def interleave(*groups: list[Place]) -> Iterator[Place]:
    """One of each group in turn, each place once."""
    seen: set[Place] = set()
    for index in range(max(map(len, groups), default=0)):
        for group in groups:
            if index < len(group) and group[index] not in seen:
                seen.add(group[index])
                yield group[index]

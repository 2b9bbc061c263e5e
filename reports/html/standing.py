"""Which rows are the newest of their id, and which ids were killed.

Only ids with a second version or a kill are remembered: what this costs grows with them, and not
with the table.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

COLUMNS: Final = ("article_id", "version", "status")
Flags = npt.NDArray[np.bool_]


class Revisions:
    """Collects the newest version of every id that has more than one, or that is no usable text; a kill wins ties."""

    def __init__(self) -> None:
        self._newest: dict[str, tuple[int, bool]] = {}

    def add(self, batch: pa.RecordBatch) -> None:
        """Take in rows with the columns `COLUMNS`."""
        revised = pc.or_(pc.greater(batch["version"], 1), pc.not_equal(batch["status"], "usable"))
        if not revised.true_count:
            return
        rows = batch.filter(revised)
        for article_id, version, status in zip(*(rows[name].to_pylist() for name in COLUMNS), strict=True):
            known = self._newest.get(article_id, (0, False))
            self._newest[article_id] = max(known, (version, status == "canceled"))

    def standing(self) -> "Standing":
        """What was collected, ready to be asked."""
        return Standing(self._newest)


class Standing:
    """Tells of rows whether they are the newest of their id."""

    def __init__(self, newest: Mapping[str, tuple[int, bool]]) -> None:
        ids = sorted(newest)
        self._ids = np.array(ids, "S32")
        self._versions = np.array([newest[article_id][0] for article_id in ids], np.int32)
        self._killed = np.array([newest[article_id][1] for article_id in ids], np.bool_)
        self.killed = frozenset(article_id for article_id in ids if newest[article_id][1])

    def shown(self, batch: pa.RecordBatch) -> Flags:
        """Which rows may be shown as text: the newest of their id, usable, and not of an id that was killed."""
        usable = np.asarray(pc.equal(batch["status"], "usable"), np.bool_)
        if not len(self._ids):
            return usable
        ids = np.array(batch["article_id"].to_pylist(), "S32")
        place = np.minimum(np.searchsorted(self._ids, ids), len(self._ids) - 1)
        replaced = (np.asarray(batch["version"]) < self._versions[place]) | self._killed[place]
        return np.asarray(usable & ~((self._ids[place] == ids) & replaced), np.bool_)

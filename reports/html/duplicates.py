"""Clusters of duplicates: the articles with the most copies, and where these came from."""

from collections import Counter
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reports.html.counts import short

COLUMNS: Final = ("duplicate_of", "duplicate_kind", "similarity")
MEMBER_COLUMNS: Final = (
    "article_id",
    "title",
    "publisher",
    "source_uri",
    "published_at",
    "duplicate_of",
    "duplicate_kind",
    "similarity",
)
CLUSTERS: Final = 60
"""Clusters that the page shows."""
MEMBERS: Final = 12
"""Copies that the page names of each."""
SIMILARITY_BINS: Final = 20
MAX_CLUSTERS: Final = 500_000
"""Clusters remembered while counting; where there are more, the smaller half is forgotten."""
_COMPACT_ROWS: Final = 1_000_000


class DuplicateTally:
    """Adds up the rows of `duplicates`."""

    def __init__(self) -> None:
        self.rows = 0
        self.kinds: Counter[str] = Counter()
        self.similarities: npt.NDArray[np.int64] = np.zeros(SIMILARITY_BINS, np.int64)
        self.forgotten = False
        self._counts: list[pa.Table] = []
        self._pending = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Take in rows with the columns `COLUMNS`."""
        self.rows += batch.num_rows
        for pair in batch["duplicate_kind"].value_counts().to_pylist():
            self.kinds[pair["values"]] += pair["counts"]
        near = batch.filter(pc.equal(batch["duplicate_kind"], "near"))
        known = np.asarray(near["similarity"].drop_null(), np.float64)
        self.similarities += np.histogram(known, SIMILARITY_BINS, (0, 1))[0]
        ids = pa.table({"id": batch["duplicate_of"], "n": pa.array(np.ones(batch.num_rows, np.int64))})
        self._counts.append(_sum(ids))
        self._pending += batch.num_rows
        if self._pending > _COMPACT_ROWS:
            self._compact()

    def _compact(self) -> None:
        counts = _sum(pa.concat_tables(self._counts))
        if counts.num_rows > MAX_CLUSTERS:
            self.forgotten = True
            counts = _largest(counts, MAX_CLUSTERS // 2)
        self._counts, self._pending = [counts], 0

    def largest(self) -> dict[str, int]:
        """The canonical ids with the most copies, and how many each has."""
        if not self._counts:
            return {}
        self._compact()
        best = _largest(self._counts[0], CLUSTERS)
        return dict(zip(best["id"].to_pylist(), best["n"].to_pylist(), strict=True))

    def summary(
        self, members: "Members", canonical: dict[str, dict[str, Any]], killed: frozenset[str]
    ) -> dict[str, Any]:
        """The figures and the largest clusters, for the page."""
        return {
            "rows": self.rows,
            "kinds": dict(self.kinds),
            "similarity": self.similarities.tolist(),
            "articles": self._counts[0].num_rows if self._counts else 0,
            "forgotten": self.forgotten,
            "clusters": members.clusters(canonical, killed),
        }


class Members:
    """Names the copies of the largest clusters, the first ones seen of each and how many each publisher has."""

    def __init__(self, canonical: dict[str, int]) -> None:
        self._sizes = canonical
        self._members: dict[str, list[dict[str, Any]]] = {article_id: [] for article_id in canonical}
        self._publishers: dict[str, Counter[str]] = {article_id: Counter() for article_id in canonical}
        self._wanted = pa.array(list(canonical), pa.string())

    def add(self, batch: pa.RecordBatch) -> None:
        """Take in rows with the columns `MEMBER_COLUMNS`."""
        for row in batch.filter(pc.is_in(batch["duplicate_of"], value_set=self._wanted)).to_pylist():
            self._publishers[row["duplicate_of"]][short(row["publisher"] or "no publisher", 80)] += 1
            members = self._members[row["duplicate_of"]]
            if len(members) < MEMBERS:
                members.append(row)

    def clusters(self, canonical: dict[str, dict[str, Any]], killed: frozenset[str]) -> list[dict[str, Any]]:
        """The clusters, the largest first; `canonical` has the rows of `articles` they stand beside."""
        return [
            {
                "id": article_id,
                "copies": size,
                "killed": article_id in killed,
                "title": _title(canonical.get(article_id)),
                "publisher": short((canonical.get(article_id) or {}).get("publisher") or ""),
                "publishers": self._publishers[article_id].most_common(MEMBERS),
                "members": [_member(row, killed) for row in self._members[article_id]],
            }
            for article_id, size in self._sizes.items()
        ]


def _member(row: dict[str, Any], killed: frozenset[str]) -> dict[str, Any]:
    withdrawn = row["article_id"] in killed or row["duplicate_of"] in killed
    return {
        "id": row["article_id"],
        "title": None if withdrawn else short(row["title"]),
        "publisher": row["publisher"] and short(row["publisher"]),
        "source": short(row["source_uri"]),
        "published": row["published_at"] and row["published_at"].replace(tzinfo=None).isoformat() + "Z",
        "kind": row["duplicate_kind"],
        "similarity": None if row["similarity"] is None else round(row["similarity"], 3),
    }


def _title(row: dict[str, Any] | None) -> str | None:
    return None if row is None else short(row["title"])


def _sum(counts: pa.Table) -> pa.Table:
    return counts.group_by("id").aggregate([("n", "sum")]).rename_columns(["id", "n"])


def _largest(counts: pa.Table, most: int) -> pa.Table:
    return counts.sort_by([("n", "descending"), ("id", "ascending")]).slice(0, most)

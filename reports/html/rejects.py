"""Rejects by reason, with the beginning of what was rejected."""

from collections import Counter
from typing import Any, Final

import numpy as np
import pyarrow as pa

from reports.html.counts import short
from reports.html.sample import Examples, Place
from reports.plain import printable

COLUMNS: Final = ("reason", "stage", "source_format")
EXCERPT: Final = 600
"""Bytes shown of a payload."""
REASONS: Final = 60
"""Reasons shown, of which there are far fewer: the rest would be of another version of newsbeam."""


class RejectTally:
    """Adds up the rows of `rejects`, and keeps in mind where examples stand."""

    def __init__(self) -> None:
        self.rows = 0
        self.reasons: Counter[str] = Counter()
        self._stages: Counter[tuple[str, str]] = Counter()
        self._formats: Counter[tuple[str, str | None]] = Counter()
        self._examples = Examples()

    def add(self, file: int, first_row: int, batch: pa.RecordBatch) -> None:
        """Take in rows with the columns `COLUMNS`, the first of them row `first_row` of file number `file`."""
        self.rows += batch.num_rows
        table = pa.Table.from_batches([batch])
        for name, counts in (("stage", self._stages), ("source_format", self._formats)):
            for row in table.group_by(["reason", name]).aggregate([([], "count_all")]).to_pylist():
                counts[row["reason"], row[name]] += row["count_all"]
        reasons = np.asarray(batch["reason"].to_pylist())
        for reason, count in zip(*np.unique(reasons, return_counts=True), strict=True):
            self.reasons[str(reason)] += int(count)
            for row in np.flatnonzero(reasons == reason)[: self._examples.most].tolist():
                self._examples.add(str(reason), (file, first_row + row))

    def places(self) -> dict[str, list[Place]]:
        """Where examples of each reason are."""
        return self._examples.places

    def summary(self, meanings: dict[str, str], examples: dict[Place, dict[str, Any]]) -> list[dict[str, Any]]:
        """Each reason with its count, the most frequent first."""
        return [
            {
                "reason": short(reason),
                "meaning": meanings.get(reason, ""),
                "count": count,
                "stages": _of(self._stages, reason),
                "formats": _of(self._formats, reason),
                "examples": [_example(examples[place]) for place in self.places()[reason] if place in examples],
            }
            for reason, count in sorted(self.reasons.items(), key=lambda item: (-item[1], item[0]))[:REASONS]
        ]


def _of(counts: Counter[Any], reason: str) -> list[tuple[str, int]]:
    found = [(second or "unknown", count) for (first, second), count in counts.items() if first == reason]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:8]


def _example(row: dict[str, Any]) -> dict[str, Any]:
    payload: bytes = row["payload"]
    return {
        "source": short(row["source_uri"]),
        "item": row["item_index"],
        "format": row["source_format"],
        "message": short(row["message"], 300),
        "excerpt": printable(payload[:EXCERPT].decode("utf-8", "backslashreplace")),
        "bytes": len(payload),
        "run": row["run_id"],
    }

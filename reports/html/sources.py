"""The ledger of each source file and feed, summed over all runs."""

from collections.abc import Mapping
from typing import Any, Final

from reports.html.counts import short

MAX_SOURCES: Final = 100_000
"""Sources remembered while summing; where there are more, those with the fewest items are forgotten."""
LARGEST: Final = 150
WORST: Final = 50


class SourceTally:
    """Sums the ledgers of sources."""

    def __init__(self) -> None:
        self._sums: dict[str, dict[str, int]] = {}
        self._last_run: dict[str, int] = {}
        self.forgotten = 0

    def add(self, sequence: int, ledgers: Mapping[str, Mapping[str, int]]) -> None:
        """Take in the ledgers of a run."""
        for source, ledger in ledgers.items():
            sums = self._sums.setdefault(source, {})
            for name, count in ledger.items():
                sums[name] = sums.get(name, 0) + count
            self._last_run[source] = sequence
        if len(self._sums) > MAX_SOURCES:
            kept = sorted(self._sums, key=lambda source: -self._sums[source].get("read", 0))[: MAX_SOURCES // 2]
            self.forgotten += len(self._sums) - len(kept)
            self._sums = {source: self._sums[source] for source in kept}
            self._last_run = {source: self._last_run[source] for source in kept}

    def table(self) -> dict[str, Any]:
        """The sources with the most items, and those with the most rejects."""
        largest = sorted(self._sums, key=lambda source: (-self._sums[source].get("read", 0), source))
        worst = sorted(
            (source for source in self._sums if self._sums[source].get("rejects")),
            key=lambda source: (-self._sums[source]["rejects"], source),
        )
        shown = dict.fromkeys([*largest[:LARGEST], *worst[:WORST]])
        return {
            "rows": [
                {"source": short(source), "last_run": self._last_run[source], **self._sums[source]} for source in shown
            ],
            "all": len(self._sums) + self.forgotten,
        }
